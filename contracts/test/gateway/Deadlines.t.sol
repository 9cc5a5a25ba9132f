// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {MoodyRecipient, OrderedRecipient} from "../support/Recipients.sol";

/// @notice What a sender may ask for, and that nothing is executed after its deadline.
contract DeadlinesTest is BothWays {
    bytes private constant BOUNCE = abi.encodePacked(bytes4(keccak256("bounce()")));

    OrderedRecipient private bob;
    MoodyRecipient private moody;

    function setUp() public override {
        super.setUp();
        (bob, moody) = (new OrderedRecipient(), new MoodyRecipient());
        vm.warp(1_700_000_000);
        on(ISLAND);
    }

    function deadline(uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSignature("deadline(uint256)", value);
    }

    function attributes(bytes memory first, bytes memory second) private pure returns (bytes[] memory both) {
        both = new bytes[](2);
        (both[0], both[1]) = (first, second);
    }

    function assertRefused(bytes memory first, bytes memory second, bytes memory reason) private {
        on(HARBOUR);
        vm.expectRevert(reason);
        harbour.sendMessage(atIsland(address(bob)), "", attributes(first, second));
    }

    /* ATTRIBUTES */

    function test_sendMessage_putsAllThatIsAskedForIntoTheLeaf() public {
        post(Message(alice, address(bob), 0, 70_000, time() + 9, Messages.BOUNCE, "hello"));

        (bytes32 accumulator,,) = harbour.outbound(ISLAND);
        assertEq(accumulator, accumulatorAfter(1));
    }

    function test_sendMessage_takesAttributesInAnyOrder() public {
        on(HARBOUR);
        bytes[] memory all = new bytes[](3);
        (all[0], all[1], all[2]) = (BOUNCE, deadline(time() + 9), withGas(70_000)[0]);

        vm.prank(alice);
        harbour.sendMessage(atIsland(address(bob)), "hello", all);

        sent.push(Message(alice, address(bob), 0, 70_000, time() + 9, Messages.BOUNCE, "hello"));
        (bytes32 accumulator,,) = harbour.outbound(ISLAND);
        assertEq(accumulator, accumulatorAfter(1));
    }

    function test_sendMessage_refusesASecondAttributeOfAnyKind() public {
        bytes memory soon = deadline(time() + 1);
        bytes memory reason = abi.encodeWithSelector(
            IGateway.AttributeRepeated.selector, bytes4(keccak256("deadline(uint256)"))
        );
        assertRefused(soon, soon, reason);
        assertRefused(
            BOUNCE, BOUNCE, abi.encodeWithSelector(IGateway.AttributeRepeated.selector, bytes4(BOUNCE))
        );
    }

    function test_sendMessage_refusesAttributesOfAnyOtherLength() public {
        bytes[4] memory bad = [
            abi.encodePacked(BOUNCE, uint8(0)),
            abi.encodePacked(BOUNCE, uint256(0)),
            abi.encodePacked(deadline(time() + 1), uint8(0)),
            abi.encodePacked(bytes4(deadline(1)), new bytes(31))
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            assertRefused(
                withGas(1)[0], bad[i], abi.encodeWithSelector(IGateway.AttributeInvalid.selector, bad[i])
            );
        }
    }

    function testFuzz_sendMessage_takesDeadlinesFromTheNextSecondOn(uint256 value) public {
        bool good = value > time() && value <= type(uint64).max;
        on(HARBOUR);
        if (!good) {
            vm.expectRevert(abi.encodeWithSelector(IGateway.DeadlineOutOfRange.selector, value, time()));
        }
        harbour.sendMessage(atIsland(address(bob)), "", attributes(withGas(1)[0], deadline(value)));
    }

    function test_sendMessage_refusesADeadlineOfNowOrNever() public {
        uint256[3] memory bad = [uint256(0), time(), uint256(type(uint64).max) + 1];
        for (uint256 i = 0; i < bad.length; ++i) {
            assertRefused(
                withGas(1)[0],
                deadline(bad[i]),
                abi.encodeWithSelector(IGateway.DeadlineOutOfRange.selector, bad[i], time())
            );
        }
    }

    /// @dev Only a gateway makes a message that has gone back, and no attribute says so.
    function testFuzz_sendMessage_refusesEveryOtherAttribute(bytes4 selector, bytes calldata data) public {
        vm.assume(!harbour.supportsAttribute(selector));

        assertRefused(
            BOUNCE,
            abi.encodePacked(selector, data),
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, selector)
        );
    }

    /* DELIVERY */

    function test_deliver_executesAMessageAtItsDeadline() public {
        uint64 until = time() + 10;
        post(Message(alice, address(bob), 0, 200_000, until, 0, abi.encode(1)));
        vm.warp(until);

        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Ordinary);
        assertEq(bob.count(), 1);
    }

    function test_deliver_expiresAMessageAfterItsDeadline() public {
        uint64 until = time() + 10;
        send(address(bob));
        post(Message(alice, address(bob), 0, 200_000, until, 0, abi.encode(2)));
        send(address(bob));
        vm.warp(until + 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 3);

        vm.expectEmit(address(island));
        emit IGateway.MessageExpired(HARBOUR, 2, idOf(2));
        deliver(delivery);

        assertDelivered(3);
        assertOutcome(2, IGateway.Outcome.Expired);
        assertEq(bob.count(), 2);
        (, uint64 sentBack,) = island.outbound(HARBOUR);
        assertEq(sentBack, 0);
    }

    function test_deliver_anExpiredMessageIsFinal() public {
        post(alice, address(bob), time() + 1, 0);
        vm.warp(time() + 2);
        deliver(deliveryOf(1, 1));
        bytes memory reason = abi.encodeWithSelector(IGateway.MessageNotFailed.selector, idOf(1));

        vm.expectRevert(reason);
        island.retry(HARBOUR, 1, sent[0]);
        vm.expectRevert(reason);
        island.bounce(HARBOUR, 1, sent[0]);
    }

    function test_deliver_anExpiredMessageNeedsNoneOfItsGas() public {
        post(Message(alice, address(bob), 0, 10_000_000, time() + 1, 0, ""));
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        uint256 state = vm.snapshotState();
        vm.expectPartialRevert(IGateway.GasInsufficient.selector);
        island.deliver{gas: 1_000_000}(delivery);
        vm.revertToState(state);
        vm.warp(time() + 2);
        island.deliver{gas: 1_000_000}(delivery);

        assertOutcome(1, IGateway.Outcome.Expired);
    }

    /* RETRY */

    function test_retry_executesUntilTheDeadline() public {
        uint64 until = time() + 10;
        post(alice, address(moody), until, 0);
        deliver(deliveryOf(1, 1));
        moody.relent();
        vm.warp(until);

        island.retry(HARBOUR, 1, sent[0]);

        assertEq(moody.received(), 1);
    }

    function test_retry_refusesAMessageAfterItsDeadline() public {
        uint64 until = time() + 10;
        post(alice, address(moody), until, Messages.BOUNCE);
        deliver(deliveryOf(1, 1));
        moody.relent();
        vm.warp(until + 1);

        vm.expectRevert(abi.encodeWithSelector(IGateway.DeadlinePassed.selector, idOf(1), until));
        island.retry(HARBOUR, 1, sent[0]);

        assertOutcome(1, IGateway.Outcome.Failed);
    }
}
