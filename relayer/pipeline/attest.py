"""The attester: signs final headers for committee clients, one header a height and never another."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Never, Protocol

from light_clients.committee.digests import Domain, attestation_digest
from light_clients.crypto.secp256k1 import compact
from light_clients.types import Address, ChainId, Height, TrustedHeader
from relayer.domain import topics
from relayer.domain.attestation import Attestation
from relayer.domain.backoff import BUSY
from relayer.domain.errors import Misbehaviour, RelayerError, Transient
from relayer.ports import Bus, Clock, FinalHeaders, Signer, Vows

REMEMBERED = 512
"""Attestations kept for who asks late."""


class AttestObserver(Protocol):
    """Hears what the attester does."""

    def attested(self, attestation: Attestation) -> None: ...

    def trouble(self, worker: str, error: RelayerError) -> None: ...


@dataclass(frozen=True, slots=True)
class Duty:
    """One light client that awaits this attester's word."""

    source: ChainId
    destination: ChainId
    client: Address
    epoch: int

    def __str__(self) -> str:
        return f"attest {self.source}-{self.destination}"


class Attester:
    """Attests the final headers of one chain to one light client, on the bus and to who asks."""

    def __init__(
        self,
        duty: Duty,
        *,
        headers: FinalHeaders,
        signer: Signer,
        vows: Vows,
        bus: Bus,
        clock: Clock,
        observer: AttestObserver,
    ) -> None:
        self.duty = duty
        self._headers = headers
        self._signer = signer
        self._vows = vows
        self._bus = bus
        self._clock = clock
        self._observer = observer
        self._signed: OrderedDict[Height, Attestation] = OrderedDict()
        self._newest = Height(0)

    async def run(self) -> Never:
        failures = 0
        while True:
            try:
                await self.attest(await self._headers.final_header(above=self._newest))
                failures = 0
            except (Transient, Misbehaviour) as error:
                # A chain that contradicts itself is not signed for; the next height may be sound again, and each
                # height keeps the one digest it was promised.
                self._observer.trouble(str(self.duty), error)
                failures += 1
                await self._clock.sleep(BUSY.delay(failures))

    async def attest(self, header: TrustedHeader) -> Attestation:
        """Vow, then sign, then tell: a signature that was never promised never leaves."""
        attestation = await self._sign(header)
        self._newest = max(self._newest, header.height)
        self._observer.attested(attestation)
        await self._bus.publish(topics.attestation(self.duty.source, header.height), attestation.to_json())
        return attestation

    async def attestation(self, at_least: Height, at_most: Height | None = None) -> Attestation | None:
        """The newest one between these heights; made now when `at_most` is final and nothing else fits."""
        fitting = [h for h in self._signed if at_least <= h and (at_most is None or h <= at_most)]
        if fitting:
            return self._signed[max(fitting)]
        if at_most is None or not at_least <= at_most <= self._newest:
            return None
        return await self._sign(await self._headers.final_header_at(at_most))

    async def _sign(self, header: TrustedHeader) -> Attestation:
        duty = self.duty
        if header.chain != duty.source:
            raise Misbehaviour(f"a header of chain {header.chain}, not of {duty.source}")
        if header.height in self._signed and self._signed[header.height].header == header:
            return self._signed[header.height]
        digest = attestation_digest(Domain(duty.destination, duty.client), duty.epoch, header)
        place = duty.source, duty.destination, duty.client, duty.epoch, header.height
        if not await self._vows.vow(*place, digest):
            self._newest = max(self._newest, header.height)
            raise Misbehaviour(f"chain {duty.source} shows a second final header of height {header.height}: not signed")
        signature = await self._signer.sign(digest)
        attestation = Attestation(
            header=header,
            destination=duty.destination,
            client=duty.client,
            epoch=duty.epoch,
            attester=self._signer.address,
            signature=compact(signature.r, signature.s, signature.y_parity),
        )
        self._signed[header.height] = attestation
        if len(self._signed) > REMEMBERED:
            self._signed.popitem(last=False)
        return attestation
