// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MerklePatricia} from "../src/proofs/MerklePatricia.sol";
import {StorageProof} from "../src/proofs/StorageProof.sol";

/// @notice Small tries whose structure is given and whose hashes, keys and values are not.
contract ProofsSymbolicTest is Test {
    /* A TRIE OF ONE LEAF */

    function check_get_findsInALeafItsOwnKeyOnly(bytes32 key, bytes32 path, bytes32 value) public view {
        bytes memory node = _leaf(path, value);
        vm.assume(keccak256(node) != MerklePatricia.EMPTY_ROOT);

        (bool found, uint256 start, uint256 end, uint256 next) = this.get(keccak256(node), key, 64, node);

        assert(found == (key == path));
        assert(next == node.length);
        if (found) assert(start == 37 && end == 70);
    }

    function check_get_believesNoOtherRoot(bytes32 root, bytes32 key, bytes32 path, bytes32 value)
        public
        view
    {
        bytes memory node = _leaf(path, value);
        vm.assume(root != keccak256(node) && root != MerklePatricia.EMPTY_ROOT);

        try this.get(root, key, 64, node) {
            assert(false);
        } catch {}
    }

    /* A BRANCH */

    function check_get_followsABranchToTheLeafBelow(bytes32 key, bytes32[16] memory children, bytes32 value)
        public
        view
    {
        for (uint256 nibble = 0; nibble < 16; nibble += 5) {
            bytes32 path = bytes32(nibble << 252 | uint256(key) >> 4);
            bytes memory below = _oddLeaf(path, value);
            children[nibble] = keccak256(below);
            bytes memory node = _branch(children);
            vm.assume(keccak256(node) != MerklePatricia.EMPTY_ROOT);

            (bool found, uint256 start, uint256 end, uint256 next) =
                this.get(keccak256(node), path, 64, bytes.concat(node, below));

            assert(found && next == node.length + below.length);
            assert(start == next - 33 && end == next);
        }
    }

    function check_get_goesOnlyWhereTheKeyLeads(bytes32 key, bytes32[16] memory children, bytes32 value)
        public
        view
    {
        for (uint256 nibble = 0; nibble < 16; nibble += 5) {
            bytes32 path = bytes32(nibble << 252 | uint256(key) >> 4);
            bytes memory below = _oddLeaf(path, value);
            vm.assume(children[nibble] != keccak256(below));
            bytes memory node = _branch(children);
            vm.assume(keccak256(node) != MerklePatricia.EMPTY_ROOT);

            try this.get(keccak256(node), path, 64, bytes.concat(node, below)) {
                assert(false);
            } catch {}
        }
    }

    /* A STORAGE SLOT */

    function check_slotValue_isWhatTheLeafHolds(address account, bytes32 slot, bytes32 value, bytes32 code)
        public
        view
    {
        vm.assume(uint256(value) >> 248 != 0);
        bytes memory storageLeaf = _leaf(keccak256(abi.encode(slot)), value);
        bytes memory accountLeaf =
            _account(keccak256(abi.encodePacked(account)), keccak256(storageLeaf), code);

        bytes32 read =
            this.slotValue(keccak256(accountLeaf), account, slot, bytes.concat(accountLeaf, storageLeaf));

        assert(read == value);
    }

    function check_slotValue_refusesWhatFollows(address account, bytes32 slot, bytes32 value, bytes1 more)
        public
        view
    {
        bytes memory storageLeaf = _leaf(keccak256(abi.encode(slot)), value);
        bytes memory accountLeaf = _account(keccak256(abi.encodePacked(account)), keccak256(storageLeaf), 0);

        try this.slotValue(
            keccak256(accountLeaf), account, slot, bytes.concat(accountLeaf, storageLeaf, more)
        ) {
            assert(false);
        } catch {}
    }

    function check_slotValue_ofAnotherSlotIsRefused(
        address account,
        bytes32 slot,
        bytes32 other,
        bytes32 value
    ) public view {
        vm.assume(slot != other);
        bytes memory storageLeaf = _leaf(keccak256(abi.encode(other)), value);
        bytes memory accountLeaf = _account(keccak256(abi.encodePacked(account)), keccak256(storageLeaf), 0);

        try this.slotValue(keccak256(accountLeaf), account, slot, bytes.concat(accountLeaf, storageLeaf)) {
            assert(false);
        } catch {}
    }

    /* THE CODE UNDER TEST, CALLED WITH CALLDATA */

    function get(bytes32 root, bytes32 key, uint256 nibbles, bytes calldata proof)
        external
        pure
        returns (bool found, uint256 start, uint256 end, uint256 next)
    {
        return MerklePatricia.get(root, key, nibbles, proof, 0);
    }

    function slotValue(bytes32 root, address account, bytes32 slot, bytes calldata proof)
        external
        pure
        returns (bytes32)
    {
        return StorageProof.slotValue(root, account, slot, proof);
    }

    /* NODES */

    /// @dev A leaf with the whole of a key for its path, and a number of 32 bytes.
    function _leaf(bytes32 path, bytes32 value) private pure returns (bytes memory) {
        return abi.encodePacked(hex"f844a120", path, hex"a1a0", value);
    }

    function _oddLeaf(bytes32 path, bytes32 value) private pure returns (bytes memory) {
        bytes32 rest = bytes32(uint256(path) << 4 >> 4 | uint256(3) << 252);
        return abi.encodePacked(hex"f843a0", rest, hex"a1a0", value);
    }

    function _branch(bytes32[16] memory children) private pure returns (bytes memory node) {
        node = hex"f90211";
        for (uint256 i = 0; i < 16; ++i) {
            node = abi.encodePacked(node, hex"a0", children[i]);
        }
        node = abi.encodePacked(node, hex"80");
    }

    /// @dev A leaf with an account that has nonce 1 and no balance.
    function _account(bytes32 path, bytes32 root, bytes32 code) private pure returns (bytes memory) {
        return abi.encodePacked(hex"f86aa120", path, hex"b846f8440180a0", root, hex"a0", code);
    }
}
