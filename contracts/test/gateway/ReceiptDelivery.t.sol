// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VmSafe} from "forge-std/Vm.sol";

import {Gateway} from "../../src/Gateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {ReceiptProof} from "../../src/proofs/ReceiptProof.sol";
import {Height} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {OrderedRecipient} from "../support/Recipients.sol";
import {TinyReceipts} from "../support/TinyReceipts.sol";
import {TwoChains} from "../support/TwoChains.sol";

/// @notice Deliveries that are proven by what harbour's gateway really logged.
contract ReceiptDeliveryTest is TwoChains {
    OrderedRecipient private bob;

    /// @dev What was logged while the newest messages were sent: two logs a message.
    VmSafe.Log[] private said;

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
        on(ISLAND);
    }

    /// @dev One transaction that sends so many messages.
    function sendRecorded(uint256 count) private {
        delete said;
        vm.recordLogs();
        sendMany(address(bob), count);
        VmSafe.Log[] memory recorded = vm.getRecordedLogs();
        for (uint256 i = 0; i < recorded.length; ++i) {
            said.push(recorded[i]);
        }
    }

    /// @dev The messages `first … last`, proven by log `index` of the newest receipt.
    function delivery_(uint64 first, uint64 last, uint256 index)
        private
        returns (IGateway.Delivery memory d)
    {
        d = deliveryOf(first, last);
        prove(d, TinyReceipts.receipt(said), index);
    }

    function prove(IGateway.Delivery memory delivery, bytes memory receipt, uint256 index) private {
        bytes32 root;
        (root, delivery.proof) = TinyReceipts.prove(receipt, index, 3);
        delivery.height = Height.wrap(++height);
        harbourOnIsland.trustReceipts(delivery.height, root);
    }

    function assertReceived(uint64 count) private view {
        assertEq(bob.count(), count);
        for (uint64 nonce = 1; nonce <= count; ++nonce) {
            assertEq(bob.numbers(nonce - 1), nonce);
        }
        assertDelivered(count);
    }

    function test_deliver_takesAReceiptOfTheNewestMessage() public {
        sendRecorded(3);
        IGateway.Delivery memory delivery = delivery_(1, 3, 5);

        vm.expectEmit(address(island));
        emit IGateway.BatchDelivered(HARBOUR, 1, 3, accumulatorAfter(3), relayer);
        deliver(delivery);

        assertReceived(3);
    }

    function test_deliver_takesAReceiptOfAnEarlierMessageForWhatItProves() public {
        sendRecorded(3);
        IGateway.Delivery memory delivery = delivery_(1, 2, 3);
        delivery.tail = new bytes32[](0);

        deliver(delivery);

        assertReceived(2);
    }

    function test_deliver_takesATailUnderAReceiptToo() public {
        sendRecorded(4);

        deliver(delivery_(1, 2, 7));
        deliver(delivery_(3, 4, 7));

        assertReceived(4);
    }

    function test_deliver_takesStorageAndReceiptsInTurn() public {
        sendRecorded(2);
        deliver(delivery_(1, 2, 3));
        sendRecorded(2);
        deliver(deliveryOf(3, 4));
        sendRecorded(1);
        deliver(delivery_(5, 5, 1));

        assertReceived(5);
    }

    /// @dev Invariant 1: a receipt proves no more and no less than the gateway's storage does.
    function test_invariant_aReceiptProvesTheSamePrefix(uint8 sent_, uint8 proven, uint8 carried) public {
        uint64 count = uint64(bound(sent_, 1, 8));
        uint64 last = uint64(bound(carried, 1, count));
        uint256 upTo = bound(proven, 1, count);
        sendRecorded(count);
        IGateway.Delivery memory delivery = delivery_(1, last, 2 * upTo - 1);
        delivery.tail = new bytes32[](upTo > last ? upTo - last : 0);
        for (uint64 i = 0; i < delivery.tail.length; ++i) {
            delivery.tail[i] = idOf(last + 1 + i);
        }

        if (last > upTo) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGateway.AccumulatorMismatch.selector, accumulatorAfter(last), accumulatorAfter(upTo)
                )
            );
        }
        deliver(delivery);

        if (last <= upTo) assertReceived(last);
    }

    /* REFUSED */

    function test_deliver_refusesTheLogOfAnotherContract() public {
        sendRecorded(1);
        said[1].emitter = address(0xbad);
        IGateway.Delivery memory delivery = delivery_(1, 1, 1);

        vm.expectRevert(
            abi.encodeWithSelector(ReceiptProof.LogEmitterMismatch.selector, address(0xbad), address(harbour))
        );
        deliver(delivery);
    }

    function test_deliver_refusesAnotherEventOfTheGateway() public {
        sendRecorded(1);
        IGateway.Delivery memory delivery = delivery_(1, 1, 0);

        vm.expectRevert(
            abi.encodeWithSelector(
                ReceiptProof.LogTopicMismatch.selector,
                0,
                said[0].topics[0],
                IGateway.MessageAccumulated.selector
            )
        );
        deliver(delivery);
    }

    function test_deliver_refusesAMessageToAnotherDestination() public {
        sendRecorded(1);
        said[1].topics[1] = bytes32(uint256(31339));
        IGateway.Delivery memory delivery = delivery_(1, 1, 1);

        vm.expectRevert(
            abi.encodeWithSelector(
                ReceiptProof.LogTopicMismatch.selector, 1, bytes32(uint256(31339)), bytes32(uint256(31338))
            )
        );
        deliver(delivery);
    }

    function test_deliver_refusesALogBeyondTheLast() public {
        sendRecorded(1);
        IGateway.Delivery memory delivery = delivery_(1, 1, 2);

        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.LogIndexOutOfRange.selector, 2, 2));
        deliver(delivery);
    }

    function test_deliver_refusesAReceiptFromBeforeByzantium() public {
        sendRecorded(1);
        bytes[] memory encoded = new bytes[](1);
        encoded[0] = TinyReceipts.log(said[1].emitter, said[1].topics, said[1].data);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        prove(delivery, TinyReceipts.receipt("", abi.encode(keccak256("state")), encoded), 0);

        vm.expectRevert(ReceiptProof.ReceiptWithoutStatus.selector);
        deliver(delivery);
    }

    function test_deliver_refusesAReceiptOfAnotherBlock() public {
        sendRecorded(1);
        IGateway.Delivery memory delivery = delivery_(1, 1, 1);
        harbourOnIsland.trustReceipts(delivery.height, keccak256("another block's receipts"));

        vm.expectRevert(MerklePatricia.TrieNodeHashMismatch.selector);
        deliver(delivery);
    }

    function test_deliver_refusesAMessageThatTheReceiptDoesNotCover() public {
        sendRecorded(2);
        IGateway.Delivery memory delivery = delivery_(1, 2, 1);

        vm.expectRevert(
            abi.encodeWithSelector(
                IGateway.AccumulatorMismatch.selector, accumulatorAfter(2), accumulatorAfter(1)
            )
        );
        deliver(delivery);
    }

    function test_deliver_refusesAReceiptOfAHeaderThatIsNotHeld() public {
        sendRecorded(1);
        IGateway.Delivery memory delivery = delivery_(1, 1, 1);
        harbourOnIsland.freeze();

        vm.expectRevert();
        deliver(delivery);
    }
}
