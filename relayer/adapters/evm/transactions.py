"""Writing to one chain through a pool of endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32, Height
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.headers import reference
from relayer.adapters.evm.pool import Asked, Pool
from relayer.adapters.evm.rpc import LATEST_BLOCK, Request
from relayer.adapters.evm.wire import Json, hash32, items, quantity, record
from relayer.domain.ids import Gas, Wei
from relayer.ports import Call, Fees, Receipt

FEE_HISTORY = Request("eth_feeHistory", ("0x1", "latest", ()))
PRIORITY_FEE = Request("eth_maxPriorityFeePerGas")
GAS_PRICE = Request("eth_gasPrice")


class EvmTransactions:
    """The `Transactions` port over JSON-RPC."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def account_nonce(self, account: Address) -> int:
        request = Request("eth_getTransactionCount", (str(account), "latest"))
        return _agreed(await self._pool.ask_all([request], lambda answers: quantity(answers[0])))

    async def fees(self) -> Fees:
        return await self._pool.through("eth_feeHistory", _fees)

    async def estimate(self, sender: Address, call: Call) -> Gas:
        params = {
            "from": str(sender),
            "to": str(call.to),
            "data": "0x" + call.data.hex(),
            "value": hex(call.value),
        }
        request = Request("eth_estimateGas", (params, "pending"))
        return await self._pool.ask([request], lambda answers: Gas(quantity(answers[0])))

    async def broadcast(self, raw: bytes) -> Hash32:
        # To every endpoint: each may lead to other block builders, and one may drop what it says it took.
        request = Request("eth_sendRawTransaction", ("0x" + raw.hex(),))
        await self._pool.ask_all([request], lambda _: None)
        return keccak256(raw)

    async def receipt(self, transaction: Hash32) -> Receipt | None:
        async def work(endpoint: Asked) -> Receipt | None:
            (answer,) = await endpoint.send([Request("eth_getTransactionReceipt", (str(transaction),))])
            if answer is None:
                return None
            fields = record(answer)
            if hash32(fields.get("transactionHash")) != transaction:
                raise Contradiction("the receipt of another transaction")
            number = Height(quantity(fields.get("blockNumber")))
            (block,) = await endpoint.send([Request("eth_getBlockByNumber", (hex(number), False))])
            header, block_hash = self._pool.blocks.block(block, number)
            if block_hash != hash32(fields.get("blockHash")):
                raise EndpointFault("the receipt's block is not canonical")
            return Receipt(
                transaction=transaction,
                block=reference(header, block_hash),
                succeeded=_succeeded(fields.get("status")),
                gas_used=Gas(quantity(fields.get("gasUsed"))),
                price=Wei(quantity(fields.get("effectiveGasPrice", "0x0"))),  # before EIP-1559 nobody says it
            )

        return await self._pool.through("eth_getTransactionReceipt", work)

    async def balance(self, account: Address) -> Wei:
        request = Request("eth_getBalance", (str(account), "latest"))
        return Wei(_agreed(await self._pool.ask_all([request], lambda answers: quantity(answers[0]))))


async def _fees(endpoint: Asked) -> Fees:
    """Chains without EIP-1559 markets (private ones, mostly) get their gas price as both."""
    block, *_ = await endpoint.send([LATEST_BLOCK])
    header = record(block)
    block_gas = Gas(quantity(header.get("gasLimit")))
    if header.get("baseFeePerGas") is None:
        (price,) = await endpoint.send([GAS_PRICE])
        return Fees(base_fee=Wei(0), priority_fee=Wei(quantity(price)), block_gas=block_gas)
    history, priority = await endpoint.send([FEE_HISTORY, PRIORITY_FEE])
    next_base_fees: Sequence[Json] = items(record(history).get("baseFeePerGas"))
    if not next_base_fees:
        raise EndpointFault("a fee history without fees")
    return Fees(
        base_fee=Wei(quantity(next_base_fees[-1])),
        priority_fee=Wei(quantity(priority)),
        block_gas=block_gas,
    )


def _agreed(values: list[int]) -> int:
    """The highest value that is not the word of a minority alone."""
    return sorted(values, reverse=True)[(len(values) - 1) // 2]


def _succeeded(status: Json) -> bool:
    outcome = quantity(status)
    if outcome not in (0, 1):
        raise Contradiction(f"a receipt of status {outcome}")
    return outcome == 1
