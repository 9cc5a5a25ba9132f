// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {Item, Royalty} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title Collection custody
/// @notice What ERC-721 and ERC-1155 have in common: items leave with their URIs and royalties, are wrapped on arrival,
///         and go home or by way of home.
abstract contract CollectionCustody is Wrapping {
    /* TYPES */

    /// @dev What one other chain has been told about one collection.
    struct Told {
        bool described;
        /// @dev The default royalty told; items with another carry their own.
        address royaltyReceiver;
        uint16 royaltyBasisPoints;
    }

    /// @dev Items on their way into a message.
    struct Parcel {
        uint8 standard;
        /// @dev The home token.
        address token;
        ChainId destinationChain;
        address recipient;
        /// @dev The royalty of items that carry none.
        Royalty defaultRoyalty;
        bytes items;
        uint256 gasLimit;
    }

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.CollectionCustody
    struct CollectionCustodyStorage {
        mapping(uint8 standard => mapping(address token => mapping(ChainId => Told))) told;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.CollectionCustody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _COLLECTION_STORAGE =
        0xd9bd316158611c8e25b244f662ccedb82be44a72141c1bc203ac37d874877700;

    /// @dev Gas limits: more than what the steps were measured to take, and something for the recipient's hook.
    uint256 private constant MESSAGE_GAS = 100_000;
    uint256 private constant FORWARD_GAS = 400_000;
    uint256 private constant ITEM_GAS = 70_000;
    uint256 private constant FORWARD_ITEM_GAS = 150_000;
    uint256 private constant STORED_WORD_GAS = 23_000;

    /* SENDING */

    /// @dev A parcel of items that go out of their home. Describes the collection first, if nobody has yet; then the
    ///      royalty of the first item is taken for the collection's.
    function _parcel(
        uint8 standard,
        address token,
        ChainId destinationChain,
        address recipient,
        uint256 firstId
    ) internal returns (Parcel memory parcel) {
        (parcel.standard, parcel.token) = (standard, token);
        (parcel.destinationChain, parcel.recipient) = (destinationChain, recipient);
        parcel.gasLimit = MESSAGE_GAS;

        Told storage told = _collections().told[standard][token][destinationChain];
        if (!told.described) _describe(parcel, told, HomeTokens.royaltyOf(token, firstId));
        (parcel.defaultRoyalty.receiver, parcel.defaultRoyalty.basisPoints) =
        (told.royaltyReceiver, told.royaltyBasisPoints);
    }

    function _describe(Parcel memory parcel, Told storage told, Royalty memory royalty) private {
        (told.described, told.royaltyReceiver, told.royaltyBasisPoints) =
        (true, royalty.receiver, royalty.basisPoints);
        bytes4 interfaceId =
            parcel.standard == AssetMessages.ERC721 ? type(IERC721).interfaceId : type(IERC1155).interfaceId;
        require(HomeTokens.declares(parcel.token, interfaceId), TokenKindMismatch(parcel.token));
        _sendDescription(
            parcel.standard,
            parcel.destinationChain,
            parcel.token,
            HomeTokens.describeCollection(parcel.token, royalty)
        );
    }

    /// @dev Adds an item with what its home says of it.
    function _add(Parcel memory parcel, uint256 id, uint256 amount, string memory uri) internal view {
        uint256 length = bytes(uri).length;
        require(
            length <= AssetMessages.MAXIMUM_URI_LENGTH,
            TokenURITooLong(length, AssetMessages.MAXIMUM_URI_LENGTH)
        );
        Royalty memory royalty = HomeTokens.royaltyOf(parcel.token, id);
        bool own = royalty.receiver != parcel.defaultRoyalty.receiver
            || royalty.basisPoints != parcel.defaultRoyalty.basisPoints;

        bytes memory item = AssetMessages.item(parcel.standard, Item(id, amount, uri, own, royalty));
        parcel.items = bytes.concat(parcel.items, item);
        uint256 words = (length > 0 ? length / 32 + 2 : 0) + (own ? 1 : 0);
        parcel.gasLimit += ITEM_GAS + words * STORED_WORD_GAS;
    }

    /// @dev Sends a parcel that is complete.
    function _dispatch(Parcel memory parcel) internal {
        bytes memory head = AssetMessages.head(parcel.standard, parcel.token, parcel.recipient);
        _send(parcel.destinationChain, bytes.concat(head, parcel.items), parcel.gasLimit);
    }

    /// @dev Burns wrapped items of the sender and has their home release them, or send them on.
    function _sendHomeward(
        uint8 standard,
        address token,
        uint256[] calldata ids,
        uint256[] memory amounts,
        ChainId destinationChain,
        address recipient
    ) internal {
        require(ChainId.unwrap(destinationChain) != block.chainid, ChainUnknown(destinationChain));
        (ChainId homeChain, address homeToken) = _homeOf(standard, token);
        bytes memory payload =
            AssetMessages.homewardHead(standard, homeToken, recipient, homeChain, destinationChain);
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetMessages.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            require(amounts[i] > 0, AmountZero());
            IWrappedCollection(token).burn(msg.sender, ids[i], amounts[i]);
            Item memory item;
            (item.id, item.amount) = (ids[i], amounts[i]);
            payload = bytes.concat(payload, AssetMessages.item(standard, item));
        }
        uint256 gasLimit = homeChain == destinationChain
            ? MESSAGE_GAS + ids.length * ITEM_GAS
            : FORWARD_GAS + ids.length * FORWARD_ITEM_GAS;
        _send(homeChain, payload, gasLimit);
    }

    /* RECEIVING */

    /// @dev Items of a collection of the source chain arrive.
    function _mintItems(
        uint8 standard,
        ChainId source,
        address homeToken,
        address recipient,
        bytes calldata rest
    ) internal {
        address token = _wrapped(standard, source, homeToken);
        uint256 previous;
        for (uint256 i = 0; AssetMessages.hasItem(rest, i); ++i) {
            Item memory item;
            (item, rest) = AssetMessages.readItem(standard, true, rest);
            AssetMessages.requireAscending(i, previous, item.id);
            previous = item.id;
            if (bytes(item.uri).length > 0 || item.ownRoyalty) {
                IWrappedCollection(token).mintDescribed(recipient, item);
            } else {
                IWrappedCollection(token).mint(recipient, item.id, item.amount);
            }
        }
    }

    /// @dev Reads the items of a message that comes home; ids ascend.
    function _nextItem(uint8 standard, bytes calldata body, uint256 index, uint256 previous)
        internal
        pure
        returns (uint256 id, uint256 amount, bytes calldata rest)
    {
        Item memory item;
        (item, rest) = AssetMessages.readItem(standard, false, body);
        AssetMessages.requireAscending(index, previous, item.id);
        return (item.id, item.amount, rest);
    }

    /* VIEWS */

    function _collections() private pure returns (CollectionCustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _COLLECTION_STORAGE
        }
    }
}
