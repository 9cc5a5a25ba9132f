"""Which messages are the marketplace's business, and what those between asset gateways carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from light_clients.types import Address, ChainId
from relayer.domain.events import MessageSent
from relayer.domain.market.asset_messages import Description, Item, PayloadMalformed, Standard, Way, read
from relayer.domain.market.events import Contracts
from relayer.domain.market.views import TokenId
from relayer.domain.message import RETURNED, original_of

_TELLING = (Way.DESCRIBE, Way.REFRESH)


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a message carries or tells."""

    token: TokenId
    """At home."""
    standard: Standard
    giver: Address
    receiver: Address
    items: tuple[Item, ...]
    """Those that it carries."""
    told: tuple[Item, ...]
    """Those that it says something of."""
    description: Description | None


def concerns(sent: MessageSent, contracts: Mapping[ChainId, Contracts]) -> bool:
    """Whether both ends are asset gateways, or both are settlements."""
    source, destination = contracts.get(sent.lane.source), contracts.get(sent.lane.destination)
    if source is None or destination is None:
        return False
    ends = sent.message.sender, sent.message.recipient
    return ends in (
        (source.asset_gateway, destination.asset_gateway),
        (source.settlement, destination.settlement),
    )


def cargo_of(sent: MessageSent, contracts: Mapping[ChainId, Contracts]) -> Cargo | None:
    """None for messages that are not between asset gateways."""
    source = contracts.get(sent.lane.source)
    if source is None or sent.message.sender != source.asset_gateway or not concerns(sent, contracts):
        return None
    ends, payload = (sent.lane.source, sent.lane.destination), sent.message.payload
    returned = bool(sent.message.flags & RETURNED)
    if returned:
        ends, payload = ends[::-1], original_of(sent.message)[1]
    try:
        message = read(payload)
    except PayloadMalformed:
        return None
    people = (message.recipient, message.refund) if returned else (message.refund, message.recipient)
    telling = message.way in _TELLING
    return Cargo(
        TokenId(message.home(*ends), message.token),
        message.standard,
        *people,
        items=() if telling else message.items,
        told=message.items,
        description=message.description,
    )
