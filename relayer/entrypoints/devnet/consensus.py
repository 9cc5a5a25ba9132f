"""Which consensus each chain of a devnet has, and the processes that come with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from light_clients.committee.members import Member
from light_clients.types import Address, Hash32
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.deployment.clients import BftStart, ClientStart, CliqueStart, CommitteeStart
from relayer.entrypoints.devnet.accounts import ATTESTERS, FIRST_ATTESTER, FIRST_VALIDATOR, account
from relayer.entrypoints.devnet.folder import CHAINS, Folder, write_atomically

EPOCH = 30_000
"""Blocks after which votes of a sealed chain are forgotten."""
TRUSTING_PERIOD = 366 * 86_400
"""Seconds: a devnet that slept for months goes on where it stopped."""


class Consensus(StrEnum):
    """How a chain agrees on its blocks."""

    COMMITTEE = "committee"
    """Not at all: one node, vouched for by attesters."""
    QBFT = "qbft"
    CLIQUE = "clique"

    @property
    def sealed(self) -> bool:
        """Whether validators of its own seal its headers."""
        return self is not Consensus.COMMITTEE


PROFILES: Mapping[str, Mapping[str, Consensus]] = {
    "mixed": dict(zip(CHAINS, (Consensus.QBFT, Consensus.CLIQUE, Consensus.COMMITTEE), strict=True)),
    "committee": dict.fromkeys(CHAINS, Consensus.COMMITTEE),
    "qbft": dict.fromkeys(CHAINS, Consensus.QBFT),
}
DEFAULT = "mixed"
VALIDATORS: Mapping[Consensus, int] = {Consensus.QBFT: 4, Consensus.CLIQUE: 3}
"""As few as can lose one: of four two thirds stay, and of three a majority, which is how deep Clique's headers lie."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The genesis block of a chain: what its light clients begin with."""

    timestamp: int
    hash: Hash32


@dataclass(frozen=True, slots=True)
class Makeup:
    """What a devnet's chains are, for as long as its folder lives."""

    profile: str
    anchors: Mapping[str, Anchor] = field(default_factory=dict)
    """By sealed chain; none before the first start."""

    def of(self, chain: str) -> Consensus:
        return PROFILES[self.profile][chain]

    def execution(self, chain: str) -> str:
        """The part that executes the chain's transactions: the chain itself unless validators seal it."""
        return f"{chain}-execution" if self.of(chain).sealed else chain

    def execution_options(self, chain: str) -> tuple[str, ...]:
        """Before Prague no state depends on block hashes (EIP-2935): a sealed chain's past can be executed again."""
        return ("--hardfork", "cancun") if self.of(chain).sealed else ()

    def validators(self, chain: str) -> tuple[str, ...]:
        """The parts that seal the chain's headers."""
        return tuple(f"{chain}-validator-{i + 1}" for i in range(VALIDATORS.get(self.of(chain), 0)))

    @property
    def executions(self) -> tuple[str, ...]:
        return tuple(map(self.execution, CHAINS))

    @property
    def attesters(self) -> tuple[str, ...]:
        """The parts that vouch for chains whose headers nobody seals."""
        wanted = any(not self.of(chain).sealed for chain in CHAINS)
        return tuple(f"attester-{i + 1}" for i in range(ATTESTERS)) if wanted else ()

    def keys(self) -> dict[str, int]:
        """Each validator's place among the accounts."""
        names = [name for chain in CHAINS for name in self.validators(chain)]
        return {name: FIRST_VALIDATOR + i for i, name in enumerate(names)}

    def start(self, chain: str) -> ClientStart:
        """What the light clients of the chain trust at first."""
        sealers = self.sealers(chain)
        match self.of(chain):
            case Consensus.COMMITTEE:
                return CommitteeStart(tuple(committee()))
            case Consensus.QBFT:
                anchor = self.anchors[chain]
                return BftStart(
                    "QbftLightClient",
                    sealers,
                    timestamp=anchor.timestamp,
                    block_hash=anchor.hash,
                    trusting_period=TRUSTING_PERIOD,
                )
            case Consensus.CLIQUE:
                since = self.anchors[chain].timestamp
                return CliqueStart(sealers, timestamp=since, trusting_period=TRUSTING_PERIOD)

    def sealers(self, chain: str) -> tuple[Address, ...]:
        """Who seals the chain's headers, ascending."""
        keys = self.keys()
        return tuple(sorted(account(keys[name]).address for name in self.validators(chain)))


def committee() -> list[Member]:
    """The attesters, in the order the light client wants them."""
    members = [Member(account(FIRST_ATTESTER + i).address) for i in range(ATTESTERS)]
    return sorted(members, key=lambda member: member.address)


def makeup(folder: Folder, profile: str | None = None) -> Makeup:
    """What the devnet in the folder is; it is made to be `profile` (the default for None) if it is new."""
    if not folder.makeup.exists():
        return keep(folder, Makeup(profile or DEFAULT))
    found = json.loads(folder.makeup.read_text())
    if profile is not None and profile != found["profile"]:
        raise Misconfigured(
            "--consensus",
            f"the chains in {folder.root} are of the profile {found['profile']!r}",
            "keep to it, or begin anew after `lockkeeper devnet down --wipe`",
        )
    anchors = {
        name: Anchor(each["timestamp"], Hash32.from_hex(each["hash"])) for name, each in found["anchors"].items()
    }
    return Makeup(found["profile"], anchors)


def keep(folder: Folder, made: Makeup) -> Makeup:
    """Write it down, for every later start."""
    anchors = {name: {"timestamp": each.timestamp, "hash": str(each.hash)} for name, each in made.anchors.items()}
    write_atomically(folder.makeup, json.dumps({"profile": made.profile, "anchors": anchors}) + "\n")
    return made
