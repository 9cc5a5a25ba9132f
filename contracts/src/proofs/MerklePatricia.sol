// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Rlp} from "./Rlp.sol";

/// @title Merkle-Patricia proofs
/// @notice Decides from a root whether a key stands in a trie, and where in the proof its value is. Absence is proven
///         by a path that diverges or a branch that is empty there, never by a node that is missing.
/// @dev A proof is the nodes of the path from the root downwards, concatenated; a node shorter than 32 bytes stands
///      inside its parent and is not repeated.
library MerklePatricia {
    /// @dev The root of a trie without keys: `keccak256(0x80)`.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    /// @notice The root is zero or the one of the empty trie, against which nothing can be proven.
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
        require(root != 0 && root != EMPTY_ROOT, TrieRootEmpty());
        uint256 node;
        (node, next) = _node(root, proof, offset);
        uint256 nodeEnd = next;
        while (true) {
            bool isLeaf;
            uint256 taken;
            (isLeaf, taken, start, end) = _step(key, nibbles, proof, node, nodeEnd);
            if (start == end) return (false, 0, 0, next);
            key <<= 4 * taken;
            nibbles -= taken;
            if (isLeaf) return (true, start, end, next);
            if (end - start == 32) {
                (node, nodeEnd) = _node(bytes32(proof[start:end]), proof, next);
                require(nodeEnd - next >= 32, TrieNodeMalformed());
                next = nodeEnd;
            } else {
                (node, nodeEnd) = (start, end);
            }
        }
    }

    /// @dev Takes one step: from a node to the item that the key leads to. An empty item means the key is absent.
    function _step(bytes32 key, uint256 nibbles, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (bool isLeaf, uint256 taken, uint256 start, uint256 end)
    {
        (bool pathIsList, uint256 path, uint256 pathEnd) = Rlp.item(proof, node, nodeEnd);
        (bool isList, uint256 payload, uint256 second) = Rlp.item(proof, pathEnd, nodeEnd);
        if (second != nodeEnd) {
            (start, end) = _branch(nibbles == 0 ? 16 : uint256(key) >> 252, proof, node, nodeEnd);
            return (nibbles == 0, nibbles == 0 ? 0 : 1, start, end);
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
        require(path != pathEnd, TrieNodeMalformed());
        uint256 first = uint8(proof[path]);
        bool odd = first & 0x10 != 0;
        require(first < 0x40 && (odd || first & 0x0f == 0), TrieNodeMalformed());
        isLeaf = first >= 0x20;
        taken = 2 * (pathEnd - path) - (odd ? 1 : 2);
        if (taken > nibbles) return (isLeaf, taken, false);
        for (uint256 i = 0; i < taken; ++i) {
            uint256 offset = odd ? i + 1 : i + 2;
            uint256 nibble = (uint8(proof[path + offset / 2]) >> (offset % 2 == 0 ? 4 : 0)) & 0x0f;
            if (nibble != uint256(key << (4 * i)) >> 252) return (isLeaf, taken, false);
        }
        matches = true;
    }

    /// @dev Reads a branch whole and returns its item `index`.
    function _branch(uint256 index, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (uint256 start, uint256 end)
    {
        uint256 offset = node;
        for (uint256 i = 0; i < 17; ++i) {
            (bool isList, uint256 payload, uint256 itemEnd) = Rlp.item(proof, offset, nodeEnd);
            require(i == 16 ? !isList : _isReference(isList, offset, payload, itemEnd), TrieNodeMalformed());
            if (i == index) (start, end) = (payload, itemEnd);
            offset = itemEnd;
        }
        require(offset == nodeEnd, TrieNodeMalformed());
    }

    /// @dev A reference is empty, a hash, or a node of less than 32 bytes.
    function _isReference(bool isList, uint256 offset, uint256 payload, uint256 itemEnd)
        private
        pure
        returns (bool)
    {
        return isList ? itemEnd - offset < 32 : itemEnd == payload || itemEnd - payload == 32;
    }

    /// @dev Reads the node at `offset`, which must hash to `expected`.
    function _node(bytes32 expected, bytes calldata proof, uint256 offset)
        private
        pure
        returns (uint256 node, uint256 nodeEnd)
    {
        (node, nodeEnd) = Rlp.list(proof, offset, proof.length);
        require(keccak256(proof[offset:nodeEnd]) == expected, TrieNodeHashMismatch());
    }
}
