// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

/// @notice Several slots under one account proof: each is what a proof of it alone would say, or zero.
contract StorageProofSlotsTest is Test {
    address internal constant ACCOUNT = address(0xbeef);

    StorageProofHarness internal harness = new StorageProofHarness();

    function slotValues(
        bytes32 root,
        address account,
        bytes32[] memory slots,
        bytes calldata proof,
        uint256 offset
    ) external pure returns (bytes32[] memory values, uint256 next) {
        return StorageProof.slotValues(root, account, slots, proof, offset);
    }

    function test_slotValues_areWhatEachProofAloneSays() public view {
        for (uint256 held = 1; held <= 40; held += 13) {
            (bytes32 root, bytes memory proof, bytes32[] memory slots) = _world(held, held);
            (bytes32[] memory values, uint256 next) = this.slotValues(root, ACCOUNT, slots, proof, 0);
            assertEq(next, proof.length);
            for (uint256 i = 0; i < held; ++i) {
                assertEq(values[i], keccak256(abi.encode(slots[i])));
            }
        }
        (bytes32 one, bytes memory alone, bytes32[] memory slot) = _world(20, 1);
        assertEq(harness.slotValue(one, ACCOUNT, slot[0], alone), keccak256(abi.encode(slot[0])));
    }

    function test_slotValues_beginAndEndAnywhere() public view {
        (bytes32 root, bytes memory proof, bytes32[] memory slots) = _world(9, 3);
        bytes memory framed = abi.encodePacked(hex"aabbcc", proof, hex"dd");
        (bytes32[] memory values, uint256 next) = this.slotValues(root, ACCOUNT, slots, framed, 3);
        assertEq(values[2], keccak256(abi.encode(slots[2])));
        assertEq(next, 3 + proof.length);
    }

    function test_slotValues_ofNoSlotsProvesTheAccount() public {
        (bytes32 root, bytes memory proof,) = _world(9, 0);
        (bytes32[] memory values, uint256 next) = this.slotValues(root, ACCOUNT, new bytes32[](0), proof, 0);
        assertEq(values.length, 0);
        assertEq(next, proof.length);
        (root, proof) = TinyTrie.prove(address(0xdead), 0, bytes32("value")); // one leaf, which leads elsewhere
        vm.expectRevert(MerklePatricia.TrieKeyAbsent.selector);
        this.slotValues(root, ACCOUNT, new bytes32[](0), proof, 0);
    }

    function test_slotValues_areZeroWhereTheTrieHoldsNothing() public view {
        (bytes32[] memory keys, bytes[] memory values_) = (new bytes32[](2), new bytes[](2));
        for (uint256 i = 0; i < 2; ++i) {
            (keys[i], values_[i]) = (TinyTrie.slotKey(bytes32(i)), TinyTrie.slotValue(bytes32(i + 1)));
        }
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = bytes32(uint256(7));
        (bytes32 storageRoot, bytes[] memory below) =
            TinyTrie.prove(keys, values_, TinyTrie.slotKey(slots[0]));
        (bytes32 root, bytes[] memory above) =
            TinyTrie.path(TinyTrie.accountKey(ACCOUNT), TinyTrie.accountValue(storageRoot), 2);
        bytes memory proof = abi.encodePacked(TinyTrie.concat(above), TinyTrie.concat(below));
        (bytes32[] memory values, uint256 next) = this.slotValues(root, ACCOUNT, slots, proof, 0);
        assertEq(values[0], 0);
        assertEq(next, proof.length);
        (root, above) =
            TinyTrie.path(TinyTrie.accountKey(ACCOUNT), TinyTrie.accountValue(MerklePatricia.EMPTY_ROOT), 2);
        (values, next) = this.slotValues(root, ACCOUNT, slots, TinyTrie.concat(above), 0);
        assertEq(values[0], 0);
    }

    function test_slotValues_rejectEveryFlippedByte() public view {
        (bytes32 root, bytes memory proof, bytes32[] memory slots) = _world(11, 4);
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] ^= bytes1(uint8(1 << (i % 8)));
            try this.slotValues(root, ACCOUNT, slots, proof, 0) {
                revert("accepted");
            } catch {}
            proof[i] ^= bytes1(uint8(1 << (i % 8)));
        }
    }

    function test_slotValues_rejectTheEmptyState() public {
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        this.slotValues(MerklePatricia.EMPTY_ROOT, ACCOUNT, new bytes32[](0), "", 0);
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        this.slotValues(0, ACCOUNT, new bytes32[](0), "", 0);
    }

    /// @dev `held` slots, of which the first `asked` are proven.
    function _world(uint256 held, uint256 asked)
        internal
        pure
        returns (bytes32 root, bytes memory proof, bytes32[] memory slots)
    {
        bytes32[] memory keys = new bytes32[](held);
        bytes[] memory values = new bytes[](held);
        slots = new bytes32[](asked);
        for (uint256 i = 0; i < held; ++i) {
            bytes32 slot = keccak256(abi.encode("slot", i));
            (keys[i], values[i]) = (TinyTrie.slotKey(slot), TinyTrie.slotValue(keccak256(abi.encode(slot))));
            if (i < asked) slots[i] = slot;
        }
        bytes memory below;
        bytes32 storageRoot = TinyTrie.rootOf(keys, values);
        for (uint256 i = 0; i < asked; ++i) {
            bytes[] memory nodes;
            (, nodes) = TinyTrie.prove(keys, values, TinyTrie.slotKey(slots[i]));
            below = abi.encodePacked(below, TinyTrie.concat(nodes));
        }
        bytes[] memory above;
        (root, above) = TinyTrie.path(TinyTrie.accountKey(ACCOUNT), TinyTrie.accountValue(storageRoot), 2);
        proof = abi.encodePacked(TinyTrie.concat(above), below);
    }
}
