"""The `Transactions` port against a real node."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32
from relayer.adapters.evm.codec import encode_signed, encode_unsigned
from relayer.adapters.signers.local import LocalSigner
from relayer.domain.errors import InsufficientFunds, NonceTooLow, Reverted, Transient, Underpriced
from relayer.domain.ids import Gas, Wei
from relayer.domain.transactions import Call, Price, Transaction
from tests.adapters.support.anvil import FIRST_ACCOUNT, FIRST_KEY, Anvil, an_anvil
from tests.adapters.support.gateway import GATEWAY, HERE
from tests.adapters.support.liar import Refusal, a_liar
from tests.adapters.support.opened import opened

SIGNER = LocalSigner(bytes.fromhex(FIRST_KEY))
GWEI = 10**9


@pytest.fixture
async def node() -> AsyncIterator[Anvil]:
    async with an_anvil() as node:
        yield node


async def signed(
    nonce: int = 0, max_fee: int = 10 * GWEI, value: int = 1, signer: LocalSigner = SIGNER, tip: int = GWEI
) -> bytes:
    call = Call(GATEWAY, b"", Gas(30_000), Wei(value))
    transaction = Transaction(HERE, nonce, Price(Wei(max_fee), Wei(min(tip, max_fee))), call)
    signature = await signer.sign(keccak256(encode_unsigned(transaction)))
    return encode_signed(transaction, signature)


async def test_a_transaction_is_mined_and_its_receipt_is_found(node: Anvil) -> None:
    async with opened(node.http) as open_:
        raw = await signed()
        transaction = await open_.transactions.broadcast(raw)
        receipt = None
        while receipt is None:
            receipt = await open_.transactions.receipt(transaction)

        assert transaction == keccak256(raw)
        assert receipt.succeeded
        assert receipt.gas_used == 21_000
        assert receipt.block == await open_.chain.block(receipt.block.number)
        assert await open_.transactions.account_nonce(FIRST_ACCOUNT) == 1
        assert await open_.transactions.balance(GATEWAY) == 1


async def test_there_is_no_receipt_of_what_was_never_sent(node: Anvil) -> None:
    async with opened(node.http) as open_:
        assert await open_.transactions.receipt(Hash32(b"\1" * 32)) is None


async def test_sending_twice_is_harmless(node: Anvil) -> None:
    await node.rpc("evm_setAutomine", False)
    async with opened(node.http, node.ws) as open_:
        raw = await signed()

        assert await open_.transactions.broadcast(raw) == await open_.transactions.broadcast(raw)


async def test_a_nonce_that_is_mined_is_too_low(node: Anvil) -> None:
    async with opened(node.http) as open_:
        await open_.transactions.broadcast(await signed())
        while await open_.transactions.account_nonce(FIRST_ACCOUNT) == 0:
            pass

        with pytest.raises(NonceTooLow):
            await open_.transactions.broadcast(await signed(value=2))


async def test_a_replacement_must_pay_more(node: Anvil) -> None:
    await node.rpc("evm_setAutomine", False)
    async with opened(node.http) as open_:
        await open_.transactions.broadcast(await signed())

        with pytest.raises(Underpriced):
            await open_.transactions.broadcast(await signed(value=2))
        await open_.transactions.broadcast(await signed(value=2, max_fee=20 * GWEI, tip=2 * GWEI))


async def test_whoever_cannot_pay_is_told_so(node: Anvil) -> None:
    pauper = LocalSigner(keccak256(b"pauper"))
    async with opened(node.http) as open_:
        with pytest.raises(InsufficientFunds):
            await open_.transactions.broadcast(await signed(signer=pauper))


async def test_what_is_no_transaction_is_refused_by_all(node: Anvil) -> None:
    async with opened(node.http) as open_:
        with pytest.raises(Transient, match="eth_sendRawTransaction"):
            await open_.transactions.broadcast(b"\x02\xc0")


async def test_one_endpoint_that_takes_the_transaction_is_enough(node: Anvil) -> None:
    async with a_liar(node.http) as liar, opened(liar.url, node.http, "http://127.0.0.1:1", deadline=0.5) as open_:
        await open_.transactions.balance(FIRST_ACCOUNT)

        transaction = await open_.transactions.broadcast(await signed())

        assert "eth_sendRawTransaction" in liar.asked
        while await open_.transactions.receipt(transaction) is None:
            pass


async def test_prices_are_those_of_the_next_block(node: Anvil) -> None:
    await node.rpc("anvil_setNextBlockBaseFeePerGas", hex(7 * GWEI))
    await node.mine()
    async with opened(node.http) as open_:
        fees = await open_.transactions.fees()

    history = await node.rpc("eth_feeHistory", "0x1", "latest", [])
    assert fees.base_fee == int(history["baseFeePerGas"][-1], 16)
    assert fees.block_gas == 30_000_000


async def test_a_chain_without_a_fee_market_has_one_price() -> None:
    async with an_anvil(HERE, "--hardfork", "berlin", "--gas-price", "5") as node, opened(node.http) as open_:
        fees = await open_.transactions.fees()

    assert (fees.base_fee, fees.priority_fee) == (0, 5)


async def test_gas_is_estimated(node: Anvil) -> None:
    async with opened(node.http) as open_:
        assert await open_.transactions.estimate(FIRST_ACCOUNT, Call(GATEWAY, b"", Gas(0))) == 21_000


async def test_a_call_that_would_revert_says_why(node: Anvil) -> None:
    selector = keccak256(b"DeliveryEmpty()")[:4]
    code = b"\x63" + selector + b"\x5f\x52\x60\x04\x60\x1c\xfd"
    await node.rpc("anvil_setCode", str(GATEWAY), "0x" + code.hex())
    async with opened(node.http) as open_:
        with pytest.raises(Reverted) as refusal:
            await open_.transactions.estimate(FIRST_ACCOUNT, Call(GATEWAY, b"\1", Gas(0)))

    assert refusal.value.error == "DeliveryEmpty()"
    assert refusal.value.data == selector


async def test_a_lone_endpoint_cannot_make_a_sound_call_revert(node: Anvil) -> None:
    def lying(method: str, _params: object, result: object) -> object:
        if method == "eth_estimateGas":
            raise Refusal("execution reverted")
        return result

    async with a_liar(node.http, lying) as liar, opened(liar.url, node.http) as open_:
        for _ in range(4):
            assert await open_.transactions.estimate(FIRST_ACCOUNT, Call(GATEWAY, b"", Gas(0))) == 21_000


async def test_a_receipt_in_a_block_that_is_not_there_is_not_believed(node: Anvil) -> None:
    async with opened(node.http) as honest:
        transaction = await honest.transactions.broadcast(await signed())
        while await honest.transactions.receipt(transaction) is None:
            pass

    def lying(method: str, _params: object, result: dict[str, object]) -> object:
        return result | {"blockHash": "0x" + "ab" * 32} if method == "eth_getTransactionReceipt" else result

    async with a_liar(node.http, lying) as liar, opened(liar.url) as open_:
        with pytest.raises(Transient, match="not canonical"):
            await open_.transactions.receipt(transaction)


async def test_the_majority_says_which_nonce_is_next(node: Anvil) -> None:
    def lying(method: str, _params: object, result: object) -> object:
        return "0x63" if method == "eth_getTransactionCount" else result

    async with a_liar(node.http, lying) as liar, opened(liar.url, node.http, node.ws) as open_:
        assert await open_.transactions.account_nonce(Address(b"\1" * 20)) == 0
