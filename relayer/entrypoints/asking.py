"""Asks a relayer's API, from the command line."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from relayer.domain.errors import Misconfigured, Rejected, Transient
from relayer.entrypoints.devnet.folder import Folder

TIMEOUT = 10


def api_url(named: str | None, folder: Folder) -> str:
    """The API that was named, or the running devnet's."""
    if named is not None:
        if not named.startswith(("http://", "https://")):
            raise Misconfigured("--api", f"{named!r} is no URL", "for example http://127.0.0.1:8080")
        return named.rstrip("/")
    return f"http://127.0.0.1:{folder.read().ports['api']}"


def ask(api: str, path: str, **query: str) -> dict[str, Any]:
    """The answer; `Rejected` with the problem's own words when it is a 4xx."""
    url = f"{api}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310 - only http(s) comes here
            found: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as refusal:
        with refusal:
            words = _detail(refusal.read())
        kind = Rejected if refusal.code < 500 else Transient
        raise kind(words or f"{url} answers {refusal.code}") from None
    except (OSError, ValueError) as trouble:
        raise Transient(f"no API answers at {api} ({trouble})") from None
    return found


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return ""
