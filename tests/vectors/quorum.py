"""Clients of one chain that must agree: what a QuorumLightClient is made of, takes and serves, and what not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.crypto.keccak import keccak256
from light_clients.quorum.client import Member, QuorumClient
from light_clients.quorum.wire import encode_parts, encode_update
from light_clients.serving import Serving
from light_clients.types import Address, ChainId, TrustedHeader
from tests.vectors.attesters import attester, committee_of
from tests.vectors.committees import DESTINATION, SOURCE, Scene, a_header, words_of

Case = dict[str, object]
Held = Sequence[TrustedHeader | None]

OTHER = replace(a_header(), state_root=keccak256(b"other"))


def address(number: int) -> Address:
    """Of member `number`'s contract."""
    return Address(b"\xc1\x1e" + bytes(17) + bytes((number + 1,)))


def a_scene(number: int, source: ChainId = SOURCE) -> Scene:
    """The member's committee of one."""
    signer = attester(300 + number)
    domain = Domain(DESTINATION, address(number))
    return Scene([signer], CommitteeClient(source, domain, epoch=1, committee=committee_of([signer])))


def signed(number: int, header: TrustedHeader) -> bytes:
    return a_scene(number).update([0], header)


def conflict(number: int, height: int = 77) -> bytes:
    header = a_header(height)
    return signed(number, header) + signed(number, replace(header, state_root=keccak256(b"other")))


def a_member(number: int) -> Member:
    return Member(address(number), Serving(a_scene(number).client))


def a_client(threshold: int, count: int) -> QuorumClient:
    return QuorumClient(SOURCE, threshold, tuple(map(a_member, range(count))))


def quorums() -> list[Case]:
    """Which thresholds and members there may be."""

    def case(
        name: str, threshold: int, members: Iterable[int], rejects: str = "", sources: Sequence[int] | None = None
    ) -> Case:
        numbers = list(members)
        return {
            "clients": [str(address(number)) for number in numbers],
            "name": name,
            "rejects": rejects,
            "sourceChain": hex(SOURCE),
            "sources": [hex(source) for source in sources or [SOURCE] * len(numbers)],
            "threshold": hex(threshold),
        }

    cases = []
    for n in range(9):
        for k in range(n + 2):
            rejects = "ThresholdTooHigh" if k > n else "ThresholdTooLow" if 2 * k <= n else ""
            cases.append(case(f"{k} of {n}", k, range(n), rejects))
    return [
        *cases,
        case("16 members", 16, range(16)),
        case("17 members", 17, range(17), "ClientsTooMany"),
        case("a member twice", 2, [0, 1, 0], "ClientRepeated"),
        case("a member twice, one after the other", 2, [0, 1, 1], "ClientRepeated"),
        case("a member of another chain", 2, range(3), "ClientSourceMismatch", [SOURCE, 5, SOURCE]),
    ]


def updates() -> list[Case]:
    header = a_header()
    later = a_header(header.height + 256)
    both = encode_update(header.height, [signed(0, header), b"", signed(2, header)])
    alone = encode_update(header.height, [signed(0, header), b"", b""])
    none = encode_update(header.height, [b""] * 3)
    changed = bytearray(signed(0, header))
    changed[20] ^= 1
    bad = encode_update(header.height, [bytes(changed), b"", signed(2, header)])
    disagreeing = encode_update(header.height, [signed(0, header), signed(1, OTHER), b""])
    few, malformed = "AgreementNotReached", "UpdateMalformed"

    def case(
        name: str,
        update: bytes,
        rejects: str = "",
        held: Held = (None,) * 3,
        threshold: int = 2,
        *,
        expected: TrustedHeader = header,
    ) -> Case:
        earlier = ["0x" + (b"" if one is None else signed(i, one)).hex() for i, one in enumerate(held)]
        return base(name, len(held), threshold, rejects) | {
            "height": hex(expected.height),
            "held": earlier,
            "receiptsRoot": str(expected.receipts_root),
            "stateRoot": str(expected.state_root),
            "timestamp": hex(expected.timestamp),
            "update": "0x" + update.hex(),
        }

    return [
        case("two of three", both),
        case("one of one", encode_update(header.height, [signed(0, header)]), held=[None], threshold=1),
        case("one, when another holds it", alone, held=[None, None, header]),
        case("nobody, when two hold it", none, held=[None, header, header]),
        case("two again, when both hold it", both, held=[header, None, header]),
        case("two, against a third", both, held=[None, OTHER, None]),
        case("two that outvote the updated one", alone, held=[None, OTHER, OTHER], expected=OTHER),
        case("one of three", alone, few),
        case("nobody", none, few),
        case("two that disagree", disagreeing, few),
        case("three of three needed", both, few, threshold=3),
        case("two of four agree", encode_update(header.height, [b""] * 4), few,
             held=[header, header, OTHER, OTHER], threshold=3),
        case("a member has overwritten it", alone, few, held=[None, later, None]),
        case("agreement on another height", encode_update(a_header(8).height, [b""] * 3), few, held=[header] * 3),
        case("a member's update changed", bad, "SignerMismatch"),
        case("a member's update for another", encode_update(header.height, [signed(1, header), b"", b""]),
             "CommitteeMismatch"),
        case("a part missing", encode_update(header.height, [signed(0, header), signed(1, header)]), malformed),
        case("a part too many", both + bytes(4), malformed),
        case("nothing at all", b"", malformed),
        case("the height alone", both[:8], malformed),
        case("the last byte missing", both[:-1], malformed),
        case("a byte behind", both + b"\0", malformed),
        case("a part counted too long", both[:8] + b"\xff" * 4 + both[12:], malformed),
    ]  # fmt: skip


def evidence() -> list[Case]:
    innocent = signed(1, a_header()) + signed(1, a_header())

    def case(name: str, parts: Sequence[bytes] | bytes, rejects: str = "", freezes: Sequence[int] = ()) -> Case:
        data = parts if isinstance(parts, bytes) else encode_parts(parts)
        return base(name, 3, 2, rejects) | {"evidence": "0x" + data.hex(), "freezes": [hex(one) for one in freezes]}

    fine = encode_parts([b"", conflict(1), b""])
    malformed = "UpdateMalformed"
    return [
        case("for one", fine, freezes=[1]),
        case("for two", [conflict(0), b"", conflict(2, 78)], freezes=[0, 2]),
        case("for nobody", [b""] * 3, "EvidenceInvalid"),
        case("of no conflict", [b"", innocent, b""], "EvidenceInvalid"),
        case("of another member", [b"", conflict(0), b""], "CommitteeMismatch"),
        case("good for one, not for another", [conflict(0), innocent, b""], "EvidenceInvalid"),
        case("nothing at all", b"", malformed),
        case("the last byte missing", fine[:-1], malformed),
        case("a byte behind", fine + b"\0", malformed),
    ]


def base(name: str, count: int, threshold: int, rejects: str) -> Case:
    members = range(count)
    return {
        "clients": [str(address(number)) for number in members],
        "destinationChain": hex(DESTINATION),
        "members": words_of(b"".join(a_scene(number).client.committee.words for number in members)),
        "name": name,
        "rejects": rejects,
        "sourceChain": hex(SOURCE),
        "threshold": hex(threshold),
    }
