// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {Listing} from "../types/Listings.sol";
import {Listings} from "./Listings.sol";

/// @title Offers
/// @notice Which listings stand: what their offerers have signed or put on-chain, and have not taken back.
abstract contract Offers is IMarketplace, EIP712 {
    /* TYPES */

    /// @dev What has become of a listing.
    struct Progress {
        bool validated;
        bool cancelled;
        uint128 filled;
    }

    /* STORAGE */

    mapping(bytes32 listingHash => Progress) private _progress;
    mapping(address offerer => uint256) private _counters;

    /* OFFERING */

    /// @inheritdoc IMarketplace
    function validate(Listing[] calldata listings) external {
        for (uint256 i = 0; i < listings.length; ++i) {
            bytes32 hash = _ownListing(listings[i]);
            Listings.requireFormed(listings[i]);
            _progress[hash].validated = true;
            emit ListingValidated(hash, msg.sender, listings[i]);
        }
    }

    /// @inheritdoc IMarketplace
    function cancel(Listing[] calldata listings) external {
        for (uint256 i = 0; i < listings.length; ++i) {
            bytes32 hash = _ownListing(listings[i]);
            _progress[hash].cancelled = true;
            emit ListingCancelled(hash, msg.sender);
        }
    }

    /// @inheritdoc IMarketplace
    function incrementCounter() external returns (uint256 counter) {
        counter = ++_counters[msg.sender];
        emit CounterIncremented(msg.sender, counter);
    }

    function _ownListing(Listing calldata listing) private view returns (bytes32) {
        require(msg.sender == listing.offerer, NotOfferer(msg.sender, listing.offerer));
        return Listings.hashOf(listing);
    }

    /* RULES */

    /// @dev The listing's hash, if its offerer stands by it.
    function _standing(Listing calldata listing, bytes calldata signature)
        internal
        view
        returns (bytes32 hash)
    {
        Listings.requireFormed(listing);
        bool active = block.timestamp >= listing.startTime && block.timestamp < listing.endTime;
        require(active, ListingNotActive(listing.startTime, listing.endTime, block.timestamp));
        hash = Listings.hashOf(listing);
        Progress memory progress = _progress[hash];
        require(!progress.cancelled, ListingIsCancelled(hash));
        address offerer = listing.offerer;
        uint256 counter = _counters[offerer];
        require(listing.counter == counter, CounterDiffers(listing.counter, counter));
        bool agreed = progress.validated
            || SignatureChecker.isValidSignatureNowCalldata(offerer, _hashTypedDataV4(hash), signature);
        require(agreed, SignatureInvalid(hash, offerer));
    }

    /// @dev So many are left, and some are asked for.
    function _requireLeft(bytes32 hash, uint128 amount, uint128 units) internal view {
        uint256 filled = _progress[hash].filled;
        uint256 left = amount - filled;
        require(units > 0 && units <= left, UnitsUnavailable(units, left));
    }

    function _addFilled(bytes32 hash, uint128 units) internal {
        _progress[hash].filled += units;
    }

    /* VIEWS */

    /// @inheritdoc IMarketplace
    function check(Listing calldata listing, bytes calldata signature, uint128 units) external view {
        _requireLeft(_standing(listing, signature), listing.amount, units);
    }

    /// @inheritdoc IMarketplace
    function listingHash(Listing calldata listing) external pure returns (bytes32) {
        return Listings.hashOf(listing);
    }

    /// @inheritdoc IMarketplace
    function status(bytes32 listingHash_)
        external
        view
        returns (bool validated, bool cancelled, uint128 filled)
    {
        Progress memory progress = _progress[listingHash_];
        return (progress.validated, progress.cancelled, progress.filled);
    }

    /// @inheritdoc IMarketplace
    function counterOf(address offerer) external view returns (uint256) {
        return _counters[offerer];
    }
}
