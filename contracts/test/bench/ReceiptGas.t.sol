// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VmSafe} from "forge-std/Vm.sol";

import {Gateway} from "../../src/Gateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {Height} from "../../src/types/Message.sol";
import {ReceiptProofHarness} from "../support/ReceiptProofHarness.sol";
import {QuietRecipient} from "../support/Recipients.sol";
import {TinyReceipts} from "../support/TinyReceipts.sol";
import {TransactionGas} from "../support/TransactionGas.sol";
import {TwoChains} from "../support/TwoChains.sol";

/// @notice What a receipt proof costs. The block has some 200 transactions, so that two full branches stand above the
///         receipt; its bloom and its logs travel with it.
/// forge-config: default.isolate = true
contract ReceiptGasTest is TwoChains {
    ReceiptProofHarness private harness;
    address private recipient;

    function setUp() public override {
        super.setUp();
        harness = new ReceiptProofHarness();
        recipient = address(new QuietRecipient());
        on(ISLAND);
    }

    function recorded(uint256 count) private returns (VmSafe.Log[] memory) {
        vm.recordLogs();
        for (uint256 i = 0; i < count; ++i) {
            send(recipient, abi.encode(keccak256(abi.encode(sent.length))), 200_000);
        }
        return vm.getRecordedLogs();
    }

    /// @dev Execution gas of an external call that does nothing but verify, as of the storage proofs.
    function verified(string memory name, uint256 messages, uint256 limit) private {
        VmSafe.Log[] memory logs = recorded(messages);
        (bytes32 root, bytes memory proof) =
            TinyReceipts.prove(TinyReceipts.receipt(logs), logs.length - 1, 3);
        bytes32 to = bytes32(uint256(31338));
        bytes memory data = abi.encodeCall(
            harness.loggedWord, (root, address(harbour), IGateway.MessageAccumulated.selector, to, proof)
        );
        (bool succeeded, bytes memory word) = address(harness).call(data);
        uint256 execution = vm.lastCallGas().gasTotalUsed - TransactionGas.intrinsic(data);
        assertTrue(succeeded);
        assertEq(bytes32(word), accumulatorAfter(messages));
        vm.snapshotValue("proofs", name, execution);
        vm.snapshotValue(
            "proofs",
            string.concat(name, "_with_calldata"),
            execution + TransactionGas.intrinsic(proof) - 21_000
        );
        assertLe(execution, limit);
    }

    function test_receipt_proof_1() public {
        verified("receipt_proof_1", 1, 15_000);
    }

    function test_receipt_proof_10() public {
        verified("receipt_proof_10", 10, 30_000);
    }

    /// @dev A share of the whole transaction that delivers ten messages of ten transactions, the header held already.
    function test_receipt_batch10() public {
        recorded(1);
        vm.prank(relayer);
        island.deliver(deliveryOf(1, 1));
        recorded(9);
        VmSafe.Log[] memory logs = recorded(1);
        IGateway.Delivery memory delivery = deliveryOf(2, 11);
        bytes32 root;
        (root, delivery.proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), logs.length - 1, 3);
        harbourOnIsland.trustReceipts(delivery.height, root);
        bytes memory data = abi.encodeCall(island.deliver, (delivery));
        vm.prank(relayer);
        (bool succeeded,) = address(island).call(data);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        assertTrue(succeeded);
        uint256 charge = TransactionGas.whole(data, gas - TransactionGas.intrinsic(data));
        vm.snapshotValue("gateway", "receipt_batch10", charge / 10);
        assertDelivered(11);
    }
}
