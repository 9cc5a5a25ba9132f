// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ItemType, Listing, Share} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {IPriceBreaker} from "./IPriceBreaker.sol";
import {ITransferPolicy} from "./ITransferPolicy.sol";

/// @title Marketplace
/// @notice Where items are sold that stand on this chain: checks listings, takes the item from its seller and hands it to
///         the buyer, here or bridged to another chain, and says who is to be paid what. It never touches money: the
///         {ISettlement} of this chain calls it, for purchases paid here and for those paid on other chains.
/// @dev Sellers approve this contract for their items. A listing is signed (EIP-712, EIP-1271), or validated on-chain.
interface IMarketplace {
    /// @notice One purchase of a listing, paid on `listing.paymentChain`.
    struct Fill {
        Listing listing;
        /// @dev EIP-712 signature of the offerer over the listing; empty if it was validated on-chain.
        bytes signature;
        /// @dev How many units are bought.
        uint128 units;
        /// @dev Who pays, on the payment chain.
        address buyer;
        /// @dev What was paid for all units, in the payment token.
        uint128 paid;
        /// @dev Who gets the item, on the delivery chain.
        address recipient;
        ChainId deliveryChain;
        /// @dev Who gets the item on this chain if the delivery chain refuses it. Unused for delivery on this chain.
        address returnTo;
        /// @dev What the collection's transfer policy asks for, uninterpreted.
        bytes credential;
    }

    /// @notice The offerer has put the listing on-chain; no signature is needed any more.
    event ListingValidated(bytes32 indexed listingHash, address indexed offerer, Listing listing);

    /// @notice The offerer has taken the listing back.
    event ListingCancelled(bytes32 indexed listingHash, address indexed offerer);

    /// @notice All earlier listings of the offerer are void.
    event CounterIncremented(address indexed offerer, uint256 counter);

    /// @notice Units of a listing were sold and handed to the recipient, or sent on to their delivery chain.
    /// @param box For delivery to another chain: the {IDeliveryBox} that has sent them; else zero.
    event ListingFulfilled(
        bytes32 indexed listingHash,
        bytes32 indexed purchaseId,
        address indexed offerer,
        ItemType itemType,
        address token,
        uint256 identifier,
        uint128 units,
        address recipient,
        ChainId deliveryChain,
        address box,
        ChainId paymentChain,
        address paymentToken,
        uint128 paid
    );

    /// @notice Who settles, and what guards prices.
    event Appointed(address settlement, IPriceBreaker breaker);

    /// @notice The marketplace's fee, of 10,000.
    event FeeSet(uint16 basisPoints);

    /// @notice What decides who may get items of a collection; zero: nobody is refused.
    event PolicySet(address indexed collection, ITransferPolicy policy);

    /// @notice The listing is not of an ERC-721 or ERC-1155, of nothing or for nothing, ends before it starts, or its payees
    ///         are none, too many, zero, or do not make 10,000.
    error ListingMalformed();

    /// @notice The listing is for another payment chain than the one the money was paid on.
    error PaymentChainDiffers(ChainId listed, ChainId paid);

    /// @notice Not yet, or no longer.
    error ListingNotActive(uint64 startTime, uint64 endTime, uint256 now_);

    /// @notice Its offerer has cancelled it.
    error ListingIsCancelled(bytes32 listingHash);

    /// @notice Its offerer has moved on.
    error CounterDiffers(uint256 listed, uint256 current);

    /// @notice Neither signed by its offerer nor validated on-chain.
    error SignatureInvalid(bytes32 listingHash, address offerer);

    /// @notice The listing is for somebody else.
    error TakerDiffers(address taker, address buyer);

    /// @notice Fewer are left than are asked for, or none is asked for.
    error UnitsUnavailable(uint256 asked, uint256 left);

    /// @notice Less was paid than the listing's price, or not the same where there is no reference price.
    error PaymentDiffers(uint256 paid, uint256 price);

    /// @notice The collection asks for a greater royalty than the seller gives up.
    error RoyaltyExceeded(uint256 asked, uint256 maximum);

    /// @notice The marketplace asks for a greater fee than the seller gives up, than the royalty leaves, or than it may.
    error FeeExceeded(uint256 asked, uint256 maximum);

    /// @notice The collection's policy refuses this transfer.
    error PolicyRefused(ITransferPolicy policy);

    /// @notice The price is far from what items of the collection have sold for, or its sales are stopped. Never reverted
    ///         with: {fulfill} answers with no shares, and the settlement names it as the reason of its refusal.
    error PriceOutOfBand();

    /// @notice The collection did not hand the item over.
    error ItemNotDelivered(address token, uint256 identifier);

    /// @notice Nobody can get an item there: the recipient is zero, or the marketplace itself; or of an item that is bridged
    ///         nobody here would get it back.
    error RecipientInvalid(address recipient);

    /// @notice Only the settlement of this chain may fulfil.
    error NotSettlement(address caller);

    /// @notice Only whoever offers may do this.
    error NotOfferer(address caller, address offerer);

    /// @notice Puts listings of the caller on-chain, which then need no signature.
    function validate(Listing[] calldata listings) external;

    /// @notice Takes listings of the caller back.
    function cancel(Listing[] calldata listings) external;

    /// @notice Makes all listings of the caller void.
    function incrementCounter() external returns (uint256 counter);

    /// @notice Sells: checks everything, moves the item, and says who is to be paid. For the settlement of this chain only;
    ///         reverts where it refuses, except for a price out of band, which it answers with no shares, so that the
    ///         breaker remembers.
    /// @dev The value pays for the bridging of the item to another chain; what is left of it goes back to the caller.
    /// @return shares Make `paid` together, to the wei; empty: the price breaker refuses.
    function fulfill(bytes32 purchaseId, Fill calldata fill) external payable returns (Share[] memory shares);

    /// @notice Sets who may fulfil, and what guards prices. Behind governance.
    function appoint(address settlement, IPriceBreaker breaker) external;

    /// @notice Sets the fee. Behind governance, and at most {maximumFee}.
    function setFee(uint16 basisPoints) external;

    /// @notice Sets what decides who may get items of a collection. Behind governance.
    function setPolicy(address collection, ITransferPolicy policy) external;

    /// @notice Reverts as {fulfill} would for the listing itself: form, time, cancellation, counter, signature, units.
    function check(Listing calldata listing, bytes calldata signature, uint128 units) external view;

    /// @notice What a purchase of `paid` would be split into.
    function sharesOf(Listing calldata listing, uint128 paid) external view returns (Share[] memory shares);

    /// @notice The EIP-712 struct hash of a listing, without the domain: what it is called on every chain.
    function listingHash(Listing calldata listing) external view returns (bytes32);

    /// @notice What has become of a listing.
    /// @param filled Units sold.
    function status(bytes32 listingHash_)
        external
        view
        returns (bool validated, bool cancelled, uint128 filled);

    /// @notice What listings of an offerer must bear.
    function counterOf(address offerer) external view returns (uint256);

    /// @notice What bridging a fill's items costs at most, in this chain's coin; 0 for delivery here.
    function deliveryFee(ItemType itemType, address token, ChainId deliveryChain)
        external
        view
        returns (uint256);

    /// @notice Who settles, and what guards prices; zero: nobody.
    function appointed() external view returns (address settlement, IPriceBreaker breaker);

    /// @notice The fee, of 10,000.
    function fee() external view returns (uint16);

    /// @notice The greatest fee that governance can set, of 10,000.
    function maximumFee() external view returns (uint16);

    /// @notice What decides who may get items of a collection.
    function policyOf(address collection) external view returns (ITransferPolicy);
}
