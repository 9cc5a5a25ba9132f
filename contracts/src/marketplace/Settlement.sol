// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IBounceRecipient} from "../interfaces/IBounceRecipient.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {IPriceFeeds} from "../interfaces/IPriceFeeds.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {Listing, Share} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {Correspondence} from "./Correspondence.sol";
import {Escrow} from "./Escrow.sol";
import {Listings} from "./Listings.sol";
import {Sales} from "./Sales.sol";
import {Letter, SettlementMessages} from "./SettlementMessages.sol";

/// @title Settlement
/// @notice Buys here what is sold anywhere, and has bought elsewhere what is sold here.
/// @dev Reentrancy: purchases and withdrawals exclude each other, because purchases measure balances. Messages do not,
///      because each settles its accounts before it calls anyone, and what came with a purchase is no part of the purse.
contract Settlement is Sales {
    /* STORAGE */

    uint64 private constant DEFAULT_TIME = 1 hours;

    IPriceFeeds private immutable _FEEDS;

    /* CONSTRUCTION */

    /// @param gateway_ The gateway that sends and delivers.
    /// @param authority The AccessManager whose roles may configure.
    /// @param marketplace_ Where items of this chain are sold.
    /// @param feeds What tokens of this chain are worth; zero: listings with a reference price cannot be paid here.
    /// @param treasury_ Who gets the marketplace's fees.
    constructor(
        IGateway gateway_,
        address authority,
        IMarketplace marketplace_,
        IPriceFeeds feeds,
        address treasury_
    ) AccessManaged(authority) Correspondence(gateway_) Escrow(treasury_) Sales(marketplace_) {
        _FEEDS = feeds;
    }

    /* BUYING */

    /// @inheritdoc ISettlement
    /// @dev STEP 1 of 3: runs on the payment chain.
    function buy(Purchase calldata order) external payable nonReentrant returns (bytes32 purchaseId) {
        uint128 price = _priceOf(order);
        require(price <= order.maximum, MaximumExceeded(price, order.maximum));
        uint64 deadline = _deadlineOf(order);
        _hold(msg.value);
        address token = order.listing.paymentToken;
        purchaseId = _open(order.chain, token, price);
        bytes memory arguments = abi.encode(purchaseId, _fillOf(order, msg.sender, price));
        uint256 spent = token == address(0) ? price : 0;
        require(msg.value >= spent, ValueInsufficient(msg.value, spent));
        _hold(msg.value - spent);
        spent += _isHere(order.chain)
            ? _buyHere(order, purchaseId, price, deadline, arguments, spent)
            : _buyThere(order, purchaseId, price, deadline, arguments, spent);
        _hold(0);
        if (msg.value > spent) Address.sendValue(payable(msg.sender), msg.value - spent);
    }

    /// @dev Asks the item's chain. Returns what that has cost.
    function _buyThere(
        Purchase calldata order,
        bytes32 purchaseId,
        uint128 price,
        uint64 deadline,
        bytes memory arguments,
        uint256 spent
    ) private returns (uint256 cost) {
        Letter memory letter = SettlementMessages.buy(
            order.chain, arguments, order.chain != order.deliveryChain, deadline
        );
        cost = _feeOf(letter) + _tollOf(order.chain);
        require(msg.value >= spent + cost, ValueInsufficient(msg.value, spent + cost));
        bytes32 messageId = _send(letter);
        _emitOpened(order, purchaseId, price, deadline, messageId);
    }

    /// @dev Carries a purchase of an item of this chain out, or gives the money back. Returns what that has cost.
    function _buyHere(
        Purchase calldata order,
        bytes32 purchaseId,
        uint128 price,
        uint64 deadline,
        bytes memory arguments,
        uint256 spent
    ) private returns (uint256 cost) {
        ChainId here = _thisChain();
        uint256 needed = _deliveryFeeOf(order.listing, order.deliveryChain);
        require(msg.value >= spent + needed, ValueInsufficient(msg.value, spent + needed));
        _requireGas(order.deliveryChain);
        _emitOpened(order, purchaseId, price, deadline, 0);

        _hold(msg.value - spent - needed);
        Outcome memory outcome = _fulfil(arguments, needed);
        cost = outcome.spent;
        _hold(msg.value - spent - cost);
        bytes32 listingHash = Listings.hashOf(order.listing);
        if (outcome.delivered) {
            emit PurchaseFulfilled(purchaseId, listingHash, here, 0);
            _settle(purchaseId, here, outcome.shares);
        } else {
            emit PurchaseRefused(purchaseId, listingHash, here, outcome.reason, 0);
            _refund(purchaseId, here, outcome.reason);
        }
    }

    /// @dev What the marketplace is asked for.
    function _fillOf(Purchase calldata order, address buyer, uint128 paid)
        private
        pure
        returns (IMarketplace.Fill memory)
    {
        return IMarketplace.Fill({
            listing: order.listing,
            signature: order.signature,
            units: order.units,
            buyer: buyer,
            paid: paid,
            recipient: order.recipient,
            deliveryChain: order.deliveryChain,
            returnTo: order.returnTo,
            credential: order.credential
        });
    }

    function _emitOpened(
        Purchase calldata order,
        bytes32 purchaseId,
        uint128 price,
        uint64 deadline,
        bytes32 messageId
    ) private {
        emit PurchaseOpened(
            purchaseId,
            msg.sender,
            Listings.hashOf(order.listing),
            order.chain,
            order.listing.paymentToken,
            price,
            order.units,
            order.recipient,
            order.deliveryChain,
            deadline,
            messageId
        );
    }

    /// @inheritdoc ISettlement
    function withdrawOn(ChainId paymentChain, address token, address to) external payable nonReentrant {
        Letter memory letter = SettlementMessages.withdraw(paymentChain, msg.sender, token, to);
        uint256 cost = _feeOf(letter);
        require(msg.value >= cost, ValueInsufficient(msg.value, cost));
        _send(letter);
        if (msg.value > cost) Address.sendValue(payable(msg.sender), msg.value - cost);
    }

    /* RECEIVING */

    /// @inheritdoc IERC7786Recipient
    /// @dev STEP 2 of 3 on the item's chain, STEP 3 of 3 on the payment chain.
    function receiveMessage(bytes32, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        ChainId source = _authenticate(sender);
        require(payload.length > 0, PayloadMalformed());
        uint8 kind = uint8(payload[0]);
        bytes calldata arguments = payload[1:];
        if (kind == SettlementMessages.BUY) {
            _sell(source, arguments);
        } else if (kind == SettlementMessages.SETTLE) {
            (bytes32 purchaseId, Share[] memory shares) = abi.decode(arguments, (bytes32, Share[]));
            _settle(purchaseId, source, shares);
        } else if (kind == SettlementMessages.REFUND) {
            (bytes32 purchaseId, bytes4 reason) = abi.decode(arguments, (bytes32, bytes4));
            _refund(purchaseId, source, reason);
        } else {
            require(kind == SettlementMessages.WITHDRAW, PayloadMalformed());
            (address account, address token, address to) = abi.decode(arguments, (address, address, address));
            _withdraw(source, account, token, to);
        }
        return IERC7786Recipient.receiveMessage.selector;
    }

    /// @inheritdoc IBounceRecipient
    /// @dev STEP 3 of 3: runs on the payment chain.
    function messageBounced(bytes32, bytes calldata recipient, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        _requireGateway();
        (, ChainId chain,) = InteroperableAddresses.tryParse(recipient);
        _refund(SettlementMessages.readReturned(payload), chain, 0);
        return IBounceRecipient.messageBounced.selector;
    }

    /* RULES */

    /// @dev What the buyer has to pay now.
    function _priceOf(Purchase calldata order) private view returns (uint128) {
        Listing calldata listing = order.listing;
        ChainId here = _thisChain();
        require(listing.paymentChain == here, PaymentChainDiffers(listing.paymentChain, here));
        uint256 price = Listings.priceOf(listing, order.units);
        if (listing.referencePrice > 0) {
            address token = listing.paymentToken;
            require(address(_FEEDS) != address(0), IPriceFeeds.FeedUnknown(token));
            price = Math.max(price, _FEEDS.convert(token, uint256(listing.referencePrice) * order.units));
        }
        require(order.units > 0 && price <= type(uint128).max, UnitsInvalid(order.units));
        return uint128(price);
    }

    function _deadlineOf(Purchase calldata order) private view returns (uint64 deadline) {
        deadline = order.deadline == 0 ? uint64(block.timestamp) + DEFAULT_TIME : order.deadline;
        require(deadline > block.timestamp, IGateway.DeadlineOutOfRange(deadline, block.timestamp));
    }

    /* VIEWS */

    /// @inheritdoc ISettlement
    function quote(Purchase calldata order) external view returns (uint256 price, uint256 fee) {
        price = _priceOf(order);
        if (_isHere(order.chain)) return (price, _deliveryFeeOf(order.listing, order.deliveryChain));
        bytes memory arguments = abi.encode(bytes32(0), _fillOf(order, address(0), uint128(price)));
        bool forwards = order.chain != order.deliveryChain;
        fee = _feeOf(SettlementMessages.buy(order.chain, arguments, forwards, 0)) + _tollOf(order.chain);
    }
}
