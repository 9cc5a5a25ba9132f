"""Committees whose keys are known, and what their members say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from coincurve import PrivateKey

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.committee.members import Committee, Member
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import compact
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.signers.local import LocalSigner
from relayer.domain.attestation import Attestation

SOURCE, DESTINATION = ChainId(31337), ChainId(31338)
CLIENT = Address(b"\xc1" * 20)
SECRETS = {LocalSigner(keccak256(b"member %d" % i)).address: keccak256(b"member %d" % i) for i in range(4)}
MEMBERS = sorted(SECRETS)


def a_client() -> CommitteeClient:
    committee = Committee(tuple(Member(address) for address in MEMBERS))
    return CommitteeClient(SOURCE, Domain(DESTINATION, CLIENT), 1, committee)


def a_header(height: int = 7, salt: bytes = b"") -> TrustedHeader:
    block, state, receipts = (keccak256(b"%s %d %s" % (name, height, salt)) for name in (b"block", b"state", b"rcpts"))
    return TrustedHeader(SOURCE, Height(height), block, state, receipts, 1_700_000_000 + height)


def an_attestation(header: TrustedHeader, member: int, client: CommitteeClient | None = None) -> Attestation:
    client = client or a_client()
    attester = MEMBERS[member]
    return Attestation(
        header=header,
        destination=client.domain.destination,
        client=client.domain.client,
        epoch=client.epoch,
        attester=attester,
        signature=a_signature(SECRETS[attester], client.attestation_digest(header)),
    )


def a_signature(secret: bytes, digest: Hash32) -> bytes:
    raw = PrivateKey(secret).sign_recoverable(digest, hasher=None)
    return compact(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64])


def forged(attestation: Attestation) -> Attestation:
    """With a signature of somebody who is no member."""
    return replace(attestation, signature=a_signature(keccak256(b"stranger"), keccak256(b"anything")))


class MemoryBus:
    """A bus without a broker."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes]] = []
        self._queues: list[asyncio.Queue[tuple[str, bytes]]] = []

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.published.append((topic, payload))
        for queue in self._queues:
            queue.put_nowait((topic, payload))

    @asynccontextmanager
    async def subscribe(self, pattern: str) -> AsyncIterator[AsyncIterator[tuple[str, bytes]]]:
        queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._queues.append(queue)

        async def messages() -> AsyncIterator[tuple[str, bytes]]:
            while True:
                yield await queue.get()

        yield messages()


@dataclass
class Words:
    """An attester that says what it is given, by height."""

    by_height: dict[int, Attestation]

    async def attestation(self, at_least: Height, at_most: Height | None = None) -> Attestation | None:
        fitting = [h for h in self.by_height if at_least <= h and (at_most is None or h <= at_most)]
        return self.by_height[max(fitting)] if fitting else None
