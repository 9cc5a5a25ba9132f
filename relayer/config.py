"""The configuration: a TOML file to frozen values, where every mistake names its key and how to mend it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)

from light_clients.committee.members import Committee, Member
from light_clients.types import Address, ChainId
from relayer.config_checks import problems_between, problems_of
from relayer.domain.errors import Misconfigured
from relayer.domain.ids import Seconds
from relayer.ports import Finality, Proofs


def _parse_address(value: object) -> Address:
    if isinstance(value, Address):
        return value
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ValueError("not an address")
    try:
        return Address.from_hex(value)
    except ValueError:
        raise ValueError("not an address") from None


def _absolute(path: Path, info: ValidationInfo) -> Path:
    """Paths are relative to the configuration file, wherever the daemon is started."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path.expanduser()


def _absolute_store(url: str, info: ValidationInfo) -> str:
    prefix = "sqlite+aiosqlite:///"
    if not url.startswith(prefix) or url.removeprefix(prefix) in ("", ":memory:"):
        return url
    return prefix + str(_absolute(Path(url.removeprefix(prefix)), info))


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname:
        raise ValueError("not an http(s) or ws(s) URL")
    return url


def _broker(value: str) -> str:
    parts = urlsplit(value)
    if value not in ("embedded", "none") and not (parts.scheme == "mqtt" and parts.hostname):
        raise ValueError('neither "embedded" nor "none" nor "mqtt://host:port"')
    return value


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) >= 1 << 16:
        raise ValueError("not host:port")
    return value


Id: TypeAlias = Annotated[ChainId, Field(ge=1, lt=1 << 64)]
Account: TypeAlias = Annotated[
    Address,
    BeforeValidator(_parse_address),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}),
]
File: TypeAlias = Annotated[Path, AfterValidator(_absolute)]
Url: TypeAlias = Annotated[str, AfterValidator(_endpoint)]
Listen: TypeAlias = Annotated[str, AfterValidator(_listen)]
Duration: TypeAlias = Annotated[Seconds, Field(gt=0, le=86_400)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Relayer(_Section):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "relayer-1"


class Store(_Section):
    url: Annotated[str, AfterValidator(_absolute_store), Field(validate_default=True)] = (
        "sqlite+aiosqlite:///lockkeeper.db"
    )


class Bus(_Section):
    broker: Annotated[str, AfterValidator(_broker)] = "embedded"
    listen: Listen = "127.0.0.1:1883"


class Http(_Section):
    listen: Listen = "127.0.0.1:9464"
    stalled_after: Duration = Seconds(60.0)


class Log(_Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class KeystoreKey(_Section):
    kind: Literal["keystore"]
    path: File
    password_file: File


class EnvironmentKey(_Section):
    kind: Literal["environment"]
    variable: str = Field(min_length=1)


class FileKey(_Section):
    kind: Literal["file"]
    path: File


Key: TypeAlias = Annotated[KeystoreKey | EnvironmentKey | FileKey, Field(discriminator="kind")]


class InstantFinality(_Section):
    kind: Literal[Finality.LATEST, Finality.FINALIZED]

    @property
    def depth(self) -> int:
        return 0


class ConfirmationFinality(_Section):
    kind: Literal[Finality.CONFIRMATIONS]
    depth: int = Field(ge=1, le=1_000_000)


class Chain(_Section):
    id: Id
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    endpoints: tuple[Url, ...] = Field(min_length=1)
    gateway: Account
    finality: Annotated[InstantFinality | ConfirmationFinality, Field(discriminator="kind")] = InstantFinality(
        kind=Finality.FINALIZED
    )
    start_block: Annotated[int, Field(ge=0)] = 0
    block_seconds: Duration = Seconds(12.0)
    deadline: Duration = Seconds(5.0)
    proofs: Proofs = Proofs.STORAGE
    key: str = "main"


class CommitteeMember(_Section):
    address: Account
    weight: Annotated[int, Field(ge=1, lt=1 << 96)] = 1


class CommitteeLightClient(_Section):
    kind: Literal["committee"]
    address: Account
    epoch: Annotated[int, Field(ge=1, lt=1 << 64)] = 1
    members: tuple[CommitteeMember, ...] = Field(min_length=1, max_length=256)
    attesters: tuple[Url, ...] = ()

    def committee(self) -> Committee:
        return Committee(tuple(Member(member.address, member.weight) for member in self.members))


class Lane(_Section):
    source: Id
    destination: Id
    light_client: CommitteeLightClient


class AttestClient(_Section):
    source: Id
    destination: Id
    address: Account
    epoch: Annotated[int, Field(ge=1, lt=1 << 64)] = 1


class Attest(_Section):
    key: str = "main"
    listen: Listen = "127.0.0.1:9501"
    clients: tuple[AttestClient, ...] = Field(min_length=1)


class Config(_Section):
    relayer: Relayer = Relayer()
    store: Store = Field(default_factory=dict, validate_default=True)
    bus: Bus = Bus()
    http: Http = Http()
    log: Log = Log()
    keys: dict[str, Key] = Field(default_factory=dict)
    chains: tuple[Chain, ...] = ()
    lanes: tuple[Lane, ...] = ()
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
