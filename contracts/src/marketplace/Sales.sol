// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Listing, Share} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {Escrow} from "./Escrow.sol";
import {Listings} from "./Listings.sol";
import {SettlementMessages} from "./SettlementMessages.sol";

/// @title Sales
/// @notice Has the marketplace of this chain carry purchases out, wherever they were paid, and tells what became of them.
abstract contract Sales is Escrow {
    /* TYPES */

    /// @notice What the marketplace of this chain made of a purchase.
    struct Outcome {
        bool delivered;
        bytes4 reason;
        Share[] shares;
        /// @dev Of the value that it was given, what it has not given back.
        uint256 spent;
    }

    /* STORAGE */

    /// @dev More than the shares of any sale take.
    uint16 private constant MAXIMUM_ANSWER = 2_048;

    IMarketplace private immutable _MARKETPLACE;

    /// @dev What the marketplace has given back of what it got for the delivery of this transaction's purchase.
    uint256 private transient _returned;

    /* CONSTRUCTION */

    constructor(IMarketplace marketplace_) {
        _MARKETPLACE = marketplace_;
    }

    /* RECEIVING */

    /// @notice Takes what gateway and marketplace give back, and what anyone gives to the purse.
    receive() external payable {
        if (msg.sender == address(_MARKETPLACE)) _returned += msg.value;
    }

    /// @dev A purchase that was paid on another chain.
    function _sell(ChainId source, bytes calldata arguments) internal {
        (bytes32 purchaseId, IMarketplace.Fill memory fill) = SettlementMessages.readOrder(arguments);
        _requireGas(fill.deliveryChain);
        Outcome memory outcome = _tryFulfil(source, fill, arguments);
        bytes32 listingHash = Listings.hashOf(fill.listing);
        if (outcome.delivered) {
            bytes32 id = _sendFromPurse(SettlementMessages.settle(source, purchaseId, outcome.shares));
            emit PurchaseFulfilled(purchaseId, listingHash, source, id);
        } else {
            bytes32 id = _sendFromPurse(SettlementMessages.refund(source, purchaseId, outcome.reason));
            emit PurchaseRefused(purchaseId, listingHash, source, outcome.reason, id);
        }
    }

    /// @dev A purchase that cannot be paid from the purse fails, and one that can never be carried out is refused.
    function _tryFulfil(ChainId source, IMarketplace.Fill memory fill, bytes calldata arguments)
        private
        returns (Outcome memory outcome)
    {
        Listing memory listing = fill.listing;
        if (listing.paymentChain != source) {
            outcome.reason = PaymentChainDiffers.selector;
            return outcome;
        }
        if (_isHere(fill.deliveryChain)) return _fulfil(arguments, 0);
        try _MARKETPLACE.deliveryFee(listing.itemType, listing.token, fill.deliveryChain) returns (
            uint256 needed
        ) {
            _requirePurse(needed);
            return _fulfil(arguments, needed);
        } catch (bytes memory reason) {
            outcome.reason = bytes4(reason);
        }
    }

    /// @dev Has the marketplace carry a purchase out. Whatever it, a collection or a recipient does, enough gas is left to
    ///      answer. A purchase that is delivered from within another is no refusal: it is to be tried again.
    function _fulfil(bytes memory arguments, uint256 value) internal returns (Outcome memory outcome) {
        _returned = 0;
        bytes memory call_ = abi.encodePacked(IMarketplace.fulfill.selector, arguments);
        uint256 gasLimit = gasleft() - SettlementMessages.ANSWER_GAS;
        (bool succeeded,, bytes memory answer) =
            LibCall.tryCall(address(_MARKETPLACE), value, gasLimit, MAXIMUM_ANSWER, call_);
        if (succeeded) {
            // A box may have been given coins by others, and those come along.
            outcome.spent = value - Math.min(value, _returned);
            outcome.shares = abi.decode(answer, (Share[]));
            outcome.delivered = outcome.shares.length > 0;
            outcome.reason = outcome.delivered ? bytes4(0) : IMarketplace.PriceOutOfBand.selector;
            return outcome;
        }
        outcome.reason = answer.length < 4 ? bytes4(0) : bytes4(answer);
        bool nested = outcome.reason == ReentrancyGuardReentrantCall.selector;
        require(!nested, ReentrancyGuardReentrantCall());
    }

    /* RULES */

    /// @dev Enough gas is left to carry a purchase out or to refuse it in order, so that nobody has one refused by bringing
    ///      less.
    function _requireGas(ChainId deliveryChain) internal view {
        uint256 needed = SettlementMessages.gasToFulfil(!_isHere(deliveryChain));
        uint256 available = gasleft();
        require(available >= needed, GasInsufficient(available, needed));
    }

    function _isHere(ChainId chain) internal view returns (bool) {
        return ChainId.unwrap(chain) == block.chainid;
    }

    /* VIEWS */

    function _deliveryFeeOf(Listing memory listing, ChainId deliveryChain) internal view returns (uint256) {
        if (_isHere(deliveryChain)) return 0;
        return _MARKETPLACE.deliveryFee(listing.itemType, listing.token, deliveryChain);
    }

    /// @inheritdoc ISettlement
    function marketplace() external view returns (IMarketplace) {
        return _MARKETPLACE;
    }
}
