"""What every `Bus` promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from relayer.ports import Bus


async def taken(messages: AsyncIterator[tuple[str, bytes]], number: int) -> list[tuple[str, bytes]]:
    """The next messages, repeats of at-least-once delivery left out."""
    found: list[tuple[str, bytes]] = []
    async with asyncio.timeout(10):
        async for message in messages:
            if message not in found:
                found.append(message)
            if len(found) == number:
                return found
    raise AssertionError(f"the stream ended after {found}")


class BusSuite:
    """Subclasses provide a connected `bus` fixture."""

    async def test_a_subscriber_gets_what_is_published_under_its_pattern(self, bus: Bus) -> None:
        async with bus.subscribe("a/+/c") as messages:
            await bus.publish("a/x/d", b"not for it")
            await bus.publish("a/x/c", b"1")
            await bus.publish("a/y/c", b"2")

            assert await taken(messages, 2) == [("a/x/c", b"1"), ("a/y/c", b"2")]

    async def test_a_late_subscriber_gets_what_was_retained(self, bus: Bus) -> None:
        await bus.publish("state", b"old", retain=True)
        await bus.publish("state", b"new", retain=True)
        await bus.publish("marker", b"")
        async with bus.subscribe("state") as messages:
            assert ("state", b"new") in await taken(messages, 1)

    async def test_two_subscribers_get_the_same_message(self, bus: Bus) -> None:
        async with bus.subscribe("t/#") as first, bus.subscribe("t/1") as second:
            await bus.publish("t/1", b"x")

            assert await taken(first, 1) == await taken(second, 1) == [("t/1", b"x")]
