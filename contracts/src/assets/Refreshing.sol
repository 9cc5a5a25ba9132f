// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {Item, Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Ledgers} from "./Ledgers.sol";
import {Parcels} from "./Parcels.sol";
import {Peers} from "./Peers.sol";

/// @title Refreshing
/// @notice Items that have changed at home since they left, told again to a chain where they are.
/// @dev Linked to the asset gateway, and runs in its place.
library Refreshing {
    /// @dev Gas limits: more than what the steps were measured to take, with a short URI to clear away.
    uint256 private constant MESSAGE_GAS = 60_000;
    uint256 private constant ITEM_GAS = 60_000;

    /* SENDING */

    /// @notice The message that tells a chain again what items say of themselves. Looks again at what their collection
    ///         declares, which may have changed as well.
    function ask(address token, uint256[] calldata ids, ChainId chain)
        external
        returns (bytes memory payload, uint256 gasLimit)
    {
        require(ids.length > 0, IAssetGateway.ArraysMalformed(0, 0));
        Peers.requireRunning(chain, Peers.storage_().remotes[chain].flags);
        bool isERC721 = Ledgers.told(AssetMessages.ERC721, token, chain).described;
        uint8 standard = isERC721 ? AssetMessages.ERC721 : AssetMessages.ERC1155;
        Told storage known = Ledgers.told(standard, token, chain);
        require(known.described, ISpecialTokens.CollectionNotDescribed(token, chain));
        (known.hasRoyalties, known.tiesItems) = HomeTokens.traitsOf(token);
        Told memory told = known;

        payload = abi.encodePacked(standard | AssetMessages.REFRESH, token);
        gasLimit = MESSAGE_GAS;
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetReading.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            _requireAway(standard, token, ids[i], chain);
            Item memory item = HomeTokens.itemOf(standard, token, ids[i], 1, told);
            gasLimit += ITEM_GAS + HomeTokens.wordsOf(item) * Parcels.STORED_WORD_GAS;
            payload = bytes.concat(payload, AssetMessages.item(standard, item));
        }
    }

    /// @dev The item is on that chain, or on its way there or back.
    function _requireAway(uint8 standard, address token, uint256 id, ChainId chain) private view {
        if (standard == AssetMessages.ERC721) {
            ChainId where = Peers.chainOf(Ledgers.numberOf(token, id));
            require(where == chain, IAssetGateway.ItemElsewhere(token, id, where));
        } else {
            uint256 outstanding = Ledgers.erc1155().outstanding[token][id][chain];
            require(outstanding > 0, IAssetGateway.OutstandingExceeded(token, chain, 1, outstanding));
        }
    }

    /* RECEIVING */

    /// @notice Has a wrapped collection take over what a message says.
    function takeOver(uint8 standard, address token, bytes calldata payload) external {
        require(
            payload.length > AssetMessages.TOKEN_END,
            AssetReading.PayloadTruncated(payload.length, AssetMessages.TOKEN_END + 1)
        );
        Item memory item;
        bool bringing;
        for (uint256 offset = AssetMessages.TOKEN_END; offset < payload.length;) {
            uint256 head = offset;
            (item.id, item.amount, bringing, offset) =
                AssetReading.readItem(standard, true, payload, AssetMessages.TOKEN_END, offset, item.id);
            require(item.amount == 1, AssetReading.ItemMalformed(head));
            (item.uri, item.ownRoyalty, item.royalty, offset) =
                AssetReading.readBrought(payload, head, offset);
            IWrappedCollection(token).refresh(item);
        }
    }
}
