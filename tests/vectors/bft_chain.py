"""A QBFT or IBFT 2.0 chain whose validators' keys the tests hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.extra_data import ISTANBUL_DIGEST, Dialect, ExtraData, Vote, block_hash, sealed
from light_clients.bft.validators import Validators
from light_clients.bft.wire import encode_step
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import parse
from light_clients.evm.header import Header
from light_clients.types import Address, Bloom, ChainId, Hash32, Height
from tests.vectors.attesters import Attester, attesters

SOURCE = ChainId(1337)
START = 1_800_000_000
PERIOD = 14 * 86_400
"""Trusted for two weeks."""
ANCHOR = 100

PRAGUE: dict[str, Any] = {
    "base_fee_per_gas": 7,
    "withdrawals_root": keccak256(b"\x80"),
    "blob_gas_used": 0,
    "excess_blob_gas": 0,
    "parent_beacon_block_root": Hash32(bytes(32)),
    "requests_hash": Hash32.from_hex("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
}
"""What the forks after Paris append."""

FORKS = {"frontier": 0, "london": 1, "shanghai": 2, "cancun": 5, "prague": 6}
"""How many of these a header has."""


def appended(fork: str) -> dict[str, Any]:
    return dict(list(PRAGUE.items())[: FORKS[fork]])


def a_header(
    listed: Sequence[Attester],
    height: int = ANCHOR + 1,
    dialect: Dialect = Dialect.QBFT,
    *,
    round_: int = 0,
    vote: Vote | None = None,
    vanity: bytes = bytes(32),
    fork: str = "prague",
    **changes: Any,
) -> Header:
    """A header that nobody has sealed yet, as nodes would serve it."""
    extra = ExtraData(vanity, tuple(one.address for one in listed), vote, round_)
    header = Header(
        parent_hash=keccak256(b"parent" + bytes((height % 256,))),
        ommers_hash=keccak256(b"\xc0"),
        beneficiary=listed[0].address if listed else Address(bytes(20)),
        state_root=keccak256(b"state" + bytes((height % 256,))),
        transactions_root=keccak256(b"transactions"),
        receipts_root=keccak256(b"receipts" + bytes((height % 256,))),
        logs_bloom=Bloom(bytes(255) + b"\1"),
        difficulty=1,
        number=Height(height),
        gas_limit=30_000_000,
        gas_used=171_000,
        timestamp=START + 2 * (height - ANCHOR),
        extra_data=extra.encode(dialect),
        mix_hash=ISTANBUL_DIGEST,
        nonce=bytes(8),
        **appended(fork),
    )
    return replace(header, **changes)


def seal(header: Header, who: Iterable[Attester], dialect: Dialect = Dialect.QBFT) -> Header:
    """The header with their seals, as nodes would serve it."""
    parts = sealed(header, dialect)
    extra = replace(parts.extra, seals=tuple(raw(one.sign(parts.digest)) for one in who))
    return replace(header, extra_data=extra.encode(dialect))


def raw(signature: bytes) -> bytes:
    """A seal as it stands in a header: r ‖ s ‖ v."""
    r, s, parity = parse(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes((parity,))


def a_step(
    header: Header,
    listed: Sequence[Attester],
    who: Iterable[int],
    dialect: Dialect = Dialect.QBFT,
    trusted: Sequence[Attester] = (),
) -> bytes:
    """The step with the seals of these places in the list, right or wrong."""
    parts = sealed(header, dialect)
    seals = {index: listed[index].sign(parts.digest) for index in who}
    return encode_step(parts.header.encode(), seals, payload_of(trusted))


def payload_of(listed: Iterable[Attester]) -> bytes:
    """The list as the contract takes it, whether or not it is one."""
    return b"".join(b"\x94" + one.address for one in listed)


def hash_of(header: Header, dialect: Dialect = Dialect.QBFT) -> Hash32:
    return block_hash(header, dialect)


@dataclass(frozen=True)
class Scene:
    """A client that trusts header 100, with everybody who may seal for it."""

    signers: Sequence[Attester]
    dialect: Dialect = Dialect.QBFT
    one_third: bool = False

    @property
    def anchor(self) -> Header:
        return a_header(self.signers, ANCHOR, self.dialect)

    @property
    def client(self) -> BftClient:
        anchor = self.anchor
        newest = Newest(anchor.number, anchor.timestamp, hash_of(anchor, self.dialect)[:HALF])
        trusted = Validators(payload_of(self.signers))
        return BftClient(SOURCE, self.dialect, trusted, newest, PERIOD, self.one_third)

    def header(self, height: int = ANCHOR + 1, listed: Sequence[Attester] | None = None, **changes: Any) -> Header:
        return a_header(listed or self.signers, height, self.dialect, **changes)

    def child(self, listed: Sequence[Attester], **changes: Any) -> Header:
        """The header after the anchor."""
        parent = hash_of(self.anchor, self.dialect)
        return self.header(ANCHOR + 1, listed, parent_hash=parent, **changes)

    def step(self, who: Iterable[int], header: Header | None = None) -> bytes:
        """A step by the trusted validators of these places."""
        return a_step(header or self.header(), self.signers, who, self.dialect)

    def change(self, header: Header, listed: Sequence[Attester], who: Iterable[int]) -> bytes:
        """A step to another list."""
        return a_step(header, listed, who, self.dialect, self.signers)


def a_scene(count: int = 4, dialect: Dialect = Dialect.QBFT, *, one_third: bool = False) -> Scene:
    return Scene(attesters(count), dialect, one_third)


def signed_rlp(header: Header, dialect: Dialect = Dialect.QBFT) -> bytes:
    """The header in the form that validators sign."""
    return sealed(header, dialect).header.encode()


def with_extra(header: Header, extra: bytes, who: Sequence[Attester], places: Iterable[int]) -> bytes:
    """A step whose extra data is anything at all, properly signed."""
    data = replace(header, extra_data=extra).encode()
    digest = keccak256(data)
    return encode_step(data, {index: who[index].sign(digest) for index in places})
