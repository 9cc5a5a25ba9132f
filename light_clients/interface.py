"""What the relayer needs of a light client, whichever consensus it follows."""

from __future__ import annotations

from typing import Protocol, Self

from light_clients.types import ChainId, TrustedHeader


class LightClient(Protocol):
    """The state of one light-client contract, and its rules: pure, so the same bytes always get the same answer.

    `now` is the time of the destination's block, in Unix seconds.
    """

    @property
    def source(self) -> ChainId:
        """The chain whose headers are verified."""
        ...

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client after `update` (the contract's own format), and the header that it proves.

        Raises the `LightClientError` that is named as the contract's error is.
        """
        ...

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The two conflicting headers that `evidence` proves; it freezes the contract."""
        ...
