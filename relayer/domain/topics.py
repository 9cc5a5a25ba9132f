"""Names of what the daemon says on the bus."""

from __future__ import annotations

from light_clients.types import Address, ChainId, Height
from relayer.domain.ids import Lane, Nonce

ROOT = "lockkeeper/v1"


def attestation(chain: ChainId, height: Height) -> str:
    """An attester's signature over a header of this chain."""
    return f"{ROOT}/{chain}/attestations/{height}"


def attestations(chain: ChainId) -> str:
    """Every attestation of this chain's headers (a pattern)."""
    return f"{ROOT}/{chain}/attestations/+"


def message_state(lane: Lane, nonce: Nonce) -> str:
    """Where a message stands; retained."""
    return f"{ROOT}/messages/{lane.source}/{lane.destination}/{nonce}/state"


def relayer_status(relayer: str) -> str:
    """Whether a relayer is online; retained, with `offline` as its last will."""
    return f"{ROOT}/relayers/{relayer}/status"


def market(event: str) -> str:
    """What happens in the marketplace, by its kind."""
    return f"{ROOT}/market/{event}"


def transfers(chain: ChainId, token: Address) -> str:
    """Items of this collection that change hands, wherever; named by its home."""
    return f"{ROOT}/assets/{chain}/{token}/transfers"
