"""Logs of a chain's gateway, marketplace, settlement, asset gateway and collections, to placed events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.evm import abi as gateway_abi
from relayer.adapters.evm.abi import Malformed
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.logs import TOPICS as GATEWAY_TOPICS
from relayer.adapters.evm.logs import Log, LogDecoder
from relayer.adapters.evm.market import abi
from relayer.adapters.evm.market.transfers import transfer
from relayer.adapters.evm.wire import Json, address, hash32, items, octets, quantity, record
from relayer.domain.events import BouncesPaid, FeesClaimed
from relayer.domain.ids import BlockRef, TxRef
from relayer.domain.market.events import Contracts, Event, Placed

MARKET_TOPICS = (
    *(topic for topic in GATEWAY_TOPICS if topic not in (gateway_abi.FEES_CLAIMED, gateway_abi.BOUNCES_PAID)),
    *abi.MARKETPLACE,
    *abi.SETTLEMENT,
    *abi.ASSET_GATEWAY,
    *abi.COLLECTION,
)
TOPICS = frozenset(MARKET_TOPICS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A log, and who wrote it."""

    emitter: Address
    log: Log


def read_logs(answer: Json, emitters: frozenset[Address], first: Height, last: Height) -> tuple[Spoken, ...]:
    """The logs of an `eth_getLogs` answer; raises `Contradiction` on one that was not asked for."""
    spoken = tuple(_spoken(record(entry), emitters, first, last) for entry in items(answer))
    before = (-1, -1)
    for each in spoken:
        place = each.log.height, each.log.index
        if place <= before:
            raise Contradiction("logs out of order")
        before = place
    return spoken


def _spoken(fields: Mapping[str, Json], emitters: frozenset[Address], first: Height, last: Height) -> Spoken:
    emitter = address(fields.get("address"))
    height = Height(quantity(fields.get("blockNumber")))
    topics = tuple(map(hash32, items(fields.get("topics"))))
    if emitter not in emitters or not topics or topics[0] not in TOPICS:
        raise Contradiction(f"a log of {emitter} that was not asked for")
    if fields.get("removed"):
        raise Contradiction("a log that was taken back")
    if not first <= height <= last:
        raise Contradiction(f"a log of block {height}, outside of {first} … {last}")
    log = Log(
        topics,
        octets(fields.get("data")),
        height,
        hash32(fields.get("blockHash")),
        hash32(fields.get("transactionHash")),
        quantity(fields.get("logIndex")),
    )
    return Spoken(emitter, log)


class MarketDecoder:
    """Makes events of the logs of one chain. What our contracts say is strict; collections are anybody's."""

    def __init__(
        self, chain: ChainId, gateway: Address, remotes: Mapping[ChainId, Address], contracts: Contracts
    ) -> None:
        self._chain = chain
        self._gateway = gateway
        self._messages = LogDecoder(chain, gateway, remotes)
        self._ours = {
            contracts.marketplace: abi.MARKETPLACE,
            contracts.settlement: abi.SETTLEMENT,
            contracts.asset_gateway: abi.ASSET_GATEWAY,
        }

    @property
    def contracts(self) -> tuple[Address, ...]:
        """Whose logs are always read."""
        return self._gateway, *self._ours

    def decode(self, spoken: Sequence[Spoken], blocks: Mapping[Hash32, BlockRef]) -> list[Placed]:
        """The events, in order."""
        rest = iter(spoken)
        placed: list[Placed] = []
        for each in rest:
            log = each.log
            event = self._event(each, rest, blocks)
            if event is not None:
                placed.append(Placed(self._chain, TxRef(log.transaction, blocks[log.block]), log.index, event))
        return placed

    def _event(self, each: Spoken, rest: Iterator[Spoken], blocks: Mapping[Hash32, BlockRef]) -> Event | None:
        if each.emitter == self._gateway:
            return self._gateway_event(each.log, rest, blocks)
        readers = self._ours.get(each.emitter)
        if readers is None:
            return transfer(each.emitter, each.log.topics, each.log.data)
        read = readers.get(each.log.topics[0])
        if read is None:
            return None
        try:
            return read(each.log.topics, each.log.data)
        except (Malformed, IndexError, ValueError) as error:
            raise Contradiction(f"a malformed log of {each.emitter}: {error}") from error

    def _gateway_event(self, log: Log, rest: Iterator[Spoken], blocks: Mapping[Hash32, BlockRef]) -> Event | None:
        logs = [log]
        if log.topics[0] == gateway_abi.MESSAGE_SENT:
            following = next(rest, None)
            logs += [] if following is None or following.emitter != self._gateway else [following.log]
        elif log.topics[0] not in GATEWAY_TOPICS:
            return None
        events: Iterable[Event] = (
            event for event in self._messages.decode(logs, blocks) if not isinstance(event, FeesClaimed | BouncesPaid)
        )
        return next(iter(events), None)
