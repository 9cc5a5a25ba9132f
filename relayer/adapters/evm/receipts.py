"""A block's receipts as endpoints give them, believed only when they make up the header's receipts root."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.errors import LightClientError
from light_clients.evm.receipts import Receipt, pack_receipt_proof, receipt_from_json, receipt_key, receipts_trie
from light_clients.evm.trie import Trie
from light_clients.types import Address, Hash32, Height
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json, items, record


def receipts_request(block: Hash32) -> Request:
    return Request("eth_getBlockReceipts", (str(block),))


def checked_receipts(answer: Json, height: Height, root: Hash32) -> tuple[Sequence[Receipt], Trie]:
    """The block's receipts and the trie whose root is the header's."""
    try:
        receipts = [receipt_from_json(dict(record(entry))) for entry in items(answer)]
    except LightClientError as error:
        raise Contradiction(f"malformed receipts of block {height}: {error}") from error
    trie = receipts_trie(receipts)
    if trie.root != root:
        raise Contradiction(f"receipts of block {height} that are not its own")
    return receipts, trie


def newest_log_proof(
    answer: Json, height: Height, root: Hash32, wanted: tuple[Address, tuple[Hash32, Hash32]]
) -> bytes:
    """The proof of the block's last log of this emitter with these two topics first."""
    emitter, topics = wanted
    receipts, trie = checked_receipts(answer, height, root)
    for place, receipt in reversed(list(enumerate(receipts))):
        for index, log in reversed(list(enumerate(receipt.logs))):
            if log.address == emitter and log.topics[:2] == topics:
                return pack_receipt_proof(place, index, trie.prove(receipt_key(place)))
    raise EndpointFault(f"block {height} holds no such log")
