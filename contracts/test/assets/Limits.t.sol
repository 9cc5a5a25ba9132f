// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {IAssetClaims} from "../../src/interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {IFlowLimits} from "../../src/interfaces/IFlowLimits.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Refusing} from "./support/Refusing.sol";

/// @notice How much may flow, how it waits, and who pays for what is sent on.
contract LimitsTest is Refusing {
    AssetGateway private harbour;
    AssetGateway private island;

    function setUp() public override {
        super.setUp();
        (harbour, island) = (assetsOf(HARBOUR), assetsOf(ISLAND));
    }

    function limit(ChainId here, address token, ChainId chain, bool outward, uint128 capacity) private {
        on(here);
        vm.prank(governance);
        assetsOf(here).limitFlow(token, chain, outward, capacity, 1 hours);
    }

    function wait_(uint256 time) private {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    /* INWARD */

    /// @dev A light client that is deceived about island proves any message to harbour.
    function test_aForgedRoot_drainsNoMoreThanTheBucketHolds() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1000);
        relay();
        limit(HARBOUR, address(coins), ISLAND, false, 100);
        for (uint8 i = 0; i < 10; ++i) {
            forge(abi.encodePacked(uint8(9), address(coins), bob, uint8(60)));
        }
        assertEq(coins.balanceOf(bob), 60);
        assertEq(coins.balanceOf(address(harbour)), 940);

        on(HARBOUR);
        harbour.claim(1, address(coins), 0, ISLAND, bob);
        assertEq(coins.balanceOf(bob), 100);
        vm.expectRevert(
            abi.encodeWithSelector(
                IFlowLimits.FlowExceeded.selector, address(coins), ISLAND, 1, vm.getBlockTimestamp() + 36
            )
        );
        harbour.claim(1, address(coins), 0, ISLAND, bob);
    }

    /// @dev The same with returns, which only gateways make.
    function test_aForgedReturn_drainsNoMoreThanTheBucketHolds() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1000);
        limit(HARBOUR, address(coins), ISLAND, false, 100);
        bytes memory to = format(ISLAND, address(island));
        for (uint8 i = 0; i < 10; ++i) {
            vm.prank(address(places[HARBOUR].gateway));
            harbour.messageBounced(0, to, abi.encodePacked(uint8(1), address(coins), bob, uint8(60)));
        }
        assertEq(coins.balanceOf(bob), 60);
        assertEq(harbour.claimable(1, address(coins), 0, ISLAND, bob), 540);
    }

    function forge(bytes memory payload) private {
        handOver(ISLAND, address(island), HARBOUR, payload);
    }

    function test_whatExceedsALimit_isHandedOverInPartsAsTheBucketRefills() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        address wrapped = address(coinsOn(ISLAND));
        limit(ISLAND, wrapped, HARBOUR, false, 50);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 80);
        relay();
        assertFalse(lastFailed(HARBOUR, ISLAND));
        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
        assertEq(island.claimable(1, wrapped, 0, HARBOUR, bob), 80);

        on(ISLAND);
        island.claim(1, wrapped, 0, HARBOUR, bob);
        assertEq(coinsOn(ISLAND).balanceOf(bob), 150);
        wait_(30 minutes);
        island.claim(1, wrapped, 0, HARBOUR, bob);
        assertEq(coinsOn(ISLAND).balanceOf(bob), 175);
        wait_(30 minutes);
        vm.prank(bob);
        island.claimTo(1, wrapped, 0, HARBOUR, alice);
        assertEq(coinsOn(ISLAND).balanceOf(alice), 5);
        assertEq(coinsOn(ISLAND).totalSupply(), 180);
    }

    function test_itemsThatExceedALimit_wait() public {
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(10), ISLAND, bob);
        relay();
        (address wrappedHerons, address wrappedShells) =
            (address(heronsOn(ISLAND)), address(shellsOn(ISLAND)));
        limit(ISLAND, wrappedHerons, HARBOUR, false, 1);
        limit(ISLAND, wrappedShells, HARBOUR, false, 5);
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), two(1, 2), two(7, 5), ISLAND, bob);
        relay();

        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(heronsOn(ISLAND).ownerOf(3), address(island));
        assertEq(heronsOn(ISLAND).tokenURI(3), "ipfs://heron");
        assertEq(shellsOn(ISLAND).balanceOf(bob, 1), 10);
        assertEq(shellsOn(ISLAND).balanceOf(bob, 2), 5);
        wait_(1 hours);
        on(ISLAND);
        island.claim(2, wrappedHerons, 3, HARBOUR, bob);
        island.claim(3, wrappedShells, 1, HARBOUR, bob);
        assertEq(heronsOn(ISLAND).ownerOf(3), bob);
        assertEq(shellsOn(ISLAND).balanceOf(bob, 1), 15);
        assertEq(island.claimable(3, wrappedShells, 1, HARBOUR, bob), 2);
    }

    function test_whatComesHomeOverALimit_waits() public {
        sendERC721(HARBOUR, alice, address(herons), two(1, 2), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(10), ISLAND, bob);
        relay();
        limit(HARBOUR, address(herons), ISLAND, false, 1);
        limit(HARBOUR, address(shells), ISLAND, false, 9);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), two(1, 2), HARBOUR, bob);
        sendERC1155(ISLAND, bob, address(shellsOn(ISLAND)), one(1), one(10), HARBOUR, bob);
        relay();
        assertEq(herons.ownerOf(1), bob);
        assertEq(herons.ownerOf(2), address(harbour));
        assertEq(shells.balanceOf(bob, 1), 0);

        // Nobody can take an item a second time from there.
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, address(herons), 2, ChainId.wrap(0))
        );
        this.forgeFromIsland(abi.encodePacked(uint8(10), address(herons), bob, hex"0102"));
        wait_(1 hours);
        harbour.claim(2, address(herons), 2, ISLAND, bob);
        harbour.claim(3, address(shells), 1, ISLAND, bob);
        assertEq(herons.ownerOf(2), bob);
        assertEq(shells.balanceOf(bob, 1), 9);
    }

    function forgeFromIsland(bytes calldata payload) external {
        forge(payload);
    }

    /* OUTWARD */

    function test_whatMayNotLeaveYet_waitsAndStaysItsSenders() public {
        limit(HARBOUR, address(coins), ISLAND, true, 100);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 250);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
        assertEq(harbour.parked(address(coins), ISLAND, bob, alice), 150);
        assertEq(harbour.outstandingERC20(address(coins), ISLAND), 100);

        wait_(30 minutes);
        on(HARBOUR);
        harbour.sendParked(address(coins), ISLAND, bob, alice);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), 150);

        vm.expectRevert(IAssetClaims.NothingWaits.selector);
        vm.prank(bob);
        harbour.takeBack(address(coins), ISLAND, bob);
        vm.prank(alice);
        harbour.takeBack(address(coins), ISLAND, bob);
        assertEq(coins.balanceOf(alice), 850);
        assertEq(coins.balanceOf(address(harbour)), 150);
    }

    function test_aWrappedTokenThatMayNotLeaveYet_waits() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        address wrapped = address(coinsOn(ISLAND));
        limit(ISLAND, wrapped, HARBOUR, true, 30);
        sendERC20(ISLAND, bob, wrapped, HARBOUR, alice, 90);
        relay();
        assertEq(coins.balanceOf(alice), 930);
        assertEq(coinsOn(ISLAND).totalSupply(), 70);
        wait_(1 hours);
        on(ISLAND);
        island.sendParked(wrapped, HARBOUR, alice, bob);
        relay();
        vm.prank(bob);
        island.takeBack(wrapped, HARBOUR, alice);
        assertEq(coins.balanceOf(alice), 960);
        assertEq(coinsOn(ISLAND).balanceOf(bob), 40);
    }

    function test_itemsThatMayNotLeaveYet_areRefused() public {
        limit(HARBOUR, address(herons), ISLAND, true, 1);
        uint256 due = vm.getBlockTimestamp() + 1 hours;
        vm.startPrank(alice);
        bytes memory reason =
            abi.encodeWithSelector(IFlowLimits.FlowExceeded.selector, address(herons), ISLAND, 1, due);
        vm.expectRevert(reason);
        harbour.sendERC721(address(herons), two(1, 2), ISLAND, bob);
        harbour.sendERC721(address(herons), one(1), ISLAND, bob);
        vm.expectRevert(reason);
        harbour.sendERC721(address(herons), one(2), ISLAND, bob);
    }

    function test_aForwardOverALimit_failsUntilItMayPass() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        limit(HARBOUR, address(coins), LAGOON, true, 100);
        sendERC20(HARBOUR, alice, address(coins), LAGOON, bob, 60);
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), LAGOON, bob, 100);
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        wait_(1 hours);
        retry(ISLAND, HARBOUR, 1);
        relay();
        assertEq(coinsOn(LAGOON).balanceOf(bob), 160);
    }

    /* WHO DECIDES */

    function test_limitsAndPauses_areForThoseInCharge() public {
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(reason);
        harbour.limitFlow(address(coins), ISLAND, true, 1, 1);
        vm.expectRevert(reason);
        harbour.haltFlow(address(coins), ISLAND);
        vm.expectRevert(reason);
        harbour.pauseRemote(ISLAND);
        vm.expectRevert(reason);
        harbour.resumeRemote(ISLAND);
    }

    function test_aFlowThatWasHalted_waitsUntilTheLimitIsLifted() public {
        vm.prank(governance);
        harbour.haltFlow(address(coins), ISLAND);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        assertEq(harbour.parked(address(coins), ISLAND, bob, alice), 100);
        wait_(1 weeks);
        harbour.sendParked(address(coins), ISLAND, bob, alice);
        assertEq(harbour.parked(address(coins), ISLAND, bob, alice), 100);

        vm.prank(governance);
        harbour.limitFlow(address(coins), ISLAND, true, 0, 0);
        harbour.sendParked(address(coins), ISLAND, bob, alice);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
    }

    function test_aPausedRemote_isSentNothing() public {
        pause(HARBOUR, ISLAND);
        assertTrue(harbour.remotePaused(ISLAND));
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IFlowLimits.RemoteIsPaused.selector, ISLAND));
        harbour.sendERC20(address(coins), ISLAND, bob, 1);
        vm.expectRevert(abi.encodeWithSelector(IFlowLimits.RemoteIsPaused.selector, ISLAND));
        harbour.sendERC721(address(herons), one(1), ISLAND, bob);
    }

    /* FEES */

    function price(ChainId here, ChainId chain) private {
        FeeSchedule memory schedule = FeeSchedule(1000, 0, 0, 0);
        on(here);
        vm.startPrank(governance);
        places[here].gateway.setFeeBounds(chain, schedule);
        places[here].gateway.setFees(chain, schedule);
        vm.stopPrank();
    }

    function test_aSend_paysForBothOfItsMessagesAndReturnsTheRest() public {
        price(HARBOUR, ISLAND);
        vm.deal(alice, 1 ether);
        vm.deal(address(harbour), 5);
        vm.startPrank(alice);
        harbour.sendERC20{value: 1 ether}(address(coins), ISLAND, bob, 1);
        assertEq(alice.balance, 1 ether - 2000 gwei);
        assertEq(address(harbour).balance, 5);
    }

    /// @dev What others have given is for what is sent on, and nobody else's sends use it up.
    function test_aSendThatDoesNotPay_isRefused() public {
        price(HARBOUR, ISLAND);
        vm.deal(alice, 1 ether);
        vm.deal(address(harbour), 1 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.FeesUnpaid.selector, 500 gwei));
        harbour.sendERC20{value: 1500 gwei}(address(coins), ISLAND, bob, 1);
        vm.expectRevert();
        harbour.sendERC20(address(coins), ISLAND, bob, 1);
    }

    function test_aForward_isPaidFromWhatWasGiven() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        price(HARBOUR, LAGOON);
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), LAGOON, bob, 100);
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));

        vm.deal(alice, 1 ether);
        vm.prank(alice);
        payable(address(harbour)).transfer(1 ether);
        retry(ISLAND, HARBOUR, 1);
        relay();
        assertEq(coinsOn(LAGOON).balanceOf(bob), 100);
        assertEq(address(harbour).balance, 1 ether - 2000 gwei);
    }
}
