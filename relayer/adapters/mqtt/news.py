"""The listener that tells the bus where messages stand."""

from __future__ import annotations

import json
from typing import Protocol

from relayer.domain import topics
from relayer.domain.errors import RelayerError
from relayer.domain.facts import Delivered, DestinationReorged, ExecutionReported, Fact, MessagesSeen, TxSent
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
        self._ended: dict[Lane, set[Nonce]] = {}
        """Messages whose end was told before their delivery was, which says less."""

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        match fact:
            case MessagesSeen(messages=messages):
                for sent in messages:
                    self._tell(sent.lane, sent.nonce, "seen", transaction=str(sent.at.hash), id=str(sent.id))
            case TxSent(batch=batch):
                self._tell_all(fact.lane, batch.first, batch.last, "submitted", transaction=str(fact.transaction))
            case Delivered(first=first, last=last):
                self._tell_all(fact.lane, first, last, "delivered", transaction=str(fact.at.hash))
                ended = self._ended.get(fact.lane, set())
                ended.difference_update(range(first, last + 1))
            case DestinationReorged():
                self._ended.pop(fact.lane, None)
            case ExecutionReported(nonce=nonce, execution=execution):
                details = {} if fact.back is None else {"returnedAs": str(fact.back)}
                if lane is not None and nonce > lane.included.nonce:
                    self._ended.setdefault(fact.lane, set()).add(nonce)
                self._tell(fact.lane, nonce, execution.value, transaction=str(fact.at.hash), **details)
            case _:
                pass

    def trouble(self, worker: str, error: RelayerError) -> None: ...

    def _tell_all(self, lane: Lane, first: Nonce, last: Nonce, state: str, **details: str) -> None:
        payload, ended = _payload(state, details), self._ended.get(lane, ())
        for nonce in range(first, last + 1):
            if nonce in ended:
                continue
            self._bus.announce(topics.message_state(lane, Nonce(nonce)), payload, retain=True)

    def _tell(self, lane: Lane, nonce: Nonce, state: str, **details: str) -> None:
        self._bus.announce(topics.message_state(lane, nonce), _payload(state, details), retain=True)


def _payload(state: str, details: dict[str, str]) -> bytes:
    return json.dumps({"v": VERSION, "state": state, **details}, separators=(",", ":")).encode()


def presence_payload(state: str) -> bytes:
    """What a relayer's status topic holds."""
    return json.dumps({"v": VERSION, "status": state}, separators=(",", ":")).encode()
