// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Height, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {MoodyRecipient, OrderedRecipient} from "../support/Recipients.sol";

/// @notice Guardians stop a lane at once; only governance lets it go on.
contract PausingTest is BothWays {
    uint64 private constant GUARDIAN = 8;

    address private immutable guardian = makeAddr("guardian");

    MoodyRecipient private moody;
    OrderedRecipient private bob;

    /// @dev Message 1 has failed, 2 and 3 are on their way.
    function setUp() public override {
        super.setUp();
        (moody, bob) = (new MoodyRecipient(), new OrderedRecipient());
        vm.warp(1_700_000_000);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IGateway.pauseLane.selector;
        vm.startPrank(governance);
        authority.setTargetFunctionRole(address(island), selectors, GUARDIAN);
        authority.grantRole(GUARDIAN, guardian, 0);
        vm.stopPrank();
        post(alice, address(moody), 0, Messages.BOUNCE);
        sendMany(address(bob), 2);
        on(ISLAND);
        deliver(deliveryOf(1, 1));
        moody.relent();
        vm.warp(time() + 2 days);
    }

    function pause() private {
        vm.prank(guardian);
        island.pauseLane(HARBOUR);
    }

    function expectPaused() private {
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneIsPaused.selector, HARBOUR));
    }

    function test_pauseLane_stopsEveryWayIntoAndOutOfTheLane() public {
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        vm.expectEmit(address(island));
        emit IGateway.LanePaused(HARBOUR);
        pause();
        assertTrue(island.paused(HARBOUR));

        expectPaused();
        island.deliver(delivery);
        expectPaused();
        island.express(delivery, new bytes32[](0));
        expectPaused();
        island.retry(HARBOUR, 1, sent[0]);
        expectPaused();
        island.bounce(HARBOUR, 1, sent[0]);
        expectPaused();
        island.claim(HARBOUR, relayer, Height.wrap(1), "");
        expectPaused();
        island.sendMessage(abi.encodePacked(hex"00010000027a6914", alice), "", new bytes[](0));
    }

    function test_resumeLane_goesOnWhereItStood() public {
        IGateway.Delivery memory delivery = deliveryOf(2, 3);
        pause();

        vm.expectEmit(address(island));
        emit IGateway.LaneResumed(HARBOUR);
        vm.prank(governance);
        island.resumeLane(HARBOUR);

        assertFalse(island.paused(HARBOUR));
        deliver(delivery);
        assertDelivered(3);
        assertEq(bob.count(), 2);
        island.retry(HARBOUR, 1, sent[0]);
        assertEq(moody.received(), 1);
        island.sendMessage(abi.encodePacked(hex"00010000027a6914", alice), "", new bytes[](0));
    }

    function test_resumeLane_isNotForGuardians() public {
        pause();

        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        island.resumeLane(HARBOUR);

        assertTrue(island.paused(HARBOUR));
    }

    function test_pauseLane_isNotForStrangers() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        island.pauseLane(HARBOUR);
    }

    function test_pauseLane_refusesAnUnknownLane() public {
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        island.pauseLane(ChainId.wrap(5));
    }

    /// @dev A pause cannot be undone by pointing the lane to another client.
    function test_configureLane_leavesALanePaused() public {
        pause();

        vm.prank(governance);
        island.configureLane(HARBOUR, address(harbour), harbourOnIsland);

        assertTrue(island.paused(HARBOUR));
    }
}
