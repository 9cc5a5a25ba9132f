"""What is known of a kind of chain before an operator says anything: `config/chains/*.toml`, read strictly."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator

from light_clients.evm.header import CANCUN, FRONTIER, LONDON, PRAGUE, SHANGHAI
from light_clients.types import Hash32
from relayer.config_checks import problems_of
from relayer.config_finality import AnyFinality
from relayer.config_values import Duration, Id, Section
from relayer.domain.errors import Misconfigured

FOLDERS = (Path(__file__).parent / "chains", Path(__file__).parents[1] / "config" / "chains")
"""In the wheel, and in a checkout."""

HEADER_FIELDS = {
    "frontier": len(FRONTIER),
    "london": len(LONDON),
    "shanghai": len(SHANGHAI),
    "cancun": len(CANCUN),
    "prague": len(PRAGUE),
    "osaka": len(PRAGUE),
}
"""How many fields a header has since a fork; forks that changed no header are left out, but for the newest."""


def _hex(length: int) -> BeforeValidator:
    def parse(value: object) -> bytes:
        if not isinstance(value, str) or not value.startswith("0x") or len(value) != 2 + 2 * length:
            raise ValueError(f"not {length} bytes in hex")
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            raise ValueError(f"not {length} bytes in hex") from None

    return BeforeValidator(parse)


Count: TypeAlias = Annotated[int, Field(strict=True, ge=0, lt=1 << 64)]
Positive: TypeAlias = Annotated[int, Field(strict=True, ge=1, lt=1 << 64)]
Version: TypeAlias = Annotated[bytes, _hex(4)]
Root: TypeAlias = Annotated[Hash32, BeforeValidator(Hash32), _hex(32)]


class Gas(Section):
    """How blocks are priced, and how much fits into one."""

    model: Literal["eip1559", "legacy"]
    block: Positive


class HeaderFork(Section):
    """Since when headers have how many fields."""

    name: str
    block: Count | None = None
    time: Annotated[Positive | None, Field(validate_default=True)] = None
    fields: Positive

    @field_validator("name")
    @classmethod
    def _changes_headers(cls, name: str) -> str:
        if name not in HEADER_FIELDS:
            raise ValueError(f"no fork that changes headers; known: {', '.join(HEADER_FIELDS)}")
        return name

    @field_validator("time")
    @classmethod
    def _starts_once(cls, time: int | None, info: ValidationInfo) -> int | None:
        if "block" in info.data and (info.data["block"] is None) == (time is None):
            raise ValueError("a fork starts either at a `block` or at a `time`")
        return time

    @field_validator("fields")
    @classmethod
    def _are_the_forks(cls, fields: int, info: ValidationInfo) -> int:
        known = HEADER_FIELDS.get(info.data.get("name", ""), fields)
        if fields != known:
            raise ValueError(f"a header of {info.data['name']} has {known}")
        return fields

    @property
    def start(self) -> tuple[bool, int]:
        """Blocks before times: chains went over to times, and never back."""
        return (False, self.block) if self.block is not None else (True, self.time or 0)


class ConsensusFork(Section):
    """Since which epoch a sync committee signs under which version, and where its proofs stand."""

    epoch: Count
    version: Version
    finality: Positive
    """Generalized index of the finalized checkpoint's root, in the state."""
    next_committee: Positive
    """Of the next sync committee, in the state."""
    execution_block_hash: Positive
    """Of the execution block's hash, in the body."""


class SyncCommitteePreset(Section):
    """Ethereum and those who follow it."""

    kind: Literal["sync_committee"]
    trusting_seconds: Positive
    genesis_validators_root: Root
    genesis_time: Positive
    seconds_per_slot: Positive
    slots_per_epoch: Positive
    epochs_per_period: Positive
    committee_size: Literal[32, 512]
    forks: tuple[ConsensusFork, ...] = Field(min_length=1)

    @field_validator("forks")
    @classmethod
    def _ascend(cls, forks: tuple[ConsensusFork, ...]) -> tuple[ConsensusFork, ...]:
        if any(before.epoch >= after.epoch for before, after in pairwise(forks)):
            raise ValueError("do not ascend by epoch")
        return forks


class BftPreset(Section):
    """Besu and GoQuorum."""

    kind: Literal["qbft", "ibft2"]
    trusting_seconds: Positive
    one_third_overlap: bool
    """Whether one honest trusted validator is enough to skip to another list, instead of a quorum."""
    epoch_blocks: Positive
    """After so many blocks votes are forgotten."""


class CliquePreset(Section):
    """EIP-225."""

    kind: Literal["clique"]
    trusting_seconds: Positive
    epoch_blocks: Positive
    """After so many blocks a header lists the signers."""
    confirmations: Positive
    """Headers on top of one that is trusted."""


class CommitteePreset(Section):
    """No consensus to verify: attesters whom the operator names."""

    kind: Literal["committee"]


ClientPreset: TypeAlias = Annotated[
    SyncCommitteePreset | BftPreset | CliquePreset | CommitteePreset, Field(discriminator="kind")
]


class Preset(Section):
    """One file of `config/chains`."""

    id: Id | None = None
    """None: every operator of such a chain chooses one."""
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    block_seconds: Duration
    finality: AnyFinality
    hashing: Literal["ethereum", "qbft", "ibft2"]
    gas: Gas
    forks: tuple[HeaderFork, ...] = Field(min_length=1)
    light_client: ClientPreset
    sources: dict[str, Annotated[str, Field(min_length=1)]]
    """Where each of the values above comes from, by key."""

    @field_validator("forks")
    @classmethod
    def _ascend(cls, forks: tuple[HeaderFork, ...]) -> tuple[HeaderFork, ...]:
        for before, after in pairwise(forks):
            if before.start >= after.start or before.fields > after.fields:
                raise ValueError(f"{after.name} does not follow {before.name}")
        return forks

    @field_validator("light_client")
    @classmethod
    def _hashes_as_the_chain_does(cls, client: ClientPreset, info: ValidationInfo) -> ClientPreset:
        own = client.kind if isinstance(client, BftPreset) else "ethereum"
        if info.data.get("hashing", own) != own:
            raise ValueError(f"a {client.kind} chain has `hashing` {own!r}")
        return client

    @field_validator("sources")
    @classmethod
    def _is_complete(cls, sources: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        said = {key for key, value in info.data.items() if value is not None} - {"name"}
        if wrong := said ^ set(sources):
            raise ValueError(f"must name the source of every value and of no other: {', '.join(sorted(wrong))}")
        return sources

    @property
    def chain_defaults(self) -> dict[str, object]:
        """What [[chains]] takes from here, unless the operator says otherwise."""
        known = {"name": self.name, "block_seconds": self.block_seconds, "hashing": self.hashing}
        return known | {"finality": self.finality} | ({} if self.id is None else {"id": self.id})

    def header_fields(self, number: int, timestamp: int) -> int:
        """How many fields the header of this block has."""
        reached = [
            fork.fields
            for fork in self.forks
            if fork.start <= (fork.time is not None, timestamp if fork.time else number)
        ]
        return reached[-1] if reached else HEADER_FIELDS["frontier"]


def names() -> list[str]:
    """Every preset there is."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def preset(name: str) -> Preset:
    """The preset of this name; raises what is wrong with it, key and all."""
    path = _folder() / f"{name}.toml"
    if name not in names():
        raise Misconfigured("preset", f"there is no preset {name!r}", f"known: {', '.join(names())}")
    return read_preset(path)


def read_preset(path: Path) -> Preset:
    """The preset in this file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Preset.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(str(path), f"no TOML: {error}", "correct that line") from error
    except ValidationError as error:
        first = problems_of(error, data, Preset)[0]
        raise Misconfigured(f"{path.name}: {first.key}", first.wrong, first.mend) from error


def _folder() -> Path:
    return next(folder for folder in FOLDERS if folder.is_dir())
