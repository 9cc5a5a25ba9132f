// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The proofs that the Python twin reads too.
contract StorageProofVectorsTest is Vectors {
    StorageProofHarness internal harness = new StorageProofHarness();

    function test_slotValue_agreesWithTheVectorsThatPass() public {
        Case[] memory cases = casesOf("storage_proof/valid");
        for (uint256 i = 0; i < cases.length; ++i) {
            assertEq(bytes32(_slotValue(cases[i])), wordOf(cases[i], "value"), cases[i].name);
        }
    }

    function test_slotValue_agreesWithTheVectorsThatDoNot() public {
        Case[] memory cases = casesOf("storage_proof/rejected");
        for (uint256 i = 0; i < cases.length; ++i) {
            _slotValue(cases[i]);
        }
    }

    function _slotValue(Case memory c) internal returns (bytes memory) {
        return assertOutcome(
            c,
            address(harness),
            abi.encodeCall(
                harness.slotValue,
                (wordOf(c, "stateRoot"), addressOf(c, "account"), wordOf(c, "slot"), bytesOf(c, "proof"))
            )
        );
    }
}
