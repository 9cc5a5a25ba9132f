"""JSON-RPC between those who know sealed hashes and anvil, which knows numbers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from light_clients.evm.header import header_from_json
from relayer.entrypoints.devnet.sealing.blocks import Object, SealedBlock, View, with_header

REMEMBERED = 1024
HASH_LENGTH = 66
HEADS = ("latest", "safe", "finalized")
UNKNOWN_BLOCK = -32001
NOT_SUPPORTED = -32601
INVALID_PARAMS = -32602

BLOCK_PARAMETER = {
    "eth_call": 1,
    "eth_estimateGas": 1,
    "eth_createAccessList": 1,
    "eth_getBalance": 1,
    "eth_getCode": 1,
    "eth_getTransactionCount": 1,
    "eth_getAccount": 1,
    "eth_getAccountInfo": 1,
    "eth_getStorageAt": 2,
    "eth_getProof": 2,
    "eth_feeHistory": 1,
    "eth_getBlockReceipts": 0,
    "eth_getBlockTransactionCountByNumber": 0,
    "eth_getUncleCountByBlockNumber": 0,
    "eth_getTransactionByBlockNumberAndIndex": 0,
    "eth_getRawTransactionByBlockNumberAndIndex": 0,
    "eth_getUncleByBlockNumberAndIndex": 0,
}
"""Where a method says which block."""

BY_NUMBER = {
    "eth_getBlockTransactionCountByHash": "eth_getBlockTransactionCountByNumber",
    "eth_getUncleCountByBlockHash": "eth_getUncleCountByBlockNumber",
    "eth_getTransactionByBlockHashAndIndex": "eth_getTransactionByBlockNumberAndIndex",
    "eth_getRawTransactionByBlockHashAndIndex": "eth_getRawTransactionByBlockNumberAndIndex",
    "eth_getUncleByBlockHashAndIndex": "eth_getUncleByBlockNumberAndIndex",
}
REFUSED = frozenset(
    (
        *("evm_revert", "anvil_reset", "hardhat_reset", "anvil_rollback", "anvil_reorg", "evm_setAutomine"),
        *("eth_newBlockFilter", "eth_newFilter", "eth_sendTransactionSync", "eth_sendRawTransactionSync"),
    )
)
"""A sealed chain takes nothing back, mines on its own, and anvil would answer these with hashes of its own."""


class Wrong(Exception):
    """The caller's request cannot be answered."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Known:
    """Answered without anvil; the result as JSON."""

    result: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask anvil, and what to make of its result."""

    method: str
    params: Sequence[Any]
    mend: Callable[[Any], Any] | None = None


Plan = Known | Ask
NULL = Known(b"null")


class Translator:
    """Translates for one view of the chain."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._whole: OrderedDict[str, bytes] = OrderedDict()

    def remember(self, block: SealedBlock, mined: Object) -> None:
        """Have the answer ready for those who ask for the new head."""
        bare = {**mined, "transactions": [transaction["hash"] for transaction in mined["transactions"]]}
        self._keep(str(block.hash), orjson.dumps(with_header(bare, block, header_from_json(mined))))

    def plan(self, method: str, params: Sequence[Any]) -> Plan:
        """How to answer; raises `Wrong`."""
        if method in REFUSED:
            raise Wrong(NOT_SUPPORTED, f"{method} is not for a sealed chain")
        if method in BLOCK_PARAMETER:
            return self._at_block(method, params, BLOCK_PARAMETER[method])
        if method in BY_NUMBER:
            number = self._view.number(_text(params, 0))
            return NULL if number is None else self.plan(BY_NUMBER[method], [hex(number), *params[1:]])
        return self._named(method, params)

    def _named(self, method: str, params: Sequence[Any]) -> Plan:
        match method:
            case "eth_blockNumber":
                return Known(orjson.dumps(hex(self._view.head)))
            case "eth_getBlockByNumber":
                return self._block(self._number_of(_at(params, 0)), params, method)
            case "eth_getBlockByHash":
                number = self._view.number(_text(params, 0))
                return self._block(self._view.head + 1 if number is None else number, params, method)
            case "eth_getTransactionByHash" | "eth_getTransactionReceipt":
                return Ask(method, params, self._receipt if method.endswith("Receipt") else self._transaction)
            case "eth_getLogs":
                return self._logs(params)
        return Ask(method, params)

    def _block(self, number: int | None, params: Sequence[Any], method: str) -> Plan:
        if number is None:
            return Ask(method, params)  # pending: nobody has sealed it
        if number > self._view.head:
            return NULL
        full = bool(_at(params, 1))
        if not full and (whole := self._whole.get(self._view.hash(number))):
            return Known(whole)
        return Ask("eth_getBlockByNumber", [hex(number), full], self._full_block if full else self._bare_block)

    def _number_of(self, tag: Any) -> int | None:
        """The number that a tag, number, hash or EIP-1898 object names; None for the pending block."""
        if isinstance(tag, dict):
            tag = tag["blockHash"] if "blockHash" in tag else tag.get("blockNumber")
        if tag is None or tag in HEADS:
            return self._view.head
        if tag == "pending":
            return None
        if tag == "earliest":
            return 0
        if isinstance(tag, str) and len(tag) == HASH_LENGTH:
            number = self._view.number(tag)
            if number is None:
                raise Wrong(UNKNOWN_BLOCK, f"unknown block {tag}")
            return number
        return _quantity(tag)

    def _at_block(self, method: str, params: Sequence[Any], place: int) -> Plan:
        tag = _at(params, place)
        if (tag in (None, "latest", "pending") and method != "eth_getProof") or tag == "pending":
            plan_params: Sequence[Any] = params
        else:
            number = self._number_of(tag)
            if number is None or (number > self._view.head and method == "eth_getBlockReceipts"):
                return NULL
            plan_params = [*params[:place], hex(number), *params[place + 1 :]]
        if method == "eth_getBlockReceipts":
            return Ask(method, plan_params, self._receipts)
        mend = self._transaction if method.startswith("eth_getTransactionByBlock") else None
        return Ask(method, plan_params, mend)

    def _logs(self, params: Sequence[Any]) -> Plan:
        given = _at(params, 0) or {}
        if not isinstance(given, dict):
            raise Wrong(INVALID_PARAMS, "a filter is an object")
        query = dict(given)
        if "blockHash" in query:
            number = self._number_of(query.pop("blockHash"))
            query["fromBlock"] = query["toBlock"] = hex(number or 0)
            return Ask("eth_getLogs", [query], self._log_list)
        head = self._view.head
        first, last = (self._number_of(query.get(key)) for key in ("fromBlock", "toBlock"))
        first = head + 1 if first is None else first
        last = head if last is None else min(last, head)
        if first > last:
            return Known(b"[]")
        return Ask("eth_getLogs", [{**query, "fromBlock": hex(first), "toBlock": hex(last)}], self._log_list)

    def _full_block(self, mined: Any) -> Any:
        if mined is None:
            return None
        number = int(mined["number"], 16)
        whole = with_header(mined, self._view.block(number), header_from_json(mined))
        for transaction in whole["transactions"]:
            if isinstance(transaction, dict):
                transaction["blockHash"] = whole["hash"]
        return whole

    def _bare_block(self, mined: Any) -> Any:
        whole = self._full_block(mined)
        if whole is None:
            return None
        result = orjson.dumps(whole)
        self._keep(whole["hash"], result)
        return orjson.Fragment(result)

    def _receipts(self, receipts: Any) -> Any:
        return None if receipts is None else [self._receipt(receipt) for receipt in receipts]

    def _receipt(self, receipt: Any) -> Any:
        """None while the block is not sealed yet."""
        if receipt is None or (number := int(receipt["blockNumber"], 16)) > self._view.head:
            return None
        receipt["blockHash"] = block_hash = self._view.hash(number)
        for log in receipt["logs"]:
            log["blockHash"] = block_hash
        return receipt

    def _transaction(self, transaction: Any) -> Any:
        """Pending while the block is not sealed yet."""
        if transaction is None or transaction.get("blockNumber") is None:
            return transaction
        number = int(transaction["blockNumber"], 16)
        if number > self._view.head:
            return {**transaction, "blockHash": None, "blockNumber": None, "transactionIndex": None}
        transaction["blockHash"] = self._view.hash(number)
        return transaction

    def _log_list(self, logs: Any) -> Any:
        for log in logs:
            log["blockHash"] = self._view.hash(int(log["blockNumber"], 16))
        return logs

    def _keep(self, block_hash: str, result: bytes) -> None:
        self._whole[block_hash] = result
        if len(self._whole) > REMEMBERED:
            self._whole.popitem(last=False)


def _at(params: Sequence[Any], place: int) -> Any:
    return params[place] if len(params) > place else None


def _text(params: Sequence[Any], place: int) -> str:
    value = _at(params, place)
    if not isinstance(value, str):
        raise Wrong(INVALID_PARAMS, "a block hash is missing")
    return value


def _quantity(tag: Any) -> int:
    try:
        return tag if isinstance(tag, int) else int(tag, 16)
    except (TypeError, ValueError):
        raise Wrong(INVALID_PARAMS, f"{tag!r} is no block") from None
