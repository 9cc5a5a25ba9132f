"""Headers of a rollup behind dispute games on its L1: what an OpStackLightClient takes, and what it must not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from light_clients.crypto.keccak import keccak256
from light_clients.derived.op_stack import Layout, OpStackClient, output_root
from light_clients.derived.wire import HubPart
from light_clients.evm.accounts import encode_slot
from light_clients.evm.header import Header
from light_clients.evm.trie import EMPTY_ROOT, Trie
from light_clients.serving import Serving
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Bloom, Hash32, Height, TrustedHeader
from tests.vectors.committees import words_of
from tests.vectors.derived import (
    DESTINATION,
    HUB,
    HUB_CLIENT,
    HUB_HEIGHT,
    NOW,
    SOURCE,
    an_account,
    hub_header,
    hub_scene,
    hub_update,
)


def slot(number: int) -> Hash32:
    return Hash32(number.to_bytes(32, "big"))


LAYOUT = Layout(
    factory=Address(b"\xfa" * 20),
    game_list_slot=slot(104),
    status_slot=slot(0),
    root_claim_slot=Hash32.from_hex("0x405787fa12a823e0f2b7631cc41b3ba8828b3321ca811111fa75cd3aa3bb5ad1"),
    registry=Address(b"\xa5" * 20),
    respect_slot=slot(6),
    blacklist_slot=slot(5),
    delay=302_400,
)
GAME = Address(b"\x6a" * 20)
PASSER_ROOT = keccak256(b"message passer")
PRESENT = 1_800_000_000
"""The time of the L1's header."""

Case = dict[str, object]


def an_l2_header(number: int = 5000, extra: bytes = b"", timestamp: int = PRESENT - 900_000) -> Header:
    """A header of the rollup, with the fields of Prague."""
    return Header(
        parent_hash=keccak256(b"parent"),
        ommers_hash=keccak256(b"ommers"),
        beneficiary=ZERO_ADDRESS,
        state_root=keccak256(b"l2 state"),
        transactions_root=keccak256(b"transactions"),
        receipts_root=keccak256(b"l2 receipts"),
        logs_bloom=Bloom(bytes(256)),
        difficulty=0,
        number=Height(number),
        gas_limit=30_000_000,
        gas_used=21_000,
        timestamp=timestamp,
        extra_data=extra,
        mix_hash=ZERO_HASH,
        nonce=bytes(8),
        base_fee_per_gas=7,
        withdrawals_root=PASSER_ROOT,
        blob_gas_used=0,
        excess_blob_gas=0,
        parent_beacon_block_root=keccak256(b"beacon root"),
        requests_hash=keccak256(b"requests"),
    )


@dataclass(frozen=True)
class Rollup:
    """What the L1 says of one game; every field can be wrong."""

    header: Header = field(default_factory=an_l2_header)
    claim: Hash32 | None = None
    index: int = 3
    status: int = 2
    game_type: int = 8
    respected: int = 8
    created_at: int = PRESENT - 800_000
    resolved_at: int = PRESENT - 302_401
    retired_at: int = PRESENT - 800_001
    blacklisted: int = 0
    height: int | None = None
    passer_root: Hash32 = PASSER_ROOT
    is_listed: bool = True

    def storages(self) -> dict[Address, dict[Hash32, Hash32]]:
        entry = self.game_type << 224 | self.created_at << 160 | int.from_bytes(GAME, "big")
        word = self.created_at | self.resolved_at << 64 | self.status << 128 | 1 << 136
        state_root, block_hash = self.header.state_root, self.header.hash()
        return {
            LAYOUT.factory: {
                LAYOUT.game_list_slot: slot(9),
                LAYOUT.entry_slot(self.index): slot(entry) if self.is_listed else ZERO_HASH,
            },
            GAME: {
                LAYOUT.status_slot: slot(word),
                LAYOUT.root_claim_slot: self.claim or output_root(state_root, PASSER_ROOT, block_hash),
            },
            LAYOUT.registry: {
                LAYOUT.respect_slot: slot(self.respected | self.retired_at << 32),
                LAYOUT.blacklisted_slot(GAME): slot(self.blacklisted),
                slot(1): slot(1),
            },
        }

    def l1(self) -> L1:
        return L1(self.storages())

    def proofs(self) -> bytes:
        l1 = self.l1()
        return (
            l1.proof(LAYOUT.factory, LAYOUT.entry_slot(self.index))
            + l1.proof(GAME, LAYOUT.status_slot, LAYOUT.root_claim_slot)
            + l1.proof(LAYOUT.registry, LAYOUT.respect_slot, LAYOUT.blacklisted_slot(GAME))
        )

    def update(self, hub: bytes = b"", hub_height: int = HUB_HEIGHT) -> bytes:
        height = self.header.number if self.height is None else self.height
        prefix = height.to_bytes(8, "big") + self.index.to_bytes(8, "big") + self.passer_root
        return HubPart(Height(hub_height), hub).encode() + prefix + self.header.encode() + self.proofs()

    def hub_update(self, height: int = HUB_HEIGHT) -> bytes:
        return hub_update(self.l1().root, height)

    def trusted(self) -> TrustedHeader:
        return self.header.trusted(SOURCE, self.header.hash())


class L1:
    """The state of the L1: contracts with these storages, among other accounts."""

    def __init__(self, storages: dict[Address, dict[Hash32, Hash32]]) -> None:
        self._storages = {
            account: Trie({keccak256(key): encode_slot(word) for key, word in slots.items() if word != ZERO_HASH})
            for account, slots in storages.items()
        }
        accounts: dict[bytes, bytes] = {keccak256(bytes((number,))): an_account(EMPTY_ROOT) for number in range(20)}
        for account, storage in self._storages.items():
            accounts[keccak256(account)] = an_account(storage.root)
        self._state = Trie(accounts)
        self.root = self._state.root

    def proof(self, account: Address, *slots: Hash32) -> bytes:
        storage = self._storages[account]
        return self._state.prove(keccak256(account)) + b"".join(storage.prove(keccak256(one)) for one in slots)


def a_client(*held: TrustedHeader) -> OpStackClient:
    headers = TrustedHeaders()
    for header in held:
        headers = headers.accept(header)
    return OpStackClient(SOURCE, Serving(hub_scene().client, headers), LAYOUT)


def holding(rollup: Rollup) -> OpStackClient:
    return a_client(hub_header(rollup.l1().root))


def case(name: str, held: bytes, rejects: str, **more: str) -> Case:
    layout: Case = {
        "blacklistSlot": str(LAYOUT.blacklist_slot),
        "delay": hex(LAYOUT.delay),
        "factory": str(LAYOUT.factory),
        "gameListSlot": str(LAYOUT.game_list_slot),
        "registry": str(LAYOUT.registry),
        "respectSlot": str(LAYOUT.respect_slot),
        "rootClaimSlot": str(LAYOUT.root_claim_slot),
        "statusSlot": str(LAYOUT.status_slot),
    }
    return {
        **layout,
        **more,
        "destinationChain": hex(DESTINATION),
        "held": "0x" + held.hex(),
        "hubChain": hex(HUB),
        "hubClient": str(HUB_CLIENT),
        "hubMembers": words_of(hub_scene().client.committee.words),
        "name": name,
        "now": hex(NOW),
        "rejects": rejects,
        "sourceChain": hex(SOURCE),
    }


def update_case(name: str, rollup: Rollup, rejects: str = "", update: bytes | None = None) -> Case:
    expected = rollup.trusted()
    return case(
        name,
        rollup.hub_update(),
        rejects,
        blockHash=str(expected.block_hash),
        height=hex(expected.height),
        receiptsRoot=str(expected.receipts_root),
        stateRoot=str(expected.state_root),
        timestamp=hex(expected.timestamp),
        update="0x" + (rollup.update() if update is None else update).hex(),
    )


def updates() -> list[Case]:
    good = Rollup()
    whole = good.update()
    late = Rollup(an_l2_header(timestamp=NOW + 61))
    faults = {
        "a game not listed": (Rollup(is_listed=False), "GameUnknown"),
        "a game in progress": (Rollup(status=0), "GameNotWon"),
        "a game that the challenger won": (Rollup(status=1), "GameNotWon"),
        "a status of no name": (Rollup(status=3), "GameNotWon"),
        "resolved exactly the delay ago": (Rollup(resolved_at=PRESENT - 302_400), "GameDelayNotPassed"),
        "resolved in the future": (Rollup(resolved_at=2**64 - 1), "GameDelayNotPassed"),
        "a type that is not respected": (Rollup(respected=0), "GameTypeNotRespected"),
        "a game as old as those retired": (Rollup(retired_at=PRESENT - 800_000), "GameRetired"),
        "a game struck out": (Rollup(blacklisted=1), "GameBlacklisted"),
        "another claim": (Rollup(claim=keccak256(b"claim")), "OutputRootMismatch"),
        "another storage root of the message passer": (Rollup(passer_root=ZERO_HASH), "OutputRootMismatch"),
        "another height than the header's": (Rollup(height=5001), "SourceHeightMismatch"),
        "a header from the future": (late, "HeaderFromFuture"),
    }
    header_at = 12 + 8 + 40
    header_end = header_at + len(good.header.encode())
    other = Rollup(an_l2_header(extra=b"x")).header.encode()
    mutants = {
        "a header that no claim is over": (whole[:header_at] + other + whole[header_end:], "OutputRootMismatch"),
        "another game's index": (whole[:27] + b"\4" + whole[28:], "GameUnknown"),
        "no header": (whole[:header_at], "RlpTruncated"),
        "the prefix cut short": (whole[: header_at - 1], "UpdateMalformed"),
        "a header that is none": (whole[:header_at] + b"\xc1\x80" + whole[header_end:], "HeaderMalformed"),
        "the last byte missing": (whole[:-1], "RlpTruncated"),
        "a byte behind": (whole + b"\0", "ProofTrailingBytes"),
        "no proofs": (whole[:header_end], "RlpTruncated"),
    }
    return [
        update_case("a won game", good),
        update_case("the first game", Rollup(index=0)),
        update_case("resolved one second more than the delay ago", Rollup(resolved_at=PRESENT - 302_401)),
        update_case("no game retired", Rollup(retired_at=0)),
        *(update_case(name, rollup, rejects) for name, (rollup, rejects) in faults.items()),
        *(update_case(name, good, rejects, mutant) for name, (mutant, rejects) in mutants.items()),
    ]


def evidence() -> list[Case]:
    one, other, later = Rollup(), Rollup(an_l2_header(extra=b"x")), Rollup(an_l2_header(5001))

    def evidence_of(first: Rollup, second: Rollup) -> bytes:
        """The second under a hub's header that comes along with it."""
        update = first.update()
        return len(update).to_bytes(4, "big") + update + second.update(second.hub_update(101), 101)

    def evidence_case(name: str, evidence: bytes, rejects: str = "") -> Case:
        return case(name, one.hub_update(), rejects, evidence="0x" + evidence.hex(), height=hex(one.header.number))

    good = evidence_of(one, other)
    lost = replace(other, status=1)
    return [
        evidence_case("two headers of one height", good),
        evidence_case("one header twice", evidence_of(one, one), "EvidenceInvalid"),
        evidence_case("two heights", evidence_of(one, later), "EvidenceInvalid"),
        evidence_case("the second lost its game", evidence_of(one, lost), "GameNotWon"),
        evidence_case("nothing at all", b"", "UpdateMalformed"),
        evidence_case("the length alone", bytes(4), "UpdateMalformed"),
        evidence_case("the first cut short", good[:900], "UpdateMalformed"),
        evidence_case("a byte behind", good + b"\0", "ProofTrailingBytes"),
    ]
