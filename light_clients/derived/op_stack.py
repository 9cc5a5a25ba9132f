"""The OP Stack client: a rollup's header is trusted when a dispute game over it was won on its L1, a delay ago.

proof of the reader: game index u64 ‖ message passer's storage root ‖ L2 header (RLP) ‖ paths of the factory's account
and list entry ‖ of the game's account, status and root claim ‖ of the registry's account, word of respect and
blacklist entry
evidence: length u32 ‖ update ‖ update
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from light_clients.crypto.keccak import keccak256
from light_clients.derived.errors import (
    DelayZero,
    GameBlacklisted,
    GameDelayNotPassed,
    GameNotWon,
    GameRetired,
    GameTypeNotRespected,
    GameUnknown,
    OutputRootMismatch,
    SourceHeightMismatch,
)
from light_clients.derived.hub import advance_hub, check_header, check_hub
from light_clients.derived.wire import HubPart, check_length, decode_height, decode_hub_part
from light_clients.errors import EvidenceInvalid, ProofTrailingBytes
from light_clients.evm.accounts import slot_values
from light_clients.evm.header import decode_header
from light_clients.evm.rlp import list_end
from light_clients.serving import Serving
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, Height, TrustedHeader

DEFENDER_WINS = 2
PREFIX = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a version of the rollup's contracts on the L1 keeps what is read; IOpStackLightClient says what each is."""

    factory: Address
    game_list_slot: Hash32
    status_slot: Hash32
    root_claim_slot: Hash32
    registry: Address
    respect_slot: Hash32
    blacklist_slot: Hash32
    delay: int
    """Seconds for which a game must have been resolved."""

    def entry_slot(self, index: int) -> Hash32:
        """Of the factory: the entry of its list."""
        start = int.from_bytes(keccak256(self.game_list_slot), "big")
        return Hash32(((start + index) % 2**256).to_bytes(32, "big"))

    def blacklisted_slot(self, game: Address) -> Hash32:
        """Of the registry: whether the game is struck out."""
        return keccak256(game.rjust(32, b"\0") + self.blacklist_slot)


def output_root(state_root: Hash32, passer_root: Hash32, block_hash: Hash32) -> Hash32:
    """What a game is over (`Hashing.hashOutputRootProof`, version 0)."""
    return keccak256(ZERO_HASH + state_root + passer_root + block_hash)


@dataclass(frozen=True, slots=True)
class OpStackClient:
    """What one OpStackLightClient contract knows."""

    source: ChainId
    """The rollup."""
    hub: Serving
    """The client of its L1, on the same chain as this one."""
    layout: Layout

    def __post_init__(self) -> None:
        check_hub(self.source, self.hub)
        if not self.layout.delay:
            raise DelayZero

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client with its hub's client after the update, and the header that the update proves."""
        part, offset = decode_hub_part(update)
        height, offset = decode_height(update, offset)
        hub, hub_header = advance_hub(self.hub, part, now)
        header = self._read(update, offset, height, hub_header)
        check_header(header, now)
        return replace(self, hub=hub), header

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The two headers of one height, behind two won games."""
        check_length(evidence, 4)
        middle = 4 + int.from_bytes(evidence[:4], "big")
        check_length(evidence, middle)
        client, one = self.advance(evidence[4:middle], now)
        _, other = client.advance(evidence[middle:], now)
        if one.height != other.height:
            raise EvidenceInvalid("two heights")
        if one.block_hash == other.block_hash:
            raise EvidenceInvalid("one header")
        return one, other

    def build_update(
        self, part: HubPart, index: int, passer_root: Hash32, header: bytes, proofs: bytes, *, now: int
    ) -> bytes:
        """The update of a game, of a header's RLP, and of the packed proofs of three accounts, verified as there."""
        height = decode_header(header).number
        reader = height.to_bytes(8, "big") + index.to_bytes(8, "big") + passer_root + header + proofs
        update = part.encode() + reader
        self.advance(update, now)
        return update

    def build_evidence(self, update: bytes, conflicting: bytes, now: int) -> bytes:
        """Evidence that freezes the contract, verified as the contract will."""
        evidence = len(update).to_bytes(4, "big") + update + conflicting
        self.verify_misbehaviour(evidence, now)
        return evidence

    def _read(self, update: bytes, offset: int, height: Height, hub_header: TrustedHeader) -> TrustedHeader:
        start = offset + PREFIX
        check_length(update, start)
        end = list_end(update, start)
        encoded = update[start:end]
        header = decode_header(encoded).trusted(self.source, keccak256(encoded))
        if header.height != height:
            raise SourceHeightMismatch(given=height, proven=header.height)
        index = int.from_bytes(update[offset : offset + 8], "big")
        claim = output_root(header.state_root, Hash32(update[offset + 8 : start]), header.block_hash)
        self._check_won(update, end, index, claim, hub_header)
        return header

    def _check_won(self, update: bytes, offset: int, index: int, claim: Hash32, hub_header: TrustedHeader) -> None:
        layout, root = self.layout, hub_header.state_root
        (entry,), offset = slot_values(root, layout.factory, (layout.entry_slot(index),), update, offset)
        if entry == ZERO_HASH:
            raise GameUnknown(index)
        game = Address(entry[12:])
        slots = (layout.status_slot, layout.root_claim_slot)
        (word, claimed), offset = slot_values(root, game, slots, update, offset)
        if claimed != claim:
            raise OutputRootMismatch(given=claim, expected=claimed)
        self._check_resolved(word, hub_header.timestamp)
        slots = (layout.respect_slot, layout.blacklisted_slot(game))
        (respect, blacklisted), offset = slot_values(root, layout.registry, slots, update, offset)
        if offset != len(update):
            raise ProofTrailingBytes(count=len(update) - offset)
        _check_respected(int.from_bytes(entry[:4], "big"), int.from_bytes(word[24:], "big"), respect)
        if blacklisted != ZERO_HASH:
            raise GameBlacklisted(game)

    def _check_resolved(self, word: Hash32, present: int) -> None:
        if word[15] != DEFENDER_WINS:
            raise GameNotWon(word[15])
        resolved_at = int.from_bytes(word[16:24], "big")
        if resolved_at + self.layout.delay >= present:
            raise GameDelayNotPassed(resolved_at, present)


def _check_respected(game_type: int, created_at: int, respect: Hash32) -> None:
    respected = int.from_bytes(respect[28:], "big")
    if game_type != respected:
        raise GameTypeNotRespected(given=game_type, expected=respected)
    retired_at = int.from_bytes(respect[20:28], "big")
    if created_at <= retired_at:
        raise GameRetired(created_at, retired_at)
