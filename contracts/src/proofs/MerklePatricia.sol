// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "./Calldata.sol";
import {Rlp} from "./Rlp.sol";

/// @title Merkle-Patricia proofs
/// @notice Decides from a root whether a key stands in a trie, and where in the proof its value is. Absence is proven
///         by a path that diverges or a branch that is empty there, never by a node that is missing.
/// @dev A proof is the nodes of the path from the root downwards, concatenated; a node shorter than 32 bytes stands
///      inside its parent and is not repeated. The plain twin in the tests says the same without haste.
library MerklePatricia {
    using Calldata for bytes;

    /// @dev The root of a trie without keys: `keccak256(0x80)`.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    /// @dev The length of a branch whose sixteen children are all hashes and which holds no value.
    uint256 private constant FULL_BRANCH = 532;

    /// @notice The root is zero, or that of the empty trie where something must be held.
    error TrieRootEmpty();

    /// @notice The node is not the one its parent names.
    error TrieNodeHashMismatch();

    /// @notice The node is neither a branch nor an extension nor a leaf in the one form each has.
    error TrieNodeMalformed();

    /// @notice The trie does not hold the key.
    error TrieKeyAbsent();

    /// @notice Follows `key` from `root` through the nodes that begin at `offset`.
    /// @param key The key, left-aligned.
    /// @param nibbles The length of the key in half-bytes.
    /// @return found Whether the trie holds the key; if not, the proof proves its absence.
    /// @return start Where the value begins in `proof`.
    /// @return end Where the value ends.
    /// @return next Where the first byte after the nodes of this path stands.
    function get(bytes32 root, bytes32 key, uint256 nibbles, bytes calldata proof, uint256 offset)
        internal
        pure
        returns (bool found, uint256 start, uint256 end, uint256 next)
    {
        require(root != 0, TrieRootEmpty());
        next = offset;
        if (root == EMPTY_ROOT) return (false, 0, 0, next);
        bytes32 expected = root;
        unchecked {
            while (true) {
                if (nibbles != 0 && _isFullBranch(proof, next)) {
                    require(proof.hash(next, FULL_BRANCH) == expected, TrieNodeHashMismatch());
                    expected = proof.word(next + 4 + 33 * (uint256(key) >> 252));
                    key <<= 4;
                    --nibbles;
                    next += FULL_BRANCH;
                    continue;
                }
                (start, end) = Rlp.list(proof, next, proof.length);
                require(proof.hash(next, end - next) == expected, TrieNodeHashMismatch());
                require(end - next >= 32 || next == offset, TrieNodeMalformed());
                next = end;
                while (true) {
                    bool isLeaf;
                    uint256 taken;
                    (isLeaf, taken, start, end) = _step(key, nibbles, proof, start, end);
                    if (start == end) return (false, 0, 0, next);
                    if (isLeaf) return (true, start, end, next);
                    key <<= 4 * taken;
                    nibbles -= taken;
                    // A reference is a hash, or else the payload of a node that stands inside this one.
                    if (end - start == 32) break;
                }
                expected = proof.word(start);
            }
        }
    }

    /// @dev Takes one step: from a node to the item that the key leads to. An empty item means the key is absent.
    function _step(bytes32 key, uint256 nibbles, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (bool isLeaf, uint256 taken, uint256 start, uint256 end)
    {
        uint256 index = nibbles == 0 ? 16 : uint256(key) >> 252;
        bool isBranch;
        (isBranch, start, end) = _plainBranch(index, proof, node, nodeEnd);
        if (isBranch) return (nibbles == 0, 1, start, end);
        (start, end) = (0, 0);

        (bool pathIsList, uint256 path, uint256 pathEnd) = Rlp.item(proof, node, nodeEnd);
        (bool isList, uint256 payload, uint256 second) = Rlp.item(proof, pathEnd, nodeEnd);
        if (second != nodeEnd) {
            (start, end) = _branch(index, proof, node, nodeEnd);
            return (nibbles == 0, 1, start, end);
        }
        require(!pathIsList, TrieNodeMalformed());
        bool matches;
        (isLeaf, taken, matches) = _path(key, nibbles, proof, path, pathEnd);
        if (isLeaf) {
            require(!isList && payload != second, TrieNodeMalformed());
            matches = matches && taken == nibbles;
        } else {
            require(_isReference(isList, pathEnd, payload, second) && payload != second, TrieNodeMalformed());
            require(taken != 0, TrieNodeMalformed());
        }
        if (matches) (start, end) = (payload, second);
    }

    /// @dev Reads a hex-prefix path: its kind, its length, and whether the key continues with it.
    function _path(bytes32 key, uint256 nibbles, bytes calldata proof, uint256 path, uint256 pathEnd)
        private
        pure
        returns (bool isLeaf, uint256 taken, bool matches)
    {
        unchecked {
            require(path != pathEnd, TrieNodeMalformed());
            uint256 first = uint8(bytes1(proof.word(path)));
            bool odd = first & 0x10 != 0;
            require(first < 0x40 && (odd || first & 0x0f == 0), TrieNodeMalformed());
            isLeaf = first >= 0x20;
            taken = 2 * (pathEnd - path) - (odd ? 1 : 2);
            if (taken <= nibbles) {
                bytes32 rest = odd ? proof.word(path) << 4 : proof.word(path + 1);
                matches = uint256(rest ^ key) >> (256 - 4 * taken) == 0;
            }
        }
    }

    /// @dev Reads a branch whose seventeen items are all empty or 32 bytes long, and returns its item `index`. Anything
    ///      else it leaves to {_branch}: it is a short way to the same end. The prefixes 0x80 and 0xa0 differ in the bit
    ///      that is worth 32, the length of what follows.
    function _plainBranch(uint256 index, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (bool isPlain, uint256 start, uint256 end)
    {
        assembly ("memory-safe") {
            let item := add(proof.offset, node)
            let i := 0
            for {} lt(i, 17) { i := add(i, 1) } {
                let prefix := byte(0, calldataload(item))
                if xor(and(prefix, 0xdf), 0x80) { break }
                let length := and(prefix, 0x20)
                item := add(item, 1)
                if eq(i, index) {
                    start := sub(item, proof.offset)
                    end := add(start, length)
                }
                item := add(item, length)
            }
            isPlain := and(eq(i, 17), eq(item, add(proof.offset, nodeEnd)))
        }
    }

    /// @dev Reads a branch whole and returns its item `index`.
    function _branch(uint256 index, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (uint256 start, uint256 end)
    {
        unchecked {
            uint256 offset = node;
            for (uint256 i = 0; i < 17; ++i) {
                (bool isList, uint256 payload, uint256 itemEnd) = Rlp.item(proof, offset, nodeEnd);
                require(
                    i == 16 ? !isList : _isReference(isList, offset, payload, itemEnd), TrieNodeMalformed()
                );
                if (i == index) (start, end) = (payload, itemEnd);
                offset = itemEnd;
            }
            require(offset == nodeEnd, TrieNodeMalformed());
        }
    }

    /// @dev A reference is empty, a hash, or a node of less than 32 bytes, which is not empty.
    function _isReference(bool isList, uint256 offset, uint256 payload, uint256 itemEnd)
        private
        pure
        returns (bool)
    {
        unchecked {
            return isList
                ? itemEnd - offset < 32 && itemEnd != payload
                : itemEnd == payload || itemEnd - payload == 32;
        }
    }

    /// @dev Whether a branch of sixteen hashes and no value stands whole at `offset`: what most nodes of a large trie
    ///      are. Looks at the list's header and at the prefix of each of the seventeen items.
    function _isFullBranch(bytes calldata proof, uint256 offset) private pure returns (bool isFull) {
        assembly ("memory-safe") {
            let node := add(proof.offset, offset)
            if and(
                eq(shr(232, calldataload(node)), 0xf90211),
                iszero(gt(add(offset, FULL_BRANCH), proof.length))
            ) {
                let hashes := 0xa000000000000000000000000000000000000000000000000000000000000000
                let other := xor(calldataload(add(node, 3)), hashes)
                other := or(other, xor(calldataload(add(node, 36)), hashes))
                other := or(other, xor(calldataload(add(node, 69)), hashes))
                other := or(other, xor(calldataload(add(node, 102)), hashes))
                other := or(other, xor(calldataload(add(node, 135)), hashes))
                other := or(other, xor(calldataload(add(node, 168)), hashes))
                other := or(other, xor(calldataload(add(node, 201)), hashes))
                other := or(other, xor(calldataload(add(node, 234)), hashes))
                other := or(other, xor(calldataload(add(node, 267)), hashes))
                other := or(other, xor(calldataload(add(node, 300)), hashes))
                other := or(other, xor(calldataload(add(node, 333)), hashes))
                other := or(other, xor(calldataload(add(node, 366)), hashes))
                other := or(other, xor(calldataload(add(node, 399)), hashes))
                other := or(other, xor(calldataload(add(node, 432)), hashes))
                other := or(other, xor(calldataload(add(node, 465)), hashes))
                other := or(other, xor(calldataload(add(node, 498)), hashes))
                isFull := and(iszero(shr(248, other)), eq(byte(0, calldataload(add(node, 531))), 0x80))
            }
        }
    }
}
