// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../interfaces/IGateway.sol";
import {Item, Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Descriptions} from "./Descriptions.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peers, Post, Remote} from "./Peers.sol";

/// @notice Items on their way to another chain.
struct Parcel {
    uint8 standard;
    address token;
    /// @dev Who has the items: the asset gateway, if they were handed over before.
    address holder;
    ChainId destination;
    /// @dev The number of the destination, for an ERC-721.
    uint8 number;
    /// @dev Whether the flow of some token to the destination has a limit.
    bool limited;
    Told told;
    bytes payload;
    uint256 gasLimit;
}

/// @title Parcels
/// @notice What leaves its home: with the first of a token on a lane goes a description of the token, just ahead of it,
///         and with each item what it says of itself.
library Parcels {
    /* STORAGE */

    /// @dev Gas limits: more than what the steps were measured to take, and something for the recipient's hook.
    uint256 internal constant MESSAGE_GAS = 100_000;
    uint256 internal constant ITEM_GAS = 70_000;
    uint256 internal constant STORED_WORD_GAS = 23_000;

    /// @dev Creating the clone and storing the longest description takes about 230,000.
    uint256 internal constant DESCRIPTION_GAS = 350_000;

    /* ERC-20 */

    /// @notice Notes that another chain has more of an ERC-20 from now on, and tells it.
    function sendERC20(
        IGateway gateway,
        address token,
        ChainId chain,
        address recipient,
        address refund,
        uint256 amount
    ) internal returns (bytes32 id) {
        if (!Ledgers.erc20().outstanding[token][chain].described) {
            Peers.dispatch(gateway, Post(chain, Descriptions.ofERC20(token), DESCRIPTION_GAS));
        }
        return sendKnownERC20(gateway, token, chain, recipient, refund, amount);
    }

    /// @notice The same with a token that the other chain has been told of.
    function sendKnownERC20(
        IGateway gateway,
        address token,
        ChainId chain,
        address recipient,
        address refund,
        uint256 amount
    ) internal returns (bytes32 id) {
        Ledgers.sendOutERC20(token, chain, amount);
        bytes memory head = AssetMessages.outward(AssetMessages.ERC20, token, recipient, refund);
        return Peers.dispatch(gateway, Post(chain, bytes.concat(head, AssetMessages.erc20Amount(amount)), 0));
    }

    /* COLLECTIONS */

    /// @notice A parcel for items that leave their home. If this is the collection's first on the lane, describes it, with
    ///         the royalty of the first item as its default.
    function begin(
        IGateway gateway,
        uint8 standard,
        address token,
        ChainId destination,
        address recipient,
        address refund,
        uint256 firstId
    ) internal returns (Parcel memory parcel) {
        Remote memory remote = Peers.destination(destination, recipient);
        (parcel.standard, parcel.token, parcel.destination) = (standard, token, destination);
        (parcel.number, parcel.limited) = (remote.number, remote.flags & Peers.LIMITED != 0);
        parcel.told = Ledgers.told(standard, token, destination);
        if (!parcel.told.described) _describe(gateway, parcel, firstId);
        parcel.payload = AssetMessages.outward(standard, token, recipient, refund);
        parcel.gasLimit = MESSAGE_GAS;
    }

    function _describe(IGateway gateway, Parcel memory parcel, uint256 firstId) private {
        (uint8 standard, address token) = (parcel.standard, parcel.token);
        bytes memory description;
        (description, parcel.told) = Descriptions.ofCollection(standard, token, firstId);
        Ledgers.tell(standard, token, parcel.destination, parcel.told);
        Peers.dispatch(gateway, Post(parcel.destination, description, DESCRIPTION_GAS));
    }

    /// @notice Adds a home item to the parcel, with what it says of itself.
    function add(Parcel memory parcel, uint256 id, uint256 amount) internal view {
        Item memory item = HomeTokens.itemOf(parcel.standard, parcel.token, id, amount, parcel.told);
        parcel.gasLimit += ITEM_GAS + HomeTokens.wordsOf(item) * STORED_WORD_GAS;
        parcel.payload = bytes.concat(parcel.payload, AssetMessages.item(parcel.standard, item));
    }

    /// @notice Sends the parcel.
    function dispatch(Parcel memory parcel, IGateway gateway) internal returns (bytes32 id) {
        return Peers.dispatch(gateway, Post(parcel.destination, parcel.payload, parcel.gasLimit));
    }
}
