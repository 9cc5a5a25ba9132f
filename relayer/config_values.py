"""The kinds of values that a configuration is made of; each refuses what it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)

from light_clients.types import Address, ChainId
from relayer.domain.ids import Seconds


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


def absolute_store(url: str, info: ValidationInfo) -> str:
    prefix = "sqlite+aiosqlite:///"
    if not url.startswith(prefix) or url.removeprefix(prefix) in ("", ":memory:"):
        return url
    return prefix + str(_absolute(Path(url.removeprefix(prefix)), info))


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname:
        raise ValueError("not an http(s) or ws(s) URL")
    return url


def checked_broker(value: str) -> str:
    parts = urlsplit(value)
    if value not in ("embedded", "none") and not (parts.scheme == "mqtt" and parts.hostname):
        raise ValueError('neither "embedded" nor "none" nor "mqtt://host:port"')
    return value


def checked_gateway(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http(s) URL")
    return url


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

Rate: TypeAlias = Annotated[float, Field(ge=0, le=1_000_000)]
"""For each client and second; 0: as many as they like."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
