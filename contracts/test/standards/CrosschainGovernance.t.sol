// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Mode} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorCrosschain} from "@openzeppelin/contracts/governance/extensions/GovernorCrosschain.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {ChainId} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {QuietRecipient} from "../support/Recipients.sol";
import {SampleGovernor} from "./samples/SampleGovernor.sol";
import {Applications} from "./support/Applications.sol";

/// @notice OpenZeppelin's GovernorCrosschain on harbour and its CrosschainRemoteExecutor on island, unmodified: what a
///         proposal says happens on the other chain. The executor there is an administrator of the gateway itself.
contract CrosschainGovernanceTest is Applications {
    ChainId private constant CAPE = ChainId.wrap(31_340);
    address private constant CAPE_GATEWAY = address(0xca9e);
    Mode private constant ONE_CALL = Mode.wrap(0);

    SampleGovernor private governor;
    CrosschainRemoteExecutor private executor;
    FakeLightClient private capeOnIsland;

    function setUp() public override {
        super.setUp();
        governor = new SampleGovernor(alice);
        executor = new CrosschainRemoteExecutor(gatewayOf(ISLAND), format(HARBOUR, address(governor)));
        capeOnIsland = new FakeLightClient(CAPE);
        uint64 administrators = authority.ADMIN_ROLE();
        vm.prank(governance);
        authority.grantRole(administrators, address(executor), 0);
    }

    function test_aProposalOnOneChain_isExecutedOnTheOther() public {
        bytes memory relayed = abi.encodeCall(
            GovernorCrosschain.relayCrosschain,
            (gatewayOf(HARBOUR), format(ISLAND, address(executor)), ONE_CALL, laneToCape())
        );

        decide(relayed);
        assertEq(gatewayOfCape(), address(0));
        relay();

        assertEq(gatewayOfCape(), CAPE_GATEWAY);
    }

    function test_relayCrosschain_isForProposalsOnly() public {
        bytes memory to = format(ISLAND, address(executor));
        bytes memory execution = laneToCape();

        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, mallory));
        vm.prank(mallory);
        governor.relayCrosschain(gatewayOf(HARBOUR), to, ONE_CALL, execution);
    }

    function test_anInstructionOfAnotherSender_isRefused() public {
        bytes memory payload = abi.encodePacked(ONE_CALL, laneToCape());

        IGateway.Outcome outcome = sentByMallory(address(executor), payload);

        assertOutcome(outcome, IGateway.Outcome.Failed);
        assertEq(gatewayOfCape(), address(0));
    }

    function test_anInstructionOfAForgedGateway_isRefused() public {
        bytes memory payload = abi.encodePacked(ONE_CALL, laneToCape());
        address gullible = address(new QuietRecipient());

        IGateway.Outcome atGullible = forgedByMallory(address(governor), gullible, payload);
        IGateway.Outcome atExecutor = forgedByMallory(address(governor), address(executor), payload);

        assertOutcome(atGullible, IGateway.Outcome.Ordinary);
        assertOutcome(atExecutor, IGateway.Outcome.Failed);
        assertEq(gatewayOfCape(), address(0));
    }

    /* MAKERS */

    /// @dev Target, value and call, as ERC-7579 packs a single execution.
    function laneToCape() private view returns (bytes memory) {
        bytes memory call =
            abi.encodeCall(IGateway.configureLane, (CAPE, CAPE_GATEWAY, ILightClient(capeOnIsland)));
        return abi.encodePacked(gatewayOf(ISLAND), uint256(0), call);
    }

    function gatewayOfCape() private view returns (address remoteGateway) {
        (,, remoteGateway) = places[ISLAND].gateway.outbound(CAPE);
    }

    /// @dev Alice, the one citizen, proposes a call of the governor to itself, votes for it and has it executed.
    function decide(bytes memory call) private {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (address(governor), call);
        vm.startPrank(alice);
        uint256 proposal = governor.propose(targets, values, calls, "a lane to cape");
        vm.roll(vm.getBlockNumber() + 1);
        governor.castVote(proposal, 1);
        vm.roll(vm.getBlockNumber() + governor.votingPeriod() + 1);
        governor.execute(targets, values, calls, keccak256("a lane to cape"));
        vm.stopPrank();
    }
}
