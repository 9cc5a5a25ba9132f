// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {Item, Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Claims} from "./Claims.sol";
import {Descriptions} from "./Descriptions.sol";
import {ERC1155Custody} from "./ERC1155Custody.sol";
import {ERC721Custody} from "./ERC721Custody.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peer, Peers, Remote} from "./Peers.sol";
import {Refusals} from "./Refusals.sol";
import {Waiting} from "./Waiting.sol";

/// @title Collection custody
/// @notice How items of ERC-721s and ERC-1155s travel: out of their home with URI and royalty, wrapped on arrival, and
///         back home or by way of home.
abstract contract CollectionCustody is ERC721Custody, ERC1155Custody {
    /* TYPES */

    /// @dev Items on their way out of their home.
    struct Parcel {
        uint8 standard;
        address token;
        /// @dev Who has the items: this contract, if they were handed over before.
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

    /// @dev Wrapped items that arrive together.
    struct Arrival {
        uint8 standard;
        Peer peer;
        address token;
        address recipient;
        /// @dev Where the first begins.
        uint256 begin;
    }

    /* STORAGE */

    /// @dev Gas limits: more than what the steps were measured to take, and something for the recipient's hook.
    uint256 private constant MESSAGE_GAS = 100_000;
    uint256 private constant ITEM_GAS = 70_000;
    uint256 private constant STORED_WORD_GAS = 23_000;
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
        address holder = msg.sender;
        uint256[] calldata amounts = tokenIds[:0];
        _sendItems(
            AssetMessages.ERC721, token, tokenIds, amounts, destinationChain, recipient, holder, holder
        );
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
        address holder = msg.sender;
        _sendItems(
            AssetMessages.ERC1155, token, tokenIds, amounts, destinationChain, recipient, holder, holder
        );
    }

    /// @param amounts Of each item; empty for an ERC-721.
    /// @param sender Who gets back what cannot arrive.
    /// @param holder Who has the items: this contract, if they were handed over before.
    function _sendItems(
        uint8 standard,
        address token,
        uint256[] calldata ids,
        uint256[] calldata amounts,
        ChainId destinationChain,
        address recipient,
        address sender,
        address holder
    ) internal {
        require(ids.length > 0, ArraysMalformed(ids.length, amounts.length));
        (ChainId homeChain, address homeToken) = _homeOf(standard, token);
        Parcel memory parcel;
        if (homeToken == address(0)) {
            require(token.code.length > 0, TokenWithoutCode(token));
            parcel = _parcelOut(standard, token, destinationChain, recipient, sender, ids[0]);
        } else {
            parcel = _parcelHome(standard, token, homeChain, homeToken, destinationChain, recipient, sender);
        }
        parcel.holder = holder;
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetReading.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            uint256 amount = amounts.length == 0 ? 1 : amounts[i];
            require(amount > 0, AmountZero());
            if (parcel.limited) Waiting.requireFlow(token, parcel.destination, true, amount);
            if (homeToken == address(0)) _collect(parcel, ids[i], amount);
            else _burn(parcel, homeChain == destinationChain, ids[i], amount);
        }
        _send(parcel.destination, parcel.payload, parcel.gasLimit);
    }

    /// @dev A parcel for items that leave their home. If this is the collection's first on the lane, describes it, with
    ///      the royalty of the first item as its default.
    function _parcelOut(
        uint8 standard,
        address token,
        ChainId destinationChain,
        address recipient,
        address refund,
        uint256 firstId
    ) private returns (Parcel memory parcel) {
        Remote memory remote = _destination(destinationChain, recipient);
        (parcel.standard, parcel.token, parcel.destination) = (standard, token, destinationChain);
        (parcel.number, parcel.limited) = (remote.number, remote.flags & Peers.LIMITED != 0);
        parcel.told = Ledgers.told(standard, token, destinationChain);
        if (!parcel.told.described) _describe(parcel, firstId);
        parcel.payload = AssetMessages.outward(standard, token, recipient, refund);
        parcel.gasLimit = MESSAGE_GAS;
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
        parcel.gasLimit = homeChain == destinationChain ? MESSAGE_GAS : FORWARD_GAS;
    }

    function _describe(Parcel memory parcel, uint256 firstId) private {
        (uint8 standard, address token, ChainId chain) = (parcel.standard, parcel.token, parcel.destination);
        bytes memory description;
        (description, parcel.told) = Descriptions.ofCollection(standard, token, firstId);
        Told storage told = Ledgers.told(standard, token, chain);
        (told.described, told.hasRoyalties, told.tiesItems) =
        (true, parcel.told.hasRoyalties, parcel.told.tiesItems);
        (told.royaltyReceiver, told.royaltyBasisPoints) =
        (parcel.told.royaltyReceiver, parcel.told.royaltyBasisPoints);
        _sendDescription(chain, description);
    }

    /// @dev Takes a home item into custody and adds it to the parcel.
    function _collect(Parcel memory parcel, uint256 id, uint256 amount) private {
        (address token, address holder) = (parcel.token, parcel.holder);
        if (parcel.told.tiesItems) Refusals.requireFree(token, id);
        if (parcel.standard == AssetMessages.ERC721) _collectERC721(token, id, holder, parcel.number);
        else _collectERC1155(token, id, amount, holder, parcel.destination);
        _add(parcel, id, amount);
    }

    /// @dev Adds a home item to the parcel, with what it says of itself.
    function _add(Parcel memory parcel, uint256 id, uint256 amount) private view {
        Item memory item = HomeTokens.itemOf(parcel.standard, parcel.token, id, amount, parcel.told);
        parcel.gasLimit += ITEM_GAS + HomeTokens.wordsOf(item) * STORED_WORD_GAS;
        parcel.payload = bytes.concat(parcel.payload, AssetMessages.item(parcel.standard, item));
    }

    /// @dev Burns a wrapped item of the sender and adds it to the parcel.
    function _burn(Parcel memory parcel, bool endsHome, uint256 id, uint256 amount) private {
        IWrappedCollection(parcel.token).burn(parcel.holder, id, amount);
        parcel.gasLimit += endsHome ? ITEM_GAS : FORWARD_ITEM_GAS;
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
        Arrival memory arrival = Arrival(
            standard, peer, _wrapped(standard, peer.chain, homeToken), recipient, begin
        );
        uint256 id;
        for (uint256 offset = begin; offset < payload.length;) {
            (id, offset) = _mintItem(arrival, payload, offset, id);
        }
    }

    /// @param head Where the item begins.
    /// @param previous The id of the item before it.
    /// @return id Its id.
    /// @return end Where it ends.
    function _mintItem(Arrival memory arrival, bytes calldata payload, uint256 head, uint256 previous)
        private
        returns (uint256 id, uint256 end)
    {
        uint8 standard = arrival.standard;
        uint256 amount;
        bool bringing;
        (id, amount, bringing, end) =
            AssetReading.readItem(standard, true, payload, arrival.begin, head, previous);
        IWrappedCollection token = IWrappedCollection(arrival.token);
        address to = arrival.recipient;
        if (!_admit(standard, arrival.peer, address(token), id, to, amount)) to = address(this);
        if (!bringing) {
            token.mint(to, id, amount);
        } else {
            Item memory item;
            (item.id, item.amount) = (id, amount);
            (item.uri, item.ownRoyalty, item.royalty, end) = AssetReading.readBrought(payload, head, end);
            token.mintDescribed(to, item);
        }
    }

    /// @dev Items of a collection of this chain come home.
    function _releaseItems(
        uint8 standard,
        Peer memory peer,
        address token,
        address recipient,
        bytes calldata payload,
        uint256 begin
    ) internal {
        (uint256 id, uint256 amount) = (0, 0);
        for (uint256 offset = begin; offset < payload.length;) {
            (id, amount,, offset) = AssetReading.readItem(standard, false, payload, begin, offset, id);
            bool isERC721 = standard == AssetMessages.ERC721;
            if (isERC721) Ledgers.moveERC721(token, id, peer.number, 0);
            else Ledgers.takeBackERC1155(token, id, amount, peer.chain);
            if (!_admit(standard, peer, token, id, recipient, amount)) continue;
            if (isERC721) _handOverERC721(token, id, recipient);
            else _handOverERC1155(token, id, amount, recipient);
        }
    }

    /// @dev Items of a collection of this chain pass through to another. Where they came from is kept, for them to go back
    ///      there.
    function _forwardItems(
        uint8 standard,
        Peer memory peer,
        address token,
        address recipient,
        address refund,
        bytes calldata payload,
        uint256 offset
    ) internal {
        ChainId chain;
        (chain, offset) = AssetReading.readFinalChain(payload, offset);
        uint256 begin = offset;
        (uint256 id, uint256 amount,,) = AssetReading.readItem(standard, false, payload, begin, begin, 0);
        Parcel memory parcel = _parcelOut(standard, token, chain, recipient, refund, id);
        while (offset < payload.length) {
            (id, amount,, offset) = AssetReading.readItem(standard, false, payload, begin, offset, id);
            _requireFlows(peer, token, chain, parcel.limited ? Peers.LIMITED : 0, amount);
            if (standard == AssetMessages.ERC721) {
                Ledgers.moveERC721(token, id, peer.number, parcel.number);
            } else {
                Ledgers.takeBackERC1155(token, id, amount, peer.chain);
                Ledgers.sendOutERC1155(token, id, amount, chain);
            }
            _add(parcel, id, amount);
        }
        bytes32 sent = _send(chain, parcel.payload, parcel.gasLimit);
        Claims.storage_().origins[sent] = peer.chain;
    }
}
