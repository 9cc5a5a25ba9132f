"""Committees, updates, rotations and evidence: what a CommitteeLightClient must take, and what it must not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coincurve import PublicKey

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain, attestation_digest, rotation_digest
from light_clients.committee.members import WORD, Committee, Member
from light_clients.committee.wire import Endorsement, encode_rotation, encode_update
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import HIGHEST_S, ORDER, address_of
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, Height, TrustedHeader
from tests.vectors.attesters import Attester, attesters, committee_of

SOURCE, DESTINATION = ChainId(31337), ChainId(31338)
CLIENT = Address.from_hex("0xc11e00000000000000000000000000000000c11e")
DOMAIN = Domain(DESTINATION, CLIENT)

Case = dict[str, object]


@dataclass(frozen=True)
class Scene:
    """A client with everybody who may sign for it."""

    signers: Sequence[Attester]
    client: CommitteeClient

    def update(self, who: Iterable[int], header: TrustedHeader, client: CommitteeClient | None = None) -> bytes:
        """An update signed by members `who`, right or wrong."""
        digest = (client or self.client).attestation_digest(header)
        return encode_update(header, self.endorsement(who, digest))

    def rotation(self, who: Iterable[int], words: bytes, digest: Hash32) -> bytes:
        return encode_rotation(words, self.endorsement(who, digest))

    def endorsement(self, who: Iterable[int], digest: Hash32) -> Endorsement:
        listed = list(who)
        bitmap = sum(1 << index for index in listed)
        signatures = tuple(self.signers[index].sign(digest) for index in listed)
        return Endorsement(bitmap, self.client.committee.words, signatures)


def a_scene(count: int = 4, weights: Iterable[int] | None = None, first: int = 0) -> Scene:
    signers = attesters(count, first)
    return Scene(signers, CommitteeClient(SOURCE, DOMAIN, epoch=1, committee=committee_of(signers, weights)))


def a_header(height: int = 7, timestamp: int = 1_800_000_000, **changes: Hash32) -> TrustedHeader:
    roots = {"block_hash": b"block", "state_root": b"state", "receipts_root": b"receipts"}
    values = {name: keccak256(text + bytes((height % 256,))) for name, text in roots.items()} | changes
    return TrustedHeader(SOURCE, Height(height), timestamp=timestamp, **values)


def words_of(words: bytes) -> list[str]:
    return ["0x" + words[at : at + WORD].hex() for at in range(0, len(words), WORD)]


def committees() -> list[Case]:
    words = committee_of(attesters(4)).words
    first, second, rest = words[:32], words[32:64], words[64:]

    def case(name: str, words: bytes, rejects: str = "") -> Case:
        fine = None if rejects else Committee.from_words(words)
        return {
            "committeeHash": str(fine.hash if fine else ZERO_HASH),
            "members": words_of(words),
            "name": name,
            "needed": hex(fine.needed if fine else 0),
            "rejects": rejects,
        }

    cases = [case(f"{n} of equal weight", committee_of(attesters(n)).words) for n in (1, 2, 3, 4, 5, 6, 7, 19, 256)]
    cases.append(case("weights", committee_of(attesters(4), [1, 2, 3, 2**96 - 1]).words))
    return [
        *cases,
        case("no members", b"", "CommitteeEmpty"),
        case("257 members", committee_words(257), "CommitteeTooLarge"),
        case("members out of order", second + first + rest, "MembersUnsorted"),
        case("a member twice", first + first + rest, "MembersUnsorted"),
        case("a member twice, with another weight", first + first[:31] + b"\2" + rest, "MembersUnsorted"),
        case("the zero address alone", bytes(31) + b"\1", "MemberZero"),
        case("the zero address among others", bytes(31) + b"\1" + words, "MemberZero"),
        case("the first without weight", first[:20] + bytes(12) + second + rest, "WeightZero"),
        case("the last without weight", words[:-12] + bytes(12), "WeightZero"),
    ]


def committee_words(count: int) -> bytes:
    """That many words in order, whether or not a committee may have so many."""
    return b"".join(Member(one.address).word() for one in attesters(count))


def updates() -> list[Case]:
    return (
        accepted_updates()
        + miscounted_updates()
        + unendorsed_updates()
        + unsigned_updates()
        + boundary_updates()
        + incomplete_updates()
    )


def update_case(
    name: str, update: bytes, rejects: str = "", *, scene: Scene | None = None, header: TrustedHeader | None = None
) -> Case:
    client = (scene or a_scene()).client
    expected = header or a_header()
    return {
        "blockHash": str(expected.block_hash),
        "client": str(client.domain.client),
        "destinationChain": hex(client.domain.destination),
        "epoch": hex(client.epoch),
        "height": hex(expected.height),
        "members": words_of(client.committee.words),
        "name": name,
        "receiptsRoot": str(expected.receipts_root),
        "rejects": rejects,
        "sourceChain": hex(client.source),
        "stateRoot": str(expected.state_root),
        "timestamp": hex(expected.timestamp),
        "update": "0x" + update.hex(),
    }


def accepted_updates() -> list[Case]:
    sets: list[tuple[str, Scene, Iterable[int]]] = [
        ("one of one", a_scene(1), [0]),
        ("three of four", a_scene(), [0, 1, 2]),
        ("three of four, the first away", a_scene(), [1, 2, 3]),
        ("four of four", a_scene(), range(4)),
        ("thirteen of nineteen", a_scene(19), range(3, 16)),
        ("one who weighs more than the rest", a_scene(4, [1, 1, 7, 1]), [2]),
        ("the greatest weights", a_scene(3, [2**96 - 1] * 3), range(3)),
        ("the last of 256", a_scene(256, [1] * 255 + [511]), [255]),
    ]
    header = a_header()
    cases = [update_case(name, s.update(who, header), scene=s) for name, s, who in sets]
    greatest = a_header(2**64 - 1, 2**64 - 1)
    return [
        *cases,
        update_case("greatest height and time", a_scene().update(range(3), greatest), header=greatest),
        update_case("least height and time", a_scene().update(range(3), a_header(1, 1)), header=a_header(1, 1)),
    ]


def miscounted_updates() -> list[Case]:
    scene, header = a_scene(), a_header()
    good = scene.update(range(3), header)
    digest = scene.client.attestation_digest(header)
    beyond = replace(scene.endorsement(range(4), digest), bitmap=0b10111)
    far = replace(scene.endorsement(range(4), digest), bitmap=0b111 | 1 << 255)
    malformed = "UpdateMalformed"
    count = slice(144, 146)

    def counted(n: int) -> bytes:
        return good[: count.start] + n.to_bytes(2, "big") + good[count.stop :]

    return [
        update_case("nothing at all", b"", malformed),
        update_case("a header alone", good[:112], malformed),
        update_case("the last byte missing", good[:-1], malformed),
        update_case("a byte behind", good + b"\0", malformed),
        update_case("a signature missing", good[:-64], malformed),
        update_case("a signature too many", good + good[-64:], malformed),
        update_case("a member more counted than there are", counted(5), malformed),
        update_case("65535 members counted", counted(65535), malformed),
        update_case("a bit beyond the last member", encode_update(header, beyond), "BitmapOutOfRange"),
        update_case("the highest bit", encode_update(header, far), "BitmapOutOfRange"),
    ]


def unendorsed_updates() -> list[Case]:
    scene, header = a_scene(), a_header()
    words = scene.client.committee.words
    fine = scene.endorsement(range(3), scene.client.attestation_digest(header))
    first, second, rest = words[:32], words[32:64], words[64:]
    foreign = a_scene(4, first=100)
    others = {
        "no members": (b"", 0),
        "another committee": (foreign.client.committee.words, 0b111),
        "a weight changed": (words[:31] + b"\2" + words[32:], 0b111),
        "members in another order": (second + first + rest, 0b111),
        "a member missing": (words[:-32], 0b111),
        "a member more": (words + foreign.client.committee.words[:32], 0b111),
    }
    cases = [
        update_case(
            name,
            encode_update(header, Endorsement(bitmap, given, fine.signatures[: bitmap.bit_count()])),
            "CommitteeMismatch",
        )
        for name, (given, bitmap) in others.items()
    ]
    shortfalls: list[tuple[str, Scene, Iterable[int]]] = [
        ("nobody", scene, []),
        ("two of four", scene, [0, 3]),
        ("two of three, exactly two thirds", a_scene(3), [0, 1]),
        ("four of six, exactly two thirds", a_scene(6), range(4)),
        ("twelve of nineteen", a_scene(19), range(12)),
        ("exactly two thirds of the weight", a_scene(4, [1, 1, 6, 1]), [2]),
        ("three quarters of the heads without the weight", a_scene(4, [1, 1, 1, 4]), range(3)),
    ]
    return cases + [
        update_case(name, s.update(who, header), "QuorumNotReached", scene=s) for name, s, who in shortfalls
    ]


def unsigned_updates() -> list[Case]:
    scene, header = a_scene(), a_header()
    good = scene.update(range(3), header)
    one, two = good[-192:-128], good[-128:-64]

    def last(r: int, parity_and_s: int) -> bytes:
        return good[:-64] + r.to_bytes(32, "big") + parity_and_s.to_bytes(32, "big")

    r, tail = int.from_bytes(good[-64:-32], "big"), int.from_bytes(good[-32:], "big")
    parity, s = divmod(tail, 1 << 255)
    invalid, mismatch = "SignatureInvalid", "SignerMismatch"
    cases = [
        update_case("a signature of zeros", last(0, 0), invalid),
        update_case("r is zero", last(0, tail), invalid),
        update_case("r is the order", last(ORDER, tail), invalid),
        update_case("r is on no point", last(5, tail), invalid),
        update_case("s is zero", last(r, parity << 255), invalid),
        update_case("s above half of the order", last(r, HIGHEST_S + 1), invalid),
        update_case("the other parity", last(r, (1 - parity) << 255 | s), mismatch),
        update_case("two signatures swapped", good[:-192] + two + one + good[-64:], mismatch),
        update_case("a signature twice", good[:-192] + one + one + good[-64:], mismatch),
        update_case("a member's word in another's place", scene.update([0, 1, 3], header)[:-64] + one, mismatch),
    ]
    client = scene.client
    wrong: dict[str, CommitteeClient] = {
        "signed for another destination": replace(client, domain=Domain(ChainId(31339), CLIENT)),
        "signed for another client": replace(client, domain=Domain(DESTINATION, Address(b"\1" * 20))),
        "signed for the next epoch": replace(client, epoch=2),
        "signed for epoch zero": replace(client, epoch=0),
    }
    cases += [update_case(n, scene.update(range(3), header, w), mismatch) for n, w in wrong.items()]
    elsewhere = attestation_digest(DOMAIN, 1, replace(header, chain=ChainId(31339)))
    cases.append(
        update_case("signed of another source", encode_update(header, scene.endorsement(range(3), elsewhere)), mismatch)
    )
    fields = {"height": 7, "time": 15, "block hash": 47, "state root": 79, "receipts root": 111}
    for name, at in fields.items():
        changed = good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :]
        cases.append(update_case(f"{name} changed", changed, mismatch))
    return cases


def boundary_updates() -> list[Case]:
    """Committees of whoever a chosen s happens to recover, so that only the bound on s decides."""
    header = a_header()
    digest = attestation_digest(DOMAIN, 1, header)
    r = attesters(1)[0].sign(digest)[:32]
    cases = []
    for name, s, rejects in [
        ("the highest low s", HIGHEST_S, ""),
        ("the lowest high s, by a member", HIGHEST_S + 1, "SignatureInvalid"),
    ]:
        key = PublicKey.from_signature_and_message(r + s.to_bytes(32, "big") + b"\0", digest, hasher=None)
        committee = Committee((Member(address_of(key.format(compressed=False))),))
        scene = Scene([], CommitteeClient(SOURCE, DOMAIN, epoch=1, committee=committee))
        update = encode_update(header, Endorsement(1, committee.words, (r + s.to_bytes(32, "big"),)))
        cases.append(update_case(name, update, rejects, scene=scene))
    return cases


def incomplete_updates() -> list[Case]:
    full = a_header()
    headers = {
        "height zero": replace(full, height=Height(0)),
        "time zero": replace(full, timestamp=0),
        "block hash zero": replace(full, block_hash=ZERO_HASH),
        "state root zero": replace(full, state_root=ZERO_HASH),
        "receipts root zero": replace(full, receipts_root=ZERO_HASH),
    }
    return [update_case(n, a_scene().update(range(3), h), "HeaderIncomplete") for n, h in headers.items()]


def rotations() -> list[Case]:
    scene = a_scene()
    client = scene.client
    following = committee_of(attesters(5, first=50), [1, 2, 3, 4, 5])

    def case(name: str, rotation: bytes, rejects: str = "", to: Committee = following) -> Case:
        return {
            "client": str(client.domain.client),
            "destinationChain": hex(client.domain.destination),
            "epoch": hex(client.epoch),
            "members": words_of(client.committee.words),
            "name": name,
            "nextCommitteeHash": str(ZERO_HASH if rejects else to.hash),
            "rejects": rejects,
            "rotation": "0x" + rotation.hex(),
            "sourceChain": hex(client.source),
        }

    def to(words: bytes, who: Iterable[int] = range(3), sworn: CommitteeClient = client) -> bytes:
        return scene.rotation(who, words, _rotation_digest(sworn, words))

    words = following.words
    good = to(words)
    self_appointed = replace(scene.endorsement(range(3), client.rotation_digest(following)), words=words)
    attested = scene.rotation(range(3), words, client.attestation_digest(a_header()))
    mismatch, malformed = "SignerMismatch", "UpdateMalformed"
    return [
        case("to a committee of five", good),
        case("to the same committee", to(client.committee.words), to=client.committee),
        case("to a committee of one", to(words[:32]), to=Committee.from_words(words[:32])),
        case("by two of four", to(words, [0, 1]), "QuorumNotReached"),
        case("by the new committee", encode_rotation(words, self_appointed), "CommitteeMismatch"),
        case("signed for the present epoch", to(words, sworn=replace(client, epoch=0)), mismatch),
        case("signed for the epoch after", to(words, sworn=replace(client, epoch=2)), mismatch),
        case("signed of another source", to(words, sworn=replace(client, source=DESTINATION)), mismatch),
        case("signed as an attestation", attested, mismatch),
        case("a weight changed", good[:33] + bytes((good[33] ^ 4,)) + good[34:], mismatch),
        case("to nobody", to(b""), "CommitteeEmpty"),
        case("to 257 members", to(committee_words(257)), "CommitteeTooLarge"),
        case("to members out of order", to(words[32:64] + words[:32]), "MembersUnsorted"),
        case("to a member twice", to(words[:32] * 2), "MembersUnsorted"),
        case("to the zero address", to(bytes(31) + b"\1" + words), "MemberZero"),
        case("to a member without weight", to(words[:20] + bytes(12)), "WeightZero"),
        case("nothing at all", b"", malformed),
        case("the new members alone", good[: 2 + len(words)], malformed),
        case("the last byte missing", good[:-1], malformed),
        case("a byte behind", good + b"\0", malformed),
    ]


def _rotation_digest(client: CommitteeClient, words: bytes) -> Hash32:
    """The digest of a rotation to whatever `words` are, a committee or not."""
    return rotation_digest(client.domain, client.source, client.epoch + 1, keccak256(words))


def evidence() -> list[Case]:
    scene = a_scene()
    client = scene.client
    header = a_header()

    def sign(one: TrustedHeader) -> bytes:
        return scene.update(range(3), one)

    good = sign(header)

    def case(name: str, evidence: bytes, rejects: str = "") -> Case:
        return {
            "client": str(client.domain.client),
            "destinationChain": hex(client.domain.destination),
            "epoch": hex(client.epoch),
            "evidence": "0x" + evidence.hex(),
            "height": hex(header.height),
            "members": words_of(client.committee.words),
            "name": name,
            "rejects": rejects,
            "sourceChain": hex(client.source),
        }

    other = keccak256(b"other")
    conflicting = replace(header, block_hash=other)
    minority = scene.update([0, 1], conflicting)
    return [
        case("two block hashes", good + sign(conflicting)),
        case("two block hashes, by different quorums", good + scene.update([1, 2, 3], conflicting)),
        case("two state roots", good + sign(replace(header, state_root=other))),
        case("two receipts roots", good + sign(replace(header, receipts_root=other))),
        case("two times", good + sign(replace(header, timestamp=1))),
        case("one header twice", good + good, "EvidenceInvalid"),
        case("one header by different quorums", good + scene.update([1, 2, 3], header), "EvidenceInvalid"),
        case("two heights", good + sign(a_header(8)), "EvidenceInvalid"),
        case("the second without quorum", good + minority, "QuorumNotReached"),
        case("the first without quorum", minority + good, "QuorumNotReached"),
        case("the second changed", good + good[:47] + bytes((good[47] ^ 1,)) + good[48:], "SignerMismatch"),
        case("one update", good, "UpdateMalformed"),
        case("nothing at all", b"", "UpdateMalformed"),
        case("the last byte missing", (good + sign(conflicting))[:-1], "UpdateMalformed"),
        case("a byte behind", good + sign(conflicting) + b"\0", "UpdateMalformed"),
    ]
