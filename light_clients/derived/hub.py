"""What derived clients have in common: the hub, and how one of its headers comes to be read from."""

from __future__ import annotations

from light_clients.derived.errors import HubHeightMismatch, HubIsSource
from light_clients.derived.wire import HubPart
from light_clients.errors import HeaderFromFuture, HeaderIncomplete
from light_clients.serving import Serving
from light_clients.types import ZERO_HASH, ChainId, TrustedHeader

CLOCK_DRIFT = 60
"""Seconds by which a header's time may lie in the future."""


def check_hub(source: ChainId, hub: Serving) -> None:
    """Refuses a hub that is the source itself."""
    if hub.source == source:
        raise HubIsSource(source)


def advance_hub(hub: Serving, part: HubPart, now: int) -> tuple[Serving, TrustedHeader]:
    """The hub after the part's update, if it has one, and the header that the part names."""
    if part.update:
        hub, proven = hub.advance(part.update, now)
        if proven.height != part.height:
            raise HubHeightMismatch(given=part.height, proven=proven.height)
    return hub, hub.header(part.height)


def check_header(header: TrustedHeader, now: int) -> None:
    """What every derived header must be, wherever it was read."""
    if header.timestamp > now + CLOCK_DRIFT:
        raise HeaderFromFuture(header.timestamp, now)
    roots = (header.block_hash, header.state_root, header.receipts_root)
    if not header.height or not header.timestamp or ZERO_HASH in roots:
        raise HeaderIncomplete
