// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {ItemType, Listing, Payee} from "../types/Listings.sol";

/// @title Listings, hashed and judged
/// @notice What a listing is called, and whether it is one. The Python twin is `relayer/domain/market/listing.py`; both read
///         `tests/vectors/listing`.
library Listings {
    /// @dev Basis points of everything.
    uint256 internal constant WHOLE = 10_000;

    uint256 internal constant MAXIMUM_PAYEES = 8;

    bytes32 internal constant PAYEE_TYPEHASH = keccak256("Payee(address recipient,uint16 basisPoints)");

    bytes32 internal constant LISTING_TYPEHASH = keccak256(
        "Listing(address offerer,uint8 itemType,address token,uint256 identifier,uint128 amount,uint64 paymentChain,address paymentToken,uint128 price,uint128 referencePrice,uint64 startTime,uint64 endTime,address taker,uint16 maxRoyalty,uint16 maxFee,Payee[] consideration,uint256 salt,uint256 counter)Payee(address recipient,uint16 basisPoints)"
    );

    /// @notice The EIP-712 struct hash, without the domain.
    function hashOf(Listing memory listing) internal pure returns (bytes32) {
        bytes memory item = abi.encode(
            LISTING_TYPEHASH,
            listing.offerer,
            listing.itemType,
            listing.token,
            listing.identifier,
            listing.amount,
            listing.paymentChain,
            listing.paymentToken,
            listing.price
        );
        bytes memory terms = abi.encode(
            listing.referencePrice,
            listing.startTime,
            listing.endTime,
            listing.taker,
            listing.maxRoyalty,
            listing.maxFee,
            _hashOf(listing.consideration),
            listing.salt,
            listing.counter
        );
        return keccak256(bytes.concat(item, terms));
    }

    function _hashOf(Payee[] memory payees) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](payees.length);
        for (uint256 i = 0; i < payees.length; ++i) {
            hashes[i] = keccak256(abi.encode(PAYEE_TYPEHASH, payees[i].recipient, payees[i].basisPoints));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    /// @notice Refuses what is not a listing, whoever has signed it.
    function requireFormed(Listing memory listing) internal pure {
        bool single = listing.itemType == ItemType.ERC721;
        bool ofSomething = listing.amount > 0 && (single || listing.itemType == ItemType.ERC1155)
            && (!single || listing.amount == 1);
        bool forSomething = listing.price > 0 || listing.referencePrice > 0;
        bool paying = _coversAll(listing.consideration);
        require(
            ofSomething && forSomething && paying && listing.startTime < listing.endTime,
            IMarketplace.ListingMalformed()
        );
    }

    function _coversAll(Payee[] memory payees) private pure returns (bool) {
        if (payees.length > MAXIMUM_PAYEES) return false;
        uint256 total = 0;
        for (uint256 i = 0; i < payees.length; ++i) {
            if (payees[i].recipient == address(0) || payees[i].basisPoints == 0) return false;
            total += payees[i].basisPoints;
        }
        return total == WHOLE;
    }

    /// @notice What so many units cost; with a reference price, at least.
    function priceOf(Listing memory listing, uint256 units) internal pure returns (uint256) {
        return listing.price * units;
    }
}
