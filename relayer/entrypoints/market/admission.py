"""Whether a listing may be shown: signed, not taken back, and of an item that its offerer has and has approved."""

from __future__ import annotations

import re

from eth_abi.abi import encode

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.domain.errors import Reverted
from relayer.domain.market.form import Refused
from relayer.domain.market.listing import ItemType, Listing
from relayer.entrypoints.market.contracts import MarketChain, Question
from relayer.entrypoints.market.signatures import check_signature
from relayer.entrypoints.onchain.artifacts import artifact

INTERFACES = {ItemType.ERC721: bytes.fromhex("80ac58cd"), ItemType.ERC1155: bytes.fromhex("d9b67a26")}
TRUE = (1).to_bytes(32, "big")
QUESTION_GAS = 200_000


async def admit(chain: MarketChain, listing: Listing, signature: bytes, now: int) -> None:
    """Raises `Refused` for the first reason why nobody could buy it."""
    await _check_standing(chain, listing, signature)
    await check_item(chain, listing)
    if not await is_approved(chain, listing):
        raise Refused("not-approved", "the marketplace may not move the item yet: see /v1/steps/list")
    await _check_contract(chain, listing, signature, now)


async def _check_standing(chain: MarketChain, listing: Listing, signature: bytes) -> None:
    name = listing.hash()
    validated, cancelled, filled = await chain.read_market("status", name)
    if cancelled:
        raise Refused("listing-is-cancelled", "its offerer has cancelled it")
    if filled >= listing.amount:
        raise Refused("units-unavailable", "all of it is sold")
    (counter,) = await chain.read_market("counterOf", str(listing.offerer))
    if counter != listing.counter:
        raise Refused("counter-differs", f"the offerer's counter is {counter}, and the listing has another")
    if not validated:
        await check_signature(chain, listing.offerer, listing.digest(chain.id, chain.marketplace), signature)


async def check_item(chain: MarketChain, listing: Listing) -> None:
    """That the token is what the listing says, and that the offerer has enough of it."""
    question = _call("supportsInterface(bytes4)", ["bytes4"], INTERFACES[listing.item_type])
    if await chain.stranger(Question(listing.token, question, gas=QUESTION_GAS)) != TRUE:
        raise Refused("item-type-wrong", f"{listing.token} is not a collection of that type")
    if await _held(chain, listing) < listing.amount:
        raise Refused("not-owner", "the offerer does not hold what is listed")


async def _held(chain: MarketChain, listing: Listing) -> int:
    if listing.item_type is ItemType.ERC721:
        owner = await _word(chain, listing.token, _call("ownerOf(uint256)", ["uint256"], listing.identifier))
        return int(owner == int.from_bytes(listing.offerer, "big"))
    kinds = ["address", "uint256"]
    data = _call("balanceOf(address,uint256)", kinds, str(listing.offerer), listing.identifier)
    return await _word(chain, listing.token, data) or 0


async def is_approved(chain: MarketChain, listing: Listing) -> bool:
    """Whether the marketplace may move the item."""
    kinds = ["address", "address"]
    data = _call("isApprovedForAll(address,address)", kinds, str(listing.offerer), str(chain.marketplace))
    if await _word(chain, listing.token, data) == 1:
        return True
    if listing.item_type is not ItemType.ERC721:
        return False
    approved = await _word(chain, listing.token, _call("getApproved(uint256)", ["uint256"], listing.identifier))
    return approved == int.from_bytes(chain.marketplace, "big")


async def _check_contract(chain: MarketChain, listing: Listing, signature: bytes, now: int) -> None:
    """What the marketplace itself says has the last word; that it is too early is no reason to hide a listing."""
    try:
        await chain.read_market("check", listing.abi(), signature, 1)
    except Reverted as refusal:
        if refusal.error.startswith("ListingNotActive") and now < listing.start_time:
            return
        raise refused_by_contract(refusal) from None


def refused_by_contract(refusal: Reverted) -> Refused:
    """The name of the contract's error is the code."""
    words = next((found for kind in ("Marketplace", "Settlement") if (found := artifact(kind).error(refusal.data))), "")
    name = words.partition("(")[0] or "refused-on-chain"
    code = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()
    return Refused(code, f"the contract refuses: {words or refusal.error}"[:300])


async def _word(chain: MarketChain, to: Address, data: bytes) -> int | None:
    said = await chain.stranger(Question(to, data, gas=QUESTION_GAS))
    return int.from_bytes(said[:32], "big") if said is not None and len(said) >= 32 else None


def _call(signature: str, kinds: list[str], *values: object) -> bytes:
    return keccak256(signature.encode())[:4] + encode(kinds, values)
