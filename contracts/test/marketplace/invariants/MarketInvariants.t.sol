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

    /// @dev The traffic is real: forced here, so that the invariant is never of an empty world.
    function test_traffic_reachesEveryEnd() public {
        for (uint256 i = 0; i < 90; ++i) {
            if (i % 3 == 0) traffic.listAHeron(i, i);
            else if (i % 3 == 1) traffic.listSomeShells(i, i);
            else traffic.listSomethingHostile(i, i);
            traffic.buyOne(i, i, i);
            if (i % 8 == 7) traffic.deliverAll();
            else if (i % 2 == 0) traffic.deliverSome(i, i / 3, i);
            if (i % 5 == 0) traffic.retrySome(i);
            if (i % 10 == 3) traffic.fundOne(i);
            if (i % 16 == 0) traffic.letTimePass(0);
            traffic.bounceSome(i);
            traffic.withdrawOne(i, i);
            traffic.barSomebody(i);
            if (i % 10 == 9) invariant_aPurchaseEndsOnce();
        }

        (uint256 settled, uint256 refunded, uint256 kept, uint256 sentOn) = traffic.tally();
        assertGt(settled, 4, "settled");
        assertGt(refunded, 4, "refunded");
        assertGt(kept, 0, "kept");
        assertGt(sentOn, 0, "sent on");
        assertGt(traffic.withdrawals(), 0, "withdrawals");
        assertGt(traffic.ambushes(), 0, "ambushes");
        afterInvariant();
    }
}
