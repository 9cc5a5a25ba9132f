"""How fast the light clients verify, on one core."""

from __future__ import annotations

import time

from tests.vectors.bft_chain import ANCHOR, START, a_scene

HEADERS = 1_000


def qbft_headers_per_s() -> float:
    """Headers of four validators, of whom three have sealed, verified one after the other."""
    scene = a_scene()
    steps = [scene.step(range(3), scene.header(ANCHOR + 1 + number)) for number in range(HEADERS)]
    client = scene.client
    began = time.process_time()
    for step in steps:
        client, _ = client.advance(step, START + 2 * HEADERS)
    return HEADERS / (time.process_time() - began)
