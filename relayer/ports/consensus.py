"""What the headers of a chain are made of: the headers as they were sealed, and what light clients hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from light_clients.evm.header import Header
from light_clients.types import Address, Hash32, Height


class SealedHeaders(Protocol):
    """Headers of one chain, each hashing to what it was announced with; whether they are sealed is for who asks."""

    @property
    def voices(self) -> int:
        """How many endpoints there are to compare."""
        ...

    async def head(self, at_least: Height) -> Height:
        """Wait until the chain has reached this height; how far it is."""
        ...

    async def headers(self, first: Height, last: Height) -> Sequence[Header]:
        """Consecutive ones, both ends included. Raises `Transient` where no endpoint has them all."""
        ...

    async def header_of(self, block: Hash32) -> Header:
        """The one of this hash. Raises `Transient` where no endpoint has it."""
        ...

    async def versions(self, first: Height, last: Height) -> Sequence[Sequence[Header]]:
        """Every different run of these headers that endpoints show; nothing when there is but one to ask."""
        ...


class ContractViews(Protocol):
    """The views of one contract, as most endpoints answer them. A lie costs a rehearsal, never a delivery."""

    @property
    def address(self) -> Address: ...

    async def view(self, function: str, *arguments: int) -> bytes:
        """What `function` (its signature, as `frozen()`) returns, ABI-encoded. Raises `Reverted` where it reverts."""
        ...

    async def views(self, *functions: str) -> Sequence[bytes]:
        """What functions without arguments return, all at one moment."""
        ...


@dataclass(frozen=True, slots=True)
class StorageNodes:
    """The nodes that prove some slots of one account: an `eth_getProof` answer."""

    account: Sequence[bytes]
    slots: Sequence[Sequence[bytes]]
    """In the order asked for."""


class StorageProofs(Protocol):
    """Proofs of storage of one chain; what they prove is for who asks."""

    async def storage(self, account: Address, slots: Sequence[Hash32], height: Height) -> StorageNodes: ...


class Errand(Protocol):
    """Brings a call onto one chain that belongs to no delivery: a header for a hub, a hand-over, evidence.

    Nothing remembers it: whoever wants it done looks at the chain, and asks again while it is not.
    """

    async def send(self, to: Address, data: bytes) -> None:
        """Rehearse the call, then leave it to the account's submitter. Raises `Reverted` when it would fail."""
        ...
