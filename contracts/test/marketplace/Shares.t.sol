// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMarketplace} from "../../src/interfaces/IMarketplace.sol";
import {Marketplace} from "../../src/marketplace/Marketplace.sol";
import {Listing, Payee, Share, ShareKind} from "../../src/types/Listings.sol";
import {OddERC721} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice How what was paid is split, whatever the collection says of royalties.
contract SharesTest is Markets {
    Marketplace private market;
    OddERC721 private odd;

    function setUp() public override {
        super.setUp();
        market = marketplaceOf(HARBOUR);
        odd = new OddERC721();
        odd.mint(alice, 2);
        on(HARBOUR);
    }

    function anOddListing() private returns (Listing memory listing) {
        listing = aHeron(2, ISLAND, address(silver));
        (listing.token, listing.maxRoyalty, listing.maxFee) = (address(odd), 10_000, 10_000);
    }

    function answer(bytes4 question, bytes memory raw) private {
        odd.set(question, OddERC721.Mode.ANSWER, raw);
    }

    function testFuzz_shares_makeWhatWasPaid(
        uint128 paid,
        uint256 royalty,
        uint16 fee,
        uint16[7] memory parts,
        uint256 count
    ) public {
        count = bound(count, 1, 8);
        royalty = bound(royalty, 0, uint256(paid) * 9 / 10);
        fee = uint16(bound(fee, 0, market.maximumFee()));
        vm.prank(governance);
        market.setFee(fee);
        answer(OddERC721.royaltyInfo.selector, abi.encode(artist, royalty));
        Listing memory listing = anOddListing();
        listing.consideration = new Payee[](count);
        uint16 left = 10_000;
        for (uint256 i = 0; i < count; ++i) {
            uint16 part = i + 1 == count ? left : uint16(bound(parts[i], 1, left - (count - 1 - i)));
            listing.consideration[i] = Payee(address(uint160(i + 1)), part);
            left -= part;
        }

        Share[] memory shares = market.sharesOf(listing, paid);

        uint256 total = 0;
        uint256 rest = paid - royalty - uint256(paid) * fee / 10_000;
        for (uint256 i = 0; i < shares.length; ++i) {
            assertGt(shares[i].amount, 0);
            total += shares[i].amount;
            if (shares[i].kind != ShareKind.PROCEEDS) continue;
            uint256 part = listing.consideration[uint160(shares[i].account) - 1].basisPoints;
            uint256 due = rest * part / 10_000;
            assertApproxEqAbs(shares[i].amount, due, 8);
            assertGe(shares[i].amount, due);
        }
        assertEq(total, paid);
    }

    function test_aCollectionWithoutSenseOfRoyalties_getsNone() public {
        Listing memory listing = anOddListing();
        assertNoRoyalty(listing, OddERC721.Mode.HONEST, "");
        assertNoRoyalty(listing, OddERC721.Mode.REVERT, "");
        assertNoRoyalty(listing, OddERC721.Mode.REVERT_MUCH, "");
        assertNoRoyalty(listing, OddERC721.Mode.BURN_GAS, "");
        assertNoRoyalty(listing, OddERC721.Mode.ANSWER_MUCH, "");
        assertNoRoyalty(listing, OddERC721.Mode.ANSWER, abi.encode(artist));
        assertNoRoyalty(listing, OddERC721.Mode.ANSWER, abi.encode(address(0), 500));
        assertNoRoyalty(listing, OddERC721.Mode.ANSWER, abi.encode(1 << 160, 500));
        assertNoRoyalty(listing, OddERC721.Mode.ANSWER, abi.encode(artist, 0));
    }

    function assertNoRoyalty(Listing memory listing, OddERC721.Mode mode, bytes memory raw) private {
        odd.set(OddERC721.royaltyInfo.selector, mode, raw);
        Share[] memory shares = market.sharesOf{gas: 2_000_000}(listing, PRICE);
        assertEq(shares.length, 1);
        assertEq(shares[0].amount, PRICE);
        assertEq(shares[0].account, alice);
    }

    function test_aRoyaltyAboveThePrice_refuses() public {
        Listing memory listing = anOddListing();
        listing.maxRoyalty = type(uint16).max;
        answer(OddERC721.royaltyInfo.selector, abi.encode(artist, PRICE + 1));
        vm.expectRevert(abi.encodeWithSelector(IMarketplace.RoyaltyExceeded.selector, PRICE + 1, PRICE));
        market.sharesOf(listing, PRICE);
        answer(OddERC721.royaltyInfo.selector, abi.encode(artist, type(uint256).max));
        vm.expectPartialRevert(IMarketplace.RoyaltyExceeded.selector);
        market.sharesOf(listing, PRICE);
    }

    function test_aRoyaltyThatLeavesNothingForTheFee_refuses() public {
        vm.prank(governance);
        market.setFee(100);
        Listing memory listing = anOddListing();
        answer(OddERC721.royaltyInfo.selector, abi.encode(artist, PRICE));
        vm.expectRevert(abi.encodeWithSelector(IMarketplace.FeeExceeded.selector, uint256(PRICE) / 100, 0));
        market.sharesOf(listing, PRICE);
    }

    /// @dev A collection that says it is a wrapped one, and is none of our asset gateway, is at home where it stands.
    function test_aCollectionThatPretendsToBeWrapped_isAtHomeHere() public {
        Listing memory listing = anOddListing();
        answer(OddERC721.royaltyInfo.selector, abi.encode(artist, 5));
        bytes[3] memory claims = [
            abi.encode(ISLAND, address(herons)),
            abi.encode(type(uint256).max, type(uint256).max),
            abi.encode(uint64(31338))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            answer(OddERC721.home.selector, claims[i]);
            Share[] memory shares = market.sharesOf(listing, PRICE);
            assertTrue(shares[0].chain == HARBOUR);
            assertTrue(shares[0].kind == ShareKind.ROYALTY);
        }
    }
}
