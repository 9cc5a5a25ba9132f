// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Roles} from "../../src/governance/Roles.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {GovernedChains} from "./GovernedChains.sol";

/// @dev What guardians and updaters reach, and what they do not.
contract PowersTest is GovernedChains {
    FeeSchedule private free;

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
    }

    function test_aGuardianStopsAndStartsNothing() public {
        vm.prank(guardian);
        island.pauseLane(HARBOUR);

        assertTrue(island.paused(HARBOUR));
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
    }

    // whatever they call and with whatever arguments: the lane stays where it points
    function testFuzz_neitherGuardianNorUpdaterMovesTheLane(
        bool guards,
        bytes4 selector,
        bytes calldata words
    ) public {
        address caller = guards ? guardian : updater;
        address[2] memory targets = [address(island), address(islandAuthority)];

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
        assertFalse(governs);
    }
}
