// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {ChainId, Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {
    MoodyRecipient,
    OrderedRecipient,
    ReenteringRecipient,
    ReturnRecipient
} from "../support/Recipients.sol";

/// @notice Messages ahead of their turn: proven like all others, executed once, and passed over when their turn comes.
contract ExpressTest is BothWays {
    OrderedRecipient private bob;
    MoodyRecipient private moody;

    function setUp() public override {
        super.setUp();
        (bob, moody) = (new OrderedRecipient(), new MoodyRecipient());
        vm.warp(1_700_000_000);
        on(ISLAND);
    }

    /// @dev The leaves of the messages `first … last`.
    function leaves(uint64 first, uint64 last) private view returns (bytes32[] memory ids) {
        ids = new bytes32[](last + 1 - first);
        for (uint64 i = 0; i < ids.length; ++i) {
            ids[i] = idOf(first + i);
        }
    }

    /// @dev Executes the messages `first … last` ahead of their turn.
    function express(uint64 first, uint64 last) private {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        IGateway.Delivery memory delivery = deliveryOf(first, last);
        bytes32[] memory preceding = leaves(delivered + 1, first - 1);
        vm.recordLogs();
        vm.prank(relayer);
        island.express(delivery, preceding);
        noteReturns();
    }

    function assertAhead(uint256 expected) private view {
        assertEq(island.ahead(HARBOUR), expected);
    }

    /// @dev Bob has got each of the first `count` messages once.
    function assertEachOnce(uint64 count) private view {
        assertEq(bob.count(), count);
        for (uint64 nonce = 1; nonce <= count; ++nonce) {
            assertEq(bob.timesReceived(idOf(nonce)), 1);
        }
    }

    /* EXECUTED */

    function test_express_executesAMessageAheadOfABacklog() public {
        sendMany(address(bob), 103);
        deliver(deliveryOf(1, 1));
        bytes32[] memory preceding = leaves(2, 101);
        IGateway.Delivery memory delivery = deliveryOf(102, 102);

        vm.expectEmit(address(island));
        emit IGateway.MessageExpressed(HARBOUR, 102, idOf(102), relayer);
        vm.prank(relayer);
        island.express(delivery, preceding);

        assertEq(bob.numbers(1), 102);
        assertOutcome(102, IGateway.Outcome.Expressed);
        assertDelivered(1);
        assertAhead(1);
        deliver(deliveryOf(1, 103));
        assertDelivered(103);
        assertEachOnce(103);
        assertAhead(0);
    }

    function test_express_takesTheVeryNextMessage() public {
        sendMany(address(bob), 2);

        express(1, 1);

        assertDelivered(0);
        assertAhead(1);
        deliver(deliveryOf(1, 2));
        assertEachOnce(2);
        assertAhead(0);
    }

    function test_express_takesLeavesOfWhatHasBeenDeliveredSince() public {
        sendMany(address(bob), 5);
        bytes32[] memory preceding = leaves(1, 4);
        IGateway.Delivery memory delivery = deliveryOf(5, 5);
        deliver(deliveryOf(1, 3));

        island.express(delivery, preceding);

        assertOutcome(5, IGateway.Outcome.Expressed);
    }

    function test_express_updatesTheLightClientFirst() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        (bytes32 root,,) = harbourOnIsland.header(delivery.height);
        harbourOnIsland.forget(delivery.height);
        delivery.headerUpdate = abi.encode(delivery.height, root);

        island.express(delivery, leaves(1, 1));

        assertAhead(1);
    }

    function test_deliver_passesOverInSeveralBatches() public {
        sendMany(address(bob), 9);
        express(3, 4);
        express(8, 8);
        assertAhead(3);

        deliver(deliveryOf(1, 3));
        assertAhead(2);
        deliver(deliveryOf(2, 7));
        assertAhead(1);
        deliver(deliveryOf(8, 8));
        assertAhead(0);
        deliver(deliveryOf(9, 9));

        assertDelivered(9);
        assertEachOnce(9);
    }

    function test_express_executesAMessageOnce() public {
        sendMany(address(bob), 4);
        express(2, 3);

        express(3, 4);
        express(2, 4);

        assertAhead(3);
        assertEq(bob.count(), 3);
        deliver(deliveryOf(1, 4));
        assertEachOnce(4);
        assertAhead(0);
    }

    function test_express_isQuietWhenItsTurnHasPassed() public {
        sendMany(address(bob), 3);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        deliver(deliveryOf(1, 3));

        vm.expectEmit(address(island));
        emit IGateway.AlreadyDelivered(HARBOUR, 2);
        island.express(delivery, leaves(1, 1));

        assertEachOnce(3);
        assertAhead(0);
    }

    /// @dev However messages are expressed and delivered, the counter is the number of those ahead, and each arrives once.
    function testFuzz_express_countsWhatIsAhead(uint8[8] calldata steps) public {
        sendMany(address(bob), 12);
        uint64 delivered;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (delivered == 12) break;
            uint64 first = delivered + 1 + uint64(steps[i] / 2) % (12 - delivered);
            uint64 last = first + uint64(steps[i] / 32) % (13 - first);
            if (steps[i] % 2 == 0) {
                express(first, last);
            } else {
                deliver(deliveryOf(delivered + 1, last));
                delivered = last;
            }
            uint256 marked;
            for (uint64 nonce = delivered + 1; nonce <= 12; ++nonce) {
                if (island.outcome(idOf(nonce)) == IGateway.Outcome.Expressed) ++marked;
            }
            assertAhead(marked);
            assertDelivered(delivered);
            assertEq(bob.count(), delivered + marked);
        }
        if (delivered < 12) deliver(deliveryOf(delivered + 1, 12));
        assertEachOnce(12);
        assertAhead(0);
    }

    /* NOT EXECUTED */

    function test_express_aMessageThatFailsIsRetriedOnce() public {
        sendMany(address(bob), 1);
        send(address(moody));
        express(2, 2);
        assertOutcome(2, IGateway.Outcome.Failed);
        assertAhead(1);
        moody.relent();

        island.retry(HARBOUR, 2, sent[1]);
        deliver(deliveryOf(1, 2));

        assertOutcome(2, IGateway.Outcome.Retried);
        assertEq(moody.received(), 1);
        assertAhead(0);
    }

    function test_deliver_doesNotExecuteWhatFailedAheadOfItsTurn() public {
        sendMany(address(bob), 1);
        send(address(moody));
        express(2, 2);
        moody.relent();

        deliver(deliveryOf(1, 2));

        assertOutcome(2, IGateway.Outcome.Failed);
        assertEq(moody.received(), 0);
        island.retry(HARBOUR, 2, sent[1]);
        assertEq(moody.received(), 1);
    }

    function test_express_sendsAnExpiredMessageBack() public {
        ReturnRecipient sender = new ReturnRecipient();
        sendMany(address(bob), 1);
        post(address(sender), address(bob), time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);

        express(2, 2);

        assertOutcome(2, IGateway.Outcome.Bounced);
        deliver(deliveryOf(1, 2));
        assertAhead(0);
        bringHome(1, 1);
        assertEq(sender.count(), 1);
        assertEq(bob.count(), 1);
    }

    function test_bounce_sendsBackWhatFailedAheadOfItsTurn() public {
        ReturnRecipient sender = new ReturnRecipient();
        sendMany(address(bob), 1);
        post(address(sender), address(moody), 0, Messages.BOUNCE);
        express(2, 2);
        vm.warp(time() + 1 days + 1);

        sendBack(2);
        deliver(deliveryOf(1, 2));

        assertOutcome(2, IGateway.Outcome.Bounced);
        assertAhead(0);
        bringHome(1, 1);
        assertEq(sender.count(), 1);
    }

    function test_retry_refusesAMessageExecutedAheadOfItsTurn() public {
        sendMany(address(bob), 2);
        express(2, 2);

        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, idOf(2)));
        island.retry(HARBOUR, 2, sent[1]);
    }

    /* REFUSED */

    function test_express_refusesTooFewLeaves() public {
        sendMany(address(bob), 5);
        deliver(deliveryOf(1, 1));
        IGateway.Delivery memory delivery = deliveryOf(5, 5);

        vm.expectRevert(abi.encodeWithSelector(IGateway.PrecedingIncomplete.selector, 2, 3));
        island.express(delivery, leaves(3, 4));
    }

    function test_express_refusesMoreLeavesThanMessages() public {
        sendMany(address(bob), 5);
        deliver(deliveryOf(1, 1));
        IGateway.Delivery memory delivery = deliveryOf(5, 5);

        vm.expectRevert(abi.encodeWithSelector(IGateway.PrecedingIncomplete.selector, 5, 3));
        island.express(delivery, leaves(1, 5));
    }

    function testFuzz_express_refusesAnyOtherLeaf(uint256 place, uint8 bit) public {
        sendMany(address(bob), 5);
        IGateway.Delivery memory delivery = deliveryOf(5, 5);
        bytes32[] memory preceding = leaves(1, 4);
        preceding[place % 4] ^= bytes32(uint256(1) << bit);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.express(delivery, preceding);
    }

    function test_express_refusesAMessageUnderAnotherNonce() public {
        sendMany(address(bob), 5);
        IGateway.Delivery memory delivery = deliveryOf(5, 5);
        delivery.firstNonce = 4;

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.express(delivery, leaves(1, 3));
    }

    function test_express_refusesAChangedMessage() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        delivery.messages[0].payload = abi.encode(99);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.express(delivery, leaves(1, 1));
    }

    function test_express_refusesAnEmptyDeliveryAnUnknownSourceAndAFrozenClient() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        bytes32[] memory preceding = leaves(1, 1);
        Message[] memory messages = delivery.messages;
        delivery.messages = new Message[](0);
        vm.expectRevert(IGateway.DeliveryEmpty.selector);
        island.express(delivery, preceding);
        delivery.messages = messages;

        delivery.sourceChain = ChainId.wrap(5);
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        island.express(delivery, preceding);
        delivery.sourceChain = HARBOUR;

        harbourOnIsland.freeze();
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        island.express(delivery, preceding);
    }

    function test_express_letsAnUpdateFreezeTheClientAndExecutesNothing() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        delivery.headerUpdate = abi.encode(delivery.height, keccak256("another root of this height"));

        vm.expectEmit(address(island));
        emit IGateway.DeliveryRefused(HARBOUR, delivery.height);
        island.express(delivery, leaves(1, 1));

        assertEq(bob.count(), 0);
        assertAhead(0);
    }

    function test_express_refusesToStarveAMessage() public {
        sendMany(address(bob), 1);
        send(address(bob), abi.encode(2), 1_000_000);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);

        vm.expectPartialRevert(IGateway.GasInsufficient.selector);
        island.express{gas: 900_000}(delivery, leaves(1, 1));
    }

    function test_express_aRecipientThatExpressesFailsAlone() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        send(address(mallory), "", 5_000_000);
        sendMany(address(bob), 1);
        mallory.prepare(abi.encodeCall(island.express, (deliveryOf(2, 2), leaves(1, 1))));

        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Failed);
        assertEq(bob.count(), 0);
    }
}
