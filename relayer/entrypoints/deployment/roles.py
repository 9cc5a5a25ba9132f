"""Who may do what, as each chain's AccessManager knows it: the twin of contracts/src/governance/Roles.sol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

GOVERNANCE = 0
"""Starts, re-points and bounds: the AccessManager's own ADMIN_ROLE."""
GUARDIAN = 1
"""Stops, at once, and nothing else."""
UPDATER = 2
"""Sets prices within the bounds that governance has given."""
PUBLIC = 2**64 - 1
"""The AccessManager's own: everybody has it."""

NAMES: Mapping[int, str] = {GOVERNANCE: "GOVERNANCE", GUARDIAN: "GUARDIAN", UPDATER: "UPDATER", PUBLIC: "everybody"}

ASSIGNED: Mapping[str, Mapping[str, int]] = {
    "Gateway": {"pauseLane": GUARDIAN, "setFees": UPDATER},
    "AssetGateway": {"pauseRemote": GUARDIAN, "haltFlow": GUARDIAN},
    "PriceBreaker": {"halt": GUARDIAN},
}
"""The functions that are not for governance alone, by contract."""


def assigned() -> Iterator[tuple[str, str, int]]:
    """Contract, function and role of each."""
    for contract, functions in ASSIGNED.items():
        for function, role in functions.items():
            yield contract, function, role
