// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Traffic} from "./Traffic.sol";

/// @notice Whatever is sent, delivered, refused, retried and sent back in whatever order: nothing is lost and nothing is doubled.
contract AssetInvariantsTest is Test {
    ChainId private constant HARBOUR = ChainId.wrap(31337);
    ChainId private constant ISLAND = ChainId.wrap(31338);
    ChainId private constant LAGOON = ChainId.wrap(31339);

    Traffic private traffic;

    function setUp() public {
        traffic = Traffic(deployCode("Traffic.sol"));
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = Traffic.sendSomeCoins.selector;
        selectors[1] = Traffic.sendAHeron.selector;
        selectors[2] = Traffic.sendSomeShells.selector;
        selectors[3] = Traffic.deliverSome.selector;
        selectors[4] = Traffic.deliverAll.selector;
        selectors[5] = Traffic.retryOne.selector;
        selectors[6] = Traffic.bounceOne.selector;
        targetSelector(FuzzSelector(address(traffic), selectors));
        targetContract(address(traffic));
    }

    /// @dev Invariant 2 of the protocol: locked = wrapped over all chains + in flight, for an ERC-20 and an ERC-1155.
    function invariant_supplyConserved() public view {
        uint256 flying = traffic.coinsInFlight(0) + traffic.coinsInFlight(AssetMessages.RETURN)
            + traffic.coinsInFlight(AssetMessages.FORWARD);
        uint256 wrapped = traffic.coinsWrapped(ISLAND) + traffic.coinsWrapped(LAGOON);
        assertEq(traffic.coinsLocked(), wrapped + flying);
        assertEq(traffic.coinsLocked(), traffic.coinsOutstanding(ISLAND) + traffic.coinsOutstanding(LAGOON));
        for (uint256 id = 1; id <= 2; ++id) {
            uint256 held = traffic.shellsHeld(HARBOUR, id) + traffic.shellsHeld(ISLAND, id)
                + traffic.shellsHeld(LAGOON, id);
            assertEq(held + traffic.itemsInFlight(AssetMessages.ERC1155, id), 100);
        }
    }

    /// @dev Invariant 3 of the protocol: every item is with a holder on one chain, or on its way, and never both.
    function invariant_oneLiveCopy() public view {
        for (uint256 id = 1; id <= 5; ++id) {
            assertEq(traffic.heronsAlive(id) + traffic.itemsInFlight(AssetMessages.ERC721, id), 1);
        }
    }

    /// @dev The traffic is real: forced here, so that the invariants are never of an empty world.
    function test_traffic_reachesEverything() public {
        for (uint256 i = 0; i < 60; ++i) {
            traffic.sendSomeCoins(i, i / 3, i, i, i);
            traffic.sendAHeron(i, i / 2, i, i * 7);
            traffic.sendSomeShells(i, i / 3, i, i * 3, i);
            traffic.deliverSome(i, i / 2, i);
            if (i % 5 == 0) traffic.deliverAll();
            traffic.bounceOne(i, i / 3);
            if (i > 40) traffic.retryOne(i, i / 3, i);
            invariant_supplyConserved();
            invariant_oneLiveCopy();
        }
        assertGt(traffic.sends(), 40);
        assertGt(traffic.deliveries(), 20);
        assertGt(traffic.retries(), 0);
        assertGt(traffic.bounces(), 0);
    }
}
