// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IWrappedCollection, IWrappedERC1155} from "../interfaces/IWrappedToken.sol";
import {Item, Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {ERC1155Custody} from "./ERC1155Custody.sol";
import {ERC721Custody} from "./ERC721Custody.sol";
import {ItemDepartures, ItemsDeparture} from "./ItemDepartures.sol";
import {Ledgers} from "./Ledgers.sol";
import {Parcel, Parcels} from "./Parcels.sol";
import {Peer, Peers} from "./Peers.sol";
import {Waiting} from "./Waiting.sol";

/// @title Collection custody
/// @notice How items of ERC-721s and ERC-1155s travel: out of their home with URI and royalty, wrapped on arrival, and
///         back home or by way of home.
abstract contract CollectionCustody is ERC721Custody, ERC1155Custody {
    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC721(
        address token,
        uint256[] calldata tokenIds,
        ChainId destinationChain,
        address recipient
    ) external payable nonReentrant returningSurplus {
        Told memory told = Ledgers.told(AssetMessages.ERC721, token, destinationChain);
        if (told.described && !told.tiesItems) {
            _sendKnown(token, tokenIds, destinationChain, recipient);
        } else {
            _sendItems(
                AssetMessages.ERC721, token, tokenIds, tokenIds, destinationChain, recipient, msg.sender
            );
        }
    }

    /// @dev The short way, for free items of an ERC-721 of this chain of which the destination knows.
    function _sendKnown(address token, uint256[] calldata ids, ChainId destination, address recipient)
        private
    {
        require(ids.length > 0, ArraysMalformed(ids.length, ids.length));
        Parcel memory parcel =
            Parcels.begin(gateway(), AssetMessages.ERC721, token, destination, recipient, msg.sender, ids[0]);
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetReading.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            if (parcel.limited) Waiting.requireFlow(token, destination, true, 1);
            ItemDepartures.collectERC721(token, ids[i], msg.sender, parcel.number);
            Parcels.add(parcel, ids[i], 1);
        }
        Parcels.dispatch(parcel, gateway());
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
        _sendItems(AssetMessages.ERC1155, token, tokenIds, amounts, destinationChain, recipient, msg.sender);
    }

    /// @param amounts Of each item; for an ERC-721 anything.
    /// @param sender Who gets back what cannot arrive. If he is not the caller, that is the token, and has handed over.
    function _sendItems(
        uint8 standard,
        address token,
        uint256[] calldata ids,
        uint256[] calldata amounts,
        ChainId destination,
        address recipient,
        address sender
    ) internal {
        ItemsDeparture memory departure = ItemsDeparture(
            standard, token, destination, recipient, sender, _implementation(standard)
        );
        ItemDepartures.send(gateway(), departure, ids, amounts);
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
