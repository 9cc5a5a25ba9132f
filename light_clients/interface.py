"""What the relayer needs of a light client, whichever consensus it follows."""

from __future__ import annotations

from typing import Protocol

from light_clients.types import ChainId, TrustedHeader


class LightClient(Protocol):
    """The state of one light-client contract, and its rules: pure, so the same bytes always get the same answer."""

    @property
    def source(self) -> ChainId:
        """The chain whose headers are verified."""
        ...

    def verify(self, update: bytes) -> TrustedHeader:
        """The header that `update` (the contract's own format) proves.

        Raises the `LightClientError` that is named as the contract's error is.
        """
        ...

    def verify_misbehaviour(self, evidence: bytes) -> tuple[TrustedHeader, TrustedHeader]:
        """The two conflicting headers of one height that `evidence` proves; it freezes the contract."""
        ...
