"""How the explorer's files are served: compressed once, kept by browsers for ever, allowed to load nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
RULES = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",  # whatever would make markup of a string fails; nothing here does
    "trusted-types": "'none'",
}
POLICY = "; ".join(f"{directive} {allowed}" for directive, allowed in RULES.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EVERY_TIME = "no-cache"
ENTRY = "index.html"


@dataclass(frozen=True)
class Asset:
    """One file, and how it travels."""

    content: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes:
        """The same bytes after every start: the tag is theirs."""
        return gzip.compress(self.content, compresslevel=9, mtime=0)

    @cached_property
    def tag(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:16]}"'

    def answer(self, request: Request, caching: str) -> Response:
        """The file, or word that the browser has it already."""
        headers = HEADERS | {"ETag": self.tag, "Cache-Control": caching}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.content, media_type=self.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(self.compressed, media_type=self.media_type, headers=headers)


def assets() -> Mapping[str, Asset]:
    """Every file of the page, by its name."""
    folder = files("relayer.entrypoints.api.page").joinpath("assets")
    kinds = {each.name: "." + each.name.rpartition(".")[2] for each in folder.iterdir()}
    return {
        name: Asset(folder.joinpath(name).read_bytes(), MEDIA_TYPES[kind])
        for name, kind in kinds.items()
        if kind in MEDIA_TYPES
    }


def page(*, market: bool) -> APIRouter:
    """The routes of the explorer; it shows the marketplace where one is served."""
    found = assets()
    together = sha256(b"".join(name.encode() + asset.tag.encode() for name, asset in sorted(found.items())))
    version = together.hexdigest()[:12]
    words = {b"{assets}": f"/assets/{version}".encode(), b"{market}": b"yes" if market else b"no"}
    entry = _filled(found[ENTRY], words)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def index(request: Request) -> Response:
        return entry.answer(request, ASK_EVERY_TIME)

    @router.get("/favicon.ico")
    async def icon(request: Request) -> Response:
        return found["mark.svg"].answer(request, ASK_EVERY_TIME)

    @router.get("/assets/{version}/{name}")
    async def asset(
        request: Request, asked: Annotated[str, Path(alias="version")], name: Annotated[str, Path(max_length=64)]
    ) -> Response:
        if name not in found or name == ENTRY:
            raise HTTPException(404, "the page has no such file")
        return found[name].answer(request, FOR_EVER if asked == version else ASK_EVERY_TIME)

    return router


def _filled(template: Asset, words: Mapping[bytes, bytes]) -> Asset:
    content = template.content
    for place, word in words.items():
        content = content.replace(place, word)
    return Asset(content, template.media_type)
