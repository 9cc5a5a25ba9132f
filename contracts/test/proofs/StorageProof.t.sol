// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

contract StorageProofTest is Test {
    address internal constant ACCOUNT = address(0xbeef);
    bytes32 internal constant SLOT = bytes32(uint256(7));
    bytes32 internal constant VALUE = keccak256("value");

    StorageProofHarness internal harness = new StorageProofHarness();

    /* ACCEPTED */

    function testFuzz_slotValue_acceptsWhatTheTrieHolds(
        address account,
        bytes32 slot,
        bytes32 value,
        uint256 a,
        uint256 s
    ) public view {
        vm.assume(value != 0);
        (bytes32 root, bytes memory proof) =
            TinyTrie.prove(account, slot, value, bound(a, 1, 12), bound(s, 1, 12));
        assertEq(harness.slotValue(root, account, slot, proof), value);
    }

    function test_slotValue_acceptsEveryWidthOfNumber() public view {
        for (uint256 bits = 0; bits < 256; ++bits) {
            _assertProven(bytes32(uint256(1) << bits));
            _assertProven(bytes32(type(uint256).max >> bits));
        }
    }

    /// @dev A leaf this deep and a value this small fit into their parents.
    function test_slotValue_acceptsAStorageLeafInsideItsParent() public view {
        for (uint256 depth = 8; depth <= 65; depth += depth < 16 ? 1 : 7) {
            (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, bytes32(uint256(1)), 1, depth);
            assertEq(harness.slotValue(root, ACCOUNT, SLOT, proof), bytes32(uint256(1)));
        }
    }

    /* CHANGED */

    function test_slotValue_rejectsEveryFlippedByte() public {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 8, 2);
        assertGt(proof.length, 8 * 532);
        for (uint256 i = 0; i < proof.length; ++i) {
            bytes1 original = proof[i];
            proof[i] = original ^ bytes1(uint8(1 << (i % 8)));
            _assertRejected(root, proof);
            proof[i] = ~original;
            _assertRejected(root, proof);
            proof[i] = original;
        }
    }

    function testFuzz_slotValue_rejectsAnyOtherByte(uint256 place, uint8 byte_) public view {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 3, 2);
        place = bound(place, 0, proof.length - 1);
        vm.assume(uint8(proof[place]) != byte_);
        proof[place] = bytes1(byte_);
        _assertRejected(root, proof);
    }

    function test_slotValue_rejectsDroppedDoubledAndSwappedNodes() public view {
        (bytes32 root, bytes[] memory nodes) = _nodes(8, 2);
        assertEq(harness.slotValue(root, ACCOUNT, SLOT, TinyTrie.concat(nodes)), VALUE);
        for (uint256 i = 0; i < nodes.length; ++i) {
            bytes memory original = nodes[i];
            nodes[i] = "";
            _assertRejected(root, TinyTrie.concat(nodes));
            nodes[i] = abi.encodePacked(original, original);
            _assertRejected(root, TinyTrie.concat(nodes));
            for (uint256 j = 0; j < i; ++j) {
                (nodes[i], nodes[j]) = (nodes[j], original);
                _assertRejected(root, TinyTrie.concat(nodes));
                (nodes[i], nodes[j]) = (original, nodes[i]);
            }
            nodes[i] = original;
        }
    }

    function test_slotValue_rejectsEveryTruncation() public view {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 2, 2);
        for (uint256 length = proof.length; length > 0; --length) {
            assembly ("memory-safe") {
                mstore(proof, sub(length, 1))
            }
            _assertRejected(root, proof);
        }
    }

    function test_slotValue_rejectsTrailingBytes() public {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 8, 2);
        vm.expectRevert(StorageProof.ProofTrailingBytes.selector);
        harness.slotValue(root, ACCOUNT, SLOT, abi.encodePacked(proof, hex"00"));
        vm.expectRevert(StorageProof.ProofTrailingBytes.selector);
        harness.slotValue(root, ACCOUNT, SLOT, abi.encodePacked(proof, TinyTrie.leaf(0, 0, "x")));
    }

    function test_slotValue_rejectsAnEmptyProof() public {
        vm.expectRevert(Rlp.RlpTruncated.selector);
        harness.slotValue(keccak256(""), ACCOUNT, SLOT, "");
    }

    /* OF SOMETHING ELSE */

    function testFuzz_slotValue_rejectsAnotherRoot(bytes32 other) public {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 8, 2);
        vm.assume(other != root && other != 0 && other != MerklePatricia.EMPTY_ROOT);
        vm.expectRevert(MerklePatricia.TrieNodeHashMismatch.selector);
        harness.slotValue(other, ACCOUNT, SLOT, proof);
    }

    function test_slotValue_rejectsTheZeroRoot() public {
        (, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE, 8, 2);
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        harness.slotValue(0, ACCOUNT, SLOT, proof);
    }

    function test_slotValue_rejectsTheEmptyRoot() public {
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        harness.slotValue(MerklePatricia.EMPTY_ROOT, ACCOUNT, SLOT, hex"80");
        vm.expectRevert(MerklePatricia.TrieRootEmpty.selector);
        harness.slotValue(MerklePatricia.EMPTY_ROOT, ACCOUNT, SLOT, "");
    }

    function testFuzz_slotValue_rejectsAnotherAccount(address other) public {
        vm.assume(other != ACCOUNT);
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE);
        vm.expectRevert(MerklePatricia.TrieKeyAbsent.selector);
        harness.slotValue(root, other, SLOT, proof);
    }

    function testFuzz_slotValue_rejectsAnotherSlot(bytes32 other) public {
        vm.assume(other != SLOT);
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, VALUE);
        vm.expectRevert(StorageProof.SlotAbsent.selector);
        harness.slotValue(root, ACCOUNT, other, proof);
    }

    /* ACCOUNTS */

    function test_slotValue_rejectsAnAccountWithoutStorage() public {
        (bytes32 root, bytes[] memory nodes) =
            TinyTrie.path(_accountKey(), TinyTrie.accountValue(MerklePatricia.EMPTY_ROOT), 2);
        vm.expectRevert(StorageProof.SlotAbsent.selector);
        harness.slotValue(root, ACCOUNT, SLOT, TinyTrie.concat(nodes));
    }

    function test_slotValue_rejectsAnAccountWithAZeroStorageRoot() public {
        _rejectsAccount(TinyTrie.accountValue(0), MerklePatricia.TrieRootEmpty.selector);
    }

    function test_slotValue_rejectsAnAccountThatIsNoList() public {
        _rejectsAccount(TinyTrie.str(new bytes(40)), StorageProof.AccountMalformed.selector);
        bytes memory fields = TinyTrie.accountValue(keccak256("root")); // in order, but wrapped as a string
        for (uint256 i = 2; i < fields.length; ++i) {
            fields[i - 2] = fields[i];
        }
        assembly ("memory-safe") {
            mstore(fields, sub(mload(fields), 2))
        }
        _rejectsAccount(TinyTrie.str(fields), StorageProof.AccountMalformed.selector);
    }

    function test_slotValue_rejectsBytesBehindTheAccount() public {
        _rejectsAccount(
            abi.encodePacked(TinyTrie.accountValue(bytes32("r")), hex"00"),
            StorageProof.AccountMalformed.selector
        );
    }

    function test_slotValue_rejectsAnAccountWithAMalformedField() public {
        bytes4 malformed = StorageProof.AccountMalformed.selector;
        bytes memory one = TinyTrie.number(1);
        bytes memory hash = TinyTrie.str(abi.encodePacked(keccak256("hash")));
        bytes memory short = TinyTrie.str(new bytes(31));
        bytes memory listed = TinyTrie.list(hash);
        _rejectsAccount(_account(hex"c0", one, hash, hash), malformed);
        _rejectsAccount(_account(hex"00", one, hash, hash), malformed);
        _rejectsAccount(_account(hex"820001", one, hash, hash), malformed);
        _rejectsAccount(_account(TinyTrie.number(1 << 64), one, hash, hash), malformed);
        _rejectsAccount(_account(one, hex"c0", hash, hash), malformed);
        _rejectsAccount(_account(one, hex"820001", hash, hash), malformed);
        _rejectsAccount(
            _account(
                one,
                TinyTrie.str(hex"010000000000000000000000000000000000000000000000000000000000000000"),
                hash,
                hash
            ),
            malformed
        );
        _rejectsAccount(_account(one, one, short, hash), malformed);
        _rejectsAccount(_account(one, one, TinyTrie.str(new bytes(33)), hash), malformed);
        _rejectsAccount(_account(one, one, listed, hash), malformed);
        _rejectsAccount(_account(one, one, hash, short), malformed);
        _rejectsAccount(_account(one, one, hash, listed), malformed);
        _rejectsAccount(_account(one, one, hash, abi.encodePacked(hash, hex"80")), malformed);
        _rejectsAccount(_account(one, one, hash, ""), Rlp.RlpTruncated.selector);
        _rejectsAccount(_account(hex"8101", one, hash, hash), Rlp.RlpNonCanonical.selector);
    }

    function test_slotValue_acceptsTheWidestAccount() public view {
        (bytes32 storageRoot, bytes[] memory storageNodes) =
            TinyTrie.path(TinyTrie.slotKey(SLOT), TinyTrie.slotValue(VALUE), 1);
        bytes memory value = _account(
            TinyTrie.number(type(uint64).max),
            TinyTrie.number(type(uint256).max),
            TinyTrie.str(abi.encodePacked(storageRoot)),
            TinyTrie.str(abi.encodePacked(keccak256("code")))
        );
        (bytes32 root, bytes[] memory nodes) = TinyTrie.path(_accountKey(), value, 1);
        bytes memory proof = abi.encodePacked(nodes[0], storageNodes[0]);
        assertEq(harness.slotValue(root, ACCOUNT, SLOT, proof), VALUE);
    }

    /* VALUES */

    function test_slotValue_rejectsAMalformedValue() public {
        bytes4 malformed = StorageProof.SlotValueMalformed.selector;
        _rejectsValue(hex"c0", malformed);
        _rejectsValue(TinyTrie.list(TinyTrie.number(1)), malformed);
        _rejectsValue(hex"00", malformed);
        _rejectsValue(hex"820001", malformed);
        _rejectsValue(hex"0101", malformed);
        _rejectsValue(abi.encodePacked(TinyTrie.slotValue(VALUE), hex"80"), malformed);
        _rejectsValue(TinyTrie.str(abi.encodePacked(bytes1(0x01), VALUE)), malformed);
        _rejectsValue(hex"8101", Rlp.RlpNonCanonical.selector);
        _rejectsValue(hex"b80101", Rlp.RlpNonCanonical.selector);
        _rejectsValue(hex"82ff", Rlp.RlpTruncated.selector);
    }

    function test_slotValue_rejectsAStoredZero() public {
        _rejectsValue(hex"80", StorageProof.SlotAbsent.selector);
    }

    /* HELPERS */

    function _accountKey() internal pure returns (bytes32) {
        return TinyTrie.accountKey(ACCOUNT);
    }

    function _account(bytes memory nonce, bytes memory balance, bytes memory root, bytes memory code)
        internal
        pure
        returns (bytes memory)
    {
        return TinyTrie.list(abi.encodePacked(nonce, balance, root, code));
    }

    function _nodes(uint256 a, uint256 s) internal pure returns (bytes32 root, bytes[] memory nodes) {
        (bytes32 storageRoot, bytes[] memory below) =
            TinyTrie.path(TinyTrie.slotKey(SLOT), TinyTrie.slotValue(VALUE), s);
        bytes[] memory above;
        (root, above) = TinyTrie.path(_accountKey(), TinyTrie.accountValue(storageRoot), a);
        nodes = new bytes[](a + s);
        for (uint256 i = 0; i < a + s; ++i) {
            nodes[i] = i < a ? above[i] : below[i - a];
        }
    }

    function _assertProven(bytes32 value) internal view {
        (bytes32 root, bytes memory proof) = TinyTrie.prove(ACCOUNT, SLOT, value);
        assertEq(harness.slotValue(root, ACCOUNT, SLOT, proof), value);
    }

    function _assertRejected(bytes32 root, bytes memory proof) internal view {
        try harness.slotValue(root, ACCOUNT, SLOT, proof) {
            revert("accepted");
        } catch {}
    }

    function _rejectsAccount(bytes memory value, bytes4 rule) internal {
        (bytes32 root, bytes[] memory nodes) = TinyTrie.path(_accountKey(), value, 1);
        vm.expectRevert(rule);
        harness.slotValue(root, ACCOUNT, SLOT, TinyTrie.concat(nodes));
    }

    function _rejectsValue(bytes memory value, bytes4 rule) internal {
        (bytes32 storageRoot, bytes[] memory nodes) = TinyTrie.path(TinyTrie.slotKey(SLOT), value, 1);
        (bytes32 root, bytes[] memory above) =
            TinyTrie.path(_accountKey(), TinyTrie.accountValue(storageRoot), 1);
        vm.expectRevert(rule);
        harness.slotValue(root, ACCOUNT, SLOT, abi.encodePacked(above[0], nodes[0]));
    }
}
