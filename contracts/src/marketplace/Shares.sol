// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {IWrappedToken} from "../interfaces/IWrappedToken.sol";
import {ItemType, Listing, Payee, Share, ShareKind} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {Listings} from "./Listings.sol";

/// @title Shares
/// @notice Splits what was paid, to the wei: the royalty, the marketplace's fee, and of what is left each payee's part.
library Shares {
    /// @dev For each question to a collection. A buyer cannot starve one of its gas so that it fails: whoever leaves less
    ///      than that leaves a 64th of it for the delivery, which needs more.
    uint256 private constant STIPEND = 100_000;

    /// @notice What everybody is to be paid. The last payee gets what rounding leaves; nobody is paid nothing.
    /// @param fee Of 10,000.
    function split(IAssetGateway assets, Listing memory listing, uint256 paid, uint256 fee)
        internal
        view
        returns (Share[] memory shares)
    {
        shares = new Share[](listing.consideration.length + 2);
        (address artist, uint256 royalty) = _royalty(listing, paid);
        uint256 count = 0;
        if (royalty > 0) {
            (ChainId homeChain,) = homeOf(assets, listing.itemType, listing.token);
            shares[count++] = Share(homeChain, artist, uint128(royalty), ShareKind.ROYALTY);
        }
        uint256 rest = paid - royalty;
        uint256 charge = paid * fee / Listings.WHOLE;
        uint256 most = paid * listing.maxFee / Listings.WHOLE;
        if (most > rest) most = rest;
        require(charge <= most, IMarketplace.FeeExceeded(charge, most));
        if (charge > 0) {
            shares[count++] = Share(ChainId.wrap(0), address(0), uint128(charge), ShareKind.FEE);
        }
        count = _proceeds(shares, count, listing, rest - charge);
        assembly ("memory-safe") {
            mstore(shares, count)
        }
    }

    /// @dev Adds what the payees get of `rest`.
    function _proceeds(Share[] memory shares, uint256 count, Listing memory listing, uint256 rest)
        private
        pure
        returns (uint256)
    {
        Payee[] memory payees = listing.consideration;
        uint256 left = rest;
        for (uint256 i = 0; i < payees.length; ++i) {
            uint256 amount = i + 1 == payees.length ? left : rest * payees[i].basisPoints / Listings.WHOLE;
            left -= amount;
            if (amount == 0) continue;
            shares[count++] =
                Share(listing.paymentChain, payees[i].recipient, uint128(amount), ShareKind.PROCEEDS);
        }
        return count;
    }

    /// @dev The ERC-2981 royalty on what was paid; none, if the collection does not answer as it should.
    function _royalty(Listing memory listing, uint256 paid)
        private
        view
        returns (address artist, uint256 amount)
    {
        bytes memory question = abi.encodeCall(IERC2981.royaltyInfo, (listing.identifier, paid));
        (bool answered,, bytes memory answer) = LibCall.tryStaticCall(listing.token, STIPEND, 64, question);
        if (!answered || answer.length < 64) return (address(0), 0);
        uint256 account;
        (account, amount) = abi.decode(answer, (uint256, uint256));
        if (account == 0 || account > type(uint160).max) return (address(0), 0);
        uint256 most = paid * listing.maxRoyalty / Listings.WHOLE;
        if (most > paid) most = paid;
        require(amount <= most, IMarketplace.RoyaltyExceeded(amount, most));
        return (address(uint160(account)), amount);
    }

    /// @notice The chain that a collection is at home on, and what it is there: this one and the collection itself, unless
    ///         it is a wrapped one of our asset gateway.
    function homeOf(IAssetGateway assets, ItemType itemType, address token)
        internal
        view
        returns (ChainId, address)
    {
        bytes memory question = abi.encodeCall(IWrappedToken.home, ());
        (bool answered,, bytes memory answer) = LibCall.tryStaticCall(token, STIPEND, 64, question);
        if (answered && answer.length >= 64) {
            (uint256 chain, uint256 home) = abi.decode(answer, (uint256, uint256));
            if (chain <= type(uint64).max && home <= type(uint160).max) {
                (ChainId homeChain, address homeToken) = (ChainId.wrap(uint64(chain)), address(uint160(home)));
                address wrapped = itemType == ItemType.ERC721
                    ? assets.wrappedERC721(homeChain, homeToken)
                    : assets.wrappedERC1155(homeChain, homeToken);
                if (wrapped == token) return (homeChain, homeToken);
            }
        }
        return (ChainId.wrap(uint64(block.chainid)), token);
    }
}
