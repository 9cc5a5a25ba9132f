// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IWrappedCollection, IWrappedERC1155} from "../interfaces/IWrappedToken.sol";
import {Item} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {ERC1155Custody} from "./ERC1155Custody.sol";
import {ERC721Custody} from "./ERC721Custody.sol";
import {Parcel, Parcels} from "./Parcels.sol";
import {Peer, Peers, Remote} from "./Peers.sol";
import {Refusals} from "./Refusals.sol";
import {Waiting} from "./Waiting.sol";

/// @title Collection custody
/// @notice How items of ERC-721s and ERC-1155s travel: out of their home with URI and royalty, wrapped on arrival, and
///         back home or by way of home.
abstract contract CollectionCustody is ERC721Custody, ERC1155Custody {
    using Parcels for Parcel;

    /* STORAGE */

    /// @dev Gas limits: more than what the steps were measured to take.
    uint256 private constant FORWARD_GAS = 400_000;
    uint256 private constant FORWARD_ITEM_GAS = 150_000;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC721(
        address token,
        uint256[] calldata tokenIds,
        ChainId destinationChain,
        address recipient
    ) external payable nonReentrant returningSurplus {
        _sendItems(token, tokenIds, tokenIds, destinationChain, recipient, msg.sender);
    }

    /// @inheritdoc IAssetGateway
    function sendERC1155(
        address token,
        uint256[] calldata tokenIds,
        uint256[] calldata amounts,
        ChainId destinationChain,
        address recipient
    ) external payable nonReentrant returningSurplus {
        require(tokenIds.length == amounts.length, ArraysMalformed(tokenIds.length, amounts.length));
        _sendItems(token, tokenIds, amounts, destinationChain, recipient, msg.sender);
    }

    /// @param amounts Of each item; for an ERC-721 anything.
    /// @param sender Who gets back what cannot arrive. If he is not the caller, that is the token, and has handed over.
    function _sendItems(
        address token,
        uint256[] calldata ids,
        uint256[] calldata amounts,
        ChainId destinationChain,
        address recipient,
        address sender
    ) internal {
        require(ids.length > 0, ArraysMalformed(ids.length, amounts.length));
        uint8 standard = _standardSent();
        (ChainId homeChain, address homeToken) = _homeOf(standard, token);
        Parcel memory parcel;
        if (homeToken == address(0)) {
            require(token.code.length > 0, TokenWithoutCode(token));
            parcel = Parcels.begin(gateway(), standard, token, destinationChain, recipient, sender, ids[0]);
        } else {
            parcel = _parcelHome(standard, token, homeChain, homeToken, destinationChain, recipient, sender);
        }
        parcel.holder = sender == msg.sender ? sender : address(this);
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetReading.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            uint256 amount = standard == AssetMessages.ERC721 ? 1 : amounts[i];
            require(amount > 0, AmountZero());
            if (parcel.limited) Waiting.requireFlow(token, parcel.destination, true, amount);
            if (homeToken == address(0)) _collect(parcel, ids[i], amount);
            else _burn(parcel, homeChain == destinationChain, ids[i], amount);
        }
        parcel.send(gateway());
    }

    /// @dev By the function that was called. As an argument it would have the compiler write {_sendItems} once for each.
    function _standardSent() private pure returns (uint8) {
        bool single =
            msg.sig == this.sendERC721.selector || msg.sig == IERC721Receiver.onERC721Received.selector;
        return single ? AssetMessages.ERC721 : AssetMessages.ERC1155;
    }

    /// @dev A parcel for wrapped items that go home, or by way of home.
    function _parcelHome(
        uint8 standard,
        address token,
        ChainId homeChain,
        address homeToken,
        ChainId destinationChain,
        address recipient,
        address sender
    ) private view returns (Parcel memory parcel) {
        Remote memory remote = _homewardDestination(homeChain, destinationChain, recipient);
        (parcel.standard, parcel.token, parcel.destination) = (standard, token, homeChain);
        parcel.limited = remote.flags & Peers.LIMITED != 0;
        parcel.payload =
            AssetMessages.homeward(standard, homeToken, recipient, sender, homeChain, destinationChain);
        parcel.gasLimit = homeChain == destinationChain ? Parcels.MESSAGE_GAS : FORWARD_GAS;
    }

    /// @dev Takes a home item into custody and adds it to the parcel.
    function _collect(Parcel memory parcel, uint256 id, uint256 amount) private {
        (address token, address holder) = (parcel.token, parcel.holder);
        if (parcel.told.tiesItems) Refusals.requireFree(token, id);
        if (parcel.standard == AssetMessages.ERC721) _collectERC721(token, id, holder, parcel.number);
        else _collectERC1155(token, id, amount, holder, parcel.destination);
        parcel.add(id, amount);
    }

    /// @dev Burns a wrapped item of the sender and adds it to the parcel.
    function _burn(Parcel memory parcel, bool endsHome, uint256 id, uint256 amount) private {
        IWrappedCollection(parcel.token).burn(parcel.holder, id, amount);
        parcel.gasLimit += endsHome ? Parcels.ITEM_GAS : FORWARD_ITEM_GAS;
        parcel.payload = bytes.concat(parcel.payload, AssetMessages.item(parcel.standard, id, amount));
    }

    /* RECEIVING */

    /// @dev Items of a collection of the source chain arrive.
    function _mintItems(
        uint8 standard,
        Peer memory peer,
        address homeToken,
        address recipient,
        bytes calldata payload,
        uint256 begin
    ) internal {
        address token = _wrapped(standard, peer.chain, homeToken);
        bool batched = standard == AssetMessages.ERC1155 && peer.flags & Peers.LIMITED == 0;
        (uint256 id, uint256 amount, bool bringing) = (0, 0, false);
        for (uint256 offset = begin; offset < payload.length;) {
            uint256 head = offset;
            (id, amount, bringing, offset) = AssetReading.readItem(standard, true, payload, begin, offset, id);
            if (batched && !bringing && offset < payload.length) {
                (offset, id) = _mintBatch(token, recipient, payload, begin, head);
                continue;
            }
            address to = _admit(standard, peer, token, id, recipient, amount) ? recipient : address(this);
            if (bringing) offset = _mintDescribed(token, to, id, amount, payload, head, offset);
            else IWrappedCollection(token).mint(to, id, amount);
        }
    }

    /// @dev As many items of an ERC-1155 as bring nothing, at once.
    /// @return end Where they end.
    /// @return id The last one's.
    function _mintBatch(
        address token,
        address recipient,
        bytes calldata payload,
        uint256 begin,
        uint256 offset
    ) private returns (uint256 end, uint256 id) {
        // An item takes three bytes at least.
        uint256 most = (payload.length - offset) / 3 + 1;
        (uint256[] memory ids, uint256[] memory amounts) = (new uint256[](most), new uint256[](most));
        (uint256 count, uint256 amount, bool bringing) = (0, 0, false);
        for (end = offset; end < payload.length; ++count) {
            (id, amount, bringing, offset) = AssetReading.readItem(
                AssetMessages.ERC1155, true, payload, begin, end, count == 0 ? 0 : ids[count - 1]
            );
            if (bringing) break;
            (ids[count], amounts[count], end) = (id, amount, offset);
        }
        assembly ("memory-safe") {
            mstore(ids, count)
            mstore(amounts, count)
        }
        id = ids[count - 1];
        IWrappedERC1155(token).mintBatch(recipient, ids, amounts);
    }

    /// @return end Where the item ends.
    function _mintDescribed(
        address token,
        address recipient,
        uint256 id,
        uint256 amount,
        bytes calldata payload,
        uint256 head,
        uint256 offset
    ) private returns (uint256 end) {
        Item memory item;
        (item.id, item.amount) = (id, amount);
        (item.uri, item.ownRoyalty, item.royalty, end) = AssetReading.readBrought(payload, head, offset);
        IWrappedCollection(token).mintDescribed(recipient, item);
    }
}
