"""Questions over HTTP."""

from __future__ import annotations

from typing import Any

import aiohttp

from relayer.entrypoints.sending.travel import Sent
from tests.journeys.support.waiting import eventually


async def answer(http: aiohttp.ClientSession, url: str, **query: str) -> Any:
    """The JSON of a good answer."""
    async with http.get(url, params=query) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def status_and_text(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """What a process says of itself; status 0 while nobody listens."""
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(5)) as response:
            return response.status, await response.text()
    except (aiohttp.ClientConnectionError, TimeoutError):
        return 0, ""


async def eventually_at_stage(http: aiohttp.ClientSession, api: str, sent: Sent, *stages: str) -> Any:
    """The API's word on a message, once it has come so far."""

    async def there() -> Any:
        async with http.get(f"{api}/v1/messages/{sent.id}") as response:
            found = await response.json()
            return found if found.get("stage") in stages else None

    return await eventually(there, f"message {sent.id} {' or '.join(stages)}")


async def metric(http: aiohttp.ClientSession, url: str, name: str, **labels: str) -> float:
    """The sum of a metric over all that has these labels; 0 while nobody listens."""
    _, text = await status_and_text(http, f"{url}/metrics")
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = [line for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(each in line for each in wanted))
