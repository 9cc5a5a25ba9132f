// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {Listing, ShareKind} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {IBounceRecipient} from "./IBounceRecipient.sol";
import {IGateway} from "./IGateway.sol";
import {IMarketplace} from "./IMarketplace.sol";

/// @title Settlement
/// @notice Buys here what is sold anywhere: takes the price into escrow, asks the item's chain to deliver, and then pays
///         everybody or gives the money back, never both and never neither. The same contract stands on every chain: it
///         is the one that asks, and the one that is asked.
/// @dev STEP 1 of 3, on the payment chain: {buy} takes the price and sends *buy*, with a deadline and a way back.
///      STEP 2 of 3, on the item's chain: the {IMarketplace} delivers or refuses; *settle* or *refund* goes back.
///      STEP 3 of 3, on the payment chain: everybody is credited, or the buyer gets the money back; the latter also if
///      *buy* itself comes back, because it has had no effect then.
/// @dev Assumes: the settlements that governance registered are this contract, and the light clients are sound.
interface ISettlement is IERC7786Recipient, IBounceRecipient {
    /// @notice What has become of a purchase that was paid here.
    enum Status {
        None,
        /// @dev The price is in escrow; nobody can take it until the item's chain has spoken.
        Open,
        /// @dev The item was delivered or sent on; everybody is credited.
        Settled,
        /// @dev Nothing was delivered; the buyer has the money back.
        Refunded
    }

    /// @notice What somebody wants to buy.
    struct Purchase {
        /// @dev Where the item stands and is sold.
        ChainId chain;
        Listing listing;
        /// @dev See {IMarketplace.Fill}.
        bytes signature;
        uint128 units;
        /// @dev The most that the buyer pays; matters for listings with a reference price.
        uint128 maximum;
        /// @dev Who gets the item, on the delivery chain.
        address recipient;
        ChainId deliveryChain;
        /// @dev Who gets it on the item's chain if the delivery chain refuses it.
        address returnTo;
        /// @dev Unix seconds; after that nothing is delivered any more, and the money comes back. Zero: in an hour.
        uint64 deadline;
        bytes credential;
    }

    /// @notice The price is in escrow, and the item's chain is asked to deliver.
    /// @param messageId The message that asks; zero: the item is on this chain.
    event PurchaseOpened(
        bytes32 indexed purchaseId,
        address indexed buyer,
        bytes32 indexed listingHash,
        ChainId chain,
        address paymentToken,
        uint128 paid,
        uint128 units,
        address recipient,
        ChainId deliveryChain,
        uint64 deadline,
        bytes32 messageId
    );

    /// @notice On the item's chain: a purchase was carried out, and the payment chain is told to pay.
    /// @param messageId The message that tells; zero: it was paid on this chain.
    event PurchaseFulfilled(
        bytes32 indexed purchaseId,
        bytes32 indexed listingHash,
        ChainId indexed paymentChain,
        bytes32 messageId
    );

    /// @notice On the item's chain: a purchase was refused, and the payment chain is told to give the money back.
    /// @param reason The selector of the error that refused it.
    event PurchaseRefused(
        bytes32 indexed purchaseId,
        bytes32 indexed listingHash,
        ChainId indexed paymentChain,
        bytes4 reason,
        bytes32 messageId
    );

    /// @notice Everybody was credited.
    event PurchaseSettled(bytes32 indexed purchaseId);

    /// @notice The buyer has the money back.
    /// @param reason The selector of the error that refused the purchase; zero: its message came back.
    /// @param credited The buyer did not take it, and can withdraw it.
    event PurchaseRefunded(bytes32 indexed purchaseId, address indexed buyer, bytes4 reason, bool credited);

    /// @notice An account can withdraw so much more.
    /// @param homeChain The chain on which the account is known to be who is meant.
    event Credited(
        bytes32 indexed purchaseId,
        address indexed account,
        address indexed token,
        ChainId homeChain,
        uint128 amount,
        ShareKind kind
    );

    /// @notice An account has withdrawn.
    event Withdrawn(
        address indexed account, address indexed token, ChainId indexed homeChain, address to, uint256 amount
    );

    /// @notice The settlement of another chain was registered.
    event RemoteRegistered(ChainId indexed chain, address remote);

    /// @notice Who gets the marketplace's fees that are paid on this chain.
    event TreasurySet(address treasury);

    /// @notice What purchases on another chain pay towards the messages that it sends, in wei of this chain.
    event TollSet(ChainId indexed chain, uint128 toll);

    /// @notice No settlement of this chain is known.
    error ChainUnknown(ChainId chain);

    /// @notice A remote needs an address, and a chain other than this one.
    error RemoteInvalid(ChainId chain, address remote);

    /// @notice Messages come through the gateway of this chain only.
    error NotGateway(address caller);

    /// @notice The message is not from the settlement of its chain.
    error NotRemote(bytes sender);

    /// @notice The payload is none of the messages of a settlement.
    error PayloadMalformed();

    /// @notice The listing wants to be paid on another chain.
    error PaymentChainDiffers(ChainId listed, ChainId here);

    /// @notice Nothing is bought, or too much to be counted.
    error UnitsInvalid(uint256 units);

    /// @notice The price is above what the buyer wants to pay.
    error MaximumExceeded(uint256 price, uint256 maximum);

    /// @notice The token did not hand over the price, to the unit.
    error PaymentNotReceived(address token, uint256 received, uint256 price);

    /// @notice The value does not pay price and fee.
    error ValueInsufficient(uint256 value, uint256 needed);

    /// @notice No purchase of this name waits for this chain.
    error PurchaseNotOpen(bytes32 purchaseId, ChainId chain);

    /// @notice The shares do not make what was paid.
    error SharesDiffer(uint256 shares, uint256 paid);

    /// @notice The account has nothing to withdraw.
    error NothingCredited(ChainId homeChain, address account, address token);

    /// @notice Only an account that signs its own transactions is the same on every chain; others tell from theirs.
    error NotOwnSignature(address account);

    /// @notice The token or account did not take the payment.
    error PaymentRefused(address token, address to);

    /// @notice Too little gas is left to refuse in order; whoever delivers must bring more.
    error GasInsufficient(uint256 available, uint256 needed);

    /// @notice Takes the price, and asks the item's chain to deliver. If the item is on this chain, all of it happens here
    ///         and now.
    /// @dev The value pays {quote}'s fee, and the price if it is in coins; what is left goes back to the caller.
    function buy(Purchase calldata purchase) external payable returns (bytes32 purchaseId);

    /// @notice Pays the caller what it was credited as an account of this chain.
    /// @param token Zero: coins.
    function withdraw(address token, address to) external;

    /// @notice Pays the caller what it was credited as an account of another chain. Only for accounts that sign their own
    ///         transactions, because those are the same on every chain.
    function withdrawAs(ChainId homeChain, address token, address to) external;

    /// @notice Has the settlement of another chain pay what the caller was credited there as an account of this chain.
    function withdrawOn(ChainId paymentChain, address token, address to) external payable;

    /// @notice Adds coins to what this contract pays messages with.
    function fund() external payable;

    /// @notice Registers the settlement of another chain. Behind governance.
    /// @dev Warning: whoever is registered decides who is paid what is in escrow for purchases on its chain.
    function registerRemote(ChainId chain, address remote) external;

    /// @notice Sets who gets the marketplace's fees that are paid on this chain. Behind governance.
    function setTreasury(address treasury) external;

    /// @notice Sets what purchases on another chain pay towards the messages that it sends. Behind governance.
    function setToll(ChainId chain, uint128 toll) external;

    /// @notice What a purchase costs now: the price in the payment token, and the fee in this chain's coin.
    function quote(Purchase calldata purchase) external view returns (uint256 price, uint256 fee);

    /// @notice What has become of a purchase that was paid here.
    function purchase(bytes32 purchaseId)
        external
        view
        returns (Status status, ChainId chain, address buyer, address token, uint128 paid);

    /// @notice What an account can withdraw.
    function credit(ChainId homeChain, address account, address token) external view returns (uint256);

    /// @notice Coins that pay for messages: all that nobody else has a claim to.
    function purse() external view returns (uint256);

    /// @notice The settlement of another chain; zero: not registered.
    function remoteOf(ChainId chain) external view returns (address);

    /// @notice Who gets the marketplace's fees.
    function treasury() external view returns (address);

    /// @notice The gateway whose messages are accepted.
    function gateway() external view returns (IGateway);

    /// @notice Where items of this chain are sold.
    function marketplace() external view returns (IMarketplace);
}
