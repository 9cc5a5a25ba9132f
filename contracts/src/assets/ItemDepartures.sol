// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Ledgers} from "./Ledgers.sol";
import {Parcel, Parcels} from "./Parcels.sol";
import {Peers, Remote} from "./Peers.sol";
import {Refusals} from "./Refusals.sol";
import {Waiting} from "./Waiting.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @notice Items that are to leave.
struct ItemsDeparture {
    uint8 standard;
    address token;
    ChainId destination;
    address recipient;
    /// @dev Who gets back what cannot arrive. If he is not the caller, that is the token, and has handed over.
    address sender;
    /// @dev What wrapped tokens of the standard delegate to.
    address implementation;
}

/// @title Departures of items
/// @notice Takes what is sent of ERC-721s and ERC-1155s into custody, or burns it if its home is elsewhere, and tells the
///         other chain.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library ItemDepartures {
    using Parcels for Parcel;

    /* STORAGE */

    /// @dev Gas limits: more than what the steps were measured to take.
    uint256 internal constant FORWARD_GAS = 400_000;
    uint256 internal constant FORWARD_ITEM_GAS = 150_000;

    /* SENDING */

    /// @notice Sends items to another chain, home, or by way of home.
    /// @param amounts Of each item; for an ERC-721 anything.
    function send(
        IGateway gateway,
        ItemsDeparture calldata departure,
        uint256[] calldata ids,
        uint256[] calldata amounts
    ) external {
        require(ids.length > 0, IAssetGateway.ArraysMalformed(ids.length, amounts.length));
        (Parcel memory parcel, bool home, bool endsHome) = _begin(gateway, departure, ids[0]);
        bool single = parcel.standard == AssetMessages.ERC721;
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetReading.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            uint256 amount = single ? 1 : amounts[i];
            require(amount > 0, IAssetGateway.AmountZero());
            if (parcel.limited) Waiting.requireFlow(parcel.token, parcel.destination, true, amount);
            if (home) _collect(parcel, ids[i], amount);
            else _burn(parcel, endsHome, ids[i], amount);
        }
        parcel.dispatch(gateway);
    }

    /// @dev The parcel, whether this is the items' home, and if not, whether they stay there.
    function _begin(IGateway gateway, ItemsDeparture calldata departure, uint256 firstId)
        private
        returns (Parcel memory parcel, bool home, bool endsHome)
    {
        (address token, ChainId destination) = (departure.token, departure.destination);
        (ChainId homeChain, address homeToken) = WrappedTokens.homeOf(departure.implementation, token);
        home = homeToken == address(0);
        require(!home || token.code.length > 0, IAssetGateway.TokenWithoutCode(token));
        parcel = home
            ? Parcels.begin(
                gateway,
                departure.standard,
                token,
                destination,
                departure.recipient,
                departure.sender,
                firstId
            )
            : _parcelHome(departure, homeChain, homeToken);
        parcel.holder = departure.sender == msg.sender ? msg.sender : address(this);
        endsHome = homeChain == destination;
    }

    /// @dev A parcel for wrapped items that go home, or by way of home.
    function _parcelHome(ItemsDeparture calldata departure, ChainId homeChain, address homeToken)
        private
        view
        returns (Parcel memory parcel)
    {
        (uint8 standard, ChainId destination) = (departure.standard, departure.destination);
        Remote memory remote = Peers.homewardDestination(homeChain, destination, departure.recipient);
        (parcel.standard, parcel.token, parcel.destination) = (standard, departure.token, homeChain);
        parcel.limited = remote.flags & Peers.LIMITED != 0;
        parcel.payload = AssetMessages.homeward(
            standard, homeToken, departure.recipient, departure.sender, homeChain, destination
        );
        parcel.gasLimit = homeChain == destination ? Parcels.MESSAGE_GAS : FORWARD_GAS;
    }

    /// @dev Takes a home item into custody and adds it to the parcel.
    function _collect(Parcel memory parcel, uint256 id, uint256 amount) private {
        (address token, address holder) = (parcel.token, parcel.holder);
        if (parcel.told.tiesItems) Refusals.requireFree(token, id);
        if (parcel.standard == AssetMessages.ERC721) collectERC721(token, id, holder, parcel.number);
        else _collectERC1155(token, id, amount, holder, parcel.destination);
        parcel.add(id, amount);
    }

    /// @dev Burns a wrapped item of the sender and adds it to the parcel.
    function _burn(Parcel memory parcel, bool endsHome, uint256 id, uint256 amount) private {
        IWrappedCollection(parcel.token).burn(parcel.holder, id, amount);
        parcel.gasLimit += endsHome ? Parcels.ITEM_GAS : FORWARD_ITEM_GAS;
        parcel.payload = bytes.concat(parcel.payload, AssetMessages.item(parcel.standard, id, amount));
    }

    /// @notice Takes an item into custody, unless it was handed over before.
    function collectERC721(address token, uint256 id, address holder, uint8 destination) internal {
        Ledgers.moveERC721(token, id, 0, destination);
        if (holder != address(this)) IERC721(token).transferFrom(holder, address(this), id);
        require(IERC721(token).ownerOf(id) == address(this), IAssetGateway.TokenNotReceived(token, id));
    }

    /// @dev Takes items into custody, unless they were handed over before, and makes sure that all of them came. What there
    ///      was before they were handed over nobody knows; then all that is out must be covered.
    function _collectERC1155(address token, uint256 id, uint256 amount, address holder, ChainId destination)
        private
    {
        bool here = holder == address(this);
        uint256 before = here ? 0 : IERC1155(token).balanceOf(address(this), id);
        Ledgers.sendOutERC1155(token, id, amount, destination);
        if (!here) IERC1155(token).safeTransferFrom(holder, address(this), id, amount, "");
        uint256 held = IERC1155(token).balanceOf(address(this), id);
        bool received = here ? held >= Ledgers.outERC1155(token, id) : held == before + amount;
        require(received, IAssetGateway.TokenNotReceived(token, id));
    }
}
