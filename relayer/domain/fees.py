"""What a transaction offers per gas: EIP-1559 prices, and how they rise when it is not taken."""

from __future__ import annotations

from relayer.domain.ids import Wei
from relayer.domain.transactions import Fees, Price

CEILING = 8
"""A replacement offers at most this many times the market price."""


def market(fees: Fees) -> Price:
    """Enough for six full blocks in a row: each raises the base fee by an eighth, and 1.125^6 is 2."""
    return Price(Wei(2 * fees.base_fee + fees.priority_fee), fees.priority_fee)


def bumped(price: Price, fees: Fees) -> Price | None:
    """The price of a replacement: an eighth more, or the market's where that is higher; None at the ceiling.

    Nodes refuse a replacement that does not raise both prices by 10 % (geth, Besu, Erigon) or 12.5 % (Nethermind).
    """
    now = market(fees)
    raised = Price(
        Wei(max(_eighth_more(price.max_fee), now.max_fee)),
        Wei(max(_eighth_more(price.priority_fee), now.priority_fee)),
    )
    if raised.max_fee > max(now.max_fee, 1) * CEILING:
        return None
    return raised


def _eighth_more(wei: int) -> int:
    return wei + wei // 8 + 1
