"""Noticing logs that an endpoint leaves out: a block's bloom says that there may be some, its receipts say which."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.evm.receipts import Receipt
from light_clients.types import Address, Hash32
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.receipts import checked_receipts
from relayer.adapters.evm.wire import Json


class SilenceCheck:
    """For one gateway and its events."""

    def __init__(self, gateway: Address, topics: Sequence[Hash32]) -> None:
        self._gateway = gateway
        self._topics = frozenset(topics)
        self._emitter = _bits(gateway)
        self._events = [_bits(topic) for topic in topics]

    def may_hold_logs(self, header: Header) -> bool:
        """False: the block certainly holds none of the gateway's events."""
        bloom = int.from_bytes(header.logs_bloom, "big")
        return bloom & self._emitter == self._emitter and any(bloom & bits == bits for bits in self._events)

    def check_silent(self, header: Header, answer: Json) -> None:
        """Raises `Contradiction` when the block's receipts, proven by its root, hold an event after all."""
        receipts, _ = checked_receipts(answer, header.number, header.receipts_root)
        if any(self._speaks(receipt) for receipt in receipts):
            raise Contradiction(f"logs of block {header.number} were left out")

    def _speaks(self, receipt: Receipt) -> bool:
        return any(
            log.address == self._gateway and log.topics[:1] and log.topics[0] in self._topics for log in receipt.logs
        )


def _bits(value: bytes) -> int:
    digest = keccak256(value)
    bits = 0
    for at in (0, 2, 4):
        bits |= 1 << (int.from_bytes(digest[at : at + 2], "big") & 2047)
    return bits
