"""Merkle trees of SSZ: a leaf's branch by generalized index, and many leaves of one tree by a multiproof.

A generalized index is 1 for the root, and 2i and 2i + 1 for what stands under i.
Source: consensus-specs, ssz/merkle-proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from light_clients.types import ZERO_HASH, Hash32


def pair(left: bytes, right: bytes) -> bytes:
    """What stands over two nodes."""
    return sha256(left + right).digest()


def depth_of(gindex: int) -> int:
    """How many nodes a branch has."""
    return gindex.bit_length() - 1


def branch_root(leaf: bytes, branch: Sequence[bytes], gindex: int) -> Hash32:
    """The root over `leaf` at `gindex`, by its siblings from the bottom up."""
    if len(branch) != depth_of(gindex):
        raise ValueError(f"{len(branch)} siblings at generalized index {gindex}")
    node = leaf
    for sibling in branch:
        node = pair(sibling, node) if gindex & 1 else pair(node, sibling)
        gindex >>= 1
    return Hash32(node)


def layers(chunks: Sequence[bytes]) -> list[list[bytes]]:
    """Every layer of the tree over the chunks, from them up to the root; zero chunks fill up to a power of two."""
    width = 1 << max(len(chunks) - 1, 0).bit_length()
    layer = [*chunks, *[bytes(ZERO_HASH)] * (width - len(chunks))]
    result = [layer]
    while len(layer) > 1:
        layer = [pair(left, right) for left, right in zip(layer[::2], layer[1::2], strict=True)]
        result.append(layer)
    return result


def merkle_root(chunks: Sequence[bytes]) -> Hash32:
    """The root of the tree over the chunks."""
    return Hash32(layers(chunks)[-1][0])


def branch_of(chunks: Sequence[bytes], index: int) -> tuple[Hash32, ...]:
    """The siblings of chunk `index`, from the bottom up."""
    return tuple(Hash32(layer[index >> level ^ 1]) for level, layer in enumerate(layers(chunks)[:-1]))


def multiproof_places(indices: Iterable[int], depth: int) -> list[tuple[int, int]]:
    """(level, index) of every node that leaves at `indices` need to reach the root: bottom up, left to right."""
    places: list[tuple[int, int]] = []
    known = sorted(set(indices))
    for level in range(depth):
        present = set(known)
        places += [(level, index ^ 1) for index in known if index ^ 1 not in present]
        known = sorted({index >> 1 for index in known})
    return places


def multiproof(tree: Sequence[Sequence[bytes]], indices: Iterable[int]) -> tuple[Hash32, ...]:
    """The nodes of {multiproof_places}, of a tree of {layers}."""
    return tuple(Hash32(tree[level][index]) for level, index in multiproof_places(indices, len(tree) - 1))


def multiproof_root(leaves: Mapping[int, bytes], nodes: Sequence[bytes], depth: int) -> Hash32:
    """The root over `leaves` by the nodes of {multiproof_places}; there is at least one leaf."""
    rest = iter(nodes)
    known = dict(sorted(leaves.items()))
    for _ in range(depth):
        above: dict[int, bytes] = {}
        for index, node in known.items():
            if index & 1 and index ^ 1 in known:
                continue
            sibling = known[index ^ 1] if index ^ 1 in known else next(rest)
            above[index >> 1] = pair(sibling, node) if index & 1 else pair(node, sibling)
        known = above
    return Hash32(known[0])
