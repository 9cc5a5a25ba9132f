"""What brings a purchase's item to its delivery chain."""

from __future__ import annotations

from light_clients.types import Address
from relayer.entrypoints.sending.travel import Sent, sent_by
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.market import Purchase


async def delivery_of(purchase: Purchase, chain: LocalChain) -> tuple[Address, Sent]:
    """The box that has sent the item on, and the message that carries it."""
    logs = await chain.logs(chain.market.marketplace, "Marketplace", "ListingFulfilled")
    ((sold, log),) = [(values, log) for values, log in logs if values["purchaseId"] == purchase.id]
    sent = sent_by(await chain.node.receipt(log["transactionHash"]), chain.place)
    parcel = next(each for each in reversed(sent) if each.destination == sold["deliveryChain"])
    return Address.from_hex(sold["box"]), parcel
