// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {ItemType, Listing} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {MarketAudit} from "./MarketAudit.sol";

/// @dev Invariant 7 of the protocol, walked to each of its ends: on harbour stands what is sold, on island it is paid.
contract MarketEndingsTest is MarketAudit {
    function setUp() public override {
        super.setUp();
        vm.deal(address(this), 1 ether);
        for (uint256 i = 0; i < 3; ++i) {
            settlementOf(chains[i]).fund{value: 0.1 ether}();
        }
    }

    function listHeron(uint256 id) private returns (uint256 number) {
        offer(HARBOUR, aListing(alice, ItemType.ERC721, address(herons), id), true);
        return offers.length - 1;
    }

    function buyFor(address buyer, uint256 number, address recipient, ChainId deliveryChain)
        private
        returns (bytes32)
    {
        assertTrue(buyIfPossible(buyer, aPurchase(number, recipient, deliveryChain)), "could not be bought");
        return purchases[purchases.length - 1];
    }

    function assertEnded(bytes32 purchaseId, ISettlement.Status expected) private view {
        assertTrue(statusOf(entries[purchaseId].paymentChain, purchaseId) == expected, "another end");
        this.auditPurchases();
        this.auditListings();
        this.auditMoney();
        this.auditItems();
    }

    function assertPaid(bytes32 purchaseId) private view {
        assertEnded(purchaseId, ISettlement.Status.Settled);
    }

    function assertMoneyBack(bytes32 purchaseId) private view {
        assertEnded(purchaseId, ISettlement.Status.Refunded);
    }

    function test_invariant_aPurchaseEndsOnce_withTheItemWhereItStands() public {
        bytes32 purchase = buyFor(bob, listHeron(1), carol, HARBOUR);
        assertEnded(purchase, ISettlement.Status.Open);
        deliverEverythingOpen();

        assertPaid(purchase);
        assertEq(herons.ownerOf(1), carol);
    }

    function test_invariant_aPurchaseEndsOnce_withTheItemOnAThirdChain() public {
        bytes32 purchase = buyFor(bob, listHeron(1), carol, LAGOON);
        deliverEverythingOpen();

        assertPaid(purchase);
        assertEq(ownerAt(LAGOON, 1), carol);
    }

    function test_invariant_aPurchaseEndsOnce_withTheItemInItsBox() public {
        bytes32 purchase = buyFor(bob, listHeron(1), address(moody), LAGOON);
        finishWhatCanBe();

        assertPaid(purchase);
        assertEq(herons.ownerOf(1), entries[purchase].box);
    }

    function test_invariant_aPurchaseEndsOnce_whenTheItemIsSoldOnAndComesHome() public {
        buyFor(bob, listHeron(1), carol, LAGOON);
        deliverEverythingOpen();
        IERC721 wrapped = heronsAt(LAGOON);
        vm.prank(carol);
        wrapped.setApprovalForAll(address(marketplaceOf(LAGOON)), true);
        offer(LAGOON, aListing(carol, ItemType.ERC721, address(wrapped), 1), false);

        bytes32 purchase = buyFor(alice, offers.length - 1, bob, ISLAND);
        deliverEverythingOpen();

        assertPaid(purchase);
        assertEq(ownerAt(ISLAND, 1), bob);
    }

    function test_invariant_aPurchaseEndsOnce_ofTwoThatWantTheSame() public {
        uint256 number = listHeron(1);
        bytes32 first = buyFor(bob, number, bob, HARBOUR);
        bytes32 second = buyFor(carol, number, carol, HARBOUR);
        deliverEverythingOpen();

        assertPaid(first);
        assertMoneyBack(second);
        assertEq(herons.ownerOf(1), bob);
    }

    function test_invariant_aPurchaseEndsOnce_whenTheListingIsCancelledMeanwhile() public {
        uint256 number = listHeron(1);
        bytes32 purchase = buyFor(bob, number, bob, HARBOUR);
        Listing[] memory listings = new Listing[](1);
        listings[0] = listingOf(number);
        on(HARBOUR);
        vm.prank(alice);
        marketplaceOf(HARBOUR).cancel(listings);
        deliverEverythingOpen();

        assertMoneyBack(purchase);
        assertEq(herons.ownerOf(1), alice);
    }

    function test_invariant_aPurchaseEndsOnce_whenItComesTooLate() public {
        bytes32 purchase = buyFor(bob, listHeron(1), bob, HARBOUR);
        skip(2 hours);
        deliverEverythingOpen();

        assertMoneyBack(purchase);
    }

    function test_invariant_aPurchaseEndsOnce_withTheMoneyCreditedToWhoRefusesIt() public {
        uint256 number = listHeron(1);
        bytes32 first = buyFor(bob, number, bob, HARBOUR);
        bytes32 second = buyFor(bob, number, bob, HARBOUR);
        barring.bar(bob, true);
        deliverEverythingOpen();

        assertPaid(first);
        assertMoneyBack(second);

        Listing memory forCoins = aListing(alice, ItemType.ERC721, address(herons), 1);
        forCoins.paymentToken = address(0);
        offer(HARBOUR, forCoins, true);
        bytes32 stubbornly = buyFor(stubborn, offers.length - 1, bob, HARBOUR);
        deliverEverythingOpen();

        assertMoneyBack(stubbornly);
        assertEq(creditOf(ISLAND, ISLAND, stubborn, address(0)), 1_000);
    }

    function test_invariant_aPurchaseEndsOnce_whenItsPriceIsFarOffTheBand() public {
        for (uint256 id = 1; id <= 3; ++id) {
            buyFor(bob, listHeron(id), bob, HARBOUR);
        }
        Listing memory dear = aListing(alice, ItemType.ERC721, address(herons), 4);
        dear.price = 10_000;
        offer(HARBOUR, dear, true);
        bytes32 purchase = buyFor(carol, offers.length - 1, carol, HARBOUR);
        deliverEverythingOpen();

        assertMoneyBack(purchase);
        assertEq(herons.ownerOf(4), alice);
    }

    function test_invariant_aPurchaseEndsOnce_whenTheCollectionLies() public {
        for (uint256 id = 0; id < 6; ++id) {
            offer(HARBOUR, aListing(people[id % 3], ItemType.ERC721, address(hostile), id), true);
            bytes32 purchase = buyFor(carol, offers.length - 1, treasury, HARBOUR);
            deliverEverythingOpen();

            bool decent = id == 0 || id == 5;
            assertEnded(purchase, decent ? ISettlement.Status.Settled : ISettlement.Status.Refunded);
        }
    }

    /// @dev   bought        the deadline passes         the client is replaced
    ///     ─────┼─────────────────────┼───────────────────────────┼──────▶ money back
    function test_invariant_aPurchaseEndsOnce_whenALightClientIsFrozenForLong() public {
        bytes32 purchase = buyFor(bob, listHeron(1), bob, HARBOUR);
        clients[ISLAND][HARBOUR].freeze();
        finishWhatCanBe();
        assertEnded(purchase, ISettlement.Status.Open);

        replaceFrozenClients();
        deliverEverythingOpen();

        assertMoneyBack(purchase);
    }

    function test_invariant_aPurchaseEndsOnce_whenTheAnswerWaitsBehindAFrozenClient() public {
        bytes32 purchase = buyFor(bob, listHeron(1), bob, HARBOUR);
        clients[HARBOUR][ISLAND].freeze();
        finishWhatCanBe();
        assertEnded(purchase, ISettlement.Status.Open);
        assertEq(herons.ownerOf(1), bob);

        replaceFrozenClients();
        deliverEverythingOpen();

        assertPaid(purchase);
    }

    function test_invariant_aPurchaseEndsOnce_whenTheAnswerCannotBeSentForLong() public {
        bytes32 purchase = buyFor(bob, listHeron(1), bob, HARBOUR);
        on(HARBOUR);
        vm.prank(governance);
        places[HARBOUR].gateway.pauseLane(ISLAND);
        skip(2 hours);
        on(HARBOUR);
        vm.prank(governance);
        places[HARBOUR].gateway.resumeLane(ISLAND);
        deliverEverythingOpen();

        assertMoneyBack(purchase);
        assertEq(herons.ownerOf(1), alice);
    }

    function test_invariant_aPurchaseEndsOnce_whereItIsPaid() public {
        Listing memory here = aListing(alice, ItemType.ERC721, address(herons), 1);
        here.paymentChain = HARBOUR;
        offer(HARBOUR, here, false);

        bytes32 first = buyFor(bob, offers.length - 1, carol, HARBOUR);
        assertPaid(first);
        bytes32 second = buyFor(bob, offers.length - 1, carol, HARBOUR);

        assertMoneyBack(second);
        assertEq(herons.ownerOf(1), carol);
    }

    /* FROM WITHIN */

    /// @dev What leaves for somebody else's refund while a payment is measured is not taken for the payment.
    function test_invariant_aPurchaseEndsOnce_whenItsTokenDeliversARefundMeanwhile() public {
        Listing memory listing = aListing(alice, ItemType.ERC721, address(herons), 1);
        listing.paymentToken = address(calling);
        offer(HARBOUR, listing, true);
        bytes32 first = buyFor(bob, 0, bob, HARBOUR);
        bytes32 second = buyFor(carol, 0, carol, HARBOUR);
        deliverOneByOne(ISLAND, HARBOUR, 2);
        listing.identifier = 2;
        offer(HARBOUR, listing, true);

        bytes memory delivering = abi.encodeCall(IGateway.deliver, (provenBatch(HARBOUR, ISLAND, 2)));
        ambush = Ambush(address(places[ISLAND].gateway), delivering);
        assertFalse(buyIfPossible(bob, aPurchase(1, bob, HARBOUR)));
        assertEq(keepUp(), 0);
        assertEnded(second, ISettlement.Status.Open);

        deliverEverythingOpen();
        assertPaid(first);
        assertMoneyBack(second);
    }

    /// @dev A purchase that a recipient delivers while another one is carried out is not refused, but tried again.
    function test_invariant_aPurchaseEndsOnce_thatIsDeliveredFromWithinAnother() public {
        bytes32 outer = buyFor(bob, listHeron(1), bob, HARBOUR);
        Listing memory here = aListing(alice, ItemType.ERC721, address(herons), 2);
        here.paymentChain = HARBOUR;
        offer(HARBOUR, here, true);

        bytes memory delivering = abi.encodeCall(IGateway.deliver, (provenBatch(ISLAND, HARBOUR, 1)));
        ambush = Ambush(address(places[HARBOUR].gateway), delivering);
        bytes32 inner = buyFor(carol, 1, address(callingHolder), HARBOUR);
        assertEq(keepUp(), 1);
        assertPaid(inner);
        assertEnded(outer, ISettlement.Status.Open);

        assertTrue(retryFailure(failures[0]));
        deliverEverythingOpen();
        assertPaid(outer);
    }

    /// @dev Whoever is called with the money back takes it once.
    function test_invariant_aPurchaseEndsOnce_whenItsBuyerComesBackForMore() public {
        Listing memory here = aListing(alice, ItemType.ERC721, address(herons), 1);
        (here.paymentChain, here.paymentToken) = (HARBOUR, address(0));
        offer(HARBOUR, here, true);
        buyFor(bob, 0, bob, HARBOUR);
        bytes memory more = abi.encodeCall(ISettlement.withdraw, (address(0), address(coinCaller)));
        ambush = Ambush(address(settlementOf(HARBOUR)), more);

        bytes32 purchase = buyFor(address(coinCaller), 0, bob, HARBOUR);

        assertTrue(coinCaller.called());
        assertMoneyBack(purchase);
        assertEq(address(coinCaller).balance, 1_000);
    }
}
