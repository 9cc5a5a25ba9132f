// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Ssz} from "../../src/proofs/Ssz.sol";
import {PlainSsz} from "../support/PlainSsz.sol";

/// @notice {Ssz} against its plain twin.
contract SszTest is Test {
    function testFuzz_parent_agreesWithThePlainTwin(bytes32 left, bytes32 right) public view {
        assertEq(Ssz.parent(left, right), PlainSsz.parent(left, right));
    }

    function test_zeroPair_isTheParentOfTwoZeroes() public pure {
        assertEq(Ssz.ZERO_PAIR, PlainSsz.parent(0, 0));
    }

    function testFuzz_leaf_isLittleEndian(uint64 number) public pure {
        bytes memory leaf = new bytes(32);
        for (uint256 i = 0; i < 8; ++i) {
            leaf[i] = bytes1(uint8(number >> (8 * i)));
        }
        assertEq(Ssz.leaf(number), bytes32(leaf));
    }

    function testFuzz_depth_isHowOftenTheIndexHalves(uint256 gindex) public pure {
        gindex = bound(gindex, 1, type(uint256).max);
        uint256 depth = 0;
        for (uint256 left = gindex; left > 1; left /= 2) {
            ++depth;
        }
        assertEq(Ssz.depth(gindex), depth);
    }

    function testFuzz_branch_agreesWithThePlainTwin(bytes32[] memory siblings, uint256 path, bytes32 node)
        public
        view
    {
        vm.assume(siblings.length < 32);
        uint256 gindex = 1 << siblings.length | path % (1 << siblings.length);
        bytes memory data = abi.encodePacked("begin", siblings, "end");
        assertEq(this.branch(data, 5, gindex, node), PlainSsz.branch(siblings, gindex, node));
    }

    function testFuzz_branch_leadsFromEveryNodeToTheRoot(uint256 seed) public view {
        bytes32[] memory nodes = PlainSsz.tree(someLeaves(seed, 16));
        for (uint256 gindex = 1; gindex < 32; ++gindex) {
            bytes memory siblings = abi.encodePacked(PlainSsz.siblingsOf(nodes, gindex));
            assertEq(this.branch(siblings, 0, gindex, nodes[gindex]), nodes[1]);
        }
    }

    function testFuzz_beaconHeader_agreesWithThePlainTwin(
        uint64 slot,
        uint64 proposer,
        bytes32 parentRoot,
        bytes32 stateRoot,
        bytes32 bodyRoot
    ) public view {
        bytes32[] memory leaves = new bytes32[](8);
        (leaves[0], leaves[1]) = (Ssz.leaf(slot), Ssz.leaf(proposer));
        (leaves[2], leaves[3], leaves[4]) = (parentRoot, stateRoot, bodyRoot);
        bytes memory header = abi.encodePacked("begin", slot, proposer, parentRoot, stateRoot, bodyRoot);
        assertEq(this.beaconHeader(header, 5), PlainSsz.tree(leaves)[1]);
    }

    function testFuzz_multiproof_agreesWithThePlainTwin(
        uint256 seed,
        uint256 low,
        uint256 high,
        uint256 sparse
    ) public view {
        for (uint256 i = 0; i < sparse % 4; ++i) {
            low &= uint256(keccak256(abi.encode(seed, i)));
            high &= uint256(keccak256(abi.encode(i, seed)));
        }
        assertMultiproof(seed, low, high, 9);
    }

    function testFuzz_multiproof_agreesWithThePlainTwinOnSmallTrees(uint256 seed, uint256 low, uint256 height)
        public
        view
    {
        height = bound(height, 1, 8);
        assertMultiproof(seed, low & (type(uint256).max >> (256 - (1 << height))), 0, height);
    }

    function test_multiproof_agreesWithThePlainTwinAtTheEdges() public view {
        uint256 all = type(uint256).max;
        assertMultiproof(1, 1, 0, 9);
        assertMultiproof(1, 0, 1, 9);
        assertMultiproof(1, 0, 1 << 255, 9);
        assertMultiproof(1, 1 << 255, 1, 9);
        assertMultiproof(1, all, 0, 9);
        assertMultiproof(1, 0, all, 9);
        assertMultiproof(1, all, all, 9);
        assertMultiproof(1, all, 0, 8);
        for (uint256 chosen = 1; chosen < 256; ++chosen) {
            assertMultiproof(1, chosen, 0, 3);
        }
    }

    /* HELPERS */

    function branch(bytes calldata data, uint256 offset, uint256 gindex, bytes32 node)
        external
        view
        returns (bytes32)
    {
        return Ssz.branch(data, offset, gindex, node);
    }

    function beaconHeader(bytes calldata data, uint256 offset) external view returns (bytes32) {
        return Ssz.beaconHeader(data, offset);
    }

    function multiproof(bytes calldata data, uint256 offset, uint256[] memory leaves, uint256 height)
        external
        view
        returns (bytes32)
    {
        return Ssz.multiproof(data, offset, leaves, height);
    }

    function assertMultiproof(uint256 seed, uint256 low, uint256 high, uint256 height) private view {
        if (low | high == 0) return;
        bytes32[] memory nodes = PlainSsz.tree(someLeaves(seed, 1 << height));
        bool[] memory chosen = new bool[](1 << height);
        uint256[] memory leaves = new uint256[](2 * chosen.length + 1);
        uint256 length = 0;
        for (uint256 i = 0; i < chosen.length; ++i) {
            chosen[i] = (i < 256 ? low >> i : high >> (i - 256)) & 1 == 1;
            if (!chosen[i]) continue;
            (leaves[length], leaves[length + 1]) = (i, uint256(nodes[chosen.length + i]));
            length += 2;
        }
        uint256[] memory listed = new uint256[](length + 1);
        for (uint256 i = 0; i < length; ++i) {
            listed[i] = leaves[i];
        }
        bytes32[] memory proof = PlainSsz.multiproof(nodes, chosen);
        assertEq(Ssz.multiproofLength(low, high, height), proof.length);
        assertEq(this.multiproof(abi.encodePacked("begin", proof), 5, listed, height), nodes[1]);
    }

    function someLeaves(uint256 seed, uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }
}
