"""What is sent to a chain: a call, its price, the transaction that carries both."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import BlockRef, Gas, Wei

NO_VALUE = Wei(0)

BLOCK_GAS = Gas(30_000_000)
"""What a block holds when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Call:
    """A contract call, before it is priced and signed."""

    to: Address
    data: bytes
    gas_limit: Gas
    value: Wei = NO_VALUE


@dataclass(frozen=True, slots=True)
class Fees:
    """EIP-1559 prices for the next block, and what the block holds."""

    base_fee: Wei
    priority_fee: Wei
    block_gas: Gas = BLOCK_GAS


@dataclass(frozen=True, slots=True)
class Price:
    """What one transaction offers for a unit of gas."""

    max_fee: Wei
    priority_fee: Wei


@dataclass(frozen=True, slots=True)
class Transaction:
    """An EIP-1559 transaction with an empty access list, before it is signed."""

    chain: ChainId
    nonce: int
    """The account's nonce, not a message's."""
    price: Price
    call: Call


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction."""

    transaction: Hash32
    block: BlockRef
    succeeded: bool
    gas_used: Gas
    price: Wei = NO_VALUE
    """Of a unit of gas, as it was charged; not stored, so zero where the receipt comes from the store."""
