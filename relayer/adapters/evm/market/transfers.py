"""What collections say. They are anybody's code: what makes no sense is no event, and nobody's fault."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from light_clients.types import ZERO_ADDRESS, Address
from relayer.adapters.evm.abi import Malformed, number
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.market.abi import TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE
from relayer.domain.market.events import ItemsMoved, Moved
from relayer.domain.market.listing import ItemType

_BEFORE_ADDRESS = "0x" + "00" * 12
_WORD = 32
LARGEST_BATCH = 10_000
"""More ids than any block has room for."""
_SINGLE, _BATCH, _PLAIN = str(TRANSFER_SINGLE), str(TRANSFER_BATCH), str(TRANSFER)


def transfer(emitter: str, topics: Sequence[str], data: str) -> ItemsMoved | None:
    """The transfer that a collection's log tells of; None if it tells of none. An ERC-20's has one topic less.

    All is in hex, as endpoints write it: of what is read here, there is much.
    """
    if len(topics) != 4:
        return None
    try:
        what = topics[0]
        if what == _PLAIN:
            moves = () if len(data) > 2 else (Moved(int(topics[3], 16), 1),)
            return _moved(emitter, ItemType.ERC721, topics[1], topics[2], moves)
        if what == _SINGLE:
            said = bytes.fromhex(data[2:])
            if len(said) != 2 * _WORD:
                return None
            move = Moved(int.from_bytes(said[:_WORD], "big"), int.from_bytes(said[_WORD:], "big"))
            return _moved(emitter, ItemType.ERC1155, topics[2], topics[3], (move,))
        if what == _BATCH:
            return _moved(emitter, ItemType.ERC1155, topics[2], topics[3], _batch(bytes.fromhex(data[2:])))
    except ValueError as error:
        raise Contradiction(f"not hex data: {error}") from error
    return None


def _moved(emitter: str, kind: ItemType, giver: str, receiver: str, moves: tuple[Moved, ...]) -> ItemsMoved | None:
    if not giver.startswith(_BEFORE_ADDRESS) or not receiver.startswith(_BEFORE_ADDRESS) or not moves:
        return None
    from_, to = _account(giver[26:]), _account(receiver[26:])
    if from_ == to == ZERO_ADDRESS:
        return None
    return ItemsMoved(_account(emitter[2:]), kind, from_, to, moves)


@lru_cache(maxsize=65_536)
def _account(digits: str) -> Address:
    """Few people do much."""
    return Address(bytes.fromhex(digits))


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
