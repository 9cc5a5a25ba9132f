"""What a Clique light client must be shown: a header, and enough headers on top of it."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.clique.client import CliqueClient
from light_clients.clique.seal import ExtraData
from light_clients.clique.signers import Signers
from light_clients.evm.header import Header
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.headers.sealed import RENEWALS
from relayer.domain.errors import Transient
from relayer.ports import Clock, ContractViews, HeaderUpdate, SealedHeaders


class CliqueRules:
    """The `SealRules` of one contract: a header is deep when a majority of the signers has built on it."""

    def __init__(  # noqa: PLR0917 ports, then what the operator knows
        self,
        source: ChainId,
        signers: Sequence[Address],
        depth: int,
        headers: SealedHeaders,
        contract: ContractViews,
        clock: Clock,
    ) -> None:
        self.depth = depth
        self._source = source
        self._headers = headers
        self._contract = contract
        self._clock = clock
        first = Signers.of(signers)
        self._known = {first.hash: first}
        self._terms: tuple[int, ...] | None = None

    async def prove(self, run: Sequence[Header]) -> HeaderUpdate:
        client = await self._client()
        update = client.build_update(run)
        _, trusted = client.advance(update, int(self._clock.now()))
        return HeaderUpdate(trusted, update, signed=len(run) - 1)

    async def due(self, newest: Height) -> Height | None:
        """Every epoch's list of signers, one after the other; and a header long before trust runs out."""
        client = await self._client()
        epoch = Height((client.signers_height // client.epoch_length + 1) * client.epoch_length)
        if epoch <= newest:
            return epoch
        age = int(self._clock.now()) - max(client.started, client.timestamp)
        return newest if age * RENEWALS > client.trusting_period and newest > client.height else None

    async def incriminate(self, one: HeaderUpdate, other: HeaderUpdate) -> bytes:
        return (await self._client()).build_evidence(one.update, other.update)

    async def _client(self) -> CliqueClient:
        views = ("signersHash()", "signersHeight()", "latestHeight()", "latestTimestamp()")
        words = await self._numbers(views)
        if self._terms is None:
            terms = ("startTimestamp()", "epochLength()", "confirmations()", "trustingPeriod()")
            self._terms = tuple(await self._numbers(terms))
        hash_, listed_at, height, timestamp = words
        started, epoch_length, confirmations, period = self._terms
        signers = await self._signers(Hash32(hash_.to_bytes(32, "big")), Height(listed_at))
        return CliqueClient(
            self._source,
            signers,
            Height(listed_at),
            started,
            epoch_length,
            confirmations,
            period,
            Height(height),
            timestamp,
        )

    async def _signers(self, hash_: Hash32, height: Height) -> Signers:
        """Those of this hash, which the header at that height lists."""
        if hash_ not in self._known:
            (header,) = await self._headers.headers(height, height)
            listed = Signers(ExtraData.decode(header.extra_data).signers)
            self._known[listed.hash] = listed
        if hash_ not in self._known:
            raise Transient(f"chain {self._source}: block {height} does not list whom its light client trusts")
        return self._known[hash_]

    async def _numbers(self, views: Sequence[str]) -> list[int]:
        return [int.from_bytes(answer, "big") for answer in await self._contract.views(*views)]
