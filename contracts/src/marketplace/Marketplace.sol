// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {IPriceBreaker} from "../interfaces/IPriceBreaker.sol";
import {ITransferPolicy} from "../interfaces/ITransferPolicy.sol";
import {Listing, Share} from "../types/Listings.sol";
import {Deliveries} from "./Deliveries.sol";
import {Listings} from "./Listings.sol";
import {Offers} from "./Offers.sol";
import {Shares} from "./Shares.sol";

/// @title Marketplace
/// @notice Where items are sold that stand on this chain.
contract Marketplace is Offers, Deliveries, AccessManaged, ReentrancyGuardTransient {
    /* STORAGE */

    uint16 private constant MAXIMUM_FEE = 1_000;

    /// @dev What a policy may use. One that needs more refuses.
    uint256 private constant POLICY_GAS = 300_000;

    address private _settlement;
    IPriceBreaker private _breaker;
    uint16 private _fee;
    mapping(address collection => ITransferPolicy) private _policies;

    /* CONSTRUCTION */

    /// @param assetGateway The asset gateway of this chain.
    /// @param authority The AccessManager whose roles may configure.
    constructor(IAssetGateway assetGateway, address authority)
        AccessManaged(authority)
        EIP712("Lockkeeper Marketplace", "1")
        Deliveries(assetGateway)
    {}

    /* SELLING */

    /// @inheritdoc IMarketplace
    function fulfill(bytes32 purchaseId, Fill calldata fill)
        external
        payable
        nonReentrant
        returns (Share[] memory shares)
    {
        require(msg.sender == _settlement, NotSettlement(msg.sender));
        uint256 own = address(this).balance - msg.value;
        bytes32 hash = _requireSellable(fill);
        shares = Shares.split(_ASSETS, fill.listing, fill.paid, _fee);
        _requirePolicy(fill);
        _requireRecipient(fill);
        if (_admitted(fill)) {
            _addFilled(hash, fill.units);
            _record(fill);
            address box = _deliver(purchaseId, fill);
            _emitFulfilled(hash, purchaseId, fill, box);
        } else {
            shares = new Share[](0);
        }
        uint256 left = address(this).balance - own;
        if (left > 0) Address.sendValue(payable(msg.sender), left);
    }

    function _emitFulfilled(bytes32 hash, bytes32 purchaseId, Fill calldata fill, address box) private {
        Listing calldata listing = fill.listing;
        emit ListingFulfilled(
            hash,
            purchaseId,
            listing.offerer,
            listing.itemType,
            listing.token,
            listing.identifier,
            fill.units,
            fill.recipient,
            fill.deliveryChain,
            box,
            listing.paymentChain,
            listing.paymentToken,
            fill.paid
        );
    }

    /* RULES */

    /// @dev The listing's hash, if it can be sold to the buyer for what was paid.
    function _requireSellable(Fill calldata fill) private view returns (bytes32 hash) {
        Listing calldata listing = fill.listing;
        hash = _standing(listing, fill.signature);
        address taker = listing.taker;
        require(taker == address(0) || taker == fill.buyer, TakerDiffers(taker, fill.buyer));
        _requireLeft(hash, listing.amount, fill.units);
        uint256 price = Listings.priceOf(listing, fill.units);
        bool enough = fill.paid == price || listing.referencePrice > 0 && fill.paid > price;
        require(enough && fill.paid > 0, PaymentDiffers(fill.paid, price));
    }

    /// @dev The collection's policy, if there is one, says yes, and says it in so many words.
    function _requirePolicy(Fill calldata fill) private view {
        Listing calldata listing = fill.listing;
        ITransferPolicy policy = _policies[listing.token];
        if (address(policy) == address(0)) return;
        ITransferPolicy.Sale memory sale = ITransferPolicy.Sale({
            itemType: listing.itemType,
            token: listing.token,
            identifier: listing.identifier,
            units: fill.units,
            offerer: listing.offerer,
            buyer: fill.buyer,
            paymentChain: listing.paymentChain,
            recipient: fill.recipient,
            deliveryChain: fill.deliveryChain
        });
        bytes memory question = abi.encodeCall(ITransferPolicy.admits, (sale, fill.credential));
        (bool answered,, bytes memory answer) =
            LibCall.tryStaticCall(address(policy), POLICY_GAS, 32, question);
        bool admitted =
            answered && answer.length == 32 && bytes32(answer) == bytes32(ITransferPolicy.admits.selector);
        require(admitted, PolicyRefused(policy));
    }

    /// @dev Whether the price is no reason to refuse.
    function _admitted(Fill calldata fill) private returns (bool) {
        if (address(_breaker) == address(0)) return true;
        Listing calldata listing = fill.listing;
        return
            _breaker.admit(listing.token, listing.paymentChain, listing.paymentToken, fill.paid / fill.units);
    }

    /// @dev Whoever sells to himself says nothing about what others would pay.
    function _record(Fill calldata fill) private {
        Listing calldata listing = fill.listing;
        bool own = listing.offerer == fill.recipient || listing.offerer == fill.buyer;
        if (own || address(_breaker) == address(0)) return;
        _breaker.record(listing.token, listing.paymentChain, listing.paymentToken, fill.paid / fill.units);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMarketplace
    function appoint(address settlement, IPriceBreaker breaker) external restricted {
        (_settlement, _breaker) = (settlement, breaker);
        emit Appointed(settlement, breaker);
    }

    /// @inheritdoc IMarketplace
    function setFee(uint16 basisPoints) external restricted {
        require(basisPoints <= MAXIMUM_FEE, FeeExceeded(basisPoints, MAXIMUM_FEE));
        _fee = basisPoints;
        emit FeeSet(basisPoints);
    }

    /// @inheritdoc IMarketplace
    function setPolicy(address collection, ITransferPolicy policy) external restricted {
        _policies[collection] = policy;
        emit PolicySet(collection, policy);
    }

    /* VIEWS */

    /// @inheritdoc IMarketplace
    function sharesOf(Listing calldata listing, uint128 paid) external view returns (Share[] memory) {
        return Shares.split(_ASSETS, listing, paid, _fee);
    }

    /// @inheritdoc IMarketplace
    function appointed() external view returns (address settlement, IPriceBreaker breaker) {
        return (_settlement, _breaker);
    }

    /// @inheritdoc IMarketplace
    function fee() external view returns (uint16) {
        return _fee;
    }

    /// @inheritdoc IMarketplace
    function maximumFee() external pure returns (uint16) {
        return MAXIMUM_FEE;
    }

    /// @inheritdoc IMarketplace
    function policyOf(address collection) external view returns (ITransferPolicy) {
        return _policies[collection];
    }
}
