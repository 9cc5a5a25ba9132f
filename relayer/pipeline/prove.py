"""Finds what can be delivered next and the proof for it, checked as the contract will check it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from light_clients.errors import LightClientError
from light_clients.evm.accounts import slot_value
from light_clients.evm.receipts import logged_word
from light_clients.types import Address, Hash32, Height
from relayer.domain.batching import BATCH_MESSAGES, TAIL_LEAVES, reach
from relayer.domain.errors import Transient
from relayer.domain.events import MessageSent
from relayer.domain.facts import Mark
from relayer.domain.ids import Lane, Nonce
from relayer.domain.slots import accumulated_topics, sent_accumulator_slot
from relayer.pipeline.engine import Engine
from relayer.ports import Chain, Headers, HeaderUpdate, History, Proofs

SlotValue = Callable[[Hash32, Address, Hash32, bytes], Hash32]
"""State root, account, slot, proof → the value proven; raises where the contract would revert."""

LoggedWord = Callable[[Hash32, Address, tuple[Hash32, Hash32], bytes], Hash32]
"""Receipts root, emitter, topics, proof → the word proven; raises where the contract would revert."""


@dataclass(frozen=True, slots=True)
class Verifiers:
    """The contract's own checks of both kinds of proof."""

    stored: SlotValue = slot_value
    logged: LoggedWord = logged_word


VERIFIERS = Verifiers()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Serves every batch up to its end: a burst is proven once."""

    header: HeaderUpdate
    proof: bytes
    end: Mark


@dataclass(frozen=True, slots=True)
class Proven:
    """Messages with the evidence that the source sent them, and all that it sent up to `end`."""

    header: HeaderUpdate
    proof: bytes
    messages: tuple[MessageSent, ...]
    """The first of the messages proven: more than fit into one transaction there never are."""
    end: Mark


class Prover:
    """Serves one lane."""

    def __init__(
        self,
        lane: Lane,
        *,
        source: Chain,
        headers: Headers,
        engine: Engine,
        history: History,
        proofs: Proofs = Proofs.STORAGE,
        verifiers: Verifiers = VERIFIERS,
    ) -> None:
        self._lane = lane
        self._source = source
        self._headers = headers
        self._engine = engine
        self._history = history
        self._proofs = proofs
        self._verifiers = verifiers
        self._evidence: _Evidence | None = None

    async def prove(self, first: Nonce) -> Proven:
        """The messages from `first` on, as many as one header and one transaction can prove."""
        evidence, self._evidence = self._evidence, None
        if evidence is None or evidence.end.nonce < first:
            evidence = await self._gather(first)
        messages = await self._history.messages(self._lane, first, BATCH_MESSAGES)
        messages = [sent for sent in messages if sent.nonce <= evidence.end.nonce]
        if not messages:
            raise self._taken_back(first)
        self._evidence = evidence
        return Proven(evidence.header, evidence.proof, tuple(messages), evidence.end)

    def forget(self) -> None:
        """Gather fresh evidence next time."""
        self._evidence = None

    async def _gather(self, first: Nonce) -> _Evidence:
        lowest = await self._history.mark(self._lane, first)
        if lowest is None:
            raise self._taken_back(first)
        beyond = await self._history.mark(self._lane, Nonce(first + TAIL_LEAVES))
        at_most = reach(lowest.height, None if beyond is None else beyond.height)
        if self._proofs is Proofs.RECEIPTS:
            final = await self._source.final_height()
            height = final if at_most is None else min(final, at_most)
            return await self._by_receipt(first, max(height, lowest.height))
        header = await self._headers.newest(at_least=lowest.height, at_most=at_most)
        end = await self._sent_at(first, header.header.height)
        try:
            proof = await self._source.lane_proof(self._lane, header.header)
        except Transient:
            # A backlog is proven under old headers, whose state endpoints forget long before their receipts.
            if header.header.height >= await self._source.final_height():
                raise
            return await self._by_receipt(first, end.height)
        self._verify_storage(header, proof, end)
        return _Evidence(header, proof, end)

    async def _by_receipt(self, first: Nonce, height: Height) -> _Evidence:
        """Evidence up to the newest message at or below this height, under the header of its own block."""
        end = await self._sent_at(first, height)
        header = await self._headers.newest(at_least=end.height, at_most=end.height)
        proof = await self._source.receipt_proof(self._lane, header.header)
        self._verify_receipt(header, proof, end)
        return _Evidence(header, proof, end)

    async def _sent_at(self, first: Nonce, height: Height) -> Mark:
        await self._engine.until_read(self._lane.source, height)
        end = await self._history.sent_at(self._lane, height)
        if end.nonce < first:
            raise self._taken_back(first)
        return end

    def _taken_back(self, first: Nonce) -> Transient:
        return Transient(f"lane {self._lane}: message {first} has been taken back by the source")

    def _verify_storage(self, header: HeaderUpdate, proof: bytes, end: Mark) -> None:
        slot = sent_accumulator_slot(self._lane.destination)
        root, gateway = header.header.state_root, self._lane.source_gateway
        self._verify(header, end, lambda: self._verifiers.stored(root, gateway, slot, proof))

    def _verify_receipt(self, header: HeaderUpdate, proof: bytes, end: Mark) -> None:
        topics = accumulated_topics(self._lane.destination)
        root, gateway = header.header.receipts_root, self._lane.source_gateway
        self._verify(header, end, lambda: self._verifiers.logged(root, gateway, topics, proof))

    def _verify(self, header: HeaderUpdate, end: Mark, proven_accumulator: Callable[[], Hash32]) -> None:
        """The proven accumulator must be the one that the logs lead to: then none is missing and none invented."""
        try:
            proven = proven_accumulator()
        except LightClientError as error:
            raise Transient(f"lane {self._lane}: the proof does not verify: {error}") from error
        if proven != end.accumulator:
            height = header.header.height
            raise Transient(f"lane {self._lane}: logs lead to {end.accumulator}, block {height} proves {proven}")
