"""The executable specification (Fulu, minimal preset), configured as a chain that was Fulu from its genesis."""

from __future__ import annotations

import importlib.util
import sys
from functools import partial
from typing import Any, TypeAlias

Spec: TypeAlias = Any
"""A module of `eth_consensus_specs`; what it computes has types of its own, so it is judged at run time."""
State: TypeAlias = Any
Block: TypeAlias = Any
"""A `SignedBeaconBlock`."""

MODULE = "eth_consensus_specs.fulu.minimal"
FORK = "fulu"
FORKS = ("ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA", "FULU")


def consensus(slot_seconds: int) -> Spec:
    """A copy of the specification of one's own: its configuration is global to the module."""
    found = importlib.util.find_spec(MODULE)
    assert found is not None, MODULE
    assert found.loader is not None
    name = f"{MODULE}_{slot_seconds}s"
    if name in sys.modules:
        return sys.modules[name]
    module: Spec = importlib.util.module_from_spec(found)
    sys.modules[name] = module  # its dataclasses look their module up
    found.loader.exec_module(module)
    epochs = {f"{fork}_FORK_EPOCH": module.Epoch(0) for fork in FORKS}
    module.config = module.config._replace(SLOT_DURATION_MS=module.Uint64(1000 * slot_seconds), **epochs)
    module.process_execution_payload = partial(_process_execution_payload, module, module.process_execution_payload)
    return module


def _process_execution_payload(spec: Spec, process: Any, state: State, body: Any, engine: Any) -> None:
    """The specification's, but for the randomness: the execution node takes its own."""
    place = spec.get_current_epoch(state) % spec.EPOCHS_PER_HISTORICAL_VECTOR
    mix = state.randao_mixes[place]
    state.randao_mixes[place] = body.execution_payload.prev_randao
    process(state, body, engine)
    state.randao_mixes[place] = mix
