"""Updates and evidence of QBFT and IBFT 2.0 chains: what a BftLightClient must take, and what it must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from light_clients.bft.client import CLOCK_DRIFT
from light_clients.bft.extra_data import Dialect, Form, Vote, sealed
from light_clients.crypto.secp256k1 import HIGHEST_S, ORDER
from light_clients.evm.header import Header
from light_clients.evm.rlp import encode
from light_clients.types import ZERO_HASH, Address, Hash32
from tests.vectors.attesters import attesters
from tests.vectors.bft_chain import (
    ANCHOR,
    PERIOD,
    SOURCE,
    START,
    Scene,
    a_header,
    a_scene,
    a_step,
    hash_of,
    payload_of,
    signed_rlp,
    with_extra,
)

Case = dict[str, object]

NOW = START + 10
QBFT, IBFT2 = Dialect.QBFT, Dialect.IBFT2
QUORUM = (0, 1, 2)


def updates() -> list[Case]:
    return (
        accepted_updates()
        + following_updates()
        + unfollowing_updates()
        + malformed_updates()
        + malformed_extra_data()
        + unsealed_updates()
        + untimely_updates()
    )


def update_case(
    name: str,
    update: bytes,
    rejects: str = "",
    *,
    scene: Scene | None = None,
    last: Header | None = None,
    now: int = NOW,
) -> Case:
    """`last` is the header of the update's last step, the usual one if not given."""
    scene = scene or a_scene()
    last = last or scene.header()
    before = scene.client
    after = before if rejects else before.advance(update, now)[0]
    return {
        **the_client(scene),
        "blockHash": str(hash_of(last, scene.dialect)),
        "height": hex(last.number),
        "latestBlockHash": "0x" + after.newest.half.hex() + "00" * 16,
        "name": f"{scene.dialect.value}: {name}",
        "now": hex(now),
        "receiptsRoot": str(last.receipts_root),
        "rejects": rejects,
        "stateRoot": str(last.state_root),
        "timestamp": hex(last.timestamp),
        "update": "0x" + update.hex(),
        "validatorsHash": str(after.validators.hash),
    }


def the_client(scene: Scene) -> Case:
    anchor = scene.anchor
    return {
        "anchorHash": str(hash_of(anchor, scene.dialect)),
        "anchorHeight": hex(anchor.number),
        "anchorTimestamp": hex(anchor.timestamp),
        "dialect": scene.dialect.value,
        "oneThirdOverlap": hex(scene.one_third),
        "sourceChain": hex(SOURCE),
        "trustingPeriod": hex(PERIOD),
        "validators": "0x" + payload_of(scene.signers).hex(),
    }


def accepted_updates() -> list[Case]:
    cases = []
    for dialect in Dialect:
        for count, who in [(1, [0]), (4, QUORUM), (4, [1, 2, 3]), (4, range(4)), (7, range(2, 7)), (22, range(15))]:
            scene = a_scene(count, dialect)
            cases.append(update_case(f"{list(who)} of {count}", scene.step(who), scene=scene))
        scene = a_scene(4, dialect)
        headers = {f"round {r}": scene.header(round_=r) for r in (1, 127, 128, 300, 2**32 - 1)}
        headers |= {f"a header of {f}": scene.header(fork=f) for f in ("frontier", "london", "shanghai", "cancun")}
        headers |= {
            "a vote to add": scene.header(vote=Vote(Address(b"\7" * 20), add=True)),
            "a vote to drop": scene.header(vote=Vote(Address(b"\7" * 20), add=False), round_=200),
            "no vanity": scene.header(vanity=b"", round_=2),
            "a long vanity": scene.header(vanity=bytes(300), round_=2),
            "the greatest height": scene.header(2**64 - 1, timestamp=START),
            "an older height": scene.header(ANCHOR - 50),
            "the height of the anchor": scene.header(ANCHOR),
            "a minute ahead": scene.header(timestamp=NOW + CLOCK_DRIFT),
        }
        cases += [update_case(n, scene.step(QUORUM, h), scene=scene, last=h) for n, h in headers.items()]
        late = START + PERIOD
        cases.append(update_case("at the end of trust", scene.step(QUORUM), scene=scene, now=late))
        steps = [scene.header(height) for height in (101, 102, 110)]
        update = b"".join(scene.step(QUORUM, header) for header in steps)
        cases.append(update_case("three steps", update, scene=scene, last=steps[-1]))
    everybody = a_scene(256)
    cases.append(update_case("171 of 256", everybody.step(range(85, 256)), scene=everybody))
    return cases


def following_updates() -> list[Case]:
    """Lists that follow from the trusted one."""
    cases = []
    for dialect in Dialect:
        scene = a_scene(4, dialect)
        more, fewer, others = attesters(5), attesters(3), attesters(5, first=2)
        known = _places(more, scene, 3) + _strangers(more, scene)
        changes = {
            "one more, the next block": (scene.child(more), more, range(4)),
            "one fewer, the next block": (scene.child(fewer), fewer, [0, 1]),
            "one more, blocks later": (scene.header(120, more), more, known),
            "one fewer, blocks later": (scene.header(120, fewer), fewer, range(3)),
            "half of them new, the next block": (
                scene.child(others),
                others,
                _places(others, scene, 2) + _strangers(others, scene)[:2],
            ),
        }
        cases += [
            update_case(n, scene.change(h, listed, who), scene=scene, last=h) for n, (h, listed, who) in changes.items()
        ]
        cases.append(_there_and_back(scene))
        lax = replace(scene, one_third=True)
        later = scene.header(120, others)
        who = _places(others, scene, 2) + _strangers(others, scene)[:2]
        cases.append(update_case("half new, blocks later", lax.change(later, others, who), scene=lax, last=later))
    return cases


def _there_and_back(scene: Scene) -> Case:
    """One more, a header by the new list, and the old list again."""
    more = attesters(5)
    there, on, back = scene.child(more), scene.header(105, more), scene.header(106)
    update = (
        scene.change(there, more, range(4))
        + a_step(on, more, range(1, 5), scene.dialect)
        + a_step(back, scene.signers, range(4), scene.dialect, more)
    )
    return update_case("a list more, and back", update, scene=scene, last=back)


def _places(listed: Sequence[object], scene: Scene, count: int) -> list[int]:
    """The first so many on the list who are trusted."""
    return [place for place, one in enumerate(listed) if one in scene.signers][:count]


def _strangers(listed: Sequence[object], scene: Scene) -> list[int]:
    return [place for place, one in enumerate(listed) if one not in scene.signers]


def unfollowing_updates() -> list[Case]:
    scene = a_scene()
    more, others, strangers = attesters(5), attesters(5, first=2), attesters(4, first=50)
    child = scene.child(more)
    few = _places(others, scene, 2) + _strangers(others, scene)[:2]
    lone = _places(others, scene, 1) + _strangers(others, scene)
    lax = replace(scene, one_third=True)
    mismatch, overlap = "ValidatorsMismatch", "OverlapNotReached"
    orphan, needless = scene.header(101, others), scene.header()
    steps: list[tuple[str, bytes, str]] = [
        ("no trusted list", a_step(child, more, range(4)), mismatch),
        ("another trusted list", a_step(child, more, range(4), trusted=strangers), mismatch),
        ("itself as the trusted list", a_step(child, more, range(4), trusted=more), mismatch),
        ("strangers", a_step(scene.child(strangers), strangers, QUORUM, trusted=strangers), mismatch),
        ("a new list at the anchor", scene.change(scene.header(ANCHOR, more), more, range(4)), mismatch),
        ("a new list below the anchor", scene.change(scene.header(99, more), more, range(4)), mismatch),
        ("two of four trusted, blocks later", scene.change(scene.header(120, others), others, few), overlap),
        ("one of four trusted, the next block", scene.change(scene.child(others), others, lone), overlap),
        ("two of four trusted, the next block of another parent", scene.change(orphan, others, few), overlap),
        ("nobody trusted", scene.change(scene.child(strangers), strangers, range(4)), overlap),
        ("too few of the new", scene.change(child, more, range(3)), "QuorumNotReached"),
        ("a list without need", a_step(needless, scene.signers, QUORUM, trusted=scene.signers), "UpdateMalformed"),
        ("the old list after the new", scene.change(child, more, range(4)) + scene.step(QUORUM), mismatch),
    ]
    cases = [update_case(name, step, rejects) for name, step, rejects in steps]
    alone = lax.change(scene.header(120, others), others, lone)
    cases.append(update_case("one of four trusted, where a third does", alone, overlap, scene=lax))
    return cases + ill_listed_updates(scene)


def ill_listed_updates(scene: Scene) -> list[Case]:
    """Lists that are none."""
    a, b, c, d, e = attesters(5)
    cases = []
    for name, listed in {"out of order": [b, a, c, d, e], "twice the same": [a, a, b, c, d, e]}.items():
        header = scene.child(listed)
        places = range(len(listed))
        cases.append(update_case(f"a list {name}", scene.change(header, listed, places), "ValidatorsUnsorted"))
    nobody = a_step(a_header([]), [], [])
    crowd = attesters(257)
    many = scene.change(scene.child(crowd), crowd, range(171))
    return [
        *cases,
        update_case("an empty list", nobody, "ValidatorsEmpty"),
        update_case("257 validators", many, "ValidatorsTooMany"),
    ]


def malformed_updates() -> list[Case]:
    scene = a_scene()
    good, data = scene.step(QUORUM), signed_rlp(scene.header())
    malformed, header = "UpdateMalformed", "HeaderMalformed"
    wide = a_step(scene.header(), [*scene.signers, *attesters(1, first=90)], [0, 1, 2, 4])
    far = good[: len(data)] + (0b111 | 1 << 255).to_bytes(32, "big") + good[len(data) + 32 :]
    at = len(data) + 32 + 192
    older = {
        "a field missing": encode([b"\1" * 32] * 14),
        "a long parent hash": replaced(data, 3, b"\xa1"),
        "a bloom of another length": replaced(data, 3 + 186, b"\xb9\x01\x01"),
    }
    cases = [update_case(f"{n}, in the header", d + good[len(data) :], header) for n, d in older.items()]
    return [
        *cases,
        update_case("nothing at all", b"", "RlpTruncated"),
        update_case("a string", b"\x85hello", "RlpUnexpectedKind"),
        update_case("half a header", data[:300], "RlpTruncated"),
        update_case("a header alone", data, malformed),
        update_case("the last byte missing", good[:-1], malformed),
        update_case("a seal missing", good[:-66], malformed),
        update_case("a byte behind", good + b"\0", "RlpUnexpectedKind"),
        update_case("a seal too many", good[:-2] + good[-66:-2] + b"\0\0", malformed),
        update_case("a trusted validator counted who is not there", good[:at] + b"\0\1", malformed),
        update_case("a bit beyond the last validator", wide, "BitmapOutOfRange"),
        update_case("the highest bit", far, "BitmapOutOfRange"),
    ]


def replaced(data: bytes, at: int, by: bytes) -> bytes:
    return data[:at] + by + data[at + len(by) :]


def malformed_extra_data() -> list[Case]:
    cases = []
    for dialect in Dialect:
        scene = a_scene(4, dialect)
        header = scene.header(round_=1)
        extra = sealed(header, dialect).extra
        commit = extra.encode(dialect, Form.COMMIT)
        vanity, listed = encode(extra.vanity), encode(extra.validators)
        vote, round_ = (b"\xc0", b"\1") if dialect is QBFT else (b"\x80", b"\x84\0\0\0\1")
        tail = b"\xc0" if dialect is QBFT else b""
        bodies = {
            "in the form of the other dialect": extra.encode(IBFT2 if dialect is QBFT else QBFT, Form.COMMIT),
            "with a seal in it": replace(extra, seals=(bytes(65),)).encode(dialect),
            "a list as vanity": _listed(b"\xc0" + listed + vote + round_ + tail),
            "a string as validators": _listed(vanity + b"\x80" + vote + round_ + tail),
            "a round of five bytes": _listed(vanity + listed + vote + b"\x85\1\1\1\1\1" + tail),
            "a list as round": _listed(vanity + listed + vote + b"\xc0" + tail),
            "a validator of 19 bytes": _listed(vanity + encode([b"\7" * 19]) + vote + round_ + tail),
            "validators of another kind": _listed(vanity + b"\xd5\x93" + b"\7" * 20 + vote + round_ + tail),
            "something behind": _listed(vanity + listed + vote + round_ + tail + b"\x80"),
            "a byte behind it": commit + b"\0",
            "a string": encode(commit),
            "a round in the wrong width": _listed(
                vanity + listed + vote + (b"\0" if dialect is QBFT else b"\x83\0\0\1") + tail
            ),
        }
        for name, body in bodies.items():
            who = [0] if name == "validators of another kind" else []
            update = with_extra(header, body, scene.signers, who)
            cases.append(update_case(f"extra data: {name}", update, "ExtraDataMalformed", scene=scene))
    return cases


def _listed(payload: bytes) -> bytes:
    size = len(payload)
    return (bytes((0xC0 + size,)) if size < 56 else b"\xf8" + bytes((size,))) + payload


def unsealed_updates() -> list[Case]:
    scene = a_scene()
    good = scene.step(QUORUM)
    one, two = good[-194:-130], good[-130:-66]
    r, tail = int.from_bytes(good[-66:-34], "big"), int.from_bytes(good[-34:-2], "big")
    parity, s = divmod(tail, 1 << 255)

    def last(r: int, parity_and_s: int) -> bytes:
        return good[:-66] + r.to_bytes(32, "big") + parity_and_s.to_bytes(32, "big") + b"\0\0"

    invalid, mismatch, quorum = "SignatureInvalid", "SignerMismatch", "QuorumNotReached"
    data = signed_rlp(scene.header())
    other = signed_rlp(scene.header(round_=1))
    sealed_header = a_step(replace(scene.header(), nonce=b"\1" * 8), scene.signers, QUORUM)
    cases = [
        update_case("a seal of zeros", last(0, 0), invalid),
        update_case("r is the order", last(ORDER, tail), invalid),
        update_case("r is on no point", last(5, tail), invalid),
        update_case("s is zero", last(r, parity << 255), invalid),
        update_case("s above half of the order", last(r, HIGHEST_S + 1), invalid),
        update_case("the other parity", last(r, (1 - parity) << 255 | s), mismatch),
        update_case("two seals swapped", good[:-194] + two + one + good[-66:], mismatch),
        update_case("one seal twice", good[:-194] + one + one + good[-66:], mismatch),
        update_case("seals of another round", other + good[len(data) :], mismatch),
        update_case("seals of another header", data + sealed_header[len(data) :], mismatch),
        update_case("nobody", scene.step([]), quorum),
        update_case("two of four", scene.step([0, 3]), quorum),
        update_case("four of seven", a_scene(7).step(range(4)), quorum, scene=a_scene(7)),
        update_case("fourteen of 22", a_scene(22).step(range(14)), quorum, scene=a_scene(22)),
    ]
    ibft = a_scene(4, IBFT2)
    data, other = signed_rlp(ibft.header(), IBFT2), signed_rlp(ibft.header(round_=1), IBFT2)
    return [
        *cases,
        update_case("seals of another round", other + ibft.step(QUORUM)[len(data) :], mismatch, scene=ibft),
        update_case("two of four", ibft.step([0, 3]), quorum, scene=ibft),
    ]


def untimely_updates() -> list[Case]:
    scene = a_scene()
    headers: dict[str, tuple[str, Header]] = {
        "height zero": ("HeaderIncomplete", scene.header(0, timestamp=START)),
        "time zero": ("HeaderIncomplete", scene.header(timestamp=0)),
        "state root zero": ("HeaderIncomplete", scene.header(state_root=ZERO_HASH)),
        "receipts root zero": ("HeaderIncomplete", scene.header(receipts_root=ZERO_HASH)),
        "another mix hash": ("MixHashMismatch", scene.header(mix_hash=Hash32(bytes(32)))),
        "a minute and a second ahead": ("HeaderFromFuture", scene.header(timestamp=NOW + CLOCK_DRIFT + 1)),
    }
    cases = [update_case(n, scene.step(QUORUM, h), rule) for n, (rule, h) in headers.items()]
    over = START + PERIOD + 1
    return [*cases, update_case("trust is over", scene.step(QUORUM), "TrustExpired", now=over)]
