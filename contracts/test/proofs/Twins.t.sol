// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {Test} from "forge-std/Test.sol";

import {PlainStorageProofHarness, StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

/// @notice Others who verify the same proofs: our own plain twin, which must agree to the letter, and OpenZeppelin's
///         TrieProof, which must accept whatever we accept.
contract TwinsTest is Test {
    StorageProofHarness internal fast = new StorageProofHarness();
    PlainStorageProofHarness internal plain = new PlainStorageProofHarness();

    /* OUR PLAIN TWIN */

    function testFuzz_slotValue_agreesWithThePlainTwin(
        bytes32 slot,
        bytes32 value,
        uint256 a,
        uint256 s,
        uint256[4] memory changes
    ) public view {
        (bytes32 root, bytes memory proof) =
            TinyTrie.prove(address(1), slot, value, bound(a, 1, 5), bound(s, 1, 5));
        _mutate(proof, changes);
        _assertSame(abi.encodeCall(fast.slotValue, (root, address(1), slot, proof)));
    }

    /// @dev The root is the hash of whatever the node is made into, so that every rule behind the hash is reached.
    function testFuzz_get_agreesWithThePlainTwinOnAnyNode(
        uint256 seed,
        uint256 depth,
        uint256 nibbles,
        uint256[4] memory changes
    ) public view {
        bytes32 key = keccak256(abi.encode(seed));
        (, bytes[] memory nodes) =
            TinyTrie.path(key, TinyTrie.number(seed), seed % 2 == 0 ? 1 : bound(depth, 1, 2));
        bytes memory node = nodes[0];
        _mutate(node, changes);
        nibbles = seed % 3 == 0 ? bound(nibbles, 0, 64) : 64;
        _assertSame(abi.encodeCall(fast.get, (keccak256(node), key, nibbles, node)));
    }

    /// @dev Branches of hashes, empty places and embedded nodes, a few of them wrong.
    function testFuzz_get_agreesWithThePlainTwinOnAnyBranch(
        uint256 seed,
        bytes32 key,
        uint256[4] memory changes
    ) public view {
        bytes[17] memory items;
        for (uint256 i = 0; i < 17; ++i) {
            bytes32 random = keccak256(abi.encode(seed, i));
            uint256 kind = uint256(random) % 32;
            items[i] = kind < 16 ? TinyTrie.str(abi.encodePacked(random)) : bytes(hex"80");
            if (kind == 16) items[i] = TinyTrie.leaf(random, 56, "value");
            if (kind == 17) items[i] = TinyTrie.str(new bytes(uint256(random >> 8) % 40));
        }
        if (seed % 2 == 0) items[16] = hex"80";
        bytes memory node = TinyTrie.branch(items);
        if (seed % 4 == 0) _mutate(node, changes);
        _assertSame(abi.encodeCall(fast.get, (keccak256(node), key, 64, node)));
    }

    function testFuzz_item_agreesWithThePlainTwin(bytes memory data, uint256 offset, uint256 end)
        public
        view
    {
        end = bound(end, 0, data.length);
        offset = bound(offset, 0, end);
        _assertSame(abi.encodeCall(fast.item, (data, offset, end)));
    }

    /// @dev Every first byte, before every second byte that matters.
    function test_item_agreesWithThePlainTwinOnEveryPrefix() public view {
        bytes memory data = new bytes(70);
        bytes memory seconds_ = hex"0001373738397f8081ff";
        for (uint256 prefix = 0; prefix < 256; ++prefix) {
            for (uint256 i = 0; i < seconds_.length; ++i) {
                (data[0], data[1]) = (bytes1(uint8(prefix)), seconds_[i]);
                _assertSame(abi.encodeCall(fast.item, (data, 0, data.length)));
                _assertSame(abi.encodeCall(fast.item, (data, 0, 57)));
                _assertSame(abi.encodeCall(fast.item, (data, 0, 1)));
            }
        }
    }

    /* OPENZEPPELIN */

    function testFuzz_get_agreesWithTrieProof(uint256 seed, uint256 count) public view {
        count = bound(count, 1, 16);
        (bytes32[] memory keys, bytes[] memory values) = (new bytes32[](count), new bytes[](count));
        for (uint256 i = 0; i < count; ++i) {
            keys[i] = keccak256(abi.encode(seed, i));
            values[i] = TinyTrie.number(uint256(keys[i]) >> (i * 15));
        }
        for (uint256 i = 0; i < count; ++i) {
            (bytes32 root, bytes[] memory nodes) = TinyTrie.prove(keys, values, keys[i]);
            (bool found, bytes memory value,) = fast.get(root, keys[i], 64, TinyTrie.concat(nodes));
            assertTrue(found);
            assertEq(value, TrieProof.traverse(root, abi.encodePacked(keys[i]), nodes));
        }
    }

    /// @dev Nodes are changed and their parents mended, so that hashes do not hide the other rules.
    function testFuzz_get_acceptsNothingThatTrieProofRefuses(
        uint256 seed,
        uint256 depth,
        uint256[4] memory changes
    ) public view {
        bytes32 key = keccak256(abi.encode(seed));
        (, bytes[] memory nodes) = TinyTrie.path(key, TinyTrie.number(seed), bound(depth, 1, 4));
        bytes memory last = nodes[nodes.length - 1];
        _mutate(last, changes);
        bytes32 root = keccak256(last);
        for (uint256 i = nodes.length - 1; i > 0; --i) {
            bytes[17] memory items;
            for (uint256 j = 0; j < 17; ++j) {
                items[j] =
                    j == 16 ? bytes(hex"80") : TinyTrie.str(abi.encodePacked(keccak256(abi.encode(i, j))));
            }
            items[TinyTrie.nibble(key, i - 1)] = TinyTrie.str(abi.encodePacked(root));
            nodes[i - 1] = TinyTrie.branch(items);
            root = keccak256(nodes[i - 1]);
        }
        bytes memory proof = TinyTrie.concat(nodes);
        try fast.get(root, key, 64, proof) returns (bool found, bytes memory value, uint256 next) {
            if (!found || next != proof.length) return;
            assertEq(value, TrieProof.traverse(root, abi.encodePacked(key), nodes));
        } catch {}
    }

    /* HELPERS */

    /// @dev Changes no, one or two bytes.
    function _mutate(bytes memory data, uint256[4] memory changes) internal pure {
        if (changes[0] % 4 != 0) {
            data[changes[1] % 2 == 0 ? changes[0] % 4 : changes[0] % data.length] = bytes1(uint8(changes[2]));
        }
        if (changes[2] % 4 == 0) data[changes[2] % data.length] = bytes1(uint8(changes[3]));
    }

    function _assertSame(bytes memory call) internal view {
        (bool ok, bytes memory answer) = address(fast).staticcall(call);
        (bool plainOk, bytes memory plainAnswer) = address(plain).staticcall(call);
        assertEq(ok, plainOk);
        assertEq(answer, plainAnswer);
    }
}
