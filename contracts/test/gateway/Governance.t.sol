// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {ChainId, Messages} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {OrderedRecipient} from "../support/Recipients.sol";
import {TwoChains} from "../support/TwoChains.sol";

contract GovernanceTest is TwoChains {
    ChainId private constant LAGOON = ChainId.wrap(31339);

    FakeLightClient private client;
    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        client = new FakeLightClient(LAGOON);
        bob = new OrderedRecipient();
        on(ISLAND);
    }

    function assertRefused(ChainId chain, address gateway, ILightClient lightClient) private {
        vm.prank(governance);
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneInvalid.selector, chain, gateway, lightClient));
        island.configureLane(chain, gateway, lightClient);
    }

    function test_configureLane_opensBothDirections() public {
        vm.expectEmit(address(island));
        emit IGateway.LaneConfigured(LAGOON, address(7), client);
        vm.prank(governance);
        island.configureLane(LAGOON, address(7), client);

        (bytes32 outboundAccumulator, uint64 outboundNonce, address remoteGateway) = island.outbound(LAGOON);
        (bytes32 inboundAccumulator, uint64 inboundNonce, ILightClient lightClient) = island.inbound(LAGOON);
        assertEq(outboundAccumulator, Messages.laneId(ISLAND, address(island), LAGOON, address(7)));
        assertEq(inboundAccumulator, Messages.laneId(LAGOON, address(7), ISLAND, address(island)));
        assertEq(outboundNonce + inboundNonce, 0);
        assertEq(remoteGateway, address(7));
        assertEq(address(lightClient), address(client));
    }

    function testFuzz_configureLane_isForGovernanceOnly(address caller) public {
        vm.assume(caller != governance);
        vm.prank(caller);

        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        island.configureLane(LAGOON, address(7), client);
    }

    function test_configureLane_refusesAZeroGateway() public {
        assertRefused(LAGOON, address(0), client);
    }

    function test_configureLane_refusesAClientWithoutCode() public {
        assertRefused(LAGOON, address(7), ILightClient(address(0)));
        assertRefused(LAGOON, address(7), ILightClient(makeAddr("nobody")));
    }

    function test_configureLane_refusesAClientOfAnotherChain() public {
        assertRefused(ChainId.wrap(5), address(7), client);
    }

    function test_configureLane_refusesItsOwnChain() public {
        assertRefused(ISLAND, address(7), new FakeLightClient(ISLAND));
    }

    function test_configureLane_refusesChainZero() public {
        assertRefused(ChainId.wrap(0), address(7), new FakeLightClient(ChainId.wrap(0)));
    }

    // island's client of harbour is replaced while messages 3 and 4 are on their way and 2 waits for a retry
    function test_configureLane_keepsMessagesInFlightDeliverableWithAnotherClient() public {
        sendMany(address(bob), 4);
        deliver(deliveryOf(1, 2));
        IGateway.Delivery memory inFlight = deliveryOf(3, 4);
        (bytes32 root,,) = harbourOnIsland.header(inFlight.height);
        harbourOnIsland.freeze();
        FakeLightClient another = new FakeLightClient(HARBOUR);
        another.trust(inFlight.height, root);

        vm.prank(governance);
        island.configureLane(HARBOUR, address(harbour), another);
        assertDelivered(2);
        deliver(inFlight);

        assertDelivered(4);
        assertEq(bob.count(), 4);
    }

    function test_configureLane_keepsWhatWasSentWithAnotherClient() public {
        sendMany(address(bob), 2);
        on(HARBOUR);
        FakeLightClient another = new FakeLightClient(ISLAND);

        vm.prank(governance);
        harbour.configureLane(ISLAND, address(island), another);
        sendMany(address(bob), 1);

        (bytes32 accumulator, uint64 nonce,) = harbour.outbound(ISLAND);
        assertEq(accumulator, accumulatorAfter(3));
        assertEq(nonce, 3);
    }

    function test_configureLane_movesAnUnusedLaneToAnotherGateway() public {
        vm.startPrank(governance);

        island.configureLane(HARBOUR, address(7), harbourOnIsland);

        (,, address remoteGateway) = island.outbound(HARBOUR);
        assertEq(remoteGateway, address(7));
    }

    function test_configureLane_refusesAnotherGatewayAfterSending() public {
        sendMany(address(bob), 1);
        on(HARBOUR);
        vm.prank(governance);

        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneInUse.selector, ISLAND, island));
        harbour.configureLane(ISLAND, address(7), islandOnHarbour);
    }

    function test_configureLane_refusesAnotherGatewayAfterReceiving() public {
        sendMany(address(bob), 1);
        deliver(deliveryOf(1, 1));
        vm.prank(governance);

        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneInUse.selector, HARBOUR, harbour));
        island.configureLane(HARBOUR, address(7), harbourOnIsland);
    }
}
