// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {MarketTraffic} from "./MarketTraffic.sol";

/// @notice Whoever lists, buys, cancels, relays, pauses, refuses and lies in whatever order: every purchase ends once, with
///         the item or with the money.
contract MarketInvariantsTest is Test {
    MarketTraffic private traffic;

    function setUp() public {
        traffic = MarketTraffic(payable(deployCode("MarketTraffic.sol")));
        bytes4[21] memory chosen = [
            MarketTraffic.listAHeron.selector,
            MarketTraffic.listSomeShells.selector,
            MarketTraffic.listSomethingHostile.selector,
            MarketTraffic.listAHeron.selector,
            MarketTraffic.buyOne.selector,
            MarketTraffic.buyOne.selector,
            MarketTraffic.buyOne.selector,
            MarketTraffic.buyOne.selector,
            MarketTraffic.deliverSome.selector,
            MarketTraffic.deliverAll.selector,
            MarketTraffic.fundOne.selector,
            MarketTraffic.retrySome.selector,
            MarketTraffic.bounceSome.selector,
            MarketTraffic.letTimePass.selector,
            MarketTraffic.pauseOne.selector,
            MarketTraffic.freezeOne.selector,
            MarketTraffic.cancelOne.selector,
            MarketTraffic.moveOn.selector,
            MarketTraffic.withdrawOne.selector,
            MarketTraffic.barSomebody.selector,
            MarketTraffic.changeFee.selector
        ];
        bytes4[] memory selectors = new bytes4[](chosen.length);
        for (uint256 i = 0; i < chosen.length; ++i) {
            selectors[i] = chosen[i];
        }
        targetSelector(FuzzSelector(address(traffic), selectors));
        targetContract(address(traffic));
    }

    /// @dev Invariant 7 of the protocol: item and payment, or money back; never both, and never neither.
    function invariant_aPurchaseEndsOnce() public view {
        traffic.auditPurchases();
        traffic.auditListings();
        traffic.auditMoney();
        traffic.auditItems();
    }

    /// @dev What is open is on its way: when everything is delivered, only a frozen light client holds a purchase up.
    function afterInvariant() public {
        traffic.finishWhatCanBe();
        assertEq(traffic.openPurchases(false), 0, "a purchase without an end");
        invariant_aPurchaseEndsOnce();

        traffic.replaceFrozenClients();
        traffic.finishWhatCanBe();
        assertEq(traffic.openPurchases(true), 0, "a purchase without an end");
        invariant_aPurchaseEndsOnce();
    }

    /// @dev The traffic is real: forced here, so that the invariants are never of an empty world.
    function test_traffic_reachesEverything() public {
        for (uint256 i = 0; i < 60; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("seed", i)));
            uint256 terms = uint256(keccak256(abi.encode("terms", i)));
            if (i % 3 == 0) traffic.listAHeron(seed, terms);
            else if (i % 3 == 1) traffic.listSomeShells(seed, terms);
            else traffic.listSomethingHostile(seed, terms);
            traffic.buyOne(i % 2, seed, terms);
            if (i % 4 == 0) traffic.deliverAll();
            else traffic.deliverSome(seed, terms, i);
            if (i % 8 == 0) traffic.retrySome(i);
            if (i % 16 == 0) traffic.letTimePass(0);
            traffic.bounceSome(i);
            traffic.withdrawOne(seed, i);
            traffic.barSomebody(i);
            if (i % 10 == 9) invariant_aPurchaseEndsOnce();
        }

        (uint256 settled, uint256 refunded, uint256 kept, uint256 sentOn) = traffic.tally();
        assertGt(settled, 5);
        assertGt(refunded, 5);
        assertGt(kept, 0);
        assertGt(sentOn, 2);
        assertGt(traffic.retries(), 0);
        assertGt(traffic.bounces(), 0);
        assertGt(traffic.withdrawals(), 0);
        assertGt(traffic.ambushes(), 0);
        afterInvariant();
    }
}
