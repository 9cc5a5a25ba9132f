"""The execution node: an anvil that mines one block for each slot, at the slot's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from tests.beacon_chain.consensus import Spec

BYTES = {
    "parent_hash": "parentHash",
    "fee_recipient": "miner",
    "state_root": "stateRoot",
    "receipts_root": "receiptsRoot",
    "logs_bloom": "logsBloom",
    "prev_randao": "mixHash",
    "extra_data": "extraData",
    "block_hash": "hash",
}
INTEGERS = {
    "block_number": "number",
    "gas_limit": "gasLimit",
    "gas_used": "gasUsed",
    "timestamp": "timestamp",
    "base_fee_per_gas": "baseFeePerGas",
    "blob_gas_used": "blobGasUsed",
    "excess_blob_gas": "excessBlobGas",
}


class Execution:
    """Mines only when it is told to, from the moment that it is taken over."""

    def __init__(self, url: str, session: aiohttp.ClientSession, spec: Spec) -> None:
        self._url = url
        self._session = session
        self._spec = spec

    async def take_over(self) -> Any:
        """Stop it from mining by itself; returns the newest block as a payload."""
        await self._rpc("evm_setAutomine", False)
        await self._rpc("evm_setIntervalMining", 0)
        return await self._payload()

    async def mine(self, timestamp: int) -> Any:
        """One block with whatever waits in the pool; returns its payload."""
        await self._rpc("evm_mine", {"timestamp": timestamp})
        payload = await self._payload()
        assert payload.timestamp == timestamp, f"somebody else mines: {payload.timestamp} instead of {timestamp}"
        return payload

    async def _payload(self) -> Any:
        block = await self._rpc("eth_getBlockByNumber", "latest", False)
        raw = [await self._rpc("eth_getRawTransactionByHash", transaction) for transaction in block["transactions"]]
        return payload_of(self._spec, block, [bytes.fromhex(text[2:]) for text in raw])

    async def _rpc(self, method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self._session.post(self._url, json=body) as response:
            answer = await response.json()
        assert "error" not in answer, answer
        return answer["result"]


def payload_of(spec: Spec, block: Mapping[str, Any], transactions: Sequence[bytes]) -> Any:
    """The block as a consensus payload; withdrawals it has none."""
    assert not block["withdrawals"], "an execution block with withdrawals that no beacon state expects"
    octets = {name: bytes.fromhex(block[key][2:]) for name, key in BYTES.items()}
    integers = {name: int(block[key], 16) for name, key in INTEGERS.items()}
    return spec.ExecutionPayload(**octets, **integers, transactions=list(transactions))
