// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {Roles} from "../../src/governance/Roles.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {IFlowLimits} from "../../src/interfaces/IFlowLimits.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {GovernedChains} from "./GovernedChains.sol";

/// @dev What guardians and updaters reach, and what they do not.
contract PowersTest is GovernedChains {
    address private constant TOKEN = address(0x70ce);

    FeeSchedule private free;
    AssetGateway private assets;

    function setUp() public override {
        super.setUp();
        assets = new AssetGateway(island, address(islandAuthority), address(0));
        bytes4[] memory stopping = new bytes4[](2);
        (stopping[0], stopping[1]) = (IFlowLimits.pauseRemote.selector, IFlowLimits.haltFlow.selector);
        vm.startPrank(address(remote));
        islandAuthority.setTargetFunctionRole(address(assets), stopping, Roles.GUARDIAN);
        assets.registerRemote(HARBOUR, address(assets));
        vm.stopPrank();
    }

    function refuses(address caller, address target, bytes memory call) private {
        vm.prank(caller);
        (bool done, bytes memory answer) = target.call(call);
        assertFalse(done);
        bytes4 refusal = bytes4(answer);
        assertEq(refusal, IAccessManaged.AccessManagedUnauthorized.selector);
    }

    function refusesToStart(address caller) private {
        refuses(caller, address(island), configureLane(client));
        refuses(caller, address(island), abi.encodeCall(IGateway.resumeLane, (HARBOUR)));
        refuses(caller, address(island), abi.encodeCall(IFees.setFeeBounds, (HARBOUR, free)));
        refuses(caller, address(assets), abi.encodeCall(IAssetGateway.registerRemote, (HARBOUR, caller)));
        refuses(caller, address(assets), abi.encodeCall(IFlowLimits.resumeRemote, (HARBOUR)));
        refuses(caller, address(assets), abi.encodeCall(IFlowLimits.limitFlow, (TOKEN, HARBOUR, true, 1, 0)));
    }

    function test_aGuardianStopsAndStartsNothing() public {
        vm.prank(guardian);
        island.pauseLane(HARBOUR);

        vm.prank(guardian);
        assets.pauseRemote(HARBOUR);
        vm.prank(guardian);
        assets.haltFlow(TOKEN, HARBOUR);

        assertTrue(island.paused(HARBOUR));
        assertTrue(assets.remotePaused(HARBOUR));
        (,, uint256 available) = assets.flow(TOKEN, HARBOUR, true);
        assertEq(available, 0);
        refusesToStart(guardian);
        refuses(guardian, address(island), abi.encodeCall(IFees.setFees, (HARBOUR, free)));
    }

    function test_anUpdaterPricesWithinBoundsAndNothingElse() public {
        vm.prank(address(remote));
        island.setFeeBounds(HARBOUR, FeeSchedule(10, 0, 0, 0));

        vm.prank(updater);
        island.setFees(HARBOUR, FeeSchedule(10, 0, 0, 0));
        vm.prank(updater);
        vm.expectRevert(abi.encodeWithSelector(IFees.FeesOutOfBounds.selector, HARBOUR));
        island.setFees(HARBOUR, FeeSchedule(11, 0, 0, 0));

        refusesToStart(updater);
        refuses(updater, address(island), abi.encodeCall(IGateway.pauseLane, (HARBOUR)));
        refuses(updater, address(assets), abi.encodeCall(IFlowLimits.pauseRemote, (HARBOUR)));
        refuses(updater, address(assets), abi.encodeCall(IFlowLimits.haltFlow, (TOKEN, HARBOUR)));
    }

    // whatever they call and with whatever arguments: the lane stays where it points
    function testFuzz_neitherGuardianNorUpdaterMovesTheLane(
        bool guards,
        bytes4 selector,
        bytes calldata words
    ) public {
        address caller = guards ? guardian : updater;
        address[3] memory targets = [address(island), address(assets), address(islandAuthority)];

        for (uint256 i = 0; i < targets.length; ++i) {
            vm.prank(caller);
            (bool done,) = targets[i].call(abi.encodePacked(selector, words));
            done;
        }

        (,, ILightClient trusted) = island.inbound(HARBOUR);
        (,, address remoteGateway) = island.outbound(HARBOUR);
        (bool governs,) = islandAuthority.hasRole(Roles.GOVERNANCE, caller);
        assertEq(address(trusted), address(client));
        assertEq(remoteGateway, address(harbour));
        assertEq(assets.remoteOf(HARBOUR), address(assets));
        assertFalse(governs);
    }
}
