// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {Listing} from "../../src/types/Listings.sol";
import {CallingHolder, MoodyHolder} from "../assets/support/Tokens.sol";
import {BurningRecipient} from "../support/Recipients.sol";
import {OddERC721, SampleWallet} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice Collections, sellers and recipients that do what they can; the buyer gets the item or the money back, and
///         nobody else notices.
contract HostileCollectionsTest is Markets {
    OddERC721 private odd;

    function setUp() public override {
        super.setUp();
        odd = new OddERC721();
        odd.mint(alice, 2);
        vm.prank(alice);
        odd.setApprovalForAll(address(marketplaceOf(HARBOUR)), true);
    }

    function anOddOrder() private returns (ISettlement.Purchase memory) {
        Listing memory listing = aHeron(2, ISLAND, address(silver));
        listing.token = address(odd);
        return anOrder(listing, HARBOUR);
    }

    /// @dev The purchase is answered in order: nothing failed, and the money is back. With delivery elsewhere as well.
    function assertRefunds(ISettlement.Purchase memory order) private {
        uint256 before = silver.balanceOf(bob);
        for (uint256 i = 0; i < 2; ++i) {
            order.deliveryChain = i == 0 ? HARBOUR : LAGOON;
            bytes32 id = buy(order);
            relay();
            assertFalse(lastFailed(ISLAND, HARBOUR));
            assertFalse(lastFailed(HARBOUR, ISLAND));
            assertRefunded(ISLAND, id);
            assertEq(silver.balanceOf(bob), before);
            assertEq(silver.balanceOf(address(settlementOf(ISLAND))), 0);
        }
    }

    /* COLLECTIONS */

    function test_aCollectionThatMovesNothing_isNotPaid() public {
        odd.setTransfers(OddERC721.Mode.DO_NOTHING, "");
        assertRefunds(anOddOrder());
    }

    function test_aCollectionThatBurnsGas_isNotPaid() public {
        odd.setTransfers(OddERC721.Mode.BURN_GAS, "");
        assertRefunds(anOddOrder());
        odd.setTransfers(OddERC721.Mode.HONEST, "");
        odd.set(odd.ownerOf.selector, OddERC721.Mode.BURN_GAS, "");
        assertRefunds(anOddOrder());
    }

    function test_aCollectionThatSaysMuch_isNotPaid() public {
        odd.setTransfers(OddERC721.Mode.REVERT_MUCH, "");
        assertRefunds(anOddOrder());
        odd.setTransfers(OddERC721.Mode.HONEST, "");
        odd.set(odd.ownerOf.selector, OddERC721.Mode.REVERT_MUCH, "");
        assertRefunds(anOddOrder());
        odd.set(odd.ownerOf.selector, OddERC721.Mode.ANSWER_MUCH, "");
        assertRefunds(anOddOrder());
    }

    function test_aCollectionThatNamesAnotherOwner_isNotPaid() public {
        odd.set(odd.ownerOf.selector, OddERC721.Mode.ANSWER, abi.encode(carol));
        assertRefunds(anOddOrder());
    }

    function test_aCollectionThatBurnsGasForRoyalties_sellsWithoutThem() public {
        odd.set(odd.royaltyInfo.selector, OddERC721.Mode.BURN_GAS, "");
        odd.set(odd.home.selector, OddERC721.Mode.BURN_GAS, "");
        bytes32 id = buy(anOddOrder());
        relay();
        assertSettled(ISLAND, id);
        assertEq(odd.ownerOf(2), bob);
        assertEq(creditOf(ISLAND, ISLAND, alice, address(silver)), PRICE);
    }

    /// @dev The collection refuses with what looks like a purchase within a purchase: its message fails, and comes back.
    function test_aCollectionThatFeignsReentrancy_isNotPaidEither() public {
        odd.setTransfers(
            OddERC721.Mode.REVERT,
            abi.encodePacked(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
        bytes32 id = buy(anOddOrder());
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        bounceLast(ISLAND, HARBOUR);
        assertRefunded(ISLAND, id);
        assertEq(silver.balanceOf(bob), 1e30);
    }

    function test_aTransferThatBuysAgain_buysNothing() public {
        Listing memory listing = aHeron(2, HARBOUR, address(silver));
        listing.token = address(odd);
        ISettlement.Purchase memory order = anOrder(listing, HARBOUR);
        Settlement settlement = settlementOf(HARBOUR);
        odd.callOnTransfer(address(settlement), abi.encodeCall(settlement.buy, (order)));
        bytes32 id = buy(order);
        assertSettled(HARBOUR, id);
        assertFalse(odd.succeeded());
    }

    /// @dev While harbour sells a hostile item, the item delivers somebody else's purchase. That must not be refused for it.
    function test_aTransferThatDeliversAnothersPurchase_hasItNotRefused() public {
        bytes32 anothers = buy(anOrder(aHeron(3, ISLAND, address(silver)), HARBOUR));
        odd.callOnTransfer(address(places[HARBOUR].gateway), aDelivery(ISLAND, HARBOUR));
        Listing memory listing = aHeron(2, HARBOUR, address(silver));
        listing.token = address(odd);

        bytes32 own = buy(anOrder(listing, HARBOUR));

        assertTrue(odd.succeeded());
        ++delivered[ISLAND][HARBOUR];
        assertSettled(HARBOUR, own);
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertOpen(ISLAND, anothers);
        retry(ISLAND, HARBOUR, 1);
        relay();
        assertSettled(ISLAND, anothers);
        assertEq(herons.ownerOf(3), bob);
    }

    /* SELLERS */

    function test_aSellerThatBurnsGas_sellsNothing() public {
        SampleWallet wallet = new SampleWallet();
        wallet.burnGas();
        ISettlement.Purchase memory order = anOddOrder();
        order.listing.offerer = address(wallet);
        assertRefunds(order);
    }

    function test_aSellerThatCancels_isBeforeOrAfterThePurchase() public {
        ISettlement.Purchase memory order = anOddOrder();
        bytes32 id = buy(order);
        Listing[] memory listings = new Listing[](1);
        listings[0] = order.listing;
        vm.prank(alice);
        marketplaceOf(HARBOUR).cancel(listings);
        relay();
        assertRefunded(ISLAND, id);
        assertEq(odd.ownerOf(2), alice);
    }

    /* RECIPIENTS */

    function test_aRecipientThatRefuses_getsNothing() public {
        MoodyHolder moody = new MoodyHolder();
        ISettlement.Purchase memory order = anOddOrder();
        order.recipient = address(moody);
        assertEq(refusalOf(order), MoodyHolder.NotToday.selector);
        assertEq(odd.ownerOf(2), alice);
    }

    function test_aRecipientThatBurnsGas_getsNothing() public {
        ISettlement.Purchase memory order = anOddOrder();
        order.recipient = address(new BurningRecipient());
        bytes32 id = buy(order);
        relay();
        assertFalse(lastFailed(ISLAND, HARBOUR));
        assertRefunded(ISLAND, id);
    }

    function test_aRecipientThatPassesTheItemOn_getsNothing() public {
        CallingHolder holder = new CallingHolder();
        holder.prepare(address(odd), abi.encodeCall(odd.transferFrom, (address(holder), carol, 2)));
        ISettlement.Purchase memory order = anOddOrder();
        order.recipient = address(holder);
        bytes32 id = buy(order);
        relay();
        assertRefunded(ISLAND, id);
        assertEq(odd.ownerOf(2), alice);
    }
}
