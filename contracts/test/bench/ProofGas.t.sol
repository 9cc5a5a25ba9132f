// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

/// @notice What a storage proof costs.
contract ProofGasTest is Test {
    StorageProofHarness internal harness = new StorageProofHarness();

    /// @dev Execution gas of an external call that does nothing but verify: 8 account and 2 storage nodes, all but the
    ///      two leaves full branches of 532 bytes. Dispatch and the decoding of the arguments are inside, the 21,000 of
    ///      a transaction and its calldata are not.
    function test_storage_proof_8_2() public {
        (address account, bytes32 slot, bytes32 value) =
            (address(0xbeef), bytes32(uint256(7)), keccak256("value"));
        (bytes32 root, bytes memory proof) = TinyTrie.prove(account, slot, value, 8, 2);
        assertEq(harness.slotValue(root, account, slot, proof), value);
        uint256 gas = vm.snapshotGasLastCall("proofs", "storage_proof_8_2");
        assertLe(gas, 25_000);
    }
}
