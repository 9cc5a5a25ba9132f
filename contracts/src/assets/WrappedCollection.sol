// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {Description, Item, Royalty} from "../types/Assets.sol";
import {WrappedToken} from "./WrappedToken.sol";

/// @title Wrapped collection
/// @notice URIs and royalties of a wrapped ERC-721 or ERC-1155.
abstract contract WrappedCollection is IWrappedCollection, WrappedToken, IERC2981 {
    /* TYPES */

    /// @dev {Royalty} in one slot with what tells no royalty from the default one.
    struct OwnRoyalty {
        address receiver;
        uint16 basisPoints;
        bool exists;
    }

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.WrappedCollection
    struct WrappedCollectionStorage {
        Royalty defaultRoyalty;
        mapping(uint256 id => OwnRoyalty) ownRoyalties;
        mapping(uint256 id => string) uris;
        /// @dev A bit for each item that has brought something, 256 of neighbouring ids to a slot.
        mapping(uint256 group => uint256) described;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.WrappedCollection")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _COLLECTION_STORAGE =
        0xcc99c95626d1260f0d05005ec3ce3f369e387891fa790390027da2f136440300;

    uint256 private constant FULL_PRICE = 10_000;

    /* CONSTRUCTION */

    function _initialise(Description calldata description) internal override {
        _collection().defaultRoyalty = description.royalty;
    }

    /* RECEIVING */

    /// @dev Takes over what the item brings, in place of what it may have brought before.
    function _describe(Item calldata item) internal {
        WrappedCollectionStorage storage $ = _collection();
        uint256 group = $.described[item.id >> 8];
        uint256 bit = 1 << (item.id & 0xff);
        bool known = group & bit != 0;
        if (!known) $.described[item.id >> 8] = group | bit;
        if (known || bytes(item.uri).length > 0) $.uris[item.id] = item.uri;
        if (known || item.ownRoyalty) {
            Royalty calldata royalty = item.royalty;
            $.ownRoyalties[item.id] = OwnRoyalty(royalty.receiver, royalty.basisPoints, item.ownRoyalty);
        }
    }

    /// @dev Forgets what an item brought, if it brought anything.
    function _undescribe(uint256 id) internal {
        WrappedCollectionStorage storage $ = _collection();
        uint256 group = $.described[id >> 8];
        uint256 bit = 1 << (id & 0xff);
        if (group & bit == 0) return;
        $.described[id >> 8] = group ^ bit;
        delete $.uris[id];
        delete $.ownRoyalties[id];
    }

    /* VIEWS */

    /// @notice What the collection is called at home.
    function name() public view virtual returns (string memory) {
        return _wrappedToken().name;
    }

    /// @notice Its symbol at home.
    function symbol() public view virtual returns (string memory) {
        return _wrappedToken().symbol;
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 id, uint256 salePrice) external view returns (address, uint256) {
        OwnRoyalty memory own = _collection().ownRoyalties[id];
        Royalty memory royalty =
            own.exists ? Royalty(own.receiver, own.basisPoints) : _collection().defaultRoyalty;
        return (royalty.receiver, Math.mulDiv(salePrice, royalty.basisPoints, FULL_PRICE));
    }

    function _uri(uint256 id) internal view returns (string memory) {
        return _collection().uris[id];
    }

    function _collection() private pure returns (WrappedCollectionStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _COLLECTION_STORAGE
        }
    }
}
