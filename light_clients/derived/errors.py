"""The derived clients' own rules, one exception a rule, named as the errors of the derived contracts are.

DerivedError
├── HubIsSource · HubHeightMismatch        the hub
└── SourceClientFrozen                     what the hub's client of the source says
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import ChainId, Height


class DerivedError(LightClientError):
    """The hub does not say this of the source."""


@rule
class HubIsSource(DerivedError):
    """A chain cannot be known through itself."""

    chain: ChainId


@rule
class HubHeightMismatch(DerivedError):
    """The hub's update proves another height than the one that is to be read from."""

    given: Height
    proven: Height


@rule
class SourceClientFrozen(DerivedError):
    """The source's client on the hub has seen misbehaviour of the source."""
