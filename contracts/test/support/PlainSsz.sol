// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title SSZ Merkle proofs, followed plainly: the twin of {Ssz}
library PlainSsz {
    function parent(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(left, right));
    }

    function branch(bytes32[] memory siblings, uint256 gindex, bytes32 node) internal pure returns (bytes32) {
        for (uint256 i = 0; i < siblings.length; ++i) {
            node = gindex % 2 == 0 ? parent(node, siblings[i]) : parent(siblings[i], node);
            gindex /= 2;
        }
        return node;
    }

    /// @notice The tree over the leaves, whose number is a power of two: node i stands over 2i and 2i + 1, the root is 1.
    function tree(bytes32[] memory leaves) internal pure returns (bytes32[] memory nodes) {
        uint256 width = leaves.length;
        nodes = new bytes32[](2 * width);
        for (uint256 i = 0; i < width; ++i) {
            nodes[width + i] = leaves[i];
        }
        for (uint256 i = width - 1; i > 0; --i) {
            nodes[i] = parent(nodes[2 * i], nodes[2 * i + 1]);
        }
    }

    /// @notice The siblings of the node of a generalized index, lowest first.
    function siblingsOf(bytes32[] memory nodes, uint256 gindex)
        internal
        pure
        returns (bytes32[] memory found)
    {
        uint256 depth;
        while (gindex >> depth > 1) {
            ++depth;
        }
        found = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            found[i] = nodes[gindex >> i ^ 1];
        }
    }

    /// @notice The multiproof of the leaves at the set bits: what is not computed from them, level by level from the
    ///         leaves upwards, left to right.
    function multiproof(bytes32[] memory nodes, bool[] memory chosen)
        internal
        pure
        returns (bytes32[] memory proof)
    {
        bool[] memory computed = new bool[](nodes.length);
        for (uint256 i = 0; i < chosen.length; ++i) {
            computed[chosen.length + i] = chosen[i];
        }
        for (uint256 i = chosen.length - 1; i > 0; --i) {
            computed[i] = computed[2 * i] || computed[2 * i + 1];
        }
        proof = new bytes32[](nodes.length);
        uint256 length;
        for (uint256 width = chosen.length; width > 1; width /= 2) {
            for (uint256 i = width; i < 2 * width; ++i) {
                if (!computed[i] && computed[i ^ 1]) proof[length++] = nodes[i];
            }
        }
        bytes32[] memory trimmed = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            trimmed[i] = proof[i];
        }
        return trimmed;
    }
}
