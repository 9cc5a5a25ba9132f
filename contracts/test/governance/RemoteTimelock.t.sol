// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IRemoteTimelock} from "../../src/interfaces/IRemoteTimelock.sol";
import {GovernedChains} from "./GovernedChains.sol";

/// @dev What becomes of governance when the lane it comes over is forged or dead.
contract RemoteTimelockTest is GovernedChains {
    ILightClient private constant SAME = ILightClient(address(0));

    bytes32 private operation;

    function setUp() public override {
        super.setUp();
        operation = remote.hashOperation(address(island), 0, configureLane(client), 0, 0);
    }

    function guardians() private view returns (address[] memory all) {
        all = new address[](1);
        all[0] = guardian;
    }

    /// @dev Whoever can forge harbour's headers has this asked of island.
    function forge() private {
        vm.prank(address(executor));
        remote.schedule(address(island), 0, configureLane(client), 0, 0, DELAY);
        assertTrue(remote.isOperationPending(operation));
    }

    function pause() private {
        vm.prank(guardian);
        island.pauseLane(HARBOUR);
    }

    function proposeRescue() private {
        vm.prank(council);
        remote.proposeRescue(SAME, guardians());
    }

    function test_aGuardianStopsWhatWaitsByPausingTheLane() public {
        forge();
        pause();
        skip(DELAY);

        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.LaneNotTrusted.selector, HARBOUR));
        remote.execute(address(island), 0, configureLane(client), 0, 0);
    }

    function test_aRescueVoidsWhatWaited() public {
        forge();
        pause();
        proposeRescue();
        skip(RESCUE_DELAY);

        remote.rescue(SAME, guardians());

        assertFalse(remote.isOperationPending(operation));
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector, operation, bytes32(uint256(4))
            )
        );
        remote.execute(address(island), 0, configureLane(client), 0, 0);
        forge();
    }

    function test_aGuardianCannotHoldTheLaneForEver() public {
        pause();
        proposeRescue();
        skip(RESCUE_DELAY);

        remote.rescue(SAME, guardians());

        assertFalse(island.paused(HARBOUR));
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian));
        island.pauseLane(HARBOUR);
    }

    function test_anyMessageOverTheLaneEndsARescue() public {
        proposeRescue();
        send(address(remote));

        bring(1, 1, client, "first");

        skip(RESCUE_DELAY);
        bytes32 asked = keccak256(abi.encode(SAME, guardians()));
        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.RescueUnknown.selector, asked));
        remote.rescue(SAME, guardians());
    }

    function test_aDecisionOfTheDaoEndsARescue() public {
        proposeRescue();

        forge();

        (bytes32 proposed,) = remote.proposedRescue();
        assertEq(proposed, 0);
    }

    function test_theCouncilMayThinkBetterOfIt() public {
        proposeRescue();

        vm.prank(council);
        remote.withdrawRescue();

        (bytes32 proposed, uint256 due) = remote.proposedRescue();
        assertEq(uint256(proposed) + due, 0);
    }

    function test_aRescueWaits() public {
        proposeRescue();
        (, uint256 due) = remote.proposedRescue();
        skip(RESCUE_DELAY - 1);

        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.RescueTooEarly.selector, due));
        remote.rescue(SAME, guardians());
    }

    function test_aRescueDoesNotStayLoaded() public {
        proposeRescue();
        (, uint256 due) = remote.proposedRescue();
        skip(RESCUE_DELAY + 14 days + 1);

        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.RescueTooLate.selector, due + 14 days));
        remote.rescue(SAME, guardians());
    }

    function test_aRescueIsTheOneThatWasProposed() public {
        proposeRescue();
        skip(RESCUE_DELAY);
        bytes32 asked = keccak256(abi.encode(client, guardians()));

        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.RescueUnknown.selector, asked));
        remote.rescue(client, guardians());
    }

    function testFuzz_onlyTheCouncilProposesAndWithdraws(address caller) public {
        vm.assume(caller != council);

        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.NotCouncil.selector, caller));
        remote.proposeRescue(SAME, guardians());
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.NotCouncil.selector, caller));
        remote.withdrawRescue();
    }

    function test_onlyTheGatewayShowsThatTheLaneIsAlive() public {
        bytes memory sender = InteroperableAddress.formatEvmV1(31337, alice);

        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.NotGateway.selector, address(this)));
        remote.receiveMessage(0, sender, "");
    }

    function test_aMessageFromAThirdChainShowsNothing() public {
        bytes memory sender = InteroperableAddress.formatEvmV1(31339, alice);

        vm.prank(address(island));
        vm.expectRevert(abi.encodeWithSelector(IRemoteTimelock.NotFromHome.selector, sender));
        remote.receiveMessage(0, sender, "");
    }

    function test_onlyTheDaoNamesTheCouncil() public {
        vm.prank(council);
        vm.expectRevert(
            abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, council)
        );
        remote.setCouncil(alice);

        vm.prank(address(remote));
        remote.setCouncil(alice);
        assertEq(remote.council(), alice);
    }
}
