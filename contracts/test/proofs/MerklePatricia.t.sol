// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

contract MerklePatriciaTest is Test {
    bytes4 internal constant MALFORMED = MerklePatricia.TrieNodeMalformed.selector;
    bytes32 internal constant KEY = 0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef;

    StorageProofHarness internal harness = new StorageProofHarness();

    /* PRESENCE AND ABSENCE */

    /// @dev Every key of a random trie is proven present, and random keys are proven absent by the same trie.
    function testFuzz_get_tellsPresenceFromAbsence(uint256 seed, uint256 count, uint8 spread) public view {
        (bytes32[] memory keys, bytes[] memory values) = _trie(seed, bound(count, 1, 12), spread);
        for (uint256 i = 0; i < keys.length; ++i) {
            _assertProves(keys, values, keys[i], values[i]);
            bytes32 other = keys[i] ^ bytes32(uint256(1) << (uint256(keccak256(abi.encode(seed, i))) % 256));
            if (!_holds(keys, other)) _assertProves(keys, values, other, "");
        }
    }

    /// @dev A proof of absence that stops early is no proof.
    function testFuzz_get_rejectsAbsenceByAMissingNode(uint256 seed, bytes32 key) public {
        (bytes32[] memory keys, bytes[] memory values) = _trie(seed, 24, 0);
        (bytes32 root, bytes[] memory nodes) = TinyTrie.prove(keys, values, key);
        nodes[nodes.length - 1] = "";
        vm.expectRevert(Rlp.RlpTruncated.selector);
        harness.get(root, key, 64, TinyTrie.concat(nodes));
    }

    function test_get_provesAbsenceInTheEmptyTrie() public view {
        (bool found,, uint256 next) = harness.get(MerklePatricia.EMPTY_ROOT, KEY, 64, "");
        assertFalse(found);
        assertEq(next, 0);
        assertEq(MerklePatricia.EMPTY_ROOT, keccak256(hex"80"));
    }

    function test_get_rejectsTheZeroRoot() public {
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        harness.get(0, KEY, 64, hex"c0");
    }

    function test_get_provesAbsenceByADivergentLeafAndExtension() public view {
        bytes memory leaf = TinyTrie.leaf(KEY, 0, "value");
        _assertAbsent(leaf, ~KEY);
        _assertAbsent(leaf, KEY ^ bytes32(uint256(1)));
        bytes memory extension = TinyTrie.extension(KEY, 0, 5, leaf);
        _assertAbsent(extension, KEY ^ bytes32(uint256(1) << 236));
    }

    /// @dev Keys of other lengths, as the tries of transactions and receipts have: "do", "dog", "doge" and "horse".
    function test_get_servesKeysOfAnyLength() public view {
        bytes[17] memory dog = _items();
        dog[6] = _node(hex"35", TinyTrie.str("coin"));
        dog[16] = TinyTrie.str("puppy");
        bytes memory dogBranch = TinyTrie.branch(dog);
        bytes memory dogPath = TinyTrie.list(abi.encodePacked(TinyTrie.str(hex"17"), TinyTrie.ref(dogBranch)));
        bytes[17] memory deep = _items();
        deep[6] = TinyTrie.ref(dogPath);
        deep[16] = TinyTrie.str("verb");
        bytes memory root =
            TinyTrie.list(abi.encodePacked(TinyTrie.str(hex"00646f"), TinyTrie.ref(TinyTrie.branch(deep))));
        bytes[] memory nodes = new bytes[](3);
        (nodes[0], nodes[1], nodes[2]) = (root, TinyTrie.branch(deep), dogBranch);
        bytes memory proof = TinyTrie.concat(TinyTrie.standing(nodes));
        _assertHolds(root, "do", 4, proof, "verb");
        _assertHolds(root, "dog", 6, proof, "puppy");
        _assertHolds(root, "doge", 8, proof, "coin");
        _assertHolds(root, "d", 2, proof, "");
        _assertHolds(root, "doges", 10, proof, "");
        _assertHolds(root, "horse", 10, proof, "");
    }

    /* MALFORMED NODES */

    function test_get_rejectsANodeThatIsNoList() public {
        _rejects(TinyTrie.str(new bytes(40)), Rlp.RlpUnexpectedKind.selector);
    }

    function test_get_rejectsAnyOtherNumberOfItems() public {
        for (uint256 n = 0; n < 20; ++n) {
            if (n == 2 || n == 17) continue;
            bytes memory payload;
            for (uint256 i = 0; i < n; ++i) {
                payload =
                    abi.encodePacked(payload, i == 0 ? TinyTrie.str(abi.encodePacked(KEY)) : bytes(hex"80"));
            }
            (bytes32 root, bytes memory proof) = _alone(TinyTrie.list(payload));
            vm.expectRevert(n > 17 ? MALFORMED : Rlp.RlpTruncated.selector);
            harness.get(root, KEY, 64, proof);
        }
    }

    function test_get_rejectsAMalformedPath() public {
        bytes memory value = TinyTrie.str("value");
        _rejects(TinyTrie.list(abi.encodePacked(hex"c0", value)), MALFORMED);
        _rejects(TinyTrie.list(abi.encodePacked(hex"80", value)), MALFORMED);
        _rejects(hex"c28020", MALFORMED); // no path, and a value that looks like one
        _rejects(hex"c28030", MALFORMED);
        for (uint256 flag = 4; flag < 16; ++flag) {
            _rejects(_node(_path(flag, 0), value), MALFORMED);
        }
        for (uint256 padding = 1; padding < 16; ++padding) {
            _rejects(_node(_path(0, padding), TinyTrie.str(abi.encodePacked(KEY))), MALFORMED);
            _rejects(_node(_path(2, padding), value), MALFORMED);
        }
        _rejects(_node(hex"00", TinyTrie.str(abi.encodePacked(KEY))), MALFORMED);
    }

    function test_get_rejectsALeafWithoutAValue() public {
        _rejects(_node(_path(2, 0), hex"80"), MALFORMED);
        _rejects(_node(_path(2, 0), hex"c101"), MALFORMED);
    }

    function test_get_rejectsAnExtensionToNothing() public {
        _rejects(_node(_path(0, 0), hex"80"), MALFORMED);
        _rejects(_node(_path(0, 0), hex"c0"), MALFORMED);
        _rejects(_node(_path(0, 0), TinyTrie.str(new bytes(31))), MALFORMED);
        _rejects(_node(_path(0, 0), TinyTrie.list(new bytes(31))), MALFORMED);
    }

    function test_get_rejectsABranchWithAMalformedChild() public {
        for (uint256 i = 0; i < 16; ++i) {
            _rejectsChild(i, hex"01");
            _rejectsChild(i, hex"c0");
            _rejectsChild(i, TinyTrie.str(new bytes(31)));
            _rejectsChild(i, TinyTrie.str(new bytes(33)));
            _rejectsChild(i, TinyTrie.list(new bytes(31)));
        }
        _rejectsChild(16, hex"c101");
    }

    /// @dev A branch whose list ends inside its last hash, as if the hash went on behind it.
    function test_get_rejectsABranchWhoseItemsRunPastItsEnd() public {
        bytes memory payload;
        for (uint256 i = 0; i < 16; ++i) {
            payload = abi.encodePacked(payload, hex"80");
        }
        payload = abi.encodePacked(payload, hex"a0", new bytes(20));
        (bytes32 root,) = _alone(TinyTrie.list(payload));
        vm.expectRevert(Rlp.RlpTruncated.selector);
        harness.get(root, KEY, 64, abi.encodePacked(TinyTrie.list(payload), new bytes(64)));
    }

    function test_get_rejectsAShortNodeNamedByItsHash() public {
        bytes memory short = TinyTrie.leaf(KEY, 50, "v");
        assertLt(short.length, 32);
        bytes memory root = TinyTrie.list(
            abi.encodePacked(
                TinyTrie.str(TinyTrie.hexPrefix(KEY, 0, 50, false)),
                TinyTrie.str(abi.encodePacked(keccak256(short)))
            )
        );
        vm.expectRevert(MALFORMED);
        harness.get(keccak256(root), KEY, 64, abi.encodePacked(root, short));
    }

    /// @dev The same trie told in two ways must not be: what fits into the parent stands there and only there.
    function test_get_rejectsAnEmbeddedNodeRepeatedAfterItsParent() public view {
        bytes memory short = TinyTrie.leaf(KEY, 50, "v");
        bytes memory root = TinyTrie.extension(KEY, 0, 50, short);
        (bool found,, uint256 next) = harness.get(keccak256(root), KEY, 64, abi.encodePacked(root, short));
        assertTrue(found);
        assertEq(next, root.length);
    }

    /* HELPERS */

    function _trie(uint256 seed, uint256 count, uint8 spread)
        internal
        pure
        returns (bytes32[] memory keys, bytes[] memory values)
    {
        (keys, values) = (new bytes32[](count), new bytes[](count));
        for (uint256 i = 0; i < count; ++i) {
            bytes32 random = keccak256(abi.encode(seed, i));
            // With a spread, keys differ in their last bits only: long extensions, embedded leaves.
            keys[i] = spread % 4 == 0
                ? random
                : bytes32(uint256(keccak256(abi.encode(seed))) << 16 | uint16(i * 257));
            values[i] = TinyTrie.number(uint256(random) >> (i * 10 % 250));
        }
    }

    function _holds(bytes32[] memory keys, bytes32 key) internal pure returns (bool) {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == key) return true;
        }
        return false;
    }

    function _assertProves(bytes32[] memory keys, bytes[] memory values, bytes32 key, bytes memory expected)
        internal
        view
    {
        (bytes32 root, bytes[] memory nodes) = TinyTrie.prove(keys, values, key);
        bytes memory proof = TinyTrie.concat(nodes);
        (bool found, bytes memory value, uint256 next) = harness.get(root, key, 64, proof);
        assertEq(found, expected.length != 0);
        assertEq(value, expected);
        assertEq(next, proof.length);
    }

    function _assertAbsent(bytes memory root, bytes32 key) internal view {
        (bool found,, uint256 next) = harness.get(keccak256(root), key, 64, root);
        assertFalse(found);
        assertEq(next, root.length);
    }

    function _assertHolds(
        bytes memory root,
        bytes32 key,
        uint256 nibbles,
        bytes memory proof,
        bytes memory expected
    ) internal view {
        (bool found, bytes memory value,) = harness.get(keccak256(root), key, nibbles, proof);
        assertEq(found, expected.length != 0);
        assertEq(value, expected);
    }

    /// @dev A path of KEY with this flag and padding nibble in front.
    function _path(uint256 flag, uint256 padding) internal pure returns (bytes memory) {
        return abi.encodePacked(uint8(flag * 16 + padding), KEY);
    }

    function _node(bytes memory path, bytes memory second) internal pure returns (bytes memory) {
        return TinyTrie.list(abi.encodePacked(TinyTrie.str(path), second));
    }

    function _items() internal pure returns (bytes[17] memory items) {
        for (uint256 i = 0; i < 17; ++i) {
            items[i] = hex"80";
        }
    }

    function _alone(bytes memory node) internal pure returns (bytes32 root, bytes memory proof) {
        return (keccak256(node), node);
    }

    function _rejects(bytes memory node, bytes4 rule) internal {
        (bytes32 root, bytes memory proof) = _alone(node);
        vm.expectRevert(rule);
        harness.get(root, KEY, 64, proof);
    }

    function _rejectsChild(uint256 index, bytes memory child) internal {
        bytes[17] memory items = _items();
        items[index] = child;
        _rejects(TinyTrie.branch(items), MALFORMED);
    }
}
