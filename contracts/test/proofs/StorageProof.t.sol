// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

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
