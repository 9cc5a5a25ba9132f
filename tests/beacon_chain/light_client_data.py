"""What a beacon node keeps for light clients: made by the specification's own functions."""

from __future__ import annotations

from typing import Any

from tests.beacon_chain.chain import BeaconChain, Link


class LightClientData:
    """Bootstraps of checkpoints, the best update of each period, and the newest two."""

    def __init__(self, chain: BeaconChain) -> None:
        self._chain = chain
        self.bootstraps: dict[bytes, Any] = {}
        self.updates: dict[int, Any] = {}
        """The best of each period."""
        self.finality: Any | None = None
        self.optimistic: Any | None = None

    def take(self, link: Link) -> None:
        """A new block has signed for its parent."""
        spec = self._chain.spec
        attested = self._chain.by_root[bytes(link.block.message.parent_root)]
        finalized = self._chain.finalized_by(attested)
        final_block = finalized.block if finalized.slot > spec.GENESIS_SLOT else None
        update = spec.create_light_client_update(link.state, link.block, attested.state, attested.block, final_block)
        self.optimistic = spec.create_light_client_optimistic_update(update)
        if final_block is not None:
            self.finality = spec.create_light_client_finality_update(update)
        self._rank(update)
        if link.slot % spec.SLOTS_PER_EPOCH == 0:
            self.bootstraps[link.root] = spec.create_light_client_bootstrap(link.state, link.block)

    def _rank(self, update: Any) -> None:
        spec = self._chain.spec
        if not spec.is_sync_committee_update(update):
            return
        period = int(spec.compute_sync_committee_period_at_slot(update.attested_header.beacon.slot))
        best = self.updates.get(period)
        if best is None or spec.is_better_update(update, best):
            self.updates[period] = update
