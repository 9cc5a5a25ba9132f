// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Claims} from "./Claims.sol";
import {Flows} from "./Flows.sol";
import {Ledgers} from "./Ledgers.sol";
import {Parcel, Parcels} from "./Parcels.sol";
import {Peer, Peers} from "./Peers.sol";

/// @title Homecomings
/// @notice Tokens of this chain that come back: items that are released, and whatever only passes through to a third
///         chain. Where that came from is kept, for it to go back there if it cannot arrive.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library Homecomings {
    using Parcels for Parcel;

    /* RECEIVING */

    /// @notice Releases items of a collection of this chain.
    function release(uint8 standard, Peer calldata peer, address token, bytes calldata payload) external {
        (address recipient,, uint256 begin) = AssetReading.readParties(payload);
        bool limited = peer.flags & Peers.LIMITED != 0;
        ChainId chain = peer.chain;
        (uint256 id, uint256 amount) = (0, 0);
        for (uint256 offset = begin; offset < payload.length;) {
            (id, amount,, offset) = AssetReading.readItem(standard, false, payload, begin, offset, id);
            bool single = standard == AssetMessages.ERC721;
            if (single) Ledgers.moveERC721(token, id, peer.number, 0);
            else Ledgers.takeBackERC1155(token, id, amount, chain);
            if (limited && !Claims.admit(standard, token, id, chain, recipient, amount)) continue;
            if (single) IERC721(token).safeTransferFrom(address(this), recipient, id);
            else IERC1155(token).safeTransferFrom(address(this), recipient, id, amount, "");
        }
    }

    /* FORWARDING */

    /// @notice Sends an ERC-20 of this chain on.
    function forwardERC20(IGateway gateway, Peer calldata peer, address token, bytes calldata payload)
        external
    {
        (address recipient, address refund, uint256 offset) = AssetReading.readParties(payload);
        ChainId chain;
        (chain, offset) = AssetReading.readFinalChain(payload, offset);
        uint256 amount = AssetReading.readAmount(payload, offset);
        bool limited = Peers.destination(chain, recipient).flags & Peers.LIMITED != 0;
        _requireFlows(peer, token, chain, limited, amount);
        Ledgers.takeBackERC20(token, peer.chain, amount);
        bytes32 id = Parcels.sendERC20(gateway, token, chain, recipient, refund, amount);
        Claims.storage_().origins[id] = peer.chain;
    }

    /// @notice Sends items of a collection of this chain on.
    function forwardItems(
        IGateway gateway,
        uint8 standard,
        Peer calldata peer,
        address token,
        bytes calldata payload
    ) external {
        (Parcel memory parcel, uint256 begin) = _parcel(gateway, standard, token, payload);
        (uint256 id, uint256 amount) = (0, 0);
        for (uint256 offset = begin; offset < payload.length;) {
            (id, amount,, offset) = AssetReading.readItem(standard, false, payload, begin, offset, id);
            _requireFlows(peer, token, parcel.destination, parcel.limited, amount);
            if (standard == AssetMessages.ERC721) {
                Ledgers.moveERC721(token, id, peer.number, parcel.number);
            } else {
                Ledgers.takeBackERC1155(token, id, amount, peer.chain);
                Ledgers.sendOutERC1155(token, id, amount, parcel.destination);
            }
            parcel.add(id, amount);
        }
        bytes32 sent = parcel.send(gateway);
        Claims.storage_().origins[sent] = peer.chain;
    }

    function _parcel(IGateway gateway, uint8 standard, address token, bytes calldata payload)
        private
        returns (Parcel memory parcel, uint256 begin)
    {
        (address recipient, address refund, uint256 offset) = AssetReading.readParties(payload);
        ChainId chain;
        (chain, begin) = AssetReading.readFinalChain(payload, offset);
        (uint256 id,,,) = AssetReading.readItem(standard, false, payload, begin, begin, 0);
        parcel = Parcels.begin(gateway, standard, token, chain, recipient, refund, id);
    }

    /// @dev What passes through does so as a whole or not at all, and then its message waits.
    function _requireFlows(Peer calldata peer, address token, ChainId chain, bool limited, uint256 amount)
        private
    {
        if (peer.flags & Peers.LIMITED != 0) Flows.requireDrawn(token, peer.chain, false, amount);
        if (limited) Flows.requireDrawn(token, chain, true, amount);
    }
}
