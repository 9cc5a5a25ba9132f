// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Listing, Payee} from "../../src/types/Listings.sol";
import {Markets} from "./support/Markets.sol";

/// @notice What is sold on harbour is paid on island or harbour, and handed over on harbour, island or lagoon.
contract PurchasesTest is Markets {
    function test_aPurchaseBetweenChains_deliversOnTheItemsChain() public {
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, address(silver)), HARBOUR);

        bytes32 id = buy(order);
        assertOpen(ISLAND, id);
        relay();

        assertEq(herons.ownerOf(2), bob);
        assertSettled(ISLAND, id);
        assertEq(creditOf(ISLAND, HARBOUR, artist, address(silver)), PRICE / 20);
        assertEq(creditOf(ISLAND, ISLAND, alice, address(silver)), PRICE - PRICE / 20);
        assertEq(silver.balanceOf(address(settlementOf(ISLAND))), PRICE);
    }

    function test_aPurchaseBetweenChains_deliversOnThePaymentChain() public {
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, address(silver)), ISLAND);

        bytes32 id = buy(order);
        relay();

        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertSettled(ISLAND, id);
    }

    function test_aPurchaseBetweenChains_deliversOnAThirdChain() public {
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, address(silver)), LAGOON);
        order.recipient = carol;

        bytes32 id = buy(order);
        relay();

        assertEq(heronsOn(LAGOON).ownerOf(2), carol);
        assertSettled(ISLAND, id);
    }

    function test_aPurchaseOnOneChain_isSettledAtOnce() public {
        Listing memory listing = aHeron(2, HARBOUR, address(silver));

        bytes32 id = buy(anOrder(listing, HARBOUR));

        assertEq(herons.ownerOf(2), bob);
        assertSettled(HARBOUR, id);
        assertEq(creditOf(HARBOUR, HARBOUR, alice, address(silver)), PRICE - PRICE / 20);
    }

    function test_aPurchaseOnOneChain_isBridgedToAnother() public {
        bytes32 id = buy(anOrder(aHeron(2, HARBOUR, address(0)), LAGOON));
        relay();

        assertEq(heronsOn(LAGOON).ownerOf(2), bob);
        assertSettled(HARBOUR, id);
    }

    function test_severalAlike_areBoughtInParts() public {
        Listing memory listing = someShells(3, 10, ISLAND, address(silver));
        ISettlement.Purchase memory order = anOrder(listing, ISLAND);
        order.units = 4;
        bytes32 first = buy(order);
        order.deliveryChain = HARBOUR;
        bytes32 second = buy(order);
        bytes32 third = buy(order);

        relay();

        assertSettled(ISLAND, first);
        assertSettled(ISLAND, second);
        assertRefunded(ISLAND, third);
        assertEq(shellsOn(ISLAND).balanceOf(bob, 3), 4);
        assertEq(shells.balanceOf(bob, 3), 4);
        assertEq(silver.balanceOf(address(settlementOf(ISLAND))), 8 * PRICE);
    }

    /// @dev The first to pay is not the first to be delivered, if his chain is slower.
    function test_twoBuyers_doNotGetTheSameItem() public {
        bytes32 slow = buy(anOrder(aHeron(2, ISLAND, address(silver)), HARBOUR));
        bytes32 quick = buy(anOrder(aHeron(2, HARBOUR, address(silver)), HARBOUR));
        relay();
        assertSettled(HARBOUR, quick);
        assertRefunded(ISLAND, slow);
    }

    function test_coinsOfThePaymentChain_pay() public {
        bytes32 id = buy(anOrder(aHeron(2, LAGOON, address(0)), ISLAND));
        relay();
        assertSettled(LAGOON, id);
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(address(settlementOf(LAGOON)).balance, PRICE);
        assertEq(settlementOf(LAGOON).purse(), 0);
    }

    /// @dev Alice has sent a heron to island, and sells it there; its artist is known on harbour.
    function test_theRoyaltyOfAWrappedItem_isOwedToAnAccountOfItsHome() public {
        Listing memory listing = aWrappedHeron();
        bytes32 id = buy(orderOn(ISLAND, listing, ISLAND));
        assertSettled(ISLAND, id);
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(creditOf(ISLAND, HARBOUR, artist, address(silver)), PRICE / 20);
        assertEq(creditOf(ISLAND, ISLAND, artist, address(silver)), 0);
    }

    function test_aWrappedItem_isDeliveredAtHomeAndBeyond() public {
        setPrices(somePrices(), 1 ether);
        vm.deal(address(assetsOf(HARBOUR)), 1 ether);
        vm.deal(alice, 1 ether);
        Listing memory listing = aWrappedHeron();
        bytes32 id = buy(orderOn(ISLAND, listing, LAGOON));
        relay();
        assertSettled(ISLAND, id);
        assertEq(heronsOn(LAGOON).ownerOf(2), bob);
        assertEq(settlementOf(ISLAND).purse(), 1 ether);
    }

    function aWrappedHeron() private returns (Listing memory listing) {
        on(HARBOUR);
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        assetsOf(HARBOUR).sendERC721{value: 1 ether}(address(herons), one(2), ISLAND, alice);
        relay();
        listing = aHeron(2, ISLAND, address(silver));
        listing.token = address(heronsOn(ISLAND));
        vm.startPrank(alice);
        heronsOn(ISLAND).setApprovalForAll(address(marketplaceOf(ISLAND)), true);
        vm.stopPrank();
    }

    function test_everybodyOfASplit_isPaidOnThePaymentChain() public {
        vm.prank(governance);
        marketplaceOf(HARBOUR).setFee(250);
        Listing memory listing = aHeron(2, ISLAND, address(0));
        listing.consideration = new Payee[](2);
        listing.consideration[0] = Payee(alice, 3_333);
        listing.consideration[1] = Payee(carol, 6_667);

        buy(anOrder(listing, HARBOUR));
        relay();

        uint256 royalty = PRICE / 20;
        uint256 fee = uint256(PRICE) * 250 / 10_000;
        uint256 rest = PRICE - royalty - fee;
        assertEq(creditOf(ISLAND, HARBOUR, artist, address(0)), royalty);
        assertEq(creditOf(ISLAND, ISLAND, treasury, address(0)), fee);
        assertEq(creditOf(ISLAND, ISLAND, alice, address(0)), rest * 3_333 / 10_000);
        assertEq(creditOf(ISLAND, ISLAND, carol, address(0)), rest - rest * 3_333 / 10_000);
        assertEq(address(settlementOf(ISLAND)).balance, PRICE);
    }

    /// @dev The largest listing's answer still finds enough gas.
    function test_eightPayees_areAllPaid() public {
        vm.prank(governance);
        marketplaceOf(HARBOUR).setFee(250);
        Listing memory listing = aHeron(2, ISLAND, address(silver));
        listing.consideration = new Payee[](8);
        for (uint160 i = 0; i < 8; ++i) {
            listing.consideration[i] = Payee(address(0xbeef00 + i), 1_250);
        }
        bytes32 id = buy(anOrder(listing, LAGOON));
        relay();
        assertSettled(ISLAND, id);
        assertEq(heronsOn(LAGOON).ownerOf(2), bob);
    }
}
