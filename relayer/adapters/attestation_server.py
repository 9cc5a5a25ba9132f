"""Where attestations are fetched when the bus is silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from light_clients.types import ChainId, Height
from relayer.domain.attestation import Attestation
from relayer.domain.errors import RelayerError

HIGHEST = 1 << 64


class AttestationSource(Protocol):
    """An attester of one lane."""

    async def attestation(self, at_least: Height, at_most: Height | None = None) -> Attestation | None: ...


def attestation_routes(sources: Mapping[tuple[ChainId, ChainId], AttestationSource]) -> list[web.RouteDef]:
    """`GET /v1/attestations/{source}/{destination}?at_least={height}[&at_most={height}]`."""

    async def serve(request: web.Request) -> web.Response:
        try:
            lane = (
                ChainId(_number(request.match_info["source"])),
                ChainId(_number(request.match_info["destination"])),
            )
            at_least = Height(_number(request.query.get("at_least", "0")))
            at_most = Height(_number(request.query["at_most"])) if "at_most" in request.query else None
        except ValueError as error:
            return problem(400, "The request is malformed", str(error))
        if lane not in sources:
            return problem(404, "No such lane", f"nothing is attested of {lane[0]} for {lane[1]}")
        try:
            attestation = await sources[lane].attestation(at_least, at_most)
        except RelayerError as error:
            return problem(503, "The header cannot be attested now", str(error))
        if attestation is None:
            return problem(404, "Not attested yet", f"no final header from {at_least} on")
        return web.Response(body=attestation.to_json(), content_type="application/json")

    return [web.get("/v1/attestations/{source}/{destination}", serve)]


def problem(status: int, title: str, detail: str) -> web.Response:
    """An error as RFC 9457 has it."""
    return web.json_response(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) >= HIGHEST:
        raise ValueError("heights and chain ids are decimal numbers of 64 bits")
    return int(text)
