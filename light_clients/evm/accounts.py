"""What a state root says of an account and of one slot of its storage; the twin of StorageProof.sol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.errors import (
    AccountMalformed,
    ProofTrailingBytes,
    RlpTrailingBytes,
    SlotAbsent,
    SlotValueMalformed,
    TrieKeyAbsent,
    TrieRootEmpty,
)
from light_clients.evm import trie
from light_clients.evm.rlp import decode, encode, encode_strings, integer_bytes
from light_clients.types import ZERO_HASH, Address, Hash32

EMPTY_CODE_HASH = keccak256(b"")


@dataclass(frozen=True, slots=True)
class Account:
    """An account, as the state trie holds it under the hash of its address."""

    nonce: int
    balance: int
    storage_root: Hash32
    code_hash: Hash32

    def encode(self) -> bytes:
        """The value in the state trie."""
        return encode_strings(
            [integer_bytes(self.nonce), integer_bytes(self.balance), self.storage_root, self.code_hash]
        )


def decode_account(value: bytes) -> Account:
    """The account that the state trie holds as `value`."""
    try:
        items = decode(value)
    except RlpTrailingBytes as error:
        raise AccountMalformed("bytes behind it") from error
    match items:
        case [bytes(nonce), bytes(balance), bytes(storage_root), bytes(code_hash)]:
            pass
        case _:
            raise AccountMalformed("not a list of four strings")
    if len(nonce) > 8 or len(balance) > 32:
        raise AccountMalformed("nonce or balance out of range")
    if nonce[:1] == b"\0" or balance[:1] == b"\0":
        raise AccountMalformed("nonce or balance with a leading zero")
    if len(storage_root) != 32 or len(code_hash) != 32:
        raise AccountMalformed("storage root or code hash not of 32 bytes")
    return Account(
        int.from_bytes(nonce, "big"), int.from_bytes(balance, "big"), Hash32(storage_root), Hash32(code_hash)
    )


def slot_value(state_root: Hash32, account: Address, slot: Hash32, proof: bytes) -> Hash32:
    """The value of the account's slot under the state root; never zero, because a trie holds no zeros."""
    storage_root, offset = _storage_root(state_root, account, proof, 0)
    word, end = trie.walk(storage_root, keccak256(slot), proof, offset)
    if end != len(proof):
        raise ProofTrailingBytes(count=len(proof) - end)
    if word is None:
        raise SlotAbsent(slot)
    return decode_slot(slot, word)


def slot_values(
    state_root: Hash32, account: Address, slots: Iterable[Hash32], proof: bytes, offset: int = 0
) -> tuple[tuple[Hash32, ...], int]:
    """The values of several slots, and where the proof ends: the account's path once, then each slot's in turn.

    A slot that the trie provably does not hold is zero. Bytes may follow; whoever calls looks at the end.
    """
    storage_root, offset = _storage_root(state_root, account, proof, offset)
    values = []
    for slot in slots:
        word, offset = trie.walk(storage_root, keccak256(slot), proof, offset)
        values.append(ZERO_HASH if word is None else decode_slot(slot, word))
    return tuple(values), offset


def _storage_root(state_root: Hash32, account: Address, proof: bytes, offset: int) -> tuple[Hash32, int]:
    """The account's storage root, and where its path ends in the proof."""
    if state_root == trie.EMPTY_ROOT:
        raise TrieRootEmpty(state_root)
    value, offset = trie.walk(state_root, key := keccak256(account), proof, offset)
    if value is None:
        raise TrieKeyAbsent(key)
    return decode_account(value).storage_root, offset


def decode_slot(slot: Hash32, value: bytes) -> Hash32:
    """The word that the storage trie holds as `value`."""
    try:
        word = decode(value)
    except RlpTrailingBytes as error:
        raise SlotValueMalformed("bytes behind it") from error
    if word == b"":
        raise SlotAbsent(slot)
    if not isinstance(word, bytes) or len(word) > 32:
        raise SlotValueMalformed("not a string of at most 32 bytes")
    if word[0] == 0:
        raise SlotValueMalformed("a leading zero")
    return Hash32(word.rjust(32, b"\0"))


def encode_slot(word: Hash32) -> bytes:
    """The value in the storage trie."""
    return encode(word.lstrip(b"\0"))


def pack_proof(account_nodes: Iterable[bytes], storage_nodes: Iterable[bytes]) -> bytes:
    """The proof that {slot_value} and the contract take, of the two node lists that `eth_getProof` returns."""
    return trie.pack(account_nodes) + trie.pack(storage_nodes)


def pack_proofs(account_nodes: Iterable[bytes], storage_nodes: Iterable[Iterable[bytes]]) -> bytes:
    """The proof that {slot_values} and the contract take, of one answer of `eth_getProof` for several slots."""
    return trie.pack(account_nodes) + b"".join(map(trie.pack, storage_nodes))
