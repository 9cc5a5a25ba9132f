"""What a QBFT or IBFT 2.0 light client must be shown: the seals, and where validators changed, the steps between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.errors import OverlapNotReached
from light_clients.bft.extra_data import Dialect, decode_extra
from light_clients.bft.validators import Validators
from light_clients.bft.wire import read_steps
from light_clients.evm.header import Header
from light_clients.types import ChainId, Hash32, Height
from relayer.adapters.headers.sealed import RENEWALS
from relayer.domain.errors import Transient
from relayer.ports import Clock, ContractViews, HeaderUpdate, SealedHeaders


class BftRules:
    """The `SealRules` of one contract: final at once, so that nothing must stand on a header."""

    depth = 0

    def __init__(
        self, source: ChainId, dialect: Dialect, headers: SealedHeaders, contract: ContractViews, clock: Clock
    ) -> None:
        self._source = source
        self._dialect = dialect
        self._headers = headers
        self._contract = contract
        self._clock = clock
        self._known: dict[Hash32, Validators] = {}
        self._terms: tuple[int, bool] | None = None

    async def prove(self, run: Sequence[Header]) -> HeaderUpdate:
        header, now = run[0], int(self._clock.now())
        client = await self._client(header)
        update = client.build_update(await self._path(client, header, now), now)
        _, trusted = client.advance(update, now)
        last, _ = read_steps(update, self._dialect)[-1]
        return HeaderUpdate(trusted, update, signed=last.signed)

    async def due(self, newest: Height) -> Height | None:
        """The newest, once a third of the trusting period has gone by without one."""
        _, held, (period, _) = await self._state()
        age = int(self._clock.now()) - held.timestamp
        return newest if age * RENEWALS > period and newest > held.height else None

    async def incriminate(self, one: HeaderUpdate, other: HeaderUpdate) -> bytes:
        now = int(self._clock.now())
        (header,) = await self._headers.headers(one.header.height, one.header.height)
        client = await self._client(header)
        listed = Validators.of(decode_extra(header.extra_data, self._dialect).validators)
        retired = int.from_bytes(await self._contract.view("retiredAt(bytes32)", int.from_bytes(listed.hash)), "big")
        client = replace(client, retired={listed.hash: retired} if retired else {})
        return client.build_evidence(one.update, other.update, now)

    async def _path(self, client: BftClient, header: Header, now: int) -> Sequence[Header]:
        """The headers that lead from what is trusted to this one: by itself, or by halves until each step holds."""
        path: list[Header] = []
        wanted = [header]
        while wanted:
            try:
                client, _ = client.advance(client.build_step(wanted[-1]), now)
            except OverlapNotReached:
                between = Height((client.newest.height + wanted[-1].number) // 2)
                if between <= client.newest.height:
                    raise
                wanted += await self._headers.headers(between, between)
            else:
                path.append(wanted.pop())
        return path

    async def _client(self, header: Header) -> BftClient:
        """What the contract knows now; `header` most likely lists whom it trusts."""
        hash_, newest, (period, one_third) = await self._state()
        listed = Validators.of(decode_extra(header.extra_data, self._dialect).validators)
        self._known.setdefault(listed.hash, listed)
        if hash_ not in self._known:
            height = Height(newest.height)
            (trusted,) = await self._headers.headers(height, height)
            lists = Validators.of(decode_extra(trusted.extra_data, self._dialect).validators)
            self._known[lists.hash] = lists
        if hash_ not in self._known:
            raise Transient(f"chain {self._source}: block {newest.height} does not list whom its light client trusts")
        return BftClient(self._source, self._dialect, self._known[hash_], newest, period, one_third)

    async def _state(self) -> tuple[Hash32, Newest, tuple[int, bool]]:
        views = ("validatorsHash()", "latestHeight()", "latestTimestamp()", "latestBlockHash()")
        hash_, height, timestamp, half = await self._contract.views(*views)
        if self._terms is None:
            period, one_third = await self._contract.views("trustingPeriod()", "oneThirdOverlap()")
            self._terms = int.from_bytes(period, "big"), any(one_third)
        newest = Newest(int.from_bytes(height, "big"), int.from_bytes(timestamp, "big"), half[:HALF])
        return Hash32(hash_), newest, self._terms
