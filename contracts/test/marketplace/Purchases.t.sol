// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Listing} from "../../src/types/Listings.sol";
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
}
