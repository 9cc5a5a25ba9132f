"""Whether a listing is one, before anything else is asked: the rules of marketplace/Listings.sol, and of sense."""

from __future__ import annotations

from relayer.domain.errors import Rejected
from relayer.domain.market.listing import MAXIMUM_PAYEES, WHOLE, ItemType, Listing

YEAR = 366 * 86_400
MAXIMUM_PAID = (1 << 128) - 1


class Refused(Rejected):
    """Somebody asks for what cannot be: the code stays the same for ever, the words may change."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def check_form(listing: Listing, now: int) -> None:
    """Raises the first rule that the listing breaks."""
    _check_item(listing)
    _check_price(listing)
    _check_payees(listing)
    _check_times(listing, now)


def _check_item(listing: Listing) -> None:
    _require(any(listing.offerer), "offerer-zero", "the offerer is nobody")
    _require(any(listing.token), "token-zero", "the token is the zero address")
    _require(listing.amount > 0, "amount-zero", "nothing is for sale: the amount is 0")
    single = listing.item_type is ItemType.ERC721
    _require(not single or listing.amount == 1, "amount-not-one", "an ERC-721 has one unit: the amount must be 1")


def _check_price(listing: Listing) -> None:
    _require(listing.price > 0 or listing.reference_price > 0, "price-zero", "price and reference price are both 0")
    paid = max(listing.price, listing.reference_price) * listing.amount
    _require(paid <= MAXIMUM_PAID, "price-overflow", "all units together cost more than 128 bits hold")
    _require(listing.max_royalty + listing.max_fee <= WHOLE, "shares-overflow", "royalty and fee may take everything")


def _check_payees(listing: Listing) -> None:
    payees = listing.consideration
    _require(bool(payees), "payees-none", "nobody is paid: the consideration is empty")
    _require(len(payees) <= MAXIMUM_PAYEES, "payees-too-many", f"there are more than {MAXIMUM_PAYEES} payees")
    _require(all(any(payee.recipient) for payee in payees), "payee-zero", "a payee is the zero address")
    _require(all(payee.basis_points > 0 for payee in payees), "payee-unpaid", "a payee gets nothing")
    total = sum(payee.basis_points for payee in payees)
    _require(total == WHOLE, "payees-not-whole", f"the payees' shares make {total} instead of {WHOLE}")


def _check_times(listing: Listing, now: int) -> None:
    start, end = listing.start_time, listing.end_time
    _require(start < end, "times-reversed", "the end is not after the start")
    _require(end > now, "listing-expired", "the end has passed")
    _require(start >= now - YEAR, "start-too-early", "the start is more than a year ago")
    _require(end <= now + YEAR, "end-too-late", "the end is more than a year away")


def _require(holds: bool, code: str, words: str) -> None:
    if not holds:
        raise Refused(code, words)
