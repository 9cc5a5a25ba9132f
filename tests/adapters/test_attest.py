"""The attester: what it signs, what it refuses to, and where its word goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.clock import SystemClock
from relayer.adapters.signers.local import LocalSigner
from relayer.domain.attestation import Attestation, attestation_from_json
from relayer.domain.errors import Misbehaviour, RelayerError, Transient
from relayer.pipeline.attest import REMEMBERED, Attester, Duty
from tests.adapters.support.committee import (
    CLIENT,
    DESTINATION,
    MEMBERS,
    SECRETS,
    SOURCE,
    MemoryBus,
    a_client,
    a_header,
)


class GivenHeaders:
    """A chain whose finality the test drives."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[TrustedHeader | RelayerError] = asyncio.Queue()

    async def final_header(self, above: Height) -> TrustedHeader:
        header = await self.coming.get()
        if isinstance(header, RelayerError):
            raise header
        return header

    async def final_header_at(self, height: Height) -> TrustedHeader:
        return a_header(height)


class MemoryVows:
    def __init__(self) -> None:
        self.kept: dict[tuple[ChainId, ChainId, Address, int, Height], Hash32] = {}

    async def vow(  # noqa: PLR0917 the place of a promise, then the promise
        self, source: ChainId, destination: ChainId, client: Address, epoch: int, height: Height, digest: Hash32
    ) -> bool:
        return self.kept.setdefault((source, destination, client, epoch, height), digest) == digest


class Heard:
    def __init__(self) -> None:
        self.attestations: asyncio.Queue[Attestation] = asyncio.Queue()
        self.troubles: asyncio.Queue[RelayerError] = asyncio.Queue()

    def attested(self, attestation: Attestation) -> None:
        self.attestations.put_nowait(attestation)

    def trouble(self, worker: str, error: RelayerError) -> None:
        self.troubles.put_nowait(error)


def an_attester(
    headers: GivenHeaders | None = None,
    vows: MemoryVows | None = None,
    bus: MemoryBus | None = None,
    heard: Heard | None = None,
) -> Attester:
    return Attester(
        Duty(SOURCE, DESTINATION, CLIENT, epoch=1),
        headers=headers or GivenHeaders(),
        signer=LocalSigner(SECRETS[MEMBERS[0]]),
        vows=vows or MemoryVows(),
        bus=bus or MemoryBus(),
        clock=SystemClock(),
        observer=heard or Heard(),
    )


@asynccontextmanager
async def running(attester: Attester) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(attester.run())
        yield
        task.cancel()


async def test_its_word_is_one_that_the_light_client_counts() -> None:
    bus = MemoryBus()

    await an_attester(bus=bus).attest(a_header(7))

    ((topic, payload),) = bus.published
    word = attestation_from_json(payload)
    a_client().check_attestation(word.header, word.epoch, word.attester, word.signature)
    assert topic == "lockkeeper/v1/31337/attestations/7"


async def test_it_never_signs_two_headers_of_one_height() -> None:
    bus, vows = MemoryBus(), MemoryVows()
    await an_attester(bus=bus, vows=vows).attest(a_header(7))

    with pytest.raises(Misbehaviour, match="second final header of height 7"):
        await an_attester(bus=bus, vows=vows).attest(a_header(7, b"fork"))

    assert len(bus.published) == 1


async def test_it_says_the_same_again_after_a_restart() -> None:
    bus, vows = MemoryBus(), MemoryVows()

    for _ in range(2):
        await an_attester(bus=bus, vows=vows).attest(a_header(7))

    assert bus.published[0] == bus.published[1]


async def test_it_signs_only_for_its_own_chain() -> None:
    header = a_header(7)
    foreign = TrustedHeader(ChainId(1), header.height, header.block_hash, header.state_root, header.receipts_root, 1)

    with pytest.raises(Misbehaviour, match="a header of chain 1"):
        await an_attester().attest(foreign)


async def test_trouble_is_told_and_outlived() -> None:
    headers, heard = GivenHeaders(), Heard()
    async with running(an_attester(headers, heard=heard)), asyncio.timeout(10):
        headers.coming.put_nowait(a_header(7))
        assert (await heard.attestations.get()).header == a_header(7)

        headers.coming.put_nowait(Transient("the endpoints disagree"))
        assert isinstance(await heard.troubles.get(), Transient)
        headers.coming.put_nowait(a_header(7, b"fork"))
        assert isinstance(await heard.troubles.get(), Misbehaviour)

        headers.coming.put_nowait(a_header(8))
        assert (await heard.attestations.get()).header == a_header(8)


async def test_who_asks_gets_the_newest_that_fits() -> None:
    attester = an_attester()
    for height in (5, 7, 9):
        await attester.attest(a_header(height))

    assert await _height(attester, 6) == 9
    assert await _height(attester, 6, 8) == 7
    assert await _height(attester, 10) is None


async def test_an_older_final_header_is_attested_for_who_asks() -> None:
    attester = an_attester()
    await attester.attest(a_header(9))

    assert await _height(attester, 2, 4) == 4
    assert await _height(attester, 10, 12) is None


async def test_it_remembers_so_much_and_no_more() -> None:
    attester = an_attester()
    for height in range(1, REMEMBERED + 10):
        await attester.attest(a_header(height))

    assert len(attester._signed) == REMEMBERED


async def _height(attester: Attester, at_least: int, at_most: int | None = None) -> int | None:
    word = await attester.attestation(Height(at_least), None if at_most is None else Height(at_most))
    return None if word is None else word.header.height
