"""Updates and evidence that a CliqueLightClient must take, and those it must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from light_clients.clique.client import CliqueClient
from light_clients.clique.signers import Signers
from light_clients.clique.wire import encode_evidence, encode_update
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import ORDER
from light_clients.evm.header import Header
from light_clients.evm.rlp import Encodable, decode_list, encode
from light_clients.types import ZERO_HASH, Address, ChainId, Height
from tests.vectors.clique_chains import EPOCH, PERIOD, START, addresses, named, ranked
from tests.vectors.clique_chains import a_segment as seg

SOURCE = ChainId(31337)
TRUSTING = 14 * 24 * 3600
NOW = START + 3600

Case = dict[str, object]


def a_client(names: str = "ABCD", confirmations: int = 3, signers_height: int = 0) -> CliqueClient:
    return CliqueClient(
        source=SOURCE,
        signers=Signers.of(addresses(names)),
        signers_height=Height(signers_height),
        started=START,
        epoch_length=EPOCH,
        confirmations=confirmations,
        trusting_period=TRUSTING,
    )


def bytes_of(headers: Sequence[Header], client: CliqueClient | None = None) -> bytes:
    return encode_update((client or a_client()).signers.words, headers)


def update_case(
    name: str,
    headers: Sequence[Header],
    rejects: str = "",
    *,
    client: CliqueClient | None = None,
    now: int = NOW,
    update: bytes | None = None,
    lists: str = "",
) -> Case:
    """`update` stands for the headers' own; `lists` are the signers trusted afterwards, if others."""
    before = client or a_client()
    target = headers[0]
    after = Signers.of(addresses(lists)) if lists else before.signers
    return {
        **client_of(before),
        "blockHash": str(target.hash()),
        "height": hex(target.number),
        "name": name,
        "now": hex(now),
        "receiptsRoot": str(target.receipts_root),
        "rejects": rejects,
        "signersHashAfter": str(after.hash),
        "stateRoot": str(target.state_root),
        "timestamp": hex(target.timestamp),
        "update": "0x" + (bytes_of(headers, before) if update is None else update).hex(),
    }


def client_of(client: CliqueClient) -> Case:
    return {
        "confirmations": hex(client.confirmations),
        "epochLength": hex(client.epoch_length),
        "signers": [str(one) for one in client.signers.addresses],
        "signersHeight": hex(client.signers_height),
        "sourceChain": hex(client.source),
        "startTimestamp": hex(client.started),
        "trustingPeriod": hex(client.trusting_period),
    }


def updates() -> list[Case]:
    return (
        accepted_updates()
        + epoch_updates()
        + malformed_updates()
        + incomplete_updates()
        + headers_of_no_clique()
        + unsealed_updates()
        + unlinked_updates()
        + shallow_updates()
        + untimely_updates()
    )


def accepted_updates() -> list[Case]:
    one, seven = "A", "ABCDEFG"
    old: dict[str, object] = {"base_fee_per_gas": None}
    fields: dict[str, object] = {"withdrawals_root": keccak256(b"w"), "blob_gas_used": 0, "excess_blob_gas": 0}
    cancun = fields | {"parent_beacon_block_root": keccak256(b"b")}
    headers: list[tuple[str, Sequence[Header], CliqueClient]] = [
        ("a target under three of four", seg([1, 2, 3, 0]), a_client()),
        ("a target under more than it takes", seg([1, 2, 3, 0, 1, 2]), a_client()),
        ("one signer under itself", seg([0, 0], one), a_client(one, 1)),
        ("as far apart as recency asks", seg([0, 1, 2, 0]), a_client()),
        ("nobody in turn", seg([0, 3, 2, 1]), a_client()),
        ("a stranger between, who does not count", seg([1, "X", 2, 3, 0]), a_client()),
        ("a stranger's target", seg(["X", 1, 2, 3]), a_client()),
        ("a stranger twice", seg(["X", "X", 1, 2, 3]), a_client()),
        ("four of seven", seg([0, 1, 2, 3, 4], seven), a_client(seven, 4)),
        ("no depth asked beyond the majority", seg([1, 2, 3, 0]), a_client(confirmations=0)),
        ("deeper than the majority", seg([1, 2, 3, 0, 1, 2, 3, 0]), a_client(confirmations=7)),
        ("before London", seg([1, 2, 3, 0], before=dict.fromkeys(range(4), old)), a_client()),
        ("of Cancun", seg([1, 2, 3, 0], before=dict.fromkeys(range(4), cancun)), a_client()),
    ]
    prague = seg([1, 2, 3, 0], before=dict.fromkeys(range(4), cancun | {"requests_hash": keccak256(b"r")}))
    return [
        *(update_case(name, segment, client=client) for name, segment, client in headers),
        update_case("of Prague", prague),
    ]


def epoch_updates() -> list[Case]:
    at = seg([0, 1, 2, 3], first=8)
    changed = seg([0, 1, 2, 3], first=8, lists="ABCDE")
    too_many = [Address(number.to_bytes(20, "big")) for number in range(1, 258)]
    ranks = ranked("ABCD")
    unsorted = b"".join(named(name).address for name in (ranks[1], ranks[0]))
    twice = named(ranks[0]).address * 2

    def listing(words: bytes) -> list[Header]:
        return seg([0, 1, 2, 3], first=8, before={0: {"extra_data": bytes(32) + words + bytes(65)}})

    return [
        update_case("over an epoch", seg([2, 3, 0, 1], first=6)),
        update_case("at an epoch, the same signers", at),
        update_case("at an epoch, a signer more", changed, lists="ABCDE"),
        update_case("at an epoch, other signers", seg([0, 1, 2, 3], first=8, lists="EFG"), lists="EFG"),
        update_case("at the epoch of the set trusted", changed, client=a_client(signers_height=8)),
        update_case("at an epoch before the set trusted", changed, client=a_client(signers_height=16)),
        update_case("an epoch lists signers out of order", listing(unsorted), "SignersUnsorted"),
        update_case("an epoch lists a signer twice", listing(twice), "SignersUnsorted"),
        update_case("an epoch lists the zero address", listing(bytes(20) + twice[:20]), "SignersUnsorted"),
        update_case("an epoch lists 257 signers", listing(b"".join(too_many)), "SignersTooMany"),
    ]


def malformed_updates() -> list[Case]:
    headers = seg([1, 2, 3, 0])
    good = bytes_of(headers)
    words = good[2:82]
    ranks = ranked("ABCD")

    def case(name: str, update: bytes, rejects: str) -> Case:
        return update_case(name, headers, rejects, update=update)

    def of(given: bytes) -> bytes:
        return encode_update(given, headers)

    items = decode_list(headers[0].encode())
    short: list[Encodable] = [items[0][1:], *items[1:]]
    return [
        case("nothing at all", b"", "UpdateMalformed"),
        case("half a count", b"\0", "UpdateMalformed"),
        case("a signer's last byte missing", good[:81], "UpdateMalformed"),
        case("65535 signers counted", b"\xff\xff" + good[2:], "UpdateMalformed"),
        case("no header", good[:82], "RlpTruncated"),
        case("the last byte missing", good[:-1], "RlpTruncated"),
        case("a byte behind", good + b"\0", "RlpUnexpectedKind"),
        case("an empty list behind", good + b"\xc0", "HeaderMalformed"),
        case("a header of fourteen fields", good[:82] + encode(items[:14]), "HeaderMalformed"),
        case("a parent's hash of 31 bytes", good[:82] + encode(short), "HeaderMalformed"),
        case("no signers", of(b""), "SignersMismatch"),
        case("a signer missing", of(words[:60]), "SignersMismatch"),
        case("a signer more", of(words + named("X").address), "SignersMismatch"),
        case("another signer", of(words[:60] + named("X").address), "SignersMismatch"),
        case("signers out of order", of(b"".join(named(n).address for n in reversed(ranks))), "SignersMismatch"),
    ]


def incomplete_updates() -> list[Case]:
    zeros: dict[str, tuple[str, object]] = {
        "time zero": ("timestamp", 0),
        "state root zero": ("state_root", ZERO_HASH),
        "receipts root zero": ("receipts_root", ZERO_HASH),
    }
    cases = [
        update_case(name, seg([1, 2, 3, 0], before={0: {field: zero}}), "HeaderIncomplete")
        for name, (field, zero) in zeros.items()
    ]
    zero: dict[str, object] = {"number": 0, "extra_data": bytes(32) + a_client().signers.words + bytes(65)}
    return [*cases, update_case("height zero", seg([1, 2, 3, 0], before={0: zero}), "HeaderIncomplete")]


def headers_of_no_clique() -> list[Case]:
    listing: dict[str, object] = {"extra_data": bytes(32) + named("A").address + bytes(65)}
    barren: dict[str, object] = {"extra_data": bytes(97)}
    cases = []
    for where, index in (("the target", 0), ("a confirmation", 2)):
        for difficulty in (0, 3):
            headers = seg([1, 2, 3, 0], before={index: {"difficulty": difficulty}})
            cases.append(update_case(f"{where} has difficulty {difficulty}", headers, "DifficultyInvalid"))
        headers = seg([1, 2, 3, 0], before={index: listing})
        cases.append(update_case(f"{where} lists signers at no epoch", headers, "ExtraDataMalformed"))
        headers = seg([0, 1, 2, 3], first=8 - index, before={index: barren})
        cases.append(update_case(f"{where} lists no signers at an epoch", headers, "ExtraDataMalformed"))
    for name, size in (("no room for a seal", 96), ("no extra data", 0), ("a byte too many", 98)):
        odd = tampered(seg([1, 2, 3, 0]), 3, bytes(size))
        cases.append(update_case(name, odd, "ExtraDataMalformed"))
    half = tampered(seg([1, 2, 3, 0], first=5), 3, bytes(32 + 19 + 65))
    return [*cases, update_case("half a signer at an epoch", half, "ExtraDataMalformed")]


def tampered(headers: Sequence[Header], index: int, extra: bytes) -> list[Header]:
    """The extra data of one header replaced after it was sealed; those after it do not know."""
    return [*headers[:index], replace(headers[index], extra_data=extra), *headers[index + 1 :]]


def unsealed_updates() -> list[Case]:
    headers = seg([1, 2, 3, 0])
    cases = []
    for where, index in (("the last", 3), ("the target", 0)):
        extra = headers[index].extra_data
        kept, r, s, v = extra[:-65], extra[-65:-33], extra[-33:-1], extra[-1:]
        high = (ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
        seals = {
            "no seal": bytes(65),
            "v of 27 or 28": r + s + bytes((27 + v[0],)),
            "v is 2": r + s + b"\2",
            "s is high": r + high + bytes((1 - v[0],)),
            "r is zero": bytes(32) + s + v,
            "r is the order": ORDER.to_bytes(32, "big") + s + v,
            "s is zero": r + bytes(32) + v,
        }
        for name, seal in seals.items():
            cases.append(update_case(f"{where}: {name}", tampered(headers, index, kept + seal), "SealInvalid"))
    parity = headers[3].extra_data[:-1] + bytes((1 - headers[3].extra_data[-1],))
    return [
        *cases,
        update_case("the last: the other parity is a stranger's", tampered(headers, 3, parity), "DepthNotReached"),
    ]


def unlinked_updates() -> list[Case]:
    headers = seg([1, 2, 3, 0])
    changed = replace(headers[0], state_root=keccak256(b"another"))
    other = seg([1, 2, 3, 0], before={1: {"gas_used": 1}})
    unlinked = "HeadersUnlinked"
    recent = "SignedRecently"
    skipped = seg([1, 2, 3, 0], first=1, before={2: {"number": 4}})
    return [
        update_case("another target", [changed, *headers[1:]], unlinked),
        update_case("a confirmation missing", [headers[0], *headers[2:]], unlinked),
        update_case("confirmations out of order", [headers[0], headers[2], headers[1], headers[3]], unlinked),
        update_case("of another branch", [*headers[:2], *other[2:]], unlinked),
        update_case("a number skipped", skipped, unlinked),
        update_case("a number repeated", seg([1, 2, 3, 0], before={2: {"number": 6}}), unlinked),
        update_case("another parent", seg([1, 2, 3, 0], before={3: {"parent_hash": keccak256(b"p")}}), unlinked),
        update_case("a signer twice in a row", seg([1, 2, 3, 3, 0]), recent),
        update_case("the target's signer again at once", seg([1, 1, 2, 3, 0]), recent),
        update_case("a signer one block too soon", seg([1, 2, 1, 3, 0]), recent),
        update_case("one signer of two twice in a row", seg([0, 1, 1], "AB"), recent, client=a_client("AB", 1)),
    ]


def shallow_updates() -> list[Case]:
    quorum = "QuorumNotReached"
    return [
        update_case("one confirmation short", seg([1, 2, 3, 0]), "DepthNotReached", client=a_client(confirmations=4)),
        update_case("a target alone", seg([1]), "DepthNotReached"),
        update_case("a target alone, no depth asked", seg([1]), quorum, client=a_client(confirmations=0)),
        update_case("half of the signers", seg([1, 2, 3]), quorum, client=a_client(confirmations=2)),
        update_case(
            "strangers make no depth", seg([1, 2, 3, 0, "X"]), "DepthNotReached", client=a_client(confirmations=4)
        ),
        update_case("strangers make no majority", seg([1, 2, "X", "Y", 3]), quorum, client=a_client(confirmations=2)),
        update_case("half of the signers again and again", seg([1, 2, 3, "X", 2, 3, "X", 2]), quorum),
        update_case("strangers alone", seg(["W", "X", "Y", "Z"]), quorum, client=a_client(confirmations=0)),
        update_case("one of two", seg([0, 1], "AB"), quorum, client=a_client("AB", 1)),
        update_case("three of seven", seg([0, 1, 2, 3], "ABCDEFG"), quorum, client=a_client("ABCDEFG")),
    ]


def untimely_updates() -> list[Case]:
    headers = seg([1, 2, 3, 0])
    last, first = headers[-1].timestamp, headers[0].timestamp
    ahead = seg([1, 2, 3, 0], before={0: {"timestamp": NOW + 61}, 1: {"timestamp": NOW}})
    return [
        update_case("the last second of trust", headers, now=START + TRUSTING),
        update_case("a second after trust", headers, "TrustExpired", now=START + TRUSTING + 1),
        update_case("as far ahead as clocks may differ", headers, now=last - 60),
        update_case("the last from the future", headers, "HeaderFromFuture", now=last - 61),
        update_case("all from the future", headers, "HeaderFromFuture", now=first - 61),
        update_case("the target alone from the future", ahead, "HeaderFromFuture"),
    ]


def evidence() -> list[Case]:
    headers = seg([1, 2, 3, 0])
    forked = seg([1, 2, 3, 0], before={0: {"state_root": keccak256(b"another")}})
    vanity = seg([1, 2, 3, 0], before={0: {"extra_data": b"v" * 32 + bytes(65)}})
    good, other = bytes_of(headers), bytes_of(forked)

    def case(name: str, evidence: bytes, rejects: str = "", now: int = NOW) -> Case:
        return {
            **client_of(a_client()),
            "evidence": "0x" + evidence.hex(),
            "height": hex(headers[0].number),
            "name": name,
            "now": hex(now),
            "rejects": rejects,
        }

    def both(*segment: Header) -> bytes:
        return encode_evidence(good, bytes_of(segment))

    longer = seg([1, 2, 3, 0, 1])
    return [
        case("two state roots", encode_evidence(good, other)),
        case("two vanities", both(*vanity)),
        case("by other signers", both(*seg([0, 3, 2, 1]))),
        case("two times", both(*seg([1, 2, 3, 0], before={0: {"timestamp": START + PERIOD * 4 + 1}}))),
        case("one target twice", encode_evidence(good, good), "EvidenceInvalid"),
        case("one target under other confirmations", both(*longer), "EvidenceInvalid"),
        case("two heights", both(*seg([2, 3, 0, 1], first=6)), "EvidenceInvalid"),
        case("the second without a majority", both(*seg([1, 2, 3, "X", 2])), "QuorumNotReached"),
        case("the second too shallow", both(*forked[:3]), "DepthNotReached"),
        case("the second incomplete", both(*seg([1, 2, 3, 0], before={0: {"timestamp": 0}})), "HeaderIncomplete"),
        case("nothing at all", b"", "UpdateMalformed"),
        case("half a length", bytes(3), "UpdateMalformed"),
        case("one update", len(good).to_bytes(4, "big") + good, "UpdateMalformed"),
        case("the first cut", (len(good) + 1).to_bytes(4, "big") + good, "UpdateMalformed"),
        case("a length too short", (len(good) - 1).to_bytes(4, "big") + good + other, "RlpTruncated"),
        case("the last byte missing", encode_evidence(good, other)[:-1], "RlpTruncated"),
        case("a byte behind", encode_evidence(good, other) + b"\0", "RlpUnexpectedKind"),
        case("after trust", encode_evidence(good, other), "TrustExpired", now=START + TRUSTING + 1),
        case("from the future", encode_evidence(good, other), "HeaderFromFuture", now=START - 60),
    ]
