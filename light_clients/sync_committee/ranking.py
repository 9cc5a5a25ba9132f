"""Which of two updates of one period is the better one to keep; source: consensus-specs, `is_better_update`."""

from __future__ import annotations

from light_clients.sync_committee.beacon import LightClientUpdate
from light_clients.sync_committee.network import Network


def is_better_update(new: LightClientUpdate, old: LightClientUpdate, network: Network) -> bool:
    """Whether `new` should take the place of `old`."""
    return rank(new, network) > rank(old, network)


def rank(update: LightClientUpdate, network: Network) -> tuple[int, ...]:
    """What updates are compared by, most important first; the greater the better."""
    attested_period = network.period(update.attested.beacon.slot)
    signed = update.signed
    supermajority = 3 * signed >= 2 * 8 * len(update.bits)
    finalized = update.finalized
    return (
        supermajority,
        0 if supermajority else signed,
        update.next_committee is not None and attested_period == network.period(update.signature_slot),
        finalized is not None,
        finalized is not None and network.period(finalized.beacon.slot) == attested_period,
        signed,
        -update.attested.beacon.slot,
        -update.signature_slot,
    )
