"""The wire format of EIP-1559 transactions (EIP-2718 type 2)."""

from __future__ import annotations

from light_clients.evm.rlp import encode, integer_bytes
from relayer.domain.transactions import Transaction
from relayer.ports import Signature

TYPE = b"\x02"


def encode_unsigned(transaction: Transaction) -> bytes:
    """The bytes whose keccak-256 is signed."""
    return TYPE + encode(_fields(transaction))


def encode_signed(transaction: Transaction, signature: Signature) -> bytes:
    """The bytes that are broadcast; their keccak-256 is the transaction's hash."""
    seal = [integer_bytes(value) for value in (signature.y_parity, signature.r, signature.s)]
    return TYPE + encode([*_fields(transaction), *seal])


def _fields(transaction: Transaction) -> list[bytes | list[bytes]]:
    call, price = transaction.call, transaction.price
    numbers = (transaction.chain, transaction.nonce, price.priority_fee, price.max_fee, call.gas_limit)
    access_list: list[bytes] = []
    return [*map(integer_bytes, numbers), bytes(call.to), integer_bytes(call.value), call.data, access_list]
