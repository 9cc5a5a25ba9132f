// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMarketplace} from "../../src/interfaces/IMarketplace.sol";
import {Listings} from "../../src/marketplace/Listings.sol";
import {ItemType, Listing, Payee} from "../../src/types/Listings.sol";
import {Vectors} from "../support/Vectors.sol";
import {SampleWallet} from "./support/Hostile.sol";

/// @notice What listings are called, by the vectors that both languages share, and which are none.
contract ListingsTest is Vectors {
    function test_everyVector_isHashedAsInPython() public view {
        Case[] memory cases = casesOf("listing/hashes");
        for (uint256 i = 0; i < cases.length; ++i) {
            Listing memory listing = abi.decode(bytesOf(cases[i], "encoded"), (Listing));
            bytes32 hash = Listings.hashOf(listing);
            assertEq(hash, wordOf(cases[i], "hash"), cases[i].name);
        }
    }

    /// @dev The offerer is a wallet that agrees to nothing but the digest.
    function test_whatPythonHasSigned_theMarketplaceAccepts() public {
        Case[] memory cases = casesOf("listing/hashes");
        for (uint256 i = 0; i < 2; ++i) {
            Listing memory listing = abi.decode(bytesOf(cases[i], "encoded"), (Listing));
            address place = vm.parseJsonAddress(cases[i].json, string.concat(cases[i].path, "marketplace"));
            vm.chainId(vm.parseJsonUint(cases[i].json, string.concat(cases[i].path, "chain")));
            deployCodeTo("Marketplace.sol", abi.encode(address(0), address(this)), place);
            deployCodeTo("Hostile.sol:SampleWallet", listing.offerer);
            vm.warp(listing.startTime);

            vm.expectPartialRevert(IMarketplace.SignatureInvalid.selector);
            IMarketplace(place).check(listing, "", 1);
            SampleWallet(listing.offerer).agree(wordOf(cases[i], "digest"));
            IMarketplace(place).check(listing, "", 1);
        }
    }

    function judge(Listing memory listing) external pure {
        Listings.requireFormed(listing);
    }

    function aListing() private pure returns (Listing memory listing) {
        listing.itemType = ItemType.ERC721;
        (listing.amount, listing.price, listing.endTime) = (1, 5, 10);
        listing.consideration = new Payee[](2);
        listing.consideration[0] = Payee(address(1), 9_999);
        listing.consideration[1] = Payee(address(2), 1);
    }

    function payees(uint256 count) private pure returns (Payee[] memory all) {
        all = new Payee[](count);
        for (uint256 i = 0; i < count; ++i) {
            all[i] = Payee(address(uint160(i + 1)), 1);
        }
        if (count > 0) all[0].basisPoints = uint16(10_000 - (count - 1));
    }

    function assertMalformed(Listing memory listing) private {
        vm.expectRevert(IMarketplace.ListingMalformed.selector);
        this.judge(listing);
    }

    function test_aListing_isOfOneItemOrOfSeveralAlike() public {
        Listing memory listing = aListing();
        this.judge(listing);
        listing.amount = 2;
        assertMalformed(listing);
        listing.itemType = ItemType.ERC1155;
        this.judge(listing);
        listing.amount = 0;
        assertMalformed(listing);
    }

    function test_aListing_isOfACollection() public {
        Listing memory listing = aListing();
        listing.itemType = ItemType.ERC20;
        assertMalformed(listing);
        listing.itemType = ItemType.NATIVE;
        assertMalformed(listing);
    }

    function test_aListing_hasAPrice() public {
        Listing memory listing = aListing();
        listing.price = 0;
        assertMalformed(listing);
        listing.referencePrice = 1;
        this.judge(listing);
    }

    function test_aListing_endsAfterItStarts() public {
        Listing memory listing = aListing();
        listing.startTime = 10;
        assertMalformed(listing);
        listing.startTime = 9;
        this.judge(listing);
    }

    function test_aListing_paysSomebodyAllOfIt() public {
        Listing memory listing = aListing();
        listing.consideration = payees(0);
        assertMalformed(listing);
        listing.consideration = payees(8);
        this.judge(listing);
        listing.consideration = payees(9);
        assertMalformed(listing);

        listing = aListing();
        listing.consideration[1].basisPoints = 2;
        assertMalformed(listing);
        listing.consideration[1] = Payee(address(0), 1);
        assertMalformed(listing);
        listing.consideration[0].basisPoints = 10_000;
        listing.consideration[1] = Payee(address(2), 0);
        assertMalformed(listing);
    }

    function testFuzz_listingsThatDiffer_areCalledDifferently(uint256 salt, address payee, uint16 share)
        public
        pure
    {
        Listing memory listing = aListing();
        bytes32 hash = Listings.hashOf(listing);
        listing.salt = salt;
        listing.consideration[1] = Payee(payee, share);
        assertEq(Listings.hashOf(listing) == hash, salt == 0 && payee == address(2) && share == 1);
    }
}
