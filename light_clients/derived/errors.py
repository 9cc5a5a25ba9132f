"""The derived clients' own rules, one exception a rule, named as the errors of the derived contracts are.

DerivedError
├── HubIsSource · HubHeightMismatch        the hub
├── SourceClientFrozen                     what the hub's client of the source says
└── SourceHeightMismatch · OutputRootMismatch · GameUnknown · GameNotWon · GameDelayNotPassed
    GameTypeNotRespected · GameRetired · GameBlacklisted · DelayZero         what a rollup's L1 says
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Address, ChainId, Hash32, Height


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


@rule
class SourceHeightMismatch(DerivedError):
    """The header has another number than the update says."""

    given: Height
    proven: Height


@rule
class OutputRootMismatch(DerivedError):
    """The header does not stand behind the claim of the game."""

    given: Hash32
    expected: Hash32


@rule
class GameUnknown(DerivedError):
    """The factory has made no such game."""

    index: int


@rule
class GameNotWon(DerivedError):
    """The game is not won by whoever defends its claim."""

    status: int


@rule
class GameDelayNotPassed(DerivedError):
    """The game was resolved too short a time ago."""

    resolved_at: int
    present: int


@rule
class GameTypeNotRespected(DerivedError):
    """Games of this type do not count."""

    given: int
    expected: int


@rule
class GameRetired(DerivedError):
    """The game is from a time of which no game counts any more."""

    created_at: int
    retired_at: int


@rule
class GameBlacklisted(DerivedError):
    """The guardian has struck the game out."""

    game: Address


@rule
class DelayZero(DerivedError):
    """A delay of zero leaves the guardian no time."""
