"""The part of the beacon REST API that light clients use, in its official JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from eth_consensus_specs.debug.encode import encode

from tests.beacon_chain.chain import BeaconChain, Link
from tests.beacon_chain.consensus import FORK
from tests.beacon_chain.light_client_data import LightClientData

MOST_UPDATES = 128
PRESET = ("SLOTS_PER_EPOCH", "EPOCHS_PER_SYNC_COMMITTEE_PERIOD", "SYNC_COMMITTEE_SIZE", "SLOTS_PER_HISTORICAL_ROOT")
CONTRADICTION = "/byzantine"
"""Before the path: what the lying half of the committee shows."""


class BeaconApi:
    """Answers about one chain; `contradiction` gives the update that contradicts the newest, once there is one."""

    def __init__(
        self, chain: BeaconChain, data: LightClientData, contradiction: Callable[[], Any | None] = lambda: None
    ) -> None:
        self._chain = chain
        self._data = data
        self._contradiction = contradiction

    def app(self) -> web.Application:
        handlers = {
            "/eth/v1/beacon/genesis": self._genesis,
            "/eth/v1/config/spec": self._spec,
            "/eth/v1/beacon/headers/{block}": self._header,
            "/eth/v1/beacon/light_client/bootstrap/{root}": self._bootstrap,
            "/eth/v1/beacon/light_client/updates": self._updates,
            "/eth/v1/beacon/light_client/finality_update": self._finality,
            "/eth/v1/beacon/light_client/optimistic_update": self._optimistic,
        }
        app = web.Application()
        for path, handler in handlers.items():
            app.router.add_get(path, handler)
            app.router.add_get(CONTRADICTION + path, handler)
        return app

    async def _genesis(self, request: web.Request) -> web.Response:
        state = self._chain.genesis.state
        return _answer(
            {
                "data": {
                    "genesis_time": str(int(state.genesis_time)),
                    "genesis_validators_root": _hex(state.genesis_validators_root),
                    "genesis_fork_version": _hex(self._chain.spec.config.GENESIS_FORK_VERSION),
                }
            }
        )

    async def _spec(self, request: web.Request) -> web.Response:
        spec = self._chain.spec
        values = spec.config._asdict() | {name: getattr(spec, name) for name in PRESET}
        shown = {name: _shown(value) for name, value in values.items() if isinstance(value, int | bytes | str)}
        shown["SECONDS_PER_SLOT"] = str(int(spec.config.SLOT_DURATION_MS) // 1000)
        return _answer({"data": shown})

    async def _header(self, request: web.Request) -> web.Response:
        link = self._find(request.match_info["block"])
        if link is None:
            return _error(404, "block not found")
        message = link.block.message
        header = {
            "slot": str(int(message.slot)),
            "proposer_index": str(int(message.proposer_index)),
            "parent_root": _hex(message.parent_root),
            "state_root": _hex(message.state_root),
            "body_root": _hex(self._chain.spec.hash_tree_root(message.body)),
        }
        signed = {"message": header, "signature": _hex(link.block.signature)}
        data = {"root": _hex(link.root), "canonical": True, "header": signed}
        is_final = link.slot <= self._chain.finalized.slot
        return _answer({"execution_optimistic": False, "finalized": is_final, "data": data})

    def _find(self, block: str) -> Link | None:
        named = {"head": self._chain.head, "finalized": self._chain.finalized, "genesis": self._chain.genesis}
        if block in named:
            return named[block]
        if block.startswith("0x"):
            return self._chain.by_root.get(_root(block))
        slots = {str(link.slot): link for link in self._chain.by_root.values()}
        return slots.get(block)

    async def _bootstrap(self, request: web.Request) -> web.Response:
        bootstrap = self._data.bootstraps.get(_root(request.match_info["root"]))
        if bootstrap is None or bootstrap.header.beacon.slot > self._chain.finalized.slot:
            return _error(404, "LC bootstrap unavailable")
        return _answer(_versioned(bootstrap))

    async def _updates(self, request: web.Request) -> web.Response:
        try:
            start, count = int(request.query["start_period"]), int(request.query["count"])
        except (KeyError, ValueError):
            return _error(400, "start_period and count are numbers")
        periods = range(start, start + min(count, MOST_UPDATES))
        known = self._data.updates
        return _answer([_versioned(known[period]) for period in periods if period in known])

    async def _finality(self, request: web.Request) -> web.Response:
        update = self._data.finality
        if request.path.startswith(CONTRADICTION):
            update = self._contradiction() or update
        return _error(404, "LC finality update unavailable") if update is None else _answer(_versioned(update))

    async def _optimistic(self, request: web.Request) -> web.Response:
        update = self._data.optimistic
        return _error(404, "LC optimistic update unavailable") if update is None else _answer(_versioned(update))


def to_json(value: Any) -> Any:
    """The value as the beacon API writes it: the specification's own encoding, with decimal strings for numbers."""
    return _with_decimals(encode(value))  # type: ignore[no-untyped-call]


def _versioned(value: Any) -> dict[str, Any]:
    return {"version": FORK, "data": to_json(value)}


def _with_decimals(value: Any) -> Any:
    match value:
        case bool() | str():
            return value
        case int():
            return str(value)
        case dict():
            return {key: _with_decimals(item) for key, item in value.items()}
        case _:
            return [_with_decimals(item) for item in value]


def _shown(value: int | bytes | str) -> str:
    match value:
        case bytes():
            return _hex(value)
        case str():
            return value
    return str(int(value))


def _hex(value: bytes) -> str:
    return "0x" + bytes(value).hex()


def _root(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return b""


def _answer(body: Any) -> web.Response:
    return web.json_response(body)


def _error(code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=code)
