// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

contract StorageProofHarness {
    function slotValue(bytes32 stateRoot, address account, bytes32 slot, bytes calldata proof)
        external
        pure
        returns (bytes32)
    {
        return StorageProof.slotValue(stateRoot, account, slot, proof);
    }
}

contract StorageProofTest is Test {
    StorageProofHarness internal harness = new StorageProofHarness();

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
}
