"""What must be true: the chains are asked, and the API must say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relayer.entrypoints.demo.checks import Check
from relayer.entrypoints.market.demo.cast import DELIVERS, PAYS, SELLS, Cast, Role, caip2
from relayer.entrypoints.market.demo.dapp import Dapp
from relayer.entrypoints.market.demo.goods import FEE, MONEY, PRICE, ROYALTY, SPLIT, Goods

if TYPE_CHECKING:
    from relayer.entrypoints.market.demo.story import Payout

WHOLE = 10_000
LIFE = ("minted", "sold", "locked", "wrapped")
"""What must be told of the print, in this order. The listing was signed, not sent: the sale names it."""


def expected() -> dict[tuple[str, str, str], int]:
    """Who must get what: role, kind and home chain."""
    royalty, fee = PRICE * ROYALTY // WHOLE, PRICE * FEE // WHOLE
    left = PRICE - royalty - fee
    shares = {(role.value, "proceeds", PAYS): left * part // WHOLE for role, part in SPLIT.items()}
    return shares | {("artist", "royalty", SELLS): royalty, ("treasury", "fee", PAYS): fee}


async def after_sale(wares: Goods, cast: Cast, purchase: Mapping[str, Any], payouts: Sequence[Payout]) -> list[Check]:
    told = {(each.role, each.kind, each.home): each.amount for each in payouts}
    settlement = cast.market(PAYS).settlement
    keeper, custody = cast.address(Role.KEEPER), cast.places[SELLS].addresses.asset_gateway
    owned = await wares.holder(cast, DELIVERS, 1) == keeper and await wares.holder(cast, SELLS, 1) == custody
    return [
        Check("the purchase is settled", purchase["state"] == "settled"),
        Check(f"print #1 is the keeper's on {DELIVERS}, and in custody on {SELLS}", owned),
        Check("the collector has paid the price, and no more", await _has(wares, cast, Role.COLLECTOR, MONEY - PRICE)),
        Check("the price is split to the wei", told == expected() and sum(told.values()) == PRICE),
        Check("the escrow holds it for them", await wares.balance(cast, settlement) == PRICE),
    ]


async def after_withdrawals(wares: Goods, cast: Cast, dapp: Dapp, payouts: Sequence[Payout]) -> list[Check]:
    due: dict[str, int] = {}
    for payout in payouts:
        due[payout.role] = due.get(payout.role, 0) + payout.amount
    exact = [await _has(wares, cast, Role(role), amount) for role, amount in due.items()]
    left = [await dapp.get(f"/credits/{cast.address(Role(role))}") for role in due]
    token = str(wares.pebbles.address)
    rest = [each for said in left for each in said["credits"] if each["token"] == token and each["amount"] != "0"]
    return [
        Check("everybody has withdrawn exactly what is theirs", all(exact)),
        Check("nothing is left in escrow", await wares.balance(cast, cast.market(PAYS).settlement) == 0 and not rest),
    ]


async def after_refusal(wares: Goods, cast: Cast, purchase: Mapping[str, Any], reason: str) -> list[Check]:
    back = await _has(wares, cast, Role.RIVAL, MONEY)
    refused = purchase["state"] == "refunded" and str(purchase["reason"]).startswith(reason)
    what = {"UnitsUnavailable": "what is sold already", "PriceOutOfBand": "a price far off the band"}[reason]
    return [Check(f"{what} is refused ({reason}), and the rival has every pebble back", refused and back)]


def provenance_is_whole(steps: Sequence[Mapping[str, Any]], listing: str) -> Check:
    """Each step of its life, in order; the sale with its price, and the arrival with the header that proved it."""
    kinds = iter(step["kind"] for step in steps)
    ordered = all(any(kind == found for found in kinds) for kind in LIFE)
    sales = [(each["listing"], (each["price"] or {}).get("amount")) for each in steps if each["kind"] == "sold"]
    sold = sales == [(listing, str(PRICE))]
    proven = {(each["provenAt"] or {}).get("chain") for each in steps if each["kind"] == "wrapped"} == {caip2(SELLS)}
    return Check("the API tells its life: minted, sold, locked, wrapped", ordered and proven and sold)


async def _has(wares: Goods, cast: Cast, role: Role, amount: int) -> bool:
    return await wares.balance(cast, cast.address(role)) == amount
