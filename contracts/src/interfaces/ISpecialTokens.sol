// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "../types/Message.sol";

/// @title Special tokens
/// @notice What an asset gateway does for tokens that are not like others: those it has to refuse, those whose items have
///         changed since they left, the chain's own coin, and those that have an implementation of their own on each chain.
/// @dev Items, also wrapped ones, can be sent by a safe transfer to the asset gateway, with `abi.encode(destinationChain,
///      recipient)` as its data. Whom they are taken from gets them back if they cannot arrive. A transfer brings no value,
///      so that on a lane with fees it is refused with {IFees-FeeInsufficient}, unless something has been prepaid.
interface ISpecialTokens {
    /// @notice A local token stands for a token of another chain from now on.
    event TokenLinked(ChainId indexed homeChain, address indexed homeToken, address indexed localToken);

    /// @notice A local token is not minted any more; what there is of it still goes home.
    event TokenUnlinked(ChainId indexed homeChain, address indexed homeToken, address indexed localToken);

    /// @notice Governance refuses a token, or takes that back.
    event TokenRefusalSet(address indexed token, bool refused);

    /// @notice The item cannot leave who holds it (ERC-5192, ERC-5484).
    error ItemLocked(address token, uint256 id);

    /// @notice The item is rented out until then (ERC-4907).
    error ItemRented(address token, uint256 id, uint256 until);

    /// @notice The token's balances change by themselves, which those wrapped elsewhere could not follow.
    error TokenRebasing(address token);

    /// @notice Governance has refused the token.
    error TokenRefused(address token);

    /// @notice The chain has not been told of such a collection.
    error CollectionNotDescribed(address token, ChainId chain);

    /// @notice The chain's own coin cannot be sent: there is no token here that wraps it.
    error NativeUnsupported();

    /// @notice Less was paid than is to be sent.
    error NativeInsufficient(uint256 paid, uint256 amount);

    /// @notice Links go from a token of another chain to one of this chain that is no wrapped one and declares ERC-7802.
    error LinkInvalid(ChainId homeChain, address homeToken, address localToken);

    /// @notice The local token is linked to another home token.
    error LinkTaken(address localToken, ChainId homeChain, address homeToken);

    /// @notice Nothing is linked to the home token.
    error LinkUnknown(ChainId homeChain, address homeToken);

    /// @notice There is a wrapped token already, which a second one would compete with.
    error TokenAlreadyWrapped(ChainId homeChain, address homeToken);

    /// @notice The token is linked to one of another chain; it goes by way of there.
    error TokenIsLinked(address token);

    /// @notice More of a linked token is to go home than has come from there by this way.
    error LinkedSupplyExceeded(address token, uint256 asked, uint256 minted);

    /// @notice The linked token minted or burned another amount than it was asked to.
    error LinkedAmountMismatch(address token, uint256 asked, uint256 done);

    /// @notice Sends the chain's own coin, which arrives as the wrapped token of this chain's wrapped coin, and which is
    ///         paid out as coin when it comes home.
    /// @dev What is paid above the amount pays the fee; the rest comes back.
    /// @dev What could not arrive, and what had to wait, is given out as the token.
    /// @dev Warning: whatever comes home of the wrapped coin is paid out as coin, also if it was sent as a token; recipients
    ///      that refuse the coin, or take more than 50,000 gas to accept it, are given the token.
    function sendNative(ChainId destinationChain, address recipient, uint256 amount) external payable;

    /// @notice Tells a chain again what items of a collection of this chain say of themselves. Anyone may ask.
    /// @dev Each must be out on that chain. Those that are not there when the message arrives are passed over, which are
    ///      items on their way; of an ERC-1155 this chain's account is what counts.
    /// @dev Warning: a message that brings the item and has failed brings its URI of then when it is retried; ask again.
    /// @param tokenIds Ascending, each once.
    function refresh(address token, uint256[] calldata tokenIds, ChainId chain) external payable;

    /// @notice Refuses a token that is not fit to travel and cannot be told by asking it, or takes that back. It does not
    ///         leave this chain any more; what is out still comes home. Behind governance.
    function refuseToken(address token, bool refused) external;

    /// @notice Has a local token with an ERC-7802 implementation of its own stand for a token of another chain, instead of
    ///         a wrapped one. Behind governance, and only before the token has come to this chain.
    /// @dev What is on its way when the link is made or undone arrives as whatever stands for the home token then. Both are
    ///      worth the same, because both go home.
    /// @dev Assumes: the local token has the decimals of the home token, and mints for nobody but those that its owner trusts
    ///      as much as this contract. No more of it can go home than has come from there by this way.
    function linkToken(ChainId homeChain, address homeToken, address localToken) external;

    /// @notice Undoes a link for good: what arrives is wrapped from now on, what there is of the local token still goes
    ///         home. Behind governance.
    function unlinkToken(ChainId homeChain, address homeToken) external;

    /// @notice The token that wraps the chain's own coin; zero: none.
    function wrappedNative() external view returns (address);

    /// @notice Whether governance has refused the token.
    function isRefused(address token) external view returns (bool);

    /// @notice The local token that is minted for a token of another chain; zero: a wrapped one.
    function linkedToken(ChainId homeChain, address homeToken) external view returns (address);

    /// @notice What a local token is or was linked to, and how much of it has come from there and not gone back.
    function linkOf(address localToken)
        external
        view
        returns (ChainId homeChain, address homeToken, uint256 minted);
}
