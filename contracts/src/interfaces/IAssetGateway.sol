// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {ChainId} from "../types/Message.sol";
import {IAssetClaims} from "./IAssetClaims.sol";
import {IBounceRecipient} from "./IBounceRecipient.sol";
import {IFlowLimits} from "./IFlowLimits.sol";
import {IGateway} from "./IGateway.sol";

/// @title Asset gateway
/// @notice Moves ERC-20, ERC-721 and ERC-1155 tokens between chains, any of them, without listing. A token of this chain
///         is locked here and wrapped where it goes; a wrapped token is burned and released at home, or sent on from
///         there. Whatever is sent to a third chain goes by way of home, so that no chain vouches for another's assets.
/// @dev Assets move by two things only: what their holder sends, and messages that the gateway has proven.
///      Whoever sends is who gets back what cannot arrive. The value of a send pays the fees of its messages, see
///      {IFees-quote}, and what is left goes back to the caller. What is sent on from here pays with what this contract has
///      been given, by anyone; assets are never among that.
interface IAssetGateway is IERC7786Recipient, IBounceRecipient, IAssetClaims, IFlowLimits {
    /// @notice A wrapped token was created for a token of another chain.
    event TokenWrapped(ChainId indexed homeChain, address indexed homeToken, address indexed wrappedToken);

    /// @notice The asset gateway of another chain was registered.
    event RemoteRegistered(ChainId indexed chain, address remote);

    /// @notice Assets are sent to and accepted from registered asset gateways only.
    error ChainUnknown(ChainId chain);

    /// @notice Messages come through the gateway of this chain only.
    error NotGateway(address caller);

    /// @notice The message is not from the asset gateway of its chain.
    error NotRemote(bytes sender);

    /// @notice A remote needs an address, and a chain other than this one.
    error RemoteInvalid(ChainId chain, address remote);

    /// @notice Messages bring no value.
    error ValueUnexpected(uint256 value);

    /// @notice The recipient is zero or an asset gateway, which could not give back what it gets.
    error RecipientInvalid(address recipient);

    /// @notice Nothing to send, or nothing that arrived.
    error AmountZero();

    /// @notice The arrays are empty or not of one length.
    error ArraysMalformed(uint256 ids, uint256 amounts);

    /// @notice There is no contract at the token's address.
    error TokenWithoutCode(address token);

    /// @notice The token says by ERC-165 that it is of another kind, or a collection does not say what it is.
    error TokenKindMismatch(address token);

    /// @notice The token did not hand over what was to be sent.
    error TokenNotReceived(address token, uint256 id);

    /// @notice The item's URI is too long to travel.
    error TokenURITooLong(uint256 length, uint256 maximum);

    /// @notice A chain asks for more of a token than was sent there.
    error OutstandingExceeded(address token, ChainId chain, uint256 asked, uint256 outstanding);

    /// @notice The item is on another chain than the one that it should leave; zero: here.
    error ItemElsewhere(address token, uint256 id, ChainId chain);

    /// @notice The message that describes the token has not been executed yet; retry that one first.
    error TokenNotDescribed(ChainId homeChain, address homeToken);

    /// @notice What came with the call does not pay the fees of its messages.
    error FeesUnpaid(uint256 missing);

    /// @notice Items that are transferred to this contract have to say where they go, and ERC-20s cannot.
    error TransferUnexpected(address token);

    /// @notice Sends an ERC-20, which has to be approved if this is its home.
    /// @dev What arrives is what this contract received, also if the token takes a fee of transfers.
    /// @dev Warning: a token that lowers balances later leaves too little for the last to come home; their messages
    ///      stay retryable.
    /// @param recipient Account on the destination.
    function sendERC20(address token, ChainId destinationChain, address recipient, uint256 amount)
        external
        payable;

    /// @notice Sends items of an ERC-721, which have to be approved if this is their home.
    /// @param tokenIds Ascending, each once.
    function sendERC721(
        address token,
        uint256[] calldata tokenIds,
        ChainId destinationChain,
        address recipient
    ) external payable;

    /// @notice Sends items of an ERC-1155, which have to be approved if this is their home.
    /// @param tokenIds Ascending, each once.
    /// @param amounts How many of each.
    function sendERC1155(
        address token,
        uint256[] calldata tokenIds,
        uint256[] calldata amounts,
        ChainId destinationChain,
        address recipient
    ) external payable;

    /// @notice Registers the asset gateway of another chain. Behind governance.
    /// @dev Warning: whoever is registered can release what has been sent to its chain. Messages of an earlier remote
    ///      fail from then on, and the new one has not been told what the tokens sent so far are called.
    function registerRemote(ChainId chain, address remote) external;

    /// @notice The gateway whose messages are accepted.
    function gateway() external view returns (IGateway);

    /// @notice The asset gateway of another chain; zero: not registered.
    function remoteOf(ChainId chain) external view returns (address);

    /// @notice Where the wrapped ERC-20 of a home token stands, or will stand.
    function wrappedERC20(ChainId homeChain, address homeToken) external view returns (address);

    /// @notice Where the wrapped ERC-721 of a home token stands, or will stand.
    function wrappedERC721(ChainId homeChain, address homeToken) external view returns (address);

    /// @notice Where the wrapped ERC-1155 of a home token stands, or will stand.
    function wrappedERC1155(ChainId homeChain, address homeToken) external view returns (address);

    /// @notice How much of an ERC-20 of this chain is out on another.
    function outstandingERC20(address token, ChainId chain) external view returns (uint256);

    /// @notice On which chain an item of an ERC-721 of this chain is; zero: not away.
    function whereabouts(address token, uint256 id) external view returns (ChainId);

    /// @notice How many of an item of an ERC-1155 of this chain are out on another.
    function outstandingERC1155(address token, uint256 id, ChainId chain) external view returns (uint256);
}
