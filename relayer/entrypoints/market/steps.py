"""What a wallet must sign and send, in order; what is true already is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode

from light_clients.crypto.keccak import keccak256
from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.domain.errors import Reverted
from relayer.domain.market.form import Refused
from relayer.domain.market.listing import ItemType, Listing
from relayer.entrypoints.market.admission import check_item, is_approved
from relayer.entrypoints.market.contracts import MarketChain, Question
from relayer.entrypoints.onchain.artifacts import artifact

GAS_HEADROOM = 1.3
BUY_GAS = 3_500_000
"""For purchases that cannot be estimated before the price is approved; the contract asks for up to 2,900,000."""
APPROVAL_GAS = 100_000


@dataclass(frozen=True, slots=True)
class Transaction:
    """To be sent by the account `sender`."""

    chain: ChainId
    title: str
    sender: Address
    to: Address
    data: bytes
    value: int
    gas: int


@dataclass(frozen=True, slots=True)
class Signature:
    """To be signed by the account `signer`, as `eth_signTypedData_v4` has it."""

    chain: ChainId
    title: str
    signer: Address
    typed_data: dict[str, Any]


Step = Transaction | Signature


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase as the settlement takes it."""

    chain: ChainId
    listing: Listing
    signature: bytes
    units: int
    maximum: int
    recipient: Address
    delivery_chain: ChainId
    return_to: Address
    deadline: int
    credential: bytes

    def abi(self) -> tuple[Any, ...]:
        return (
            self.chain,
            self.listing.abi(),
            self.signature,
            self.units,
            self.maximum,
            str(self.recipient),
            self.delivery_chain,
            str(self.return_to),
            self.deadline,
            self.credential,
        )


async def steps_to_list(chain: MarketChain, listing: Listing) -> list[Step]:
    """Approve the marketplace for the item, and sign."""
    await check_item(chain, listing)
    steps: list[Step] = []
    if not await is_approved(chain, listing):
        if listing.item_type is ItemType.ERC721:
            data = _call("approve(address,uint256)", ["address", "uint256"], str(chain.marketplace), listing.identifier)
        else:
            data = _call("setApprovalForAll(address,bool)", ["address", "bool"], str(chain.marketplace), True)
        title = "Let the marketplace move the item when it is sold"
        steps.append(await _transaction(chain, title, listing.offerer, listing.token, data, otherwise=APPROVAL_GAS))
    typed = listing.typed_data(chain.id, chain.marketplace)
    return [*steps, Signature(chain.id, "Sign the listing", listing.offerer, typed)]


async def steps_to_buy(pays: MarketChain, order: Order, buyer: Address, fee: int) -> list[Step]:
    """Approve the price, and buy."""
    steps: list[Step] = []
    token = order.listing.payment_token
    coins = token == ZERO_ADDRESS
    if not coins and await _allowance(pays, token, buyer) < order.maximum:
        data = _call("approve(address,uint256)", ["address", "uint256"], str(pays.settlement), order.maximum)
        title = "Let the settlement take the price"
        steps.append(await _transaction(pays, title, buyer, token, data, otherwise=APPROVAL_GAS))
    data = artifact("Settlement").call("buy", order.abi())
    value = fee + (order.maximum if coins else 0)
    buying = await _transaction(pays, "Buy", buyer, pays.settlement, data, value, otherwise=BUY_GAS)
    return [*steps, buying]


async def gas_to_buy(pays: MarketChain, order: Order, buyer: Address, fee: int) -> tuple[int, int]:
    """The gas limit of a purchase, and what gas costs now."""
    value = fee + (order.maximum if order.listing.payment_token == ZERO_ADDRESS else 0)
    estimate = await pays.estimate(buyer, pays.settlement, artifact("Settlement").call("buy", order.abi()), value)
    return BUY_GAS if estimate is None else int(estimate * GAS_HEADROOM), await pays.gas_price()


async def steps_to_cancel(chain: MarketChain, offerer: Address, listing: Listing | None) -> list[Step]:
    """One listing, or with none everything that the offerer has signed so far."""
    kind = artifact("Marketplace")
    if listing is None:
        data, title = kind.call("incrementCounter"), "Void all listings that were signed so far"
    else:
        data, title = kind.call("cancel", [listing.abi()]), "Cancel the listing"
    return [await _transaction(chain, title, offerer, chain.marketplace, data, otherwise=APPROVAL_GAS)]


async def steps_to_withdraw(
    paid: MarketChain, home: MarketChain, account: Address, token: Address, to: Address
) -> list[Step]:
    """On the chain of the credit; a contract of another chain asks from there."""
    (credit,) = await paid.read_settlement("credit", home.id, str(account), str(token))
    if not credit:
        raise Refused("nothing-credited", f"{account} of chain {home.id} has nothing to withdraw there")
    kind = artifact("Settlement")
    title = "Withdraw what was earned"
    if home.id == paid.id:
        data = kind.call("withdraw", str(token), str(to))
        return [await _transaction(paid, title, account, paid.settlement, data, otherwise=APPROVAL_GAS)]
    if not await home.has_code(account):
        data = kind.call("withdrawAs", home.id, str(token), str(to))
        return [await _transaction(paid, title, account, paid.settlement, data, otherwise=APPROVAL_GAS)]
    data = kind.call("withdrawOn", paid.id, str(token), str(to))
    fee = await _withdrawal_fee(home, account, data)
    return [await _transaction(home, title, account, home.settlement, data, fee, otherwise=2 * APPROVAL_GAS)]


async def _withdrawal_fee(home: MarketChain, account: Address, data: bytes) -> int:
    """The settlement says what is needed by refusing what is less."""
    try:
        await home.ask(Question(home.settlement, data, sender=account))
    except Reverted as refusal:
        if not refusal.error.startswith("ValueInsufficient("):
            raise
        return int.from_bytes(refusal.data[-32:], "big")
    return 0


async def _allowance(chain: MarketChain, token: Address, owner: Address) -> int:
    data = _call("allowance(address,address)", ["address", "address"], str(owner), str(chain.settlement))
    said = await chain.stranger(Question(token, data, gas=APPROVAL_GAS))
    if said is None or len(said) < 32:
        raise Refused("payment-token-wrong", f"{token} is no ERC-20 on chain {chain.id}")
    return int.from_bytes(said[:32], "big")


async def _transaction(  # noqa: PLR0917 the fields of a transaction
    chain: MarketChain, title: str, sender: Address, to: Address, data: bytes, value: int = 0, *, otherwise: int
) -> Transaction:
    """With the gas that it takes now, or `otherwise` where an earlier step must come first."""
    estimate = await chain.estimate(sender, to, data, value)
    gas = otherwise if estimate is None else int(estimate * GAS_HEADROOM)
    return Transaction(chain.id, title, sender, to, data, value, gas)


def _call(signature: str, kinds: list[str], *values: object) -> bytes:
    return keccak256(signature.encode())[:4] + encode(kinds, values)
