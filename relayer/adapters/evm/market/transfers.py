"""What collections say. They are anybody's code: what makes no sense is no event, and nobody's fault."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.types import Address, Hash32
from relayer.adapters.evm.abi import Malformed, number
from relayer.adapters.evm.market.abi import TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE
from relayer.domain.market.events import ItemsMoved, Moved
from relayer.domain.market.listing import ItemType

_NOBODY = bytes(12)
_WORD = 32
LARGEST_BATCH = 10_000
"""More ids than any block has room for."""


def transfer(token: Address, topics: Sequence[Hash32], data: bytes) -> ItemsMoved | None:
    """The transfer that a collection's log tells of; None if it tells of none. An ERC-20's has one topic less."""
    if len(topics) != 4:
        return None
    what = topics[0]
    if what == TRANSFER:
        move = Moved(int.from_bytes(topics[3], "big"), 1)
        return None if data else _moved(token, ItemType.ERC721, topics[1], topics[2], (move,))
    if what == TRANSFER_SINGLE:
        if len(data) != 2 * _WORD:
            return None
        move = Moved(int.from_bytes(data[:_WORD], "big"), int.from_bytes(data[_WORD:], "big"))
        return _moved(token, ItemType.ERC1155, topics[2], topics[3], (move,))
    if what == TRANSFER_BATCH:
        return _moved(token, ItemType.ERC1155, topics[2], topics[3], _batch(data))
    return None


def _moved(
    token: Address, kind: ItemType, giver: Hash32, receiver: Hash32, moves: tuple[Moved, ...]
) -> ItemsMoved | None:
    if giver[:12] != _NOBODY or receiver[:12] != _NOBODY or giver == receiver == bytes(_WORD) or not moves:
        return None
    return ItemsMoved(token, kind, Address(giver[12:]), Address(receiver[12:]), moves)


def _batch(data: bytes) -> tuple[Moved, ...]:
    try:
        ids, amounts = _numbers(data, 0), _numbers(data, 1)
    except Malformed:
        return ()
    return tuple(map(Moved, ids, amounts)) if len(ids) == len(amounts) else ()


def _numbers(data: bytes, index: int) -> list[int]:
    offset = number(data, index, 32)
    count = int.from_bytes(data[offset : offset + _WORD], "big")
    if count > LARGEST_BATCH or len(data) < offset + _WORD * (1 + count):
        raise Malformed("an array without its end")
    at = range(offset + _WORD, offset + _WORD * (1 + count), _WORD)
    return [int.from_bytes(data[begin : begin + _WORD], "big") for begin in at]
