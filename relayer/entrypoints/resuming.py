"""Resuming a halted lane, in the store that the daemon will find."""

from __future__ import annotations

from light_clients.types import ChainId
from relayer.adapters.store.store import open_store
from relayer.config import Config
from relayer.domain.errors import Misconfigured
from relayer.domain.facts import LaneResumed
from relayer.domain.lane import transition
from relayer.ports import Change


async def resume(config: Config, source: ChainId, destination: ChainId) -> str:
    """Why the lane was halted, which it is no more; empty when it was not."""
    async with open_store(config.store.url) as store:
        for state in await store.journal.lanes():
            if (state.lane.source, state.lane.destination) == (source, destination):
                fact = LaneResumed(state.lane)
                after, effects = transition(state, fact)
                if after is not state:
                    await store.journal.commit(Change((fact,), (after,), effects))
                return state.halted
    wrong = f"the store knows no lane {source}-{destination}"
    raise Misconfigured("SOURCE-DESTINATION", wrong, "see `lockkeeper lanes`")
