"""An MQTT broker inside this process, for who runs none."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from relayer.domain.errors import Misconfigured

PLUGINS = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
"""The defaults would log every packet and publish statistics."""


@asynccontextmanager
async def embedded_broker(host: str, port: int, key: str = "bus.listen") -> AsyncIterator[int]:
    """Listen while the context lasts; yields the port, chosen by the system for 0."""
    from amqtt.contexts import BrokerConfig, ListenerConfig  # noqa: PLC0415 a third of a second, for who embeds it
    from amqtt.errors import BrokerError  # noqa: PLC0415

    from relayer.adapters.mqtt.tidy_broker import TidyBroker  # noqa: PLC0415

    for noisy in ("amqtt", "transitions"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    config = BrokerConfig(listeners={"default": ListenerConfig(bind=f"{host}:{port}")}, plugins=PLUGINS)
    broker = TidyBroker(config)
    try:
        await broker.start()
    except BrokerError as error:
        mend = "name a free port, or set bus.broker to the broker that has it"
        raise Misconfigured(key, f"cannot listen on {host}:{port}: {error.__cause__ or error}", mend) from error
    try:
        yield _port_of(broker)
    finally:
        connections = [handler.writer for _, handler in broker._sessions.values()]  # noqa: SLF001
        await broker.shutdown()
        for connection in connections:
            await connection.close()  # a shutdown leaves them open, and its clients none the wiser


def _port_of(broker: object) -> int:
    # The broker does not say which port the system chose.
    server = broker._servers["default"].instance  # type: ignore[attr-defined]  # noqa: SLF001
    port: int = server.sockets[0].getsockname()[1]
    return port
