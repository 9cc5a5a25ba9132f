// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LibBit} from "solady/utils/LibBit.sol";

import {Calldata} from "./Calldata.sol";

/// @title SSZ Merkle proofs
/// @notice Computes the roots that branches and multiproofs in calldata lead to. The Python twin is `light_clients/ssz`.
/// @dev Source: ethereum/consensus-specs, ssz/simple-serialize.md and ssz/merkle-proofs.md. Nodes are 32 bytes, parents are
///      `sha256(left ‖ right)`. A generalized index counts the nodes of a tree from 1, level by level.
///      Warning: checks no bounds of calldata; callers compare with the length before they trust what was read.
library Ssz {
    using Calldata for bytes;

    /// @dev The root of a tree of two zero leaves.
    bytes32 internal constant ZERO_PAIR = 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b;

    /// @dev What a call to the sha256 precompile may take: some ten times the 84 gas that 64 bytes cost.
    uint256 private constant SHA256_GAS = 1000;

    /// @notice The parent of two nodes.
    function parent(bytes32 left, bytes32 right) internal view returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            if iszero(staticcall(SHA256_GAS, 0x02, 0x00, 0x40, 0x00, 0x20)) { revert(0x00, 0x00) }
            node := mload(0x00)
        }
    }

    /// @notice The leaf of a number: its bytes from the least significant.
    function leaf(uint64 number) internal pure returns (bytes32) {
        return bytes32(LibBit.reverseBytes(number));
    }

    /// @notice How far below the root the node of a generalized index stands, which is how long its branch is.
    function depth(uint256 gindex) internal pure returns (uint256) {
        return LibBit.fls(gindex);
    }

    /// @notice The root that `node` at `gindex` leads to with the branch that begins at `offset`, lowest sibling first.
    function branch(bytes calldata data, uint256 offset, uint256 gindex, bytes32 node)
        internal
        view
        returns (bytes32 root)
    {
        assembly ("memory-safe") {
            root := node
            let ok := 1
            for { let next := add(data.offset, offset) } gt(gindex, 1) { gindex := shr(1, gindex) } {
                let place := shl(5, and(gindex, 1))
                mstore(place, root)
                mstore(xor(place, 0x20), calldataload(next))
                ok := and(ok, staticcall(SHA256_GAS, 0x02, 0x00, 0x40, 0x00, 0x20))
                root := mload(0x00)
                next := add(next, 0x20)
            }
            if iszero(ok) { revert(0x00, 0x00) }
        }
    }

    /// @notice The root of the beacon block header that begins at `offset`:
    ///         `slot (8) ‖ proposer index (8) ‖ parent root (32) ‖ state root (32) ‖ body root (32)`.
    function beaconHeader(bytes calldata data, uint256 offset) internal view returns (bytes32) {
        bytes32 numbers =
            parent(leaf(uint64(bytes8(data.word(offset)))), leaf(uint64(bytes8(data.word(offset + 8)))));
        bytes32 roots = parent(data.word(offset + 16), data.word(offset + 48));
        return parent(parent(numbers, roots), parent(parent(data.word(offset + 80), 0), ZERO_PAIR));
    }

    /// @notice How many nodes a multiproof brings, for leaves at the set bits of `low` (indices from 0) and `high` (from
    ///         256) of a tree of 2^height leaves, height at most 9.
    function multiproofLength(uint256 low, uint256 high, uint256 height)
        internal
        pure
        returns (uint256 length)
    {
        unchecked {
            for (uint256 level = 0; level < height && level < 8; ++level) {
                // of every pair of this level, the bit of its left node
                uint256 lefts = type(uint256).max / ((uint256(1) << (2 << level)) - 1);
                uint256 stride = 1 << level;
                length += LibBit.popCount((low ^ low >> stride) & lefts);
                length += LibBit.popCount((high ^ high >> stride) & lefts);
                low = (low | low >> stride) & lefts;
                high = (high | high >> stride) & lefts;
            }
            if (height > 8) length += low ^ high;
        }
    }

    /// @notice The root that several leaves lead to. The nodes that are not computed from them stand at `offset`, level by
    ///         level from the leaves upwards, and from left to right.
    /// @param leaves `index, leaf` of each, by ascending index below 2^height, at least one; then a zero.
    /// @dev Warning: uses up `leaves`. Only the last call to sha256 is checked: no call can fail but for want of gas, and
    ///      after one that did the next has less.
    function multiproof(bytes calldata data, uint256 offset, uint256[] memory leaves, uint256 height)
        internal
        view
        returns (bytes32 root)
    {
        assembly ("memory-safe") {
            let next := add(data.offset, offset)
            let end := add(leaves, shl(5, mload(leaves)))
            leaves := add(leaves, 0x20)
            let ok := 1
            for {} height { height := sub(height, 1) } {
                let written := leaves
                for { let taken := leaves } lt(taken, end) {} {
                    let index := mload(taken)
                    let place := and(shl(5, index), 0x20)
                    mstore(place, mload(add(taken, 0x20)))
                    taken := add(taken, 0x40)
                    // the sibling is the next node of this level, or stands in the proof
                    switch eq(mload(taken), or(index, 1))
                    case 0 {
                        mstore(xor(place, 0x20), calldataload(next))
                        next := add(next, 0x20)
                    }
                    default {
                        mstore(0x20, mload(add(taken, 0x20)))
                        taken := add(taken, 0x40)
                    }
                    ok := staticcall(SHA256_GAS, 0x02, 0x00, 0x40, add(written, 0x20), 0x20)
                    mstore(written, shr(1, index))
                    written := add(written, 0x40)
                }
                mstore(written, 0)
                end := written
            }
            if iszero(ok) { revert(0x00, 0x00) }
            root := mload(add(leaves, 0x20))
        }
    }
}
