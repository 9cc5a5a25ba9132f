"""The listener that tells the bus where messages stand."""

from __future__ import annotations

import json
from typing import Protocol

from relayer.domain import topics
from relayer.domain.errors import RelayerError
from relayer.domain.facts import Delivered, ExecutionReported, Fact, MessagesSeen, TxSent
from relayer.domain.ids import Lane, Nonce
from relayer.domain.lane import LaneState

VERSION = 1


class Announcer(Protocol):
    """A bus that never waits."""

    def announce(self, topic: str, payload: bytes, *, retain: bool = False) -> None: ...


class NewsListener:
    """One retained message a nonce: the newest state it has reached."""

    def __init__(self, bus: Announcer) -> None:
        self._bus = bus

    def heard(self, fact: Fact, lane: LaneState | None) -> None:  # noqa: ARG002 the port asks for it
        match fact:
            case MessagesSeen(messages=messages):
                for sent in messages:
                    self._tell(sent.lane, sent.nonce, "seen", transaction=str(sent.at.hash), id=str(sent.id))
            case TxSent(batch=batch):
                self._tell_all(fact.lane, batch.first, batch.last, "submitted", transaction=str(fact.transaction))
            case Delivered(first=first, last=last):
                self._tell_all(fact.lane, first, last, "delivered", transaction=str(fact.at.hash))
            case ExecutionReported(nonce=nonce, execution=execution):
                self._tell(fact.lane, nonce, execution.value, transaction=str(fact.at.hash))
            case _:
                pass

    def trouble(self, worker: str, error: RelayerError) -> None: ...

    def _tell_all(self, lane: Lane, first: Nonce, last: Nonce, state: str, **details: str) -> None:
        payload = _payload(state, details)
        for nonce in range(first, last + 1):
            self._bus.announce(topics.message_state(lane, Nonce(nonce)), payload, retain=True)

    def _tell(self, lane: Lane, nonce: Nonce, state: str, **details: str) -> None:
        self._bus.announce(topics.message_state(lane, nonce), _payload(state, details), retain=True)


def _payload(state: str, details: dict[str, str]) -> bytes:
    return json.dumps({"v": VERSION, "state": state, **details}, separators=(",", ":")).encode()


def presence_payload(state: str) -> bytes:
    """What a relayer's status topic holds."""
    return json.dumps({"v": VERSION, "status": state}, separators=(",", ":")).encode()
