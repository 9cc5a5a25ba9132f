// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReceiptProofHarness} from "../support/ReceiptProofHarness.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The receipt proofs that the Python twin reads too.
contract ReceiptProofVectorsTest is Vectors {
    ReceiptProofHarness internal harness = new ReceiptProofHarness();

    function test_loggedWord_agreesWithTheVectorsThatPass() public {
        Case[] memory cases = casesOf("receipt_proof/valid");
        for (uint256 i = 0; i < cases.length; ++i) {
            assertEq(bytes32(_loggedWord(cases[i])), wordOf(cases[i], "value"), cases[i].name);
        }
    }

    function test_loggedWord_agreesWithTheVectorsThatDoNot() public {
        Case[] memory cases = casesOf("receipt_proof/rejected");
        for (uint256 i = 0; i < cases.length; ++i) {
            _loggedWord(cases[i]);
        }
    }

    function _loggedWord(Case memory c) internal returns (bytes memory) {
        return assertOutcome(
            c,
            address(harness),
            abi.encodeCall(
                harness.loggedWord,
                (
                    wordOf(c, "receiptsRoot"),
                    addressOf(c, "emitter"),
                    wordOf(c, "topic0"),
                    wordOf(c, "topic1"),
                    bytesOf(c, "proof")
                )
            )
        );
    }
}
