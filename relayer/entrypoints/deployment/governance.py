"""Who shall govern a deployment, and the contracts that this takes on each chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.deployment.clients import DAY
from relayer.entrypoints.deployment.creation import Creation, creation
from relayer.entrypoints.sending.assets import interoperable


class Kind(StrEnum):
    """What holds GOVERNANCE."""

    KEY = "key"
    """The key that deploys."""
    TIMELOCK = "timelock"
    """On each chain a timelock with proposers of its own."""
    DAO = "dao"
    """One governor for all chains, over the lanes."""


@dataclass(frozen=True, slots=True)
class Voting:
    """How the DAO votes."""

    holder: Address
    """Who gets all votes, to hand them out."""
    supply: int = 10**9 * 10**18
    threshold: int = 0
    """Votes that it takes to propose."""
    quorum: int = 4
    """Per cent of all votes that must take part."""
    delay: int = DAY
    """Seconds between a proposal and its vote."""
    period: int = 5 * DAY
    """Seconds that a vote is open."""


@dataclass(frozen=True, slots=True)
class Governance:
    """The terms of it."""

    kind: Kind = Kind.KEY
    delay: int = 2 * DAY
    """Seconds that every decision waits, in every timelock that it passes."""
    guardians: tuple[Address, ...] = ()
    updaters: tuple[Address, ...] = ()
    proposers: tuple[Address, ...] = ()
    """Of timelocks without a DAO."""
    home: ChainId | None = None
    """Where the DAO is."""
    voting: Voting | None = None
    council: Address = ZERO_ADDRESS
    """Who may mend the lane that governance comes over, once it is dead; zero: nobody."""
    rescue_delay: int = 7 * DAY

    def __post_init__(self) -> None:
        if self.kind == Kind.KEY:
            return
        if not self.guardians:
            raise Misconfigured("--guardian", "nobody could stop a lane at once", "name who may by --guardian ADDRESS")
        if self.kind == Kind.TIMELOCK and not self.proposers:
            raise Misconfigured("--proposer", "nobody could propose anything", "name who may by --proposer ADDRESS")
        if self.kind == Kind.DAO and (self.voting is None or self.home is None):
            raise Misconfigured("--votes-to", "nobody could vote", "name who gets the votes by --votes-to ADDRESS")


@dataclass(frozen=True, slots=True)
class Governing:
    """What governs one chain."""

    holder: Creation | None = None
    """What gets GOVERNANCE; None: whoever deploys keeps it."""
    first: tuple[Creation, ...] = ()
    """What is created with the first contracts,"""
    then: tuple[Creation, ...] = ()
    """with the gateway,"""
    last: tuple[Creation, ...] = field(default=())
    """and what looks at the gateway."""

    @property
    def everything(self) -> tuple[Creation, ...]:
        return *self.first, *self.then, *self.last

    def named(self, name: str) -> Creation | None:
        return next((each for each in self.everything if each.name == name), None)


def governing(terms: Governance, admin: Address, authority: Creation, gateway: Creation, chain: ChainId) -> Governing:
    """What governs this chain under these terms."""
    if terms.kind == Kind.KEY:
        return Governing()
    if terms.kind == Kind.TIMELOCK:
        proposers = [str(each) for each in terms.proposers]
        timelock = creation("TimelockController", terms.delay, proposers, [str(ZERO_ADDRESS)], str(ZERO_ADDRESS))
        return Governing(timelock, (timelock,))
    assert terms.voting is not None
    assert terms.home is not None
    dao = _dao(terms, terms.voting, admin)
    return dao if chain == terms.home else _remote(terms, terms.home, dao, authority, gateway)


def _dao(terms: Governance, voting: Voting, admin: Address) -> Governing:
    """The admin gives the governor its place in the timelock, and then up its own."""
    votes = creation("LockkeeperVotes", str(voting.holder), voting.supply)
    timelock = creation("TimelockController", terms.delay, [], [], str(admin))
    rules = voting.delay, voting.period, voting.threshold, voting.quorum
    governor = creation("LockkeeperGovernor", str(votes.address), str(timelock.address), *rules)
    return Governing(timelock, (votes, timelock), (governor,))


def _remote(terms: Governance, home: ChainId, dao: Governing, authority: Creation, gateway: Creation) -> Governing:
    (governor,) = dao.then
    controller = interoperable(home, governor.address)
    executor = creation("CrosschainRemoteExecutor", str(gateway.address), controller)
    places = home, str(gateway.address), str(authority.address), str(executor.address)
    timelock = creation("RemoteTimelock", *places, terms.delay, str(terms.council), terms.rescue_delay)
    return Governing(timelock, last=(executor, timelock))
