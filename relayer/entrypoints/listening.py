"""Addresses that a command listens on."""

from __future__ import annotations

import socket

from relayer.domain.errors import Misconfigured


def address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, taken apart."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise Misconfigured("--listen", f"{text!r} is not HOST:PORT", "for example 127.0.0.1:8080")
    return host, int(port)


def listener(text: str) -> socket.socket:
    """A listening socket, or one line about who has the port."""
    host, port = address(text)
    try:
        return socket.create_server((host, port))
    except OSError as trouble:
        raise Misconfigured(
            "--listen", f"cannot listen on {text} ({trouble.strerror})", "free the port, or choose another"
        ) from None
