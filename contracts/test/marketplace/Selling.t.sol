// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IMarketplace} from "../../src/interfaces/IMarketplace.sol";
import {IPriceBreaker} from "../../src/interfaces/IPriceBreaker.sol";
import {ITransferPolicy} from "../../src/interfaces/ITransferPolicy.sol";
import {Marketplace} from "../../src/marketplace/Marketplace.sol";
import {ItemType, Listing, Payee, Share} from "../../src/types/Listings.sol";
import {LeakyERC1155} from "../assets/support/Tokens.sol";
import {FakeBreaker, FakePolicy, OddERC721, SampleWallet} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice What the marketplace of harbour sells when its settlement asks, and what it refuses.
contract SellingTest is Markets {
    Marketplace private market;
    bytes32 private constant ID = keccak256("purchase");

    function setUp() public override {
        super.setUp();
        market = marketplaceOf(HARBOUR);
    }

    function aListing() private returns (Listing memory) {
        return aHeron(2, ISLAND, address(silver));
    }

    function aFill(Listing memory listing) private view returns (IMarketplace.Fill memory fill) {
        (fill.listing, fill.signature) = (listing, signed(HARBOUR, listing));
        (fill.units, fill.buyer, fill.paid) = (1, bob, listing.price);
        (fill.recipient, fill.deliveryChain, fill.returnTo) = (bob, HARBOUR, bob);
    }

    function fulfill(IMarketplace.Fill memory fill) private returns (Share[] memory) {
        vm.prank(address(settlementOf(HARBOUR)));
        return market.fulfill(ID, fill);
    }

    function assertRefuses(IMarketplace.Fill memory fill, bytes memory reason) private {
        vm.prank(address(settlementOf(HARBOUR)));
        vm.expectRevert(reason);
        market.fulfill(ID, fill);
    }

    function only(Listing memory listing) private pure returns (Listing[] memory listings) {
        listings = new Listing[](1);
        listings[0] = listing;
    }

    function governed() private {
        vm.prank(governance);
    }

    /* WHO */

    function test_fulfill_isForTheSettlementOnly() public {
        IMarketplace.Fill memory fill = aFill(aListing());
        vm.expectRevert(abi.encodeWithSelector(IMarketplace.NotSettlement.selector, address(this)));
        market.fulfill(ID, fill);
    }

    function test_governance_isBehindItsRole() public {
        bytes memory refusal =
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this));
        vm.expectRevert(refusal);
        market.appoint(address(1), IPriceBreaker(address(0)));
        vm.expectRevert(refusal);
        market.setFee(1);
        vm.expectRevert(refusal);
        market.setPolicy(address(1), ITransferPolicy(address(0)));
    }

    function test_listings_areTheirOfferersToValidateAndCancel() public {
        Listing[] memory listings = only(aListing());
        bytes memory refusal = abi.encodeWithSelector(IMarketplace.NotOfferer.selector, bob, alice);
        vm.startPrank(bob);
        vm.expectRevert(refusal);
        market.validate(listings);
        vm.expectRevert(refusal);
        market.cancel(listings);
    }

    /* LISTINGS */

    function test_whatIsNotAListing_isRefused() public {
        Listing memory listing = aListing();
        listing.amount = 2;
        assertRefuses(aFill(listing), abi.encodeWithSelector(IMarketplace.ListingMalformed.selector));
        vm.prank(alice);
        vm.expectRevert(IMarketplace.ListingMalformed.selector);
        market.validate(only(listing));
    }

    function test_aListing_standsFromItsStartUntilItsEnd() public {
        Listing memory listing = aListing();
        listing.startTime = uint64(vm.getBlockTimestamp() + 10);
        IMarketplace.Fill memory fill = aFill(listing);
        (uint64 start, uint64 end) = (listing.startTime, listing.endTime);
        bytes4 reason = IMarketplace.ListingNotActive.selector;
        vm.warp(start - 1);
        assertRefuses(fill, abi.encodeWithSelector(reason, start, end, start - 1));
        vm.warp(end);
        assertRefuses(fill, abi.encodeWithSelector(reason, start, end, end));
        vm.warp(start);
        fulfill(fill);
    }

    function test_aCancelledListing_isRefused() public {
        Listing memory listing = aListing();
        bytes32 hash = market.listingHash(listing);
        vm.prank(alice);
        vm.expectEmit(address(market));
        emit IMarketplace.ListingCancelled(hash, alice);
        market.cancel(only(listing));
        assertRefuses(aFill(listing), abi.encodeWithSelector(IMarketplace.ListingIsCancelled.selector, hash));
        (, bool cancelled,) = market.status(hash);
        assertTrue(cancelled);
    }

    function test_listingsOfAnEarlierCounter_areRefused() public {
        Listing memory listing = aListing();
        vm.prank(alice);
        assertEq(market.incrementCounter(), 1);
        assertRefuses(aFill(listing), abi.encodeWithSelector(IMarketplace.CounterDiffers.selector, 0, 1));
        listing.counter = market.counterOf(alice);
        fulfill(aFill(listing));
    }

    function test_aListing_needsItsOfferersSignature() public {
        Listing memory listing = aListing();
        bytes memory reason = abi.encodeWithSelector(
            IMarketplace.SignatureInvalid.selector, market.listingHash(listing), alice
        );
        (, uint256 key) = makeAddrAndKey("bob");
        IMarketplace.Fill memory fill = aFill(listing);
        fill.signature = signedBy(key, HARBOUR, listing);
        assertRefuses(fill, reason);
        fill.signature = signed(ISLAND, listing);
        assertRefuses(fill, reason);
        fill.signature = "";
        assertRefuses(fill, reason);
    }

    function test_aValidatedListing_needsNoSignature() public {
        Listing memory listing = aListing();
        vm.prank(alice);
        market.validate(only(listing));
        IMarketplace.Fill memory fill = aFill(listing);
        fill.signature = "";
        fulfill(fill);
        assertEq(herons.ownerOf(2), bob);
    }

    function test_aWallet_sellsByItsOwnSignature() public {
        SampleWallet wallet = new SampleWallet();
        herons.mint(address(wallet), 77, "");
        wallet.call(address(herons), abi.encodeCall(herons.setApprovalForAll, (address(market), true)));
        Listing memory listing = aListing();
        (listing.offerer, listing.identifier) = (address(wallet), 77);
        IMarketplace.Fill memory fill = aFill(listing);
        bytes32 hash = market.listingHash(listing);
        assertRefuses(fill, abi.encodeWithSelector(IMarketplace.SignatureInvalid.selector, hash, wallet));
        wallet.agree(digestOf(HARBOUR, listing));
        fulfill(fill);
        assertEq(herons.ownerOf(77), bob);
    }

    /* BUYERS, UNITS AND PRICES */

    function test_aListingForSomebody_isForNobodyElse() public {
        Listing memory listing = aListing();
        listing.taker = carol;
        IMarketplace.Fill memory fill = aFill(listing);
        assertRefuses(fill, abi.encodeWithSelector(IMarketplace.TakerDiffers.selector, carol, bob));
        fill.buyer = carol;
        fulfill(fill);
    }

    function test_whatIsSold_isNotSoldAgain() public {
        IMarketplace.Fill memory fill = aFill(aListing());
        fulfill(fill);
        vm.prank(bob);
        herons.transferFrom(bob, alice, 2);
        assertRefuses(fill, abi.encodeWithSelector(IMarketplace.UnitsUnavailable.selector, 1, 0));
    }

    function test_severalAlike_areSoldUntilNoneIsLeft() public {
        IMarketplace.Fill memory fill = aFill(someShells(3, 10, ISLAND, address(silver)));
        (fill.units, fill.paid) = (4, 4 * PRICE);
        fulfill(fill);
        fulfill(fill);
        assertRefuses(fill, abi.encodeWithSelector(IMarketplace.UnitsUnavailable.selector, 4, 2));
        (fill.units, fill.paid) = (0, 0);
        assertRefuses(fill, abi.encodeWithSelector(IMarketplace.UnitsUnavailable.selector, 0, 2));
        (fill.units, fill.paid) = (2, 2 * PRICE);
        fulfill(fill);
        assertEq(shells.balanceOf(bob, 3), 10);
    }

    function test_thePrice_isPaidExactlyUnlessItFollowsDollars() public {
        Listing memory listing = aListing();
        IMarketplace.Fill memory fill = aFill(listing);
        fill.paid = PRICE + 1;
        bytes4 reason = IMarketplace.PaymentDiffers.selector;
        assertRefuses(fill, abi.encodeWithSelector(reason, PRICE + 1, PRICE));
        listing.referencePrice = 1;
        fill = aFill(listing);
        fill.paid = PRICE - 1;
        assertRefuses(fill, abi.encodeWithSelector(reason, PRICE - 1, PRICE));
        fill.paid = PRICE + 1;
        fulfill(fill);
    }

    function test_aFreePurchase_isNone() public {
        Listing memory listing = aListing();
        (listing.price, listing.referencePrice) = (0, 1);
        assertRefuses(aFill(listing), abi.encodeWithSelector(IMarketplace.PaymentDiffers.selector, 0, 0));
    }

    function test_aGreaterRoyaltyThanTheSellerGivesUp_refuses() public {
        Listing memory listing = aListing();
        listing.maxRoyalty = 499;
        uint256 most = uint256(PRICE) * 499 / 10_000;
        assertRefuses(
            aFill(listing), abi.encodeWithSelector(IMarketplace.RoyaltyExceeded.selector, PRICE / 20, most)
        );
    }

    function test_aGreaterFeeThanTheSellerGivesUp_refuses() public {
        governed();
        market.setFee(200);
        Listing memory listing = aListing();
        listing.maxFee = 199;
        uint256 paid = PRICE;
        assertRefuses(
            aFill(listing),
            abi.encodeWithSelector(
                IMarketplace.FeeExceeded.selector, paid * 200 / 10_000, paid * 199 / 10_000
            )
        );
    }

    function test_theFee_hasAnUpperBound() public {
        uint16 most = market.maximumFee();
        governed();
        vm.expectRevert(abi.encodeWithSelector(IMarketplace.FeeExceeded.selector, most + 1, most));
        market.setFee(most + 1);
        governed();
        market.setFee(most);
        assertEq(market.fee(), most);
    }

    /* GUARDS */

    function test_aPolicy_decidesWhoMayBuy() public {
        ITransferPolicy policy = ITransferPolicy(address(new FakePolicy()));
        governed();
        market.setPolicy(address(herons), policy);
        assertEq(address(market.policyOf(address(herons))), address(policy));
        IMarketplace.Fill memory fill = aFill(aListing());
        bytes memory reason = abi.encodeWithSelector(IMarketplace.PolicyRefused.selector, policy);
        assertRefuses(fill, reason);
        fill.credential = "true";
        assertRefuses(fill, reason);
        fill.credential = "burn";
        assertRefuses(fill, reason);
        fill.credential = "password";
        fulfill(fill);
    }

    function test_aPolicyWithoutCode_refuses() public {
        governed();
        market.setPolicy(address(herons), ITransferPolicy(carol));
        assertRefuses(aFill(aListing()), abi.encodeWithSelector(IMarketplace.PolicyRefused.selector, carol));
    }

    function test_thePriceBreaker_isAskedLastAndToldOfSales() public {
        FakeBreaker breaker = new FakeBreaker();
        governed();
        market.appoint(address(settlementOf(HARBOUR)), IPriceBreaker(address(breaker)));
        IMarketplace.Fill memory fill = aFill(someShells(3, 10, ISLAND, address(silver)));
        (fill.units, fill.paid) = (4, 4 * PRICE);
        fulfill(fill);
        assertEq(breaker.price(), PRICE);
        assertEq(breaker.recorded(), 1);

        breaker.refuse();
        assertEq(fulfill(fill).length, 0);
        assertEq(shells.balanceOf(bob, 3), 4);
        assertEq(breaker.recorded(), 1);
        assertEq(breaker.asked(), 2);
    }

    function test_whoSellsToHimself_tellsThePriceBreakerNothing() public {
        FakeBreaker breaker = new FakeBreaker();
        governed();
        market.appoint(address(settlementOf(HARBOUR)), IPriceBreaker(address(breaker)));
        IMarketplace.Fill memory fill = aFill(aListing());
        fill.recipient = alice;
        fulfill(fill);
        fill = aFill(someShells(3, 10, ISLAND, address(silver)));
        fill.recipient = alice;
        fulfill(fill);
        assertEq(herons.ownerOf(2), alice);
        assertEq(shells.balanceOf(alice, 3), 100);
        assertEq(breaker.recorded(), 0);
    }

    /* DELIVERING */

    function test_anItemThatIsNotHandedOver_isNotSold() public {
        OddERC721 odd = new OddERC721();
        odd.mint(alice, 2);
        vm.prank(alice);
        odd.setApprovalForAll(address(market), true);
        Listing memory listing = aListing();
        listing.token = address(odd);
        odd.setTransfers(OddERC721.Mode.DO_NOTHING, "");
        assertRefuses(aFill(listing), abi.encodeWithSelector(IMarketplace.ItemNotDelivered.selector, odd, 2));
    }

    function test_itemsThatAreHandedOverInPart_areNotSold() public {
        LeakyERC1155 leaky = new LeakyERC1155();
        leaky.mint(alice, 3, 10);
        vm.prank(alice);
        leaky.setApprovalForAll(address(market), true);
        Listing memory listing = someShells(3, 10, ISLAND, address(silver));
        listing.token = address(leaky);
        assertRefuses(
            aFill(listing), abi.encodeWithSelector(IMarketplace.ItemNotDelivered.selector, leaky, 3)
        );
    }

    function test_nobodyGetsAnItemForNobody() public {
        IMarketplace.Fill memory fill = aFill(aListing());
        bytes4 reason = IMarketplace.RecipientInvalid.selector;
        fill.recipient = address(0);
        assertRefuses(fill, abi.encodeWithSelector(reason, 0));
        fill.recipient = address(market);
        assertRefuses(fill, abi.encodeWithSelector(reason, market));
        (fill.recipient, fill.deliveryChain, fill.returnTo) = (bob, ISLAND, address(0));
        assertRefuses(fill, abi.encodeWithSelector(reason, 0));
    }

    function test_check_saysWhatFulfillWould() public {
        Listing memory listing = aListing();
        market.check(listing, signed(HARBOUR, listing), 1);
        bytes32 hash = market.listingHash(listing);
        vm.expectRevert(abi.encodeWithSelector(IMarketplace.SignatureInvalid.selector, hash, alice));
        market.check(listing, "", 1);
    }
}
