"""How many sync-committee updates a second the Python client verifies, on one core."""

from __future__ import annotations

from time import process_time

from tests.vectors.beacon_world import MAINNET, Scene

ROUNDS = 200
MISSING = (17, 77, 300, 411, 500)
"""As few as on Ethereum; 512 keys, and the committee's keys are decoded before the clock starts."""


def sync_updates_per_s() -> float:
    """Verified updates in a second of one core's time: bytes in, trusted header out."""
    slot = (MAINNET.forks[-1].epoch + 64) * MAINNET.slots_per_epoch
    who = [index for index in range(MAINNET.committee_size) if index not in MISSING]
    scene = Scene(MAINNET, slot, slot + 66, slot + 67, who=who)
    client, update, now = scene.client, scene.update.encode(), scene.now
    client.advance(update, now)
    started = process_time()
    for _ in range(ROUNDS):
        client.advance(update, now)
    return ROUNDS / (process_time() - started)
