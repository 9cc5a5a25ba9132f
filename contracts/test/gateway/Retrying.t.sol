// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Message} from "../../src/types/Message.sol";
import {
    MoodyRecipient,
    QuietRecipient,
    ReenteringRecipient,
    SwallowingRecipient
} from "../support/Recipients.sol";
import {TwoChains} from "../support/TwoChains.sol";

contract RetryingTest is TwoChains {
    MoodyRecipient private moody;

    /// @dev Message 1 has failed, message 2 has been executed.
    function setUp() public override {
        super.setUp();
        moody = new MoodyRecipient();
        on(ISLAND);
        send(address(moody));
        send(address(new QuietRecipient()));
        deliver(deliveryOf(1, 2));
    }

    function assertNotRetryable(ChainId source, uint64 nonce, Message memory message) private {
        vm.expectPartialRevert(IGateway.MessageNotFailed.selector);
        island.retry(source, nonce, message);
    }

    function test_retry_executesAFailedMessageOnce() public {
        moody.relent();

        vm.expectEmit(address(island));
        emit IGateway.MessageRetried(HARBOUR, 1, idOf(1));
        island.retry(HARBOUR, 1, sent[0]);

        assertOutcome(1, IGateway.Outcome.Retried);
        assertEq(moody.received(), 1);
        assertNotRetryable(HARBOUR, 1, sent[0]);
    }

    function test_retry_leavesAMessageRetryableThatFailsAgain() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.RetryFailed.selector, idOf(1)));
        island.retry(HARBOUR, 1, sent[0]);

        assertOutcome(1, IGateway.Outcome.Failed);
        moody.relent();
        island.retry(HARBOUR, 1, sent[0]);
        assertEq(moody.received(), 1);
    }

    function test_retry_refusesAnExecutedMessage() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, idOf(2)));
        island.retry(HARBOUR, 2, sent[1]);
    }

    function test_retry_refusesAMessageNotDelivered() public {
        send(address(moody));
        moody.relent();

        assertNotRetryable(HARBOUR, 3, sent[2]);
    }

    function testFuzz_retry_refusesAChangedMessage(uint256 field) public {
        moody.relent();
        Message memory message = sent[0];
        field %= 7;
        if (field == 0) message.sender = address(moody);
        else if (field == 1) message.recipient = alice;
        else if (field == 2) message.fee ^= 1;
        else if (field == 3) message.gasLimit ^= 1;
        else if (field == 4) message.deadline ^= 1;
        else if (field == 5) message.flags ^= 1;
        else message.payload[0] ^= 0x01;

        assertNotRetryable(HARBOUR, 1, message);
    }

    function test_retry_refusesAnotherNonceChainOrFork() public {
        moody.relent();

        assertNotRetryable(HARBOUR, 2, sent[0]);
        assertNotRetryable(ISLAND, 1, sent[0]);
        assertNotRetryable(ChainId.wrap(0), 1, sent[0]);
        on(ChainId.wrap(99));
        assertNotRetryable(HARBOUR, 1, sent[0]);
    }

    function test_retry_givesMoreThanTheGasLimit() public {
        send(address(new QuietRecipient()), "", 20);
        deliver(deliveryOf(3, 3));
        assertOutcome(3, IGateway.Outcome.Failed);

        island.retry(HARBOUR, 3, sent[2]);

        assertOutcome(3, IGateway.Outcome.Retried);
    }

    /// @dev A recipient that swallows a failure would otherwise be executed wrongly by whoever sends little gas.
    function test_retry_refusesToStarveAMessage() public {
        SwallowingRecipient swallowing = new SwallowingRecipient();
        send(address(swallowing), "", 300_000);
        vm.etch(address(swallowing), "");
        deliver(deliveryOf(3, 3));
        vm.etch(address(swallowing), type(SwallowingRecipient).runtimeCode);

        vm.expectPartialRevert(IGateway.GasInsufficient.selector);
        island.retry{gas: 60_000}(HARBOUR, 3, sent[2]);

        island.retry(HARBOUR, 3, sent[2]);
        assertTrue(swallowing.done());
    }

    function test_retry_cannotBeReentered() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        send(address(mallory));
        mallory.prepare(abi.encodeCall(island.retry, (HARBOUR, 1, sent[0])));
        deliver(deliveryOf(3, 3));
        moody.relent();

        vm.expectRevert(abi.encodeWithSelector(IGateway.RetryFailed.selector, idOf(3)));
        island.retry(HARBOUR, 3, sent[2]);

        assertEq(moody.received(), 0);
    }

    function test_retry_worksWhileTheClientIsFrozenOrReplaced() public {
        moody.relent();
        harbourOnIsland.freeze();

        island.retry(HARBOUR, 1, sent[0]);

        assertOutcome(1, IGateway.Outcome.Retried);
    }
}
