"""The buckets and labels that metrics share."""

from __future__ import annotations

from relayer.domain.ids import Lane

SECONDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
RPC_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
BLOCKS = (1, 2, 3, 5, 8, 13, 32, 64, 128)
MESSAGES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

LANE = ("source", "destination")
ACCOUNT = ("chain", "account")


def of_lane(lane: Lane) -> tuple[str, str]:
    """The values of `LANE`."""
    return str(lane.source), str(lane.destination)
