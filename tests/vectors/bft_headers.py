"""Headers of every fork, and some that are none: what ExecutionHeader.sol must read as the Python codec does."""

from __future__ import annotations

from dataclasses import replace

from light_clients.evm.header import FIELDS, Header, decode_header
from light_clients.evm.rlp import Encodable, decode_list, encode
from light_clients.types import ZERO_HASH, Address, Bloom, Height
from tests.vectors.attesters import attesters
from tests.vectors.bft_chain import FORKS, a_header

Case = dict[str, object]


def headers() -> list[Case]:
    usual = a_header(attesters(4))
    changes = {
        "all zero": replace(
            usual,
            difficulty=0,
            number=Height(0),
            gas_limit=0,
            gas_used=0,
            timestamp=0,
            logs_bloom=Bloom(bytes(256)),
            extra_data=b"",
            beneficiary=Address(bytes(20)),
            state_root=ZERO_HASH,
        ),
        "the greatest numbers": replace(
            usual, difficulty=2**256 - 1, number=Height(2**64 - 1), gas_limit=2**64 - 1, timestamp=2**64 - 1
        ),
        "small numbers": replace(usual, difficulty=0x7F, number=Height(0x80), gas_used=1, timestamp=0xFF),
        "extra data of one small byte": replace(usual, extra_data=b"\x01"),
        "extra data of one great byte": replace(usual, extra_data=b"\x80"),
        "extra data of 55 bytes": replace(usual, extra_data=bytes(55)),
        "extra data of 56 bytes": replace(usual, extra_data=bytes(56)),
        "extra data of 70,000 bytes": replace(usual, extra_data=b"\1" * 70_000),
        "a nonce": replace(usual, nonce=b"\1\2\3\4\5\6\7\x08"),
    }
    good = {f"of {fork}": a_header(attesters(4), fork=fork) for fork in FORKS} | changes
    return [_case(name, header.encode(), header) for name, header in good.items()] + malformed(usual)


def malformed(usual: Header) -> list[Case]:
    items: list[Encodable] = [bytes(item) for item in decode_list(usual.encode()) if isinstance(item, bytes)]
    places = {field.name: place for place, field in enumerate(FIELDS)}
    changes: dict[str, tuple[str, Encodable]] = {
        "a short parent hash": ("parent_hash", bytes(31)),
        "a long state root": ("state_root", bytes(33)),
        "a beneficiary of 32 bytes": ("beneficiary", bytes(32)),
        "a bloom of 255 bytes": ("logs_bloom", bytes(255)),
        "a difficulty of 33 bytes": ("difficulty", b"\1" * 33),
        "a number of 9 bytes": ("number", b"\1" * 9),
        "a number with a leading zero": ("number", b"\0\1"),
        "a number zero that is a byte": ("number", b"\0"),
        "a time of 9 bytes": ("timestamp", b"\1" * 9),
        "a time with a leading zero": ("timestamp", b"\0\1"),
        "a list as gas limit": ("gas_limit", [b""]),
        "a list as extra data": ("extra_data", [b""]),
        "a mix hash of 31 bytes": ("mix_hash", bytes(31)),
        "a nonce of 7 bytes": ("nonce", bytes(7)),
    }
    cases = []
    for name, (field, value) in changes.items():
        at = places[field]
        cases.append(_case(name, encode([*items[:at], value, *items[at + 1 :]]), usual, "HeaderMalformed"))
    return [*cases, _case("no nonce", encode(items[:14]), usual, "HeaderMalformed")]


def _case(name: str, data: bytes, header: Header, rejects: str = "") -> Case:
    if not rejects and decode_header(data) != header:
        raise ValueError(f"{name}: not the header that was encoded")
    return {
        "beneficiary": str(header.beneficiary),
        "difficulty": hex(header.difficulty),
        "extraData": "0x" + header.extra_data.hex(),
        "hash": str(header.hash()),
        "header": "0x" + data.hex(),
        "mixHash": str(header.mix_hash),
        "name": name,
        "nonce": "0x" + header.nonce.hex(),
        "number": hex(header.number),
        "parentHash": str(header.parent_hash),
        "receiptsRoot": str(header.receipts_root),
        "rejects": rejects,
        "stateRoot": str(header.state_root),
        "timestamp": hex(header.timestamp),
    }
