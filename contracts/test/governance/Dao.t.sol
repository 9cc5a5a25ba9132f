// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {Roles} from "../../src/governance/Roles.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {Height} from "../../src/types/Message.sol";
import {OrderedRecipient} from "../support/Recipients.sol";
import {GovernedChains} from "./GovernedChains.sol";

/// @dev How one DAO governs a chain other than its own.
contract DaoTest is GovernedChains {
    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
    }

    // harbour  1 2 ──── 3: "another client" ── 4 5 sent ────────────────────────────▶
    // island   1 2 delivered ── 3 delivered ── two days ── another client ── 4 5 delivered
    function test_theDaoReplacesALightClientWithMessagesInFlight() public {
        CommitteeLightClient another = aClient("second");
        sendMany(address(bob), 2);
        bring(1, 2, client, "first");
        decideForIsland(address(island), configureLane(another));
        sendMany(address(bob), 2);
        bring(3, 3, client, "first");

        skip(DELAY);
        remote.execute(address(island), 0, configureLane(another), 0, 0);
        bring(4, 5, another, "second");

        assertDelivered(5);
        assertEq(bob.count(), 4);
        (,, ILightClient trusted) = island.inbound(HARBOUR);
        assertEq(address(trusted), address(another));
    }

    function test_theDaoNamesGuardiansAndResumesWhatTheyPaused() public {
        vm.prank(guardian);
        island.pauseLane(HARBOUR);
        vm.prank(council);
        remote.proposeRescue(ILightClient(address(0)), new address[](0));
        skip(RESCUE_DELAY);
        remote.rescue(ILightClient(address(0)), new address[](0));
        bytes memory dismissal = abi.encodeCall(islandAuthority.revokeRole, (Roles.GUARDIAN, guardian));

        decideForIsland(address(islandAuthority), dismissal);
        bring(1, 1, client, "first");
        skip(DELAY);
        remote.execute(address(islandAuthority), 0, dismissal, 0, 0);

        (bool guards,) = islandAuthority.hasRole(Roles.GUARDIAN, guardian);
        assertFalse(guards);
    }

    function test_whatTheDaoDecidesWaitsOnIslandToo() public {
        decideForIsland(address(island), configureLane(client));
        bring(1, 1, client, "first");
        bytes32 id = remote.hashOperation(address(island), 0, configureLane(client), 0, 0);

        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector, id, bytes32(uint256(4))
            )
        );
        remote.execute(address(island), 0, configureLane(client), 0, 0);
    }

    function test_nobodyButTheGovernorIsObeyed() public {
        bytes memory scheduled =
            abi.encodeCall(remote.schedule, (address(island), 0, configureLane(client), 0, 0, DELAY));
        send(address(executor), abi.encodePacked(bytes32(0), address(remote), uint256(0), scheduled), 200_000);
        bytes32 id = remote.hashOperation(address(island), 0, configureLane(client), 0, 0);

        bring(1, 1, client, "first");

        assertOutcome(1, IGateway.Outcome.Failed);
        assertFalse(remote.isOperation(id));
    }

    function test_theDeployerIsNobodyAfterwards() public {
        vm.startPrank(governance);

        vm.expectRevert();
        island.configureLane(HARBOUR, address(harbour), client);
        vm.expectRevert();
        islandAuthority.grantRole(Roles.GOVERNANCE, governance, 0);
    }

    // the lane's own light client is frozen: no message of the DAO can come, and only the council mends it
    function test_theCouncilReplacesAFrozenLightClientWithMessagesInFlight() public {
        sendMany(address(bob), 4);
        bring(1, 2, client, "first");
        IGateway.Delivery memory inFlight = proven(3, 4, client, "first");
        freeze();
        CommitteeLightClient another = aClient("second");
        vm.prank(council);
        remote.proposeRescue(another, new address[](0));
        deliver(inFlight);
        assertDelivered(2);

        skip(RESCUE_DELAY);
        remote.rescue(another, new address[](0));
        bring(3, 4, another, "second");

        assertDelivered(4);
        assertEq(bob.count(), 4);
    }

    /// @dev The attesters sign two headers of one height.
    function freeze() private {
        TrustedHeader memory one = aHeader(1000);
        TrustedHeader memory other = aHeader(1000);
        other.stateRoot = keccak256("another");
        bytes memory evidence = abi.encodePacked(
            anUpdate(client, one, someAttesters(4, "first"), ALL_FOUR),
            anUpdate(client, other, someAttesters(4, "first"), ALL_FOUR)
        );
        client.submitMisbehaviour(evidence);
        assertTrue(client.frozen());
        assertGt(Height.unwrap(Height.wrap(one.height)), height);
    }
}
