// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ReceiptProof} from "../../src/proofs/ReceiptProof.sol";

/// @notice Receipt proofs behind an external call, with the proof in calldata.
contract ReceiptProofHarness {
    function loggedWord(
        bytes32 receiptsRoot,
        address emitter,
        bytes32 topic0,
        bytes32 topic1,
        bytes calldata proof
    ) external pure returns (bytes32) {
        return ReceiptProof.loggedWord(receiptsRoot, emitter, topic0, topic1, proof);
    }

    function begins(bytes calldata proof) external pure returns (bool) {
        return ReceiptProof.begins(proof);
    }
}
