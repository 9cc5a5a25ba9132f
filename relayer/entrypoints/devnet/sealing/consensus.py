"""What every consensus answers: who may seal the next block, what it must look like, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

from light_clients.evm.header import Header
from light_clients.types import Address, Hash32


class RefusedToSeal(Exception):
    """The header breaks a rule of the consensus; the words say which."""


class Consensus(Protocol):
    """The consensus after a block: a frozen value that the next sealed header moves on."""

    @property
    def height(self) -> int: ...

    @property
    def hash(self) -> Hash32: ...

    @property
    def validators(self) -> tuple[Address, ...]: ...

    @property
    def needed(self) -> int:
        """Seals that the next block needs."""
        ...

    def turn(self, round_: int) -> Address:
        """Whose turn it is to propose the next block in this round."""
        ...

    def propose(self, template: Header, proposer: Address, wishes: Mapping[Address, bool], round_: int) -> Header:
        """The next block as the proposer would have it, without seals. `template` has what was executed.

        `wishes` are the accounts that the proposer would like among the validators, or not.
        """
        ...

    def slot(self, round_: int) -> int:
        """A validator seals one header at most for each height and slot."""
        ...

    def check(self, proposal: Header) -> int:
        """The round of a header without seals that others may seal as the next; raises `RefusedToSeal`."""
        ...

    def after(self, header: Header) -> Self:
        """The consensus after this sealed header; raises `RefusedToSeal`."""
        ...

    def to_json(self) -> Any: ...


class Kind(Protocol):
    """A kind of consensus with its parameters."""

    def genesis(self, template: Header, validators: Sequence[Address]) -> Header:
        """Block 0."""
        ...

    def start(self, genesis: Header) -> Consensus:
        """The consensus after block 0."""
        ...

    def resume(self, saved: Any) -> Consensus:
        """The consensus that `to_json` wrote."""
        ...

    def block_hash(self, header: Header) -> Hash32: ...

    def bare(self, header: Header) -> Header:
        """The header without its seals."""
        ...

    def digest(self, proposal: Header) -> Hash32:
        """What a seal of a header without seals signs."""
        ...

    def assemble(self, proposal: Header, seals: Mapping[Address, bytes]) -> Header:
        """The header as it is served."""
        ...

    def sealers(self, header: Header) -> Mapping[Address, bytes]:
        """Who sealed this header, and the seals."""
        ...

    def eligible(self, header: Header) -> Sequence[Address]:
        """Who could have sealed another header in the place of this sealed one."""
        ...
