"""Logs of a chain's gateway, marketplace, settlement, asset gateway and collections, to placed events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from light_clients.types import Address, ChainId, Height
from relayer.adapters.evm import abi as gateway_abi
from relayer.adapters.evm.abi import Malformed
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.logs import TOPICS as GATEWAY_TOPICS
from relayer.adapters.evm.logs import Log, LogDecoder
from relayer.adapters.evm.market import abi
from relayer.adapters.evm.market.transfers import transfer
from relayer.adapters.evm.wire import Json, hash32, items, octets, record
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
TOPICS = frozenset(map(str, MARKET_TOPICS))

_HASH = 66
"""Characters of a hash."""
_FIELDS: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(
    "address", "topics", "data", "blockNumber", "logIndex", "blockHash", "transactionHash", "removed"
)


class Spoken(NamedTuple):
    """A log as an endpoint wrote it; compares by its place first."""

    height: Height
    log_index: int
    emitter: str
    topics: tuple[str, ...]
    data: str
    block: str
    transaction: str

    def log(self) -> Log:
        """Taken apart; raises `Contradiction` for what is no hex."""
        return Log(
            tuple(map(hash32, self.topics)),
            octets(self.data),
            self.height,
            hash32(self.block),
            hash32(self.transaction),
            self.log_index,
        )


def read_logs(answer: Json, emitters: frozenset[str], first: Height, last: Height) -> list[Spoken]:
    """The logs of an `eth_getLogs` answer; raises `Contradiction` on one that was not asked for."""
    spoken = [_spoken(entry, emitters, first, last) for entry in items(answer)]
    for before, after in pairwise(spoken):
        if before[:2] >= after[:2]:
            raise Contradiction("logs out of order")
    return spoken


def _spoken(entry: Json, emitters: frozenset[str], first: Height, last: Height) -> Spoken:
    try:
        emitter, topics, data, number, index, block, transaction, removed = _FIELDS({"removed": False, **record(entry)})
        height = Height(int(number, 16))
        spoken = Spoken(height, int(index, 16), emitter.lower(), tuple(topics), data, block, transaction)
        asked = spoken.emitter in emitters and topics[0] in TOPICS
        formed = len(block) == len(transaction) == _HASH and sum(map(len, topics)) == _HASH * len(topics)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Contradiction(f"not a log: {error!r:.80}") from error
    if not asked or not formed or not isinstance(data, str):
        raise Contradiction(f"a log of {emitter!r:.50} that was not asked for")
    if removed:
        raise Contradiction("a log that was taken back")
    if not first <= height <= last:
        raise Contradiction(f"a log of block {height}, outside of {first} … {last}")
    return spoken


class MarketDecoder:
    """Makes events of the logs of one chain. What our contracts say is strict; collections are anybody's."""

    def __init__(
        self, chain: ChainId, gateway: Address, remotes: Mapping[ChainId, Address], contracts: Contracts
    ) -> None:
        self._chain = chain
        self._gateway = gateway
        self._messages = LogDecoder(chain, gateway, remotes)
        ours = {
            contracts.marketplace: abi.MARKETPLACE,
            contracts.settlement: abi.SETTLEMENT,
            contracts.asset_gateway: abi.ASSET_GATEWAY,
        }
        self.contracts = (gateway, *ours)
        """Whose logs are always read."""
        self._ours = {str(address): readers for address, readers in ours.items()}
        self._named = str(gateway)

    def decode(self, spoken: Iterable[Spoken], blocks: Mapping[str, BlockRef]) -> list[Placed]:
        """The events, in order. Raises `Contradiction` where our contracts would not say so."""
        rest = iter(spoken)
        placed: list[Placed] = []
        at = None
        for each in rest:
            event = self._event(each, rest, blocks)
            if event is None:
                continue
            if at is None or at[0] != each.transaction or at[1].block.number != each.height:
                at = each.transaction, TxRef(hash32(each.transaction), blocks[each.block])
            placed.append(Placed(self._chain, at[1], each.log_index, event))
        return placed

    def _event(self, each: Spoken, rest: Iterator[Spoken], blocks: Mapping[str, BlockRef]) -> Event | None:
        if each.emitter == self._named:
            return self._gateway_event(each, rest, blocks)
        readers = self._ours.get(each.emitter)
        if readers is None:
            return transfer(each.emitter, each.topics, each.data)
        log = each.log()
        read = readers.get(log.topics[0])
        if read is None:
            return None
        try:
            return read(log.topics, log.data)
        except (Malformed, IndexError, ValueError) as error:
            raise Contradiction(f"a malformed log of {each.emitter}: {error}") from error

    def _gateway_event(self, each: Spoken, rest: Iterator[Spoken], blocks: Mapping[str, BlockRef]) -> Event | None:
        logs = [each.log()]
        what = logs[0].topics[0]
        if what not in GATEWAY_TOPICS:
            return None
        if what == gateway_abi.MESSAGE_SENT:
            following = next(rest, None)
            logs += [] if following is None or following.emitter != self._named else [following.log()]
        events = self._messages.decode(logs, {logs[0].block: blocks[each.block]})
        wanted = (event for event in events if not isinstance(event, FeesClaimed | BouncesPaid))
        return next(wanted, None)
