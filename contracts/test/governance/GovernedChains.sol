// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Mode} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {LockkeeperGovernor} from "../../src/governance/LockkeeperGovernor.sol";
import {LockkeeperVotes} from "../../src/governance/LockkeeperVotes.sol";
import {RemoteTimelock} from "../../src/governance/RemoteTimelock.sol";
import {Roles} from "../../src/governance/Roles.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {Height, Message} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";
import {TwoChains} from "../support/TwoChains.sol";

/// @notice A DAO on harbour that governs island over the lane between them. Attesters vouch for harbour's headers.
abstract contract GovernedChains is TwoChains, Attesters {
    uint256 internal constant ALL_FOUR = 0xf;
    uint32 internal constant DELAY = 2 days;
    uint32 internal constant RESCUE_DELAY = 7 days;

    address internal immutable council = makeAddr("council");
    address internal immutable guardian = makeAddr("guardian");
    address internal immutable updater = makeAddr("updater");

    LockkeeperVotes internal votes;
    LockkeeperGovernor internal governor;
    TimelockController internal timelock;
    AccessManager internal islandAuthority;
    CrosschainRemoteExecutor internal executor;
    RemoteTimelock internal remote;
    CommitteeLightClient internal client;

    function setUp() public virtual override {
        super.setUp();
        on(HARBOUR);
        foundTheDao();
        on(ISLAND);
        islandAuthority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        vm.prank(governance);
        authority.updateAuthority(address(island), address(islandAuthority));
        handOverIsland();
    }

    function foundTheDao() private {
        votes = new LockkeeperVotes(alice, 100 ether);
        vm.prank(alice);
        votes.delegate(alice);
        address[] memory nobody = new address[](0);
        timelock = new TimelockController(1 days, nobody, nobody, address(this));
        governor = new LockkeeperGovernor(votes, timelock, 1 days, 3 days, 0, 4);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.EXECUTOR_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
    }

    function handOverIsland() private {
        executor = new CrosschainRemoteExecutor(
            address(island), InteroperableAddress.formatEvmV1(31337, address(governor))
        );
        remote = new RemoteTimelock(
            HARBOUR, island, islandAuthority, address(executor), DELAY, council, RESCUE_DELAY
        );
        client = aClient("first");
        vm.startPrank(governance);
        island.configureLane(HARBOUR, address(harbour), client);
        islandAuthority.setTargetFunctionRole(
            address(island), only(IGateway.pauseLane.selector), Roles.GUARDIAN
        );
        islandAuthority.setTargetFunctionRole(address(island), only(IFees.setFees.selector), Roles.UPDATER);
        islandAuthority.grantRole(Roles.GUARDIAN, guardian, 0);
        islandAuthority.grantRole(Roles.UPDATER, updater, 0);
        islandAuthority.grantRole(Roles.GOVERNANCE, address(remote), 0);
        islandAuthority.renounceRole(Roles.GOVERNANCE, governance);
        vm.stopPrank();
    }

    function only(bytes4 selector) internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }

    /// @dev A client of harbour that believes four attesters.
    function aClient(string memory attesters) internal returns (CommitteeLightClient) {
        return new CommitteeLightClient(HARBOUR, wordsOf(someAttesters(4, attesters)));
    }

    /// @dev Brings messages to island with a header that these attesters have signed for this client.
    function bring(uint64 first, uint64 last, CommitteeLightClient to, string memory attesters) internal {
        deliver(proven(first, last, to, attesters));
    }

    function proven(uint64 first, uint64 last, CommitteeLightClient to, string memory attesters)
        internal
        returns (IGateway.Delivery memory delivery)
    {
        delivery = deliveryOf(first, last);
        delivery.headerUpdate = anUpdate(to, headerOf(delivery.height), someAttesters(4, attesters), ALL_FOUR);
    }

    /// @dev Harbour's header in whose state {TwoChains} has proven an accumulator.
    function headerOf(Height at) internal view returns (TrustedHeader memory header) {
        header = aHeader(Height.unwrap(at));
        (header.stateRoot,,) = harbourOnIsland.header(at);
    }

    /// @dev The DAO proposes, votes, waits and executes, on harbour.
    function decide(address target, bytes memory data) internal {
        on(HARBOUR);
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], calls[0]) = (target, data);
        uint256[] memory values = new uint256[](1);
        vm.prank(alice);
        uint256 proposal = governor.propose(targets, values, calls, "mend");
        skip(1 days + 1);
        vm.prank(alice);
        governor.castVote(proposal, 1);
        skip(3 days);
        governor.queue(targets, values, calls, keccak256("mend"));
        skip(1 days);
        governor.execute(targets, values, calls, keccak256("mend"));
        on(ISLAND);
    }

    /// @dev The DAO decides a call on island, and the message with it is sent.
    function decideForIsland(address target, bytes memory data) internal {
        bytes memory scheduled = abi.encodeCall(remote.schedule, (target, 0, data, 0, 0, DELAY));
        bytes memory instruction = abi.encodePacked(address(remote), uint256(0), scheduled);
        bytes memory to = atIsland(address(executor));
        decide(
            address(governor),
            abi.encodeCall(governor.relayCrosschain, (address(harbour), to, Mode.wrap(0), instruction))
        );
        bytes memory payload = abi.encodePacked(bytes32(0), instruction);
        sent.push(Message(address(governor), address(executor), 0, 200_000, 0, 0, payload));
    }

    function configureLane(CommitteeLightClient to) internal view returns (bytes memory) {
        return abi.encodeCall(IGateway.configureLane, (HARBOUR, address(harbour), to));
    }
}
