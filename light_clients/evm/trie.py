"""Merkle-Patricia tries: build one, prove a key in it, and verify a proof of presence or of absence.

A proof is the RLP nodes from the root down, concatenated and nothing else: each node is a list, which delimits itself,
and a node shorter than 32 bytes stands inside its parent and is not repeated. So every fact has exactly one proof.
Paths are strings of hex digits here, one digit a nibble.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from light_clients.crypto.keccak import keccak256
from light_clients.errors import ProofTrailingBytes, TrieNodeHashMismatch, TrieNodeMalformed, TrieRootEmpty
from light_clients.evm.rlp import Rlp, decode_list, encode, list_end
from light_clients.types import ZERO_HASH, Hash32

EMPTY_ROOT = keccak256(b"\x80")
"""The root of the trie that holds nothing."""

FULL_BRANCH_PREFIX = b"\xf9\x02\x11"
"""How a branch of 16 hashes begins: the node that most of every proof on a public chain consists of."""


def verify(root: Hash32, key: bytes, proof: bytes) -> bytes | None:
    """The value of `key` under `root`, or None when the proof shows that there is none."""
    value, end = walk(root, key, proof, 0)
    if end != len(proof):
        raise ProofTrailingBytes(count=len(proof) - end)
    return value


def walk(root: Hash32, key: bytes, proof: bytes, offset: int) -> tuple[bytes | None, int]:
    """Follow `key` down the nodes that start at `offset`; return its value and where the next proof starts.

    Absence ends in an empty place of a branch, a leaf or extension that leads elsewhere, or the empty root; a missing
    node is never absence.
    """
    if root == ZERO_HASH:
        raise TrieRootEmpty(root)
    if root == EMPTY_ROOT:
        return None, offset
    path = key.hex()
    depth = 0
    reference: Rlp = root
    while True:
        if isinstance(reference, list):
            step = _step(reference, path, depth)
        else:
            end = list_end(proof, offset)
            node = proof[offset:end]
            if (actual := keccak256(node)) != reference:
                raise TrieNodeHashMismatch(expected=Hash32(reference), actual=actual)
            if len(node) < 32 and reference is not root:
                raise TrieNodeMalformed("a node too short to be referred to by its hash")
            offset = end
            step = _step_through_full_branch(node, path, depth) or _step(decode_list(node), path, depth)
        match step:
            case bytes(value):
                return value or None, offset
            case reference, taken:
                depth += taken


Step = bytes | tuple[Rlp, int]
"""Arrival at a value (empty: at nothing), or the reference to the next node and how many digits led to it."""


def _step_through_full_branch(node: bytes, path: str, depth: int) -> Step | None:
    """The ordinary case without decoding: 16 hashes and no value; the one comparison below is all of the check."""
    full = len(node) == 532 and node.startswith(FULL_BRANCH_PREFIX) and depth < len(path)
    if not full or node[3:531:33] != b"\xa0" * 16 or node[531] != 0x80:
        return None
    start = 4 + 33 * int(path[depth], 16)
    return node[start : start + 32], 1


def _step(items: list[Rlp], path: str, depth: int) -> Step:
    if len(items) == 17:
        return _step_through_branch(items, path, depth)
    if len(items) != 2:
        raise TrieNodeMalformed(f"{len(items)} items")
    is_leaf, segment = _segment(items[0])
    target = items[1]
    if not is_leaf:
        _check_reference(target)
        if target == b"":
            raise TrieNodeMalformed("an extension to nothing")
        return (target, len(segment)) if path.startswith(segment, depth) else b""
    if not isinstance(target, bytes) or not target:
        raise TrieNodeMalformed("a leaf without value")
    return target if path[depth:] == segment else b""


def _step_through_branch(items: list[Rlp], path: str, depth: int) -> Step:
    for child in items[:16]:
        _check_reference(child)
    value = items[16]
    if not isinstance(value, bytes):
        raise TrieNodeMalformed("a list as the value of a branch")
    if depth == len(path):
        return value
    child = items[int(path[depth], 16)]
    return (child, 1) if child else b""


def _check_reference(reference: Rlp) -> None:
    """A reference is empty, a hash, or a node that is too short to be worth one."""
    if isinstance(reference, bytes):
        if len(reference) not in (0, 32):
            raise TrieNodeMalformed(f"a reference of {len(reference)} bytes")
    elif not reference:
        raise TrieNodeMalformed("an embedded node without items")
    elif len(encode(reference)) >= 32:
        raise TrieNodeMalformed("an embedded node of 32 bytes or more")


def _segment(compact: Rlp) -> tuple[bool, str]:
    """Undo the hex-prefix encoding: whether the node is a leaf, and its stretch of path."""
    if not isinstance(compact, bytes) or not compact:
        raise TrieNodeMalformed("no path")
    digits = compact.hex()
    flag = digits[0]
    if flag not in "0123" or (flag in "02" and digits[1] != "0"):
        raise TrieNodeMalformed("a path with an unknown prefix")
    segment = digits[1:] if flag in "13" else digits[2:]
    is_leaf = flag in "23"
    if not segment and not is_leaf:
        raise TrieNodeMalformed("an extension without path")
    return is_leaf, segment


def _compact(is_leaf: bool, segment: str) -> bytes:
    flag = 2 * is_leaf + len(segment) % 2
    return bytes.fromhex(f"{flag}{segment}" if flag % 2 else f"{flag}0{segment}")


def pack(nodes: Iterable[bytes]) -> bytes:
    """The proof of a list of nodes as `eth_getProof` returns it.

    Some clients repeat embedded nodes, and some name the empty trie's only node: neither stands in a proof.
    """
    return b"".join(node for place, node in enumerate(nodes) if len(node) >= 32 or (place == 0 and node != b"\x80"))


class Trie:
    """A trie of a whole mapping, for the roots of receipts and transactions and for proofs out of them."""

    def __init__(self, items: Mapping[bytes, bytes]) -> None:
        """Values are not empty: an empty value means absence."""
        self._nodes: dict[bytes, bytes] = {}
        pairs = sorted((key.hex(), value) for key, value in items.items())
        if any(not value for _, value in pairs):
            raise ValueError("a trie holds no empty values")
        if not pairs:
            self.root = EMPTY_ROOT
            return
        encoded = encode(self._node(pairs, 0))
        self.root = keccak256(encoded)
        self._nodes[self.root] = encoded

    def prove(self, key: bytes) -> bytes:
        """The proof that `key` has its value, or that it has none."""
        return b"".join(self.path(key))

    def path(self, key: bytes) -> list[bytes]:
        """The nodes of the proof, root first, embedded ones not repeated."""
        if self.root == EMPTY_ROOT:
            return []
        path, depth = key.hex(), 0
        reference: Rlp = self.root
        nodes: list[bytes] = []
        while True:
            if isinstance(reference, bytes):
                nodes.append(self._nodes[reference])
                reference = decode_list(nodes[-1])
            match _step(reference, path, depth):
                case bytes():
                    return nodes
                case reference, taken:
                    depth += taken

    def _node(self, pairs: list[tuple[str, bytes]], depth: int) -> list[Rlp]:
        """The node of all these keys, which share their first `depth` digits and are sorted."""
        first, value = pairs[0]
        if len(pairs) == 1:
            return [_compact(is_leaf=True, segment=first[depth:]), value]
        shared = _shared_length(first, pairs[-1][0])
        if shared > depth:
            return [_compact(is_leaf=False, segment=first[depth:shared]), self._reference(pairs, shared)]
        children: list[Rlp] = [b""] * 17
        if len(first) == depth:
            children[16] = value
            pairs = pairs[1:]
        for digit in range(16):
            below = [pair for pair in pairs if int(pair[0][depth], 16) == digit]
            if below:
                children[digit] = self._reference(below, depth + 1)
        return children

    def _reference(self, pairs: list[tuple[str, bytes]], depth: int) -> Rlp:
        node = self._node(pairs, depth)
        encoded = encode(node)
        if len(encoded) < 32:
            return node
        name = keccak256(encoded)
        self._nodes[name] = encoded
        return name


def _shared_length(first: str, last: str) -> int:
    for place, (one, other) in enumerate(zip(first, last, strict=False)):
        if one != other:
            return place
    return min(len(first), len(last))
