"""The relay-chain client: a header is trusted when the source's light client on the hub provably holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from light_clients.derived.errors import SourceClientFrozen
from light_clients.derived.hub import advance_hub, check_header, check_hub
from light_clients.derived.wire import HubPart, decode_height, decode_hub_part
from light_clients.errors import EvidenceInvalid, HeaderUnknown, ProofTrailingBytes
from light_clients.evm.accounts import pack_proofs, slot_values
from light_clients.serving import Serving
from light_clients.trusted_headers import RING
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader

TRUST_SLOT = Hash32.from_hex("0xfb99fee14eaa8bd88f4d83c49ebd8f0e61663988292ef4bf622011c33a304800")
"""Where TrustedHeaders.sol keeps latest height u64, epoch u64, whether it is frozen u8 (lowest bits first)."""

ENTRY_SLOTS = 3


@dataclass(frozen=True, slots=True)
class RelayChainClient:
    """What one RelayChainLightClient contract knows."""

    source: ChainId
    """The chain whose headers are verified."""
    hub: Serving
    """The hub's client, on the same chain as this one."""
    source_client: Address
    """The source's client, on the hub."""

    def __post_init__(self) -> None:
        check_hub(self.source, self.hub)

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client with its hub's client after the update, and the header that the update proves."""
        part, offset = decode_hub_part(update)
        height, offset = decode_height(update, offset)
        hub, hub_header = advance_hub(self.hub, part, now)
        slots = header_slots(height)
        trust, state_root, receipts_root, tag = self._slots(hub_header, slots, update, offset)
        if _is_frozen(trust):
            raise SourceClientFrozen
        if not height or tag[:8] != height.to_bytes(8, "big"):
            raise HeaderUnknown(height)
        timestamp = int.from_bytes(tag[8:16], "big")
        block_hash = Hash32(tag[16:].ljust(32, b"\0"))
        header = TrustedHeader(self.source, height, block_hash, state_root, receipts_root, timestamp)
        check_header(header, now)
        return replace(self, hub=hub), header

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The hub's header that shows the source's client frozen, twice: the conflict itself stays on the hub."""
        part, offset = decode_hub_part(evidence)
        _, hub_header = advance_hub(self.hub, part, now)
        (trust,) = self._slots(hub_header, (TRUST_SLOT,), evidence, offset)
        if not _is_frozen(trust):
            raise EvidenceInvalid("the source's client is not frozen")
        return hub_header, hub_header

    def build_update(
        self,
        part: HubPart,
        height: Height,
        account_nodes: Iterable[bytes],
        storage_nodes: Sequence[Iterable[bytes]],
        now: int,
    ) -> bytes:
        """The update of `eth_getProof` for {header_slots} at the hub's block, verified as the contract will."""
        proof = pack_proofs(account_nodes, storage_nodes)
        update = part.encode() + height.to_bytes(8, "big") + proof
        self.advance(update, now)
        return update

    def build_evidence(
        self, part: HubPart, account_nodes: Iterable[bytes], storage_nodes: Iterable[bytes], now: int
    ) -> bytes:
        """Evidence of `eth_getProof` for {TRUST_SLOT} at the hub's block, verified as the contract will."""
        evidence = part.encode() + pack_proofs(account_nodes, (storage_nodes,))
        self.verify_misbehaviour(evidence, now)
        return evidence

    def _slots(
        self, hub_header: TrustedHeader, slots: Sequence[Hash32], proof: bytes, offset: int
    ) -> tuple[Hash32, ...]:
        values, end = slot_values(hub_header.state_root, self.source_client, slots, proof, offset)
        if end != len(proof):
            raise ProofTrailingBytes(count=len(proof) - end)
        return values


def header_slots(height: Height) -> tuple[Hash32, Hash32, Hash32, Hash32]:
    """The slots of the source's client that an update proves: the first word, state root, receipts root and tag."""
    place = 1 + ENTRY_SLOTS * (height % RING)
    return TRUST_SLOT, _slot(place), _slot(place + 1), _slot(place + 2)


def _slot(offset: int) -> Hash32:
    return Hash32((int.from_bytes(TRUST_SLOT, "big") + offset).to_bytes(32, "big"))


def _is_frozen(trust: Hash32) -> bool:
    return trust[15] != 0
