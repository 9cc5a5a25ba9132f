"""The configuration: a TOML file to frozen values, where every mistake names its key and how to mend it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from light_clients.types import ChainId
from relayer.chain_presets import names, preset
from relayer.config_checks import problems_between, problems_of
from relayer.config_clients import LightClient
from relayer.config_finality import AnyFinality, InstantFinality
from relayer.config_values import (
    Account,
    Duration,
    File,
    Id,
    Listen,
    Rate,
    Section,
    Url,
    absolute_store,
    checked_broker,
    checked_gateway,
)
from relayer.domain import rules
from relayer.domain.backoff import Backoff
from relayer.domain.errors import Misconfigured
from relayer.domain.ids import Seconds, Wei
from relayer.ports import Finality, Proofs

LONGEST_RETRY = Seconds(3600.0)


class Relayer(Section):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "relayer-1"


class Store(Section):
    url: Annotated[str, AfterValidator(absolute_store), Field(validate_default=True)] = (
        "sqlite+aiosqlite:///lockkeeper.db"
    )


class Bus(Section):
    broker: Annotated[str, AfterValidator(checked_broker)] = "embedded"
    listen: Listen = "127.0.0.1:1883"


class Market(Section):
    """The marketplace's API; chains without its contracts are left out."""

    store: Annotated[str, AfterValidator(absolute_store), Field(validate_default=True)] = (
        "sqlite+aiosqlite:///market.db"
    )
    domains: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")], ...] = ()
    """Under which people reach it, for sign-in; none: localhost and where it listens."""
    secret_file: File | None = None
    ipfs_gateway: Annotated[str, AfterValidator(checked_gateway)] | None = None
    proxies: tuple[str, ...] = ()
    """Reverse proxies whose X-Forwarded-For is believed."""
    reads_per_s: Rate = 200.0
    calls_per_s: Rate = 10.0
    fetches_per_s: Rate = 2.0
    streams: Annotated[int, Field(ge=1, le=10_000)] = 8
    largest_body: Annotated[int, Field(ge=1_024, le=1 << 24)] = 65_536


class Http(Section):
    listen: Listen = "127.0.0.1:9464"
    stalled_after: Duration = Seconds(60.0)


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class KeystoreKey(Section):
    kind: Literal["keystore"]
    path: File
    password_file: File


class EnvironmentKey(Section):
    kind: Literal["environment"]
    variable: str = Field(min_length=1)


class FileKey(Section):
    kind: Literal["file"]
    path: File


Key: TypeAlias = Annotated[KeystoreKey | EnvironmentKey | FileKey, Field(discriminator="kind")]


class Chain(Section):
    preset: str | None = None
    """What it is one of: `config/chains` then has the defaults of what is not said here."""
    id: Id
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    endpoints: tuple[Url, ...] = Field(min_length=1)
    gateway: Account
    asset_gateway: Account | None = None
    marketplace: Account | None = None
    settlement: Account | None = None
    finality: AnyFinality = InstantFinality(kind=Finality.FINALIZED)
    start_block: Annotated[int, Field(ge=0)] = 0
    block_seconds: Duration = Seconds(12.0)
    deadline: Duration = Seconds(5.0)
    proofs: Proofs = Proofs.STORAGE
    hashing: Literal["ethereum", "qbft", "ibft2"] = "ethereum"
    """How headers are hashed: the BFT family leaves the seals out."""
    key: str = "main"

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, said: object) -> object:
        if not isinstance(said, dict) or said.get("preset") not in names():
            return said
        return preset(said["preset"]).chain_defaults | said

    @field_validator("preset")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is not None and name not in names():
            raise ValueError(f"there is no preset {name!r}; known: {', '.join(names())}")
        return name


class Errands(Section):
    """What is done for a lane beside delivering."""

    retry: bool = True
    retry_attempts: Annotated[int, Field(ge=1, le=1_000)] = 12
    retry_after: Duration = Seconds(15.0)
    """Doubled with each attempt, up to an hour."""
    bounce: bool = True
    claim_above: Annotated[int, Field(ge=0)] | None = None
    """Wei of the source; without it fees are claimed on command only."""


class Profit(Section):
    """When delivering is worth its gas."""

    factor: Annotated[float, Field(ge=0)] = 0.0
    patience: Duration = Seconds(600.0)


class Lane(Section):
    source: Id
    destination: Id
    light_client: LightClient
    errands: Errands = Errands()
    profit: Profit = Profit()

    def rules(self) -> rules.Rules:
        """As the pipeline takes them."""
        errands, profit = self.errands, self.profit
        backoff = Backoff(errands.retry_after, max(errands.retry_after, LONGEST_RETRY))
        return rules.Rules(
            rules.Mending(errands.retry, errands.retry_attempts, backoff, errands.bounce),
            rules.Profit(profit.factor, profit.patience),
            None if errands.claim_above is None else Wei(errands.claim_above),
        )


class AttestClient(Section):
    source: Id
    destination: Id
    address: Account
    epoch: Annotated[int, Field(ge=1, lt=1 << 64)] = 1


class Attest(Section):
    key: str = "main"
    listen: Listen = "127.0.0.1:9501"
    clients: tuple[AttestClient, ...] = Field(min_length=1)


class Config(Section):
    relayer: Relayer = Relayer()
    store: Store = Field(default_factory=dict, validate_default=True)
    bus: Bus = Bus()
    http: Http = Http()
    log: Log = Log()
    keys: dict[str, Key] = Field(default_factory=dict)
    chains: tuple[Chain, ...] = ()
    lanes: tuple[Lane, ...] = ()
    market: Market | None = None
    attest: Attest | None = None

    def chain(self, id: ChainId) -> Chain:  # noqa: A002 the key's own name
        return next(chain for chain in self.chains if chain.id == id)


def load(path: Path) -> Config:
    """The configuration in this file; raises the first of its problems."""
    config, problems = read(path)
    if problems or config is None:
        raise problems[0]
    return config


def read(path: Path) -> tuple[Config | None, list[Misconfigured]]:
    """The configuration in this file, or everything that is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, [Misconfigured(str(path), "there is no such file", "copy config/relayer.example.toml there")]
    except (OSError, UnicodeDecodeError) as error:
        return None, [Misconfigured(str(path), f"cannot be read: {error}", "check the path and its owner")]
    except tomllib.TOMLDecodeError as error:
        return None, [Misconfigured(str(path), f"no TOML: {error}", "correct that line")]
    try:
        config = Config.model_validate(data, context={"folder": path.resolve().parent})
    except ValidationError as error:
        return None, problems_of(error, data, Config)
    problems = problems_between(config)
    return (None if problems else config), problems


def json_schema() -> dict[str, object]:
    """What editors check the file against."""
    return Config.model_json_schema()
