"""Headers read from a source's light client on a hub: what a RelayChainLightClient takes, and what it must not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.crypto.keccak import keccak256
from light_clients.derived.relay_chain import TRUST_SLOT, RelayChainClient, header_slots
from light_clients.derived.wire import HubPart
from light_clients.evm.accounts import EMPTY_CODE_HASH, Account, encode_slot
from light_clients.evm.trie import EMPTY_ROOT, Trie
from light_clients.serving import Serving
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, Height, TrustedHeader
from tests.vectors.attesters import attesters, committee_of
from tests.vectors.committees import Scene, a_header, words_of

SOURCE, HUB, DESTINATION = ChainId(31337), ChainId(31340), ChainId(31338)
HUB_CLIENT = Address.from_hex("0x4b0b00000000000000000000000000000000c11e")
SOURCE_CLIENT = Address.from_hex("0x50cec11e0000000000000000000000000000c11e")
NOW = 1_800_000_100
HUB_HEIGHT = Height(100)
QUORUM = (0, 1, 2)

Case = dict[str, object]
Slots = dict[Hash32, Hash32]


@dataclass(frozen=True)
class HubState:
    """The hub's state: one light client with this storage, among other accounts."""

    slots: Mapping[Hash32, Hash32]
    account: Address = SOURCE_CLIENT
    storage: Trie = field(init=False)
    state: Trie = field(init=False)

    def __post_init__(self) -> None:
        items: dict[bytes, bytes] = {
            keccak256(slot): encode_slot(word) for slot, word in self.slots.items() if word != ZERO_HASH
        }
        storage = Trie(items)
        others = [Address(keccak256(bytes((number,)))[:20]) for number in range(27)]
        accounts: dict[bytes, bytes] = {keccak256(one): an_account(EMPTY_ROOT) for one in others}
        object.__setattr__(self, "storage", storage)
        object.__setattr__(self, "state", Trie({**accounts, keccak256(self.account): an_account(storage.root)}))

    def account_nodes(self) -> list[bytes]:
        return self.state.path(keccak256(self.account))

    def storage_nodes(self, slot: Hash32) -> list[bytes]:
        return self.storage.path(keccak256(slot))

    def proof(self, *slots: Hash32) -> bytes:
        return b"".join(self.account_nodes()) + b"".join(b"".join(self.storage_nodes(slot)) for slot in slots)

    def header_proof(self, height: int) -> bytes:
        return self.proof(*header_slots(Height(height)))


def an_account(storage_root: Hash32) -> bytes:
    return Account(1, 0, storage_root, EMPTY_CODE_HASH).encode()


def slots_of(*headers: TrustedHeader, frozen: int = 0) -> Slots:
    """The storage of a client that holds these headers, as TrustedHeaders.sol and CommitteeLightClient.sol keep it."""
    newest = max(headers, key=lambda header: header.height)
    trust = newest.height | 1 << 64 | frozen << 128 | newest.timestamp << 136
    slots: Slots = {TRUST_SLOT: Hash32(trust.to_bytes(32, "big")), keccak256(b"sworn"): keccak256(b"committee")}
    for header in headers:
        _, state_root, receipts_root, tag = header_slots(header.height)
        word = header.height.to_bytes(8, "big") + header.timestamp.to_bytes(8, "big") + header.block_hash[:16]
        slots |= {state_root: header.state_root, receipts_root: header.receipts_root, tag: Hash32(word)}
    return slots


def hub_scene() -> Scene:
    signers = attesters(4, first=200)
    client = CommitteeClient(HUB, Domain(DESTINATION, HUB_CLIENT), epoch=1, committee=committee_of(signers))
    return Scene(signers, client)


def hub_header(state_root: Hash32, height: int = HUB_HEIGHT) -> TrustedHeader:
    return replace(a_header(height, state_root=state_root), chain=HUB)


def hub_update(state_root: Hash32, height: int = HUB_HEIGHT, who: tuple[int, ...] = QUORUM) -> bytes:
    return hub_scene().update(who, hub_header(state_root, height))


def a_client(*held: TrustedHeader) -> RelayChainClient:
    """The client, whose hub's client holds these headers."""
    headers = TrustedHeaders()
    for header in held:
        headers = headers.accept(header)
    return RelayChainClient(SOURCE, Serving(hub_scene().client, headers), SOURCE_CLIENT)


def an_update(height: int, proof: bytes, hub: bytes = b"", hub_height: int = HUB_HEIGHT) -> bytes:
    return HubPart(Height(hub_height), hub).encode() + height.to_bytes(8, "big") + proof


def halved(header: TrustedHeader) -> TrustedHeader:
    """The header as it is known through a relay chain: of its hash, the first half."""
    return replace(header, block_hash=Hash32(header.block_hash[:16].ljust(32, b"\0")))


def case(name: str, held: bytes, rejects: str, **more: str) -> Case:
    common: Case = {
        "destinationChain": hex(DESTINATION),
        "held": "0x" + held.hex(),
        "hubChain": hex(HUB),
        "hubClient": str(HUB_CLIENT),
        "hubMembers": words_of(hub_scene().client.committee.words),
        "name": name,
        "now": hex(NOW),
        "rejects": rejects,
        "sourceChain": hex(SOURCE),
        "sourceClient": str(SOURCE_CLIENT),
    }
    return {**common, **more}


def update_case(
    name: str, update: bytes, rejects: str = "", *, held: bytes = b"", header: TrustedHeader | None = None
) -> Case:
    expected = halved(header or a_header())
    return case(
        name,
        held,
        rejects,
        blockHash=str(expected.block_hash),
        height=hex(expected.height),
        receiptsRoot=str(expected.receipts_root),
        stateRoot=str(expected.state_root),
        timestamp=hex(expected.timestamp),
        update="0x" + update.hex(),
    )


def read_case(name: str, state: HubState, height: int, rejects: str = "", header: TrustedHeader | None = None) -> Case:
    """An update under a hub's header that its client holds already."""
    held = hub_update(state.state.root)
    return update_case(name, an_update(height, state.header_proof(height)), rejects, held=held, header=header)


def updates() -> list[Case]:
    return accepted_updates() + unanchored_updates() + misread_updates() + malformed_updates()


def accepted_updates() -> list[Case]:
    header = a_header()
    state = HubState(slots_of(header))
    root = state.state.root
    many = HubState(slots_of(*(a_header(height) for height in range(1, 257))))
    soon = a_header(timestamp=NOW + 60)
    return [
        read_case("the hub's header is held", state, 7),
        update_case("the hub's header comes along", an_update(7, state.header_proof(7), hub_update(root))),
        read_case("from a full ring", many, 256, header=a_header(256)),
        read_case("the greatest height", HubState(slots_of(h := a_header(2**64 - 1))), h.height, header=h),
        read_case("a header from as far ahead as clocks may differ", HubState(slots_of(soon)), 7, header=soon),
    ]


def unanchored_updates() -> list[Case]:
    state = HubState(slots_of(a_header()))
    root, proof = state.state.root, state.header_proof(7)
    changed = bytearray(hub_update(root))
    changed[20] ^= 1
    unknown = "HeaderUnknown"
    later = hub_update(root, HUB_HEIGHT + 256)
    return [
        update_case("a hub's header nobody holds", an_update(7, proof), unknown),
        update_case("another hub's header than is held", an_update(7, proof, hub_height=99), unknown, held=later),
        update_case("a hub's header overwritten", an_update(7, proof), unknown, held=later),
        update_case("a hub's update of another height", an_update(7, proof, later), "HubHeightMismatch"),
        update_case(
            "a hub's update without quorum", an_update(7, proof, hub_update(root, who=(0, 1))), "QuorumNotReached"
        ),
        update_case("a hub's update changed", an_update(7, proof, bytes(changed)), "SignerMismatch"),
        update_case("a hub's update cut short", an_update(7, proof, hub_update(root)[:-1]), "UpdateMalformed"),
        update_case(
            "the proof of another hub's state",
            an_update(7, proof),
            "TrieNodeHashMismatch",
            held=hub_update(HubState(slots_of(a_header(8))).state.root),
        ),
    ]


def misread_updates() -> list[Case]:
    header = a_header()
    ring = header_slots(header.height)
    fine = slots_of(header)
    late = a_header(timestamp=NOW + 61)
    absent = Trie({keccak256(b"somebody"): an_account(EMPTY_ROOT)})
    stranger = HubState(fine, account=Address(b"\1" * 20))
    return [
        read_case("a frozen source client", HubState(slots_of(header, frozen=1)), 7, "SourceClientFrozen"),
        read_case("the flag's highest bit", HubState(slots_of(header, frozen=128)), 7, "SourceClientFrozen"),
        read_case("a height never held", HubState(fine), 8, "HeaderUnknown"),
        read_case("a height overwritten", HubState(fine), 7 + 256, "HeaderUnknown"),
        read_case("height zero", HubState(fine), 0, "HeaderUnknown"),
        read_case("a source client without storage", HubState({}), 7, "HeaderUnknown"),
        read_case("no state root", HubState(fine | {ring[1]: ZERO_HASH}), 7, "HeaderIncomplete"),
        read_case("no receipts root", HubState(fine | {ring[2]: ZERO_HASH}), 7, "HeaderIncomplete"),
        read_case("no block hash", HubState(slots_of(replace(header, block_hash=ZERO_HASH))), 7, "HeaderIncomplete"),
        read_case("no time", HubState(slots_of(replace(header, timestamp=0))), 7, "HeaderIncomplete"),
        read_case("a header from the future", HubState(slots_of(late)), 7, "HeaderFromFuture"),
        update_case(
            "no source client at all",
            an_update(7, b"".join(absent.path(keccak256(SOURCE_CLIENT)))),
            "TrieKeyAbsent",
            held=hub_update(absent.root),
        ),
        update_case(
            "another contract's storage",
            an_update(7, stranger.header_proof(7)),
            "TrieNodeHashMismatch",
            held=hub_update(stranger.state.root),
        ),
    ]


def malformed_updates() -> list[Case]:
    state = HubState(slots_of(a_header(), a_header(8)))
    held = hub_update(state.state.root)
    trust, root, receipts, tag = header_slots(Height(7))
    good = an_update(7, state.header_proof(7))
    faults = {
        "nothing at all": (b"", "UpdateMalformed"),
        "the hub's part alone": (good[:12], "UpdateMalformed"),
        "the height cut short": (good[:19], "UpdateMalformed"),
        "the hub's update counted too long": (good[:8] + b"\xff" * 4 + good[12:], "UpdateMalformed"),
        "no proof": (good[:20], "RlpTruncated"),
        "the last byte missing": (good[:-1], "RlpTruncated"),
        "a byte behind": (good + b"\0", "ProofTrailingBytes"),
        "a slot missing": (an_update(7, state.proof(trust, root, receipts)), "RlpTruncated"),
        "a slot too many": (an_update(7, state.proof(trust, root, receipts, tag, tag)), "ProofTrailingBytes"),
        "slots in another order": (an_update(7, state.proof(trust, receipts, root, tag)), "TrieNodeHashMismatch"),
        "the slots of another height": (an_update(7, state.header_proof(8)), "TrieNodeHashMismatch"),
        "the account once for each slot": (
            an_update(7, b"".join(map(state.proof, (trust, root, receipts, tag)))),
            "TrieNodeHashMismatch",
        ),
    }
    return [update_case(name, update, rejects, held=held) for name, (update, rejects) in faults.items()]


def evidence() -> list[Case]:
    header = a_header()
    state, healthy = HubState(slots_of(header, frozen=1)), HubState(slots_of(header))
    proof = state.proof(TRUST_SLOT)

    def evidence_case(name: str, evidence: bytes, rejects: str = "", root: Hash32 = state.state.root) -> Case:
        held = hub_update(root)
        return case(name, held, rejects, evidence="0x" + evidence.hex(), height=hex(header.height))

    held = HubPart(HUB_HEIGHT).encode()
    brought = HubPart(Height(101), hub_update(state.state.root, 101)).encode()
    of_healthy = held + healthy.proof(TRUST_SLOT)
    return [
        evidence_case("the source client is frozen", held + proof),
        evidence_case("the hub's header comes along", brought + proof),
        evidence_case("the source client is not frozen", of_healthy, "EvidenceInvalid", healthy.state.root),
        evidence_case(
            "the first word is not there",
            held + HubState({}).proof(TRUST_SLOT),
            "EvidenceInvalid",
            HubState({}).state.root,
        ),
        evidence_case("a hub's header nobody holds", HubPart(Height(9)).encode() + proof, "HeaderUnknown"),
        evidence_case("an update", held + bytes(8) + state.header_proof(7), "RlpUnexpectedKind"),
        evidence_case("a slot too many", held + state.proof(TRUST_SLOT, TRUST_SLOT), "ProofTrailingBytes"),
        evidence_case("nothing at all", b"", "UpdateMalformed"),
        evidence_case("no proof", held, "RlpTruncated"),
        evidence_case("the last byte missing", (held + proof)[:-1], "RlpTruncated"),
        evidence_case("a byte behind", held + proof + b"\0", "ProofTrailingBytes"),
    ]
