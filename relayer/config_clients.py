"""The light clients that a lane can have: which contract, and what the relayer must know that it cannot ask it.

Everything else (trusting period, validators, epoch length, …) is read from the contract: a lie about it costs a
rehearsal, never a delivery.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from light_clients.committee.members import Committee, Member
from relayer.config_values import Account, Id, Section, Url


class CommitteeMember(Section):
    address: Account
    weight: Annotated[int, Field(ge=1, lt=1 << 96)] = 1


class CommitteeLightClient(Section):
    kind: Literal["committee"]
    address: Account
    epoch: Annotated[int, Field(ge=1, lt=1 << 64)] = 1
    members: tuple[CommitteeMember, ...] = Field(min_length=1, max_length=256)
    attesters: tuple[Url, ...] = ()
    accept_single_signer: bool = False

    def committee(self) -> Committee:
        return Committee(tuple(Member(member.address, member.weight) for member in self.members))


class BftLightClient(Section):
    """Besu and GoQuorum: the headers carry their seals."""

    kind: Literal["qbft", "ibft2"]
    address: Account


class CliqueLightClient(Section):
    kind: Literal["clique"]
    address: Account
    signers: tuple[Account, ...] = Field(min_length=1)
    """The set that the contract was made with, or any later one that it holds."""


class SyncCommitteeLightClient(Section):
    kind: Literal["sync_committee"]
    address: Account
    beacon: tuple[Url, ...] = Field(min_length=1)
    """Beacon nodes of the source chain."""


class RelayChainLightClient(Section):
    """No client of the source on the destination: what the hub's client has verified is proven from the hub's state."""

    kind: Literal["relay_chain"]
    address: Account
    hub: Id
    source: LightClient
    """The client of the source, on the hub."""
    relay: LightClient
    """The client of the hub, on the destination."""


class QuorumLightClient(Section):
    kind: Literal["quorum"]
    address: Account
    members: tuple[LightClient, ...] = Field(min_length=1)
    """In the order of the contract."""


LightClient: TypeAlias = Annotated[
    CommitteeLightClient
    | BftLightClient
    | CliqueLightClient
    | SyncCommitteeLightClient
    | RelayChainLightClient
    | QuorumLightClient,
    Field(discriminator="kind"),
]

RelayChainLightClient.model_rebuild()
QuorumLightClient.model_rebuild()
