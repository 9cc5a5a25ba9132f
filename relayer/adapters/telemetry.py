"""Log lines: one a fact, JSON for machines and colours for people."""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from relayer.domain.attestation import Attestation
from relayer.domain.errors import Misbehaviour, RelayerError
from relayer.domain.facts import (
    BatchEnded,
    BatchPrepared,
    ChainReorged,
    Delivered,
    DestinationReorged,
    Ending,
    ExecutionReported,
    Fact,
    FeesPaid,
    Finalized,
    HeadReached,
    LaneContradicted,
    LaneResumed,
    MessagesSeen,
    Settled,
    SourceReorged,
    TxSent,
)
from relayer.domain.lane import LaneState
from relayer.domain.notices import MisbehaviourSubmitted, Notice


def set_up_logging(level: str, style: Literal["auto", "json", "console"], stream: TextIO = sys.stderr) -> None:
    """JSON unless somebody watches."""
    people = style == "console" or (style == "auto" and stream.isatty())
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
        if people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


class LogListener:
    """The `Listener` that writes log lines; an attester's observer, too."""

    def __init__(self, logger: FilteringBoundLogger | None = None) -> None:
        self._log: FilteringBoundLogger = logger or structlog.get_logger()

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        log = self._log if lane is None else self._log.bind(lane=str(lane.lane))
        match fact:
            case HeadReached(chain=chain, head=head, final=final):
                log.debug("head_reached", chain=chain, head=head.number, final=final)
            case ChainReorged(chain=chain, ancestor=ancestor):
                log.warning("chain_reorged", chain=chain, ancestor=ancestor.number)
            case MessagesSeen(messages=messages):
                log.info("messages_seen", first=messages[0].nonce, last=messages[-1].nonce)
            case BatchPrepared(first=first, last=last):
                log.info("batch_prepared", first=first, last=last, height=fact.height, signed=fact.signed)
            case TxSent(batch=batch):
                log.info(
                    "batch_submitted",
                    first=batch.first,
                    upto=batch.last,
                    attempt=fact.attempt,
                    transaction=str(fact.transaction),
                )
            case Delivered(first=first, last=last):
                log.info("delivered", first=first, last=last, block=fact.at.block.number, transaction=str(fact.at.hash))
            case _:
                self._less_common(log, fact)

    def _less_common(self, log: FilteringBoundLogger, fact: Fact) -> None:
        match fact:
            case Finalized(upto=upto):
                log.debug("finalized", upto=upto)
            case Settled(upto=upto):
                log.debug("settled", upto=upto)
            case BatchEnded(batch=batch, ending=ending):
                write = log.debug if ending is Ending.SETTLED else log.warning
                write("batch_ended", first=batch.first, upto=batch.last, ending=ending.value, reason=fact.reason)
            case ExecutionReported(nonce=nonce, execution=execution):
                log.warning("execution_reported", nonce=nonce, execution=execution.value)
            case FeesPaid(payment=payment, relayer=relayer):
                log.info("fees_paid", payment=payment.value, relayer=str(relayer), amount=fact.amount)
            case SourceReorged(standing=standing):
                log.warning("source_reorged", standing=standing.nonce)
            case DestinationReorged(standing=standing):
                log.warning("destination_reorged", standing=standing.nonce)
            case _:
                self._grave(log, fact)

    def _grave(self, log: FilteringBoundLogger, fact: Fact) -> None:
        match fact:
            case LaneContradicted(reason=reason):
                log.critical("lane_contradicted", reason=reason)
            case LaneResumed():
                log.warning("lane_resumed")
            case MisbehaviourSubmitted(source=source, destination=destination, client=client):
                log.critical("misbehaviour_submitted", source=source, destination=destination, client=str(client))
            case _:
                if not isinstance(fact, Notice):  # those come with every other block
                    log.debug("fact", kind=type(fact).__name__)

    def trouble(self, worker: str, error: RelayerError) -> None:
        write = self._log.critical if isinstance(error, Misbehaviour) else self._log.warning
        write("trouble", worker=worker, kind=type(error).__name__, reason=str(error))

    def attested(self, attestation: Attestation) -> None:
        header = attestation.header
        self._log.debug("attested", chain=header.chain, destination=attestation.destination, height=header.height)

    def bus_connection(self, trouble: str) -> None:
        """`MqttBus` tells of its connection: empty when it stands."""
        if trouble:
            self._log.warning("bus_lost", reason=trouble)
        else:
            self._log.info("bus_connected")
