"""Real headers, spoilt at random and sealed again by keys of ours, so that it is the rules that refuse and not a seal.

The clients and plain ones that share no code with them take the same ones, and take them for the same block.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import rlp
from eth_utils.crypto import keccak
from hypothesis import event, given, settings
from hypothesis import strategies as st

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.extra_data import Dialect
from light_clients.bft.validators import Validators
from light_clients.clique.client import CliqueClient
from light_clients.clique.signers import Signers
from light_clients.crypto.secp256k1 import ORDER
from light_clients.errors import LightClientError
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from tests.light_clients.plain_clients import (
    DIFFICULTY,
    EXTRA,
    MIX,
    NUMBER,
    PARENT,
    TIME,
    PlainBft,
    PlainClique,
    Refused,
)
from tests.light_clients.shared import data, flipped, load
from tests.vectors.attesters import Attester, attesters

PERIOD = 1000
KEYS = attesters(6)
LISTED = [bytes(one.address) for one in KEYS[:4]]
BFT = {
    "qbft_besu_block7528_round1_4val": Dialect.QBFT,
    "ibft2_besu_block1_round1_4val": Dialect.IBFT2,
    "ibft2_besu_block5618555_4val": Dialect.IBFT2,
}
ODD = st.sampled_from([b"", b"\0", b"\1", b"\0\1", b"\2" * 9, bytes(20), bytes(32), b"\3" * 33, [], [b"\1"]])
real = cache(load)
rarely = st.sampled_from([False] * 11 + [True])


def number(value: bytes) -> int:
    return int.from_bytes(value, "big")


def spoilt(draw: st.DrawFn, fields: list[Any]) -> None:
    """The header, at times with a field exchanged, dropped or added."""
    place = draw(st.integers(0, len(fields) - 1).filter(lambda place: place != EXTRA))
    match draw(st.sampled_from([""] * 12 + ["exchanged", "dropped", "added", "mix hash", "difficulty"])):
        case "exchanged":
            fields[place] = draw(ODD)
        case "dropped":
            del fields[place]
        case "added":
            fields.extend(draw(st.lists(st.sampled_from([b"", b"\7", bytes(32)]), min_size=1, max_size=6)))
        case "mix hash":
            fields[MIX] = bytes(32)
        case "difficulty":
            fields[DIFFICULTY] = draw(st.sampled_from([b"", b"\1", b"\2", b"\3"]))


def sealed(draw: st.DrawFn, signer: Attester, digest: bytes) -> bytes:
    """EIP-2098, at times with the other s."""
    seal = signer.sign(Hash32(digest))
    r, vs = seal[:32], number(seal[32:])
    if draw(rarely) and draw(rarely):
        v, s = 1 - (vs >> 255), ORDER - vs % 2**255
        vs = s if s >> 255 else v << 255 | s
    return r + vs.to_bytes(32, "big")


def agree(client: Callable[[], TrustedHeader], plain: Callable[[], tuple[int, bytes]]) -> None:
    try:
        expected = plain()
    except Refused:
        expected = None
    try:
        header = client()
        found = (header.height, bytes(header.block_hash))
    except LightClientError as error:
        event(type(error).__name__)
        assert expected is None
    else:
        event("accepted")
        assert found == expected


def scratched(draw: st.DrawFn, update: bytes) -> bytes:
    """The update, at times with a byte changed, cut short or with more behind it."""
    match draw(st.sampled_from([""] * 12 + ["changed", "short", "long"])):
        case "changed":
            return flipped(update, draw(st.integers(0, len(update) - 1)), draw(st.integers(1, 255)))
        case "short":
            return update[: draw(st.integers(0, len(update) - 1))]
        case "long":
            return update + draw(st.sampled_from([b"\0", b"\xc0", bytes(34), update]))
    return update


@st.composite
def bft_extra(draw: st.DrawFn, extra: list[Any], dialect: Dialect) -> tuple[list[Attester], list[Any]]:
    """Who is listed, and the extra data of a real header that lists them instead, as they would sign it."""
    listed = draw(
        st.sampled_from([KEYS[:4]] * 4 + [KEYS[2:6]] * 3 + [KEYS[:3], KEYS[1:5], KEYS[:1], [KEYS[1], KEYS[0]], []])
    )
    items = [extra[0], [bytes(one.address) for one in listed], extra[2], extra[3]]
    items += [[]] if dialect is Dialect.QBFT else []
    if draw(rarely):
        place = draw(st.integers(0, len(items) - 1).filter(lambda place: place != 1))
        items[place] = draw(st.sampled_from([b"", b"\0", b"\1", b"\0\0\0\0", b"\0\0\0\0\1", [], [b"\1"]]))
    if draw(rarely):
        items = [*items[:-1], *draw(st.lists(st.sampled_from([b"", []]), max_size=2))]
    return listed, items


@st.composite
def bft_updates(draw: st.DrawFn) -> tuple[BftClient, PlainBft, bytes, int]:
    name = draw(st.sampled_from(sorted(BFT)))
    dialect, fields = BFT[name], list(rlp.decode(data(real(f"bft/{name}.json")["headerRlp"])))
    height, time, parent = number(fields[NUMBER]), number(fields[TIME]), fields[PARENT]
    listed, items = draw(bft_extra(list(rlp.decode(fields[EXTRA])), dialect))
    fields[EXTRA] = rlp.encode(items)
    spoilt(draw, fields)
    header = rlp.encode(fields)
    who = sorted(draw(st.permutations(range(len(listed))))[: draw(st.sampled_from([2, 3, 3, 3, 4]))])
    seals = [sealed(draw, listed[place], keccak(header)) for place in who]
    bitmap = sum(1 << place for place in who) ^ (1 << draw(st.integers(0, 255)) if draw(rarely) else 0)
    given_ = [] if (listed == KEYS[:4]) != draw(rarely) else LISTED
    update = header + bitmap.to_bytes(32, "big") + b"".join(seals)
    update += len(given_).to_bytes(2, "big") + b"".join(b"\x94" + one for one in given_)

    before = height - draw(st.sampled_from([1, 1, 2, 2, 0]))
    known = time - draw(st.sampled_from([1, 5, 5, PERIOD]))
    now = time + draw(st.sampled_from([0, 0, 0, 0, -60, -61, PERIOD - 5, PERIOD - 4]))
    newest = Newest(before, known, parent[:HALF])
    client = BftClient(ChainId(1), dialect, Validators.of(map(Address, LISTED)), newest, PERIOD)
    plain = PlainBft(dialect is Dialect.QBFT, LISTED, before, known, parent, PERIOD)
    return client, plain, scratched(draw, update), now


@settings(max_examples=800)
@given(bft_updates())
def test_a_bft_client_takes_what_a_plain_one_takes(case: tuple[BftClient, PlainBft, bytes, int]) -> None:
    client, plain, update, now = case

    agree(lambda: client.advance(update, now)[1], lambda: plain.accept(update, now))


LISTS = st.sampled_from([KEYS[1:3]] * 3 + [KEYS[2:0:-1]])
CLIQUE = ("rinkeby_0_5", "besu_clique_london_0_4")


@st.composite
def clique_updates(draw: st.DrawFn) -> tuple[CliqueClient, PlainClique, bytes, int]:
    chain = real(f"clique/{draw(st.sampled_from(CLIQUE))}.json")[1:]
    count = draw(st.sampled_from([1, 3, 4]))
    signers, epoch = KEYS[:count], draw(st.sampled_from([30_000, 3]))
    turns, skipped = draw(st.permutations(range(count))), draw(st.sampled_from([0, 0, 2]))
    update, last = len(signers).to_bytes(2, "big") + b"".join(one.address for one in signers), None
    for place, entry in enumerate(chain[skipped:]):
        fields = list(rlp.decode(data(entry["headerRlp"])))
        fields[PARENT] = last or fields[PARENT]
        lists = draw(LISTS) if (number(fields[NUMBER]) % epoch == 0) != draw(rarely) else []
        extra = fields[EXTRA][:32] + b"".join(one.address for one in lists)
        signer = KEYS[5] if draw(rarely) else signers[turns[(place + draw(rarely)) % count]]
        if draw(st.sampled_from([True, False, False])):
            spoilt(draw, fields)
        seal = sealed(draw, signer, keccak(rlp.encode([*fields[:EXTRA], extra, *fields[EXTRA + 1 :]])))
        vs = number(seal[32:])
        fields[EXTRA] = extra + seal[:32] + (vs % 2**255).to_bytes(32, "big") + bytes([vs >> 255])
        header = rlp.encode(fields)
        update, last = update + header, keccak(header)

    started = int(chain[0]["timestamp"])
    now = started + draw(st.sampled_from([60] * 5 + [-61, PERIOD, PERIOD + 1]))
    confirmations = draw(st.sampled_from([1, 1, 2, 3]))
    listed = Signers(tuple(one.address for one in signers))
    client = CliqueClient(ChainId(1), listed, Height(0), started, epoch, confirmations, PERIOD)
    plain = PlainClique([bytes(one.address) for one in signers], epoch, confirmations, started, PERIOD)
    return client, plain, scratched(draw, update), now


@settings(max_examples=800)
@given(clique_updates())
def test_a_clique_client_takes_what_a_plain_one_takes(case: tuple[CliqueClient, PlainClique, bytes, int]) -> None:
    client, plain, update, now = case

    agree(lambda: client.advance(update, now)[1], lambda: plain.accept(update, now))
