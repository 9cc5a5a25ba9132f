// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {IBounceRecipient} from "../../src/interfaces/IBounceRecipient.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {
    AnsweringRecipient,
    DemandingRecipient,
    MoodyRecipient,
    OrderedRecipient,
    ReenteringRecipient,
    ReturnRecipient
} from "../support/Recipients.sol";

/// @notice What goes back: when, exactly once, and that it can always be had.
contract BouncingTest is BothWays {
    ReturnRecipient private sender;
    MoodyRecipient private moody;
    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        (sender, moody, bob) = (new ReturnRecipient(), new MoodyRecipient(), new OrderedRecipient());
        vm.warp(1_700_000_000);
        on(ISLAND);
    }

    /// @dev Message 1 has failed; it asked for a way back.
    function failOne(uint64 deadline) private {
        post(address(sender), address(moody), deadline, Messages.BOUNCE);
        take(deliveryOf(1, 1));
        assertOutcome(1, IGateway.Outcome.Failed);
    }

    function assertTooEarly(uint64 due) private {
        vm.expectRevert(abi.encodeWithSelector(IGateway.BounceTooEarly.selector, idOf(1), due));
        island.bounce(HARBOUR, 1, sent[0]);
    }

    function assertNotFailed() private {
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, idOf(1)));
        island.bounce(HARBOUR, 1, sent[0]);
    }

    /* WHEN */

    function test_deliver_sendsAnExpiredMessageBackAtOnce() public {
        post(address(sender), address(bob), time() + 10, Messages.BOUNCE);
        vm.warp(time() + 11);
        returned.push(returnOf(1));
        bytes memory from = InteroperableAddress.formatEvmV1(31338, address(bob));
        bytes memory to = InteroperableAddress.formatEvmV1(31337, address(sender));
        bytes memory payload = returned[0].payload;
        bytes32 id = returnIdOf(1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        vm.expectEmit(address(island));
        emit IGateway.MessageBounced(HARBOUR, 1, idOf(1), id);
        vm.expectEmit(address(island));
        emit IERC7786GatewaySource.MessageSent(id, from, to, payload, 0, new bytes[](0));
        vm.expectEmit(address(island));
        emit IGateway.MessageAccumulated(
            HARBOUR, 1, Messages.fold(laneHome(), id), 0, 200_000, 0, Messages.RETURNED
        );
        deliver(delivery);

        assertOutcome(1, IGateway.Outcome.Bounced);
        assertEq(bob.count(), 0);
        (bytes32 accumulator, uint64 nonce,) = island.outbound(HARBOUR);
        assertEq(accumulator, Messages.fold(laneHome(), id));
        assertEq(nonce, 1);
        assertNotFailed();
    }

    function test_bounce_waitsForTheDeadlineOfAFailedMessage() public {
        uint64 deadline = time() + 3 days;
        failOne(deadline);
        vm.warp(deadline);
        assertTooEarly(deadline);

        vm.warp(deadline + 1);
        sendBack(1);

        assertOutcome(1, IGateway.Outcome.Bounced);
        assertNotFailed();
    }

    function test_bounce_waitsADayWithoutADeadline() public {
        uint64 failedAt = time();
        failOne(0);
        assertEq(island.failedAt(idOf(1)), failedAt);
        vm.warp(failedAt + 1 days);
        assertTooEarly(failedAt + 1 days);

        vm.warp(failedAt + 1 days + 1);
        sendBack(1);

        assertOutcome(1, IGateway.Outcome.Bounced);
        moody.relent();
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, idOf(1)));
        island.retry(HARBOUR, 1, sent[0]);
    }

    function test_bounce_isForMessagesThatAskedForAWayBack() public {
        post(address(sender), address(moody), 0, 0);
        take(deliveryOf(1, 1));
        vm.warp(time() + 100 days);

        vm.expectRevert(abi.encodeWithSelector(IGateway.BounceNotPrepaid.selector, idOf(1)));
        island.bounce(HARBOUR, 1, sent[0]);
    }

    function test_bounce_refusesAMessageThatHasBeenExecutedOrRetried() public {
        failOne(0);
        post(address(sender), address(bob), 0, 0);
        moody.relent();
        island.retry(HARBOUR, 1, sent[0]);
        vm.warp(time() + 2 days);

        assertNotFailed();
        assertOutcome(1, IGateway.Outcome.Retried);
    }

    /// @dev Whoever runs to its end has perhaps done what it was asked, however it answers: not both.
    function test_bounce_refusesAMessageWhoseRecipientRanToItsEnd() public {
        post(address(sender), address(new AnsweringRecipient("done")), time() + 1, Messages.BOUNCE);
        take(deliveryOf(1, 1));
        vm.warp(time() + 2 days);
        assertOutcome(1, IGateway.Outcome.Failed);
        assertEq(island.failedAt(idOf(1)), type(uint64).max);

        vm.expectRevert(abi.encodeWithSelector(IGateway.BounceUnsafe.selector, idOf(1)));
        island.bounce(HARBOUR, 1, sent[0]);
    }

    function test_bounce_sendsBackWhatWasForNoContract() public {
        post(address(sender), makeAddr("nobody"), 0, Messages.BOUNCE);
        post(address(sender), address(4), 0, Messages.BOUNCE);
        take(deliveryOf(1, 2));
        vm.warp(time() + 2 days);

        sendBack(1);
        sendBack(2);

        bringHome(1, 2);
        assertEq(sender.count(), 2);
    }

    /* WHAT COMES BACK */

    function testFuzz_deliver_givesTheSenderExactlyWhatItHadSent(bytes calldata payload) public {
        Message memory message =
            Message(address(sender), address(moody), 0, 5_000_000, time() + 1, Messages.BOUNCE, payload);
        post(message);
        vm.warp(time() + 2);
        take(deliveryOf(1, 1));

        bringHome(1, 1);

        bytes memory recipient = InteroperableAddress.formatEvmV1(31338, address(moody));
        assertEq(sender.count(), 1);
        bytes memory call = abi.encodeCall(IBounceRecipient.messageBounced, (idOf(1), recipient, payload));
        assertEq(sender.calls(0), keccak256(call));
        assertReturnOutcome(1, IGateway.Outcome.Ordinary);
    }

    function test_deliver_givesAReturnToNobodyElse() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        sendBack(1);
        IGateway.Delivery memory delivery = homewards(1, 1);
        delivery.messages[0].recipient = address(new ReturnRecipient());
        on(HARBOUR);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        harbour.deliver(delivery);
    }

    function test_deliver_aReturnThatIsRefusedStaysRetryableForEver() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        sendBack(1);
        sender.refuse(true);
        bringHome(1, 1);
        assertReturnOutcome(1, IGateway.Outcome.Failed);

        on(HARBOUR);
        vm.warp(time() + 100_000 days);
        vm.expectRevert(abi.encodeWithSelector(IGateway.RetryFailed.selector, returnIdOf(1)));
        harbour.retry(ISLAND, 1, returned[0]);
        sender.refuse(false);
        harbour.retry(ISLAND, 1, returned[0]);

        assertEq(sender.count(), 1);
        assertReturnOutcome(1, IGateway.Outcome.Retried);
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, returnIdOf(1)));
        harbour.retry(ISLAND, 1, returned[0]);
    }

    function test_bounce_refusesAReturn() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        sendBack(1);
        sender.refuse(true);
        bringHome(1, 1);
        vm.warp(time() + 100 days);
        on(HARBOUR);

        vm.expectRevert(abi.encodeWithSelector(IGateway.BounceNotPrepaid.selector, returnIdOf(1)));
        harbour.bounce(ISLAND, 1, returned[0]);
    }

    function test_deliver_aReturnToNoContractWaitsForOne() public {
        post(alice, address(moody), time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);
        take(deliveryOf(1, 1));
        bringHome(1, 1);
        assertReturnOutcome(1, IGateway.Outcome.Failed);

        vm.etch(alice, address(sender).code);
        on(HARBOUR);
        harbour.retry(ISLAND, 1, returned[0]);

        assertEq(ReturnRecipient(payable(alice)).count(), 1);
    }

    function test_deliver_aReturnThatReentersFailsAlone() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        post(address(mallory), address(bob), time() + 1, Messages.BOUNCE);
        post(address(sender), address(bob), time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);
        take(deliveryOf(1, 2));
        mallory.prepare(abi.encodeCall(harbour.deliver, homewards(1, 2)));

        bringHome(1, 2);

        assertReturnOutcome(1, IGateway.Outcome.Failed);
        assertReturnOutcome(2, IGateway.Outcome.Ordinary);
        assertEq(sender.count(), 1);
    }

    /* WHEN THE REVERSE LANE IS SHUT */

    /// @dev P20: the client by which harbour sees island is frozen and replaced while a return is on its way.
    function test_deliver_returnsAreDeliveredByAnotherClient() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        sendBack(1);
        IGateway.Delivery memory delivery = homewards(1, 1);
        (bytes32 root,,) = islandOnHarbour.header(delivery.height);
        islandOnHarbour.freeze();
        on(HARBOUR);
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        harbour.deliver(delivery);

        FakeLightClient another = new FakeLightClient(ISLAND);
        another.trust(delivery.height, root);
        vm.prank(governance);
        harbour.configureLane(ISLAND, address(island), another);
        harbour.deliver(delivery);

        assertEq(sender.count(), 1);
    }

    function test_bounce_sendsBackWhileTheReverseClientIsFrozen() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        harbourOnIsland.freeze();
        islandOnHarbour.freeze();

        sendBack(1);

        assertOutcome(1, IGateway.Outcome.Bounced);
    }

    function test_deliver_returnsWaitForAPausedLane() public {
        failOne(time() + 1);
        vm.warp(time() + 2);
        vm.prank(governance);
        harbour.pauseLane(ISLAND);
        sendBack(1);
        IGateway.Delivery memory delivery = homewards(1, 1);
        on(HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneIsPaused.selector, ISLAND));
        harbour.deliver(delivery);

        vm.prank(governance);
        harbour.resumeLane(ISLAND);
        harbour.deliver(delivery);

        assertEq(sender.count(), 1);
    }

    /* GAS */

    /// @dev P19: what messages before it leave in memory costs a message nothing of its gas. The least gas with which the
    ///      delivery goes through is enough for the last of its messages.
    function test_deliver_returnsBeforeItDoNotStarveAMessage() public {
        DemandingRecipient demanding = new DemandingRecipient(300_000 - 1_000);
        for (uint256 i = 0; i < 32; ++i) {
            bytes memory payload = new bytes(i < 12 ? 32_768 : 0);
            post(Message(address(sender), address(bob), 0, 1, time() + 1, Messages.BOUNCE, payload));
        }
        post(Message(alice, address(demanding), 0, 300_000, 0, 0, new bytes(32_000)));
        vm.warp(time() + 2);
        IGateway.Delivery memory delivery = deliveryOf(1, 33);
        bytes memory data = abi.encodeCall(island.deliver, delivery);

        (uint256 tooLittle, uint256 enough) = (500_000, 40_000_000);
        while (enough - tooLittle > 100) {
            uint256 middle = (tooLittle + enough) / 2;
            uint256 state = vm.snapshotState();
            (bool succeeded,) = address(island).call{gas: middle}(data);
            vm.revertToState(state);
            if (succeeded) enough = middle;
            else tooLittle = middle;
        }
        (bool delivered,) = address(island).call{gas: enough}(data);

        assertTrue(delivered);
        assertOutcome(32, IGateway.Outcome.Bounced);
        assertOutcome(33, IGateway.Outcome.Ordinary);
    }
}
