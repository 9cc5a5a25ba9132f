// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {CollectionCustody} from "./CollectionCustody.sol";
import {HomeTokens} from "./HomeTokens.sol";

/// @title ERC-721 custody
/// @notice Holds what was sent of this chain's ERC-721s, and knows on which chain each item is.
abstract contract ERC721Custody is CollectionCustody, IERC721Receiver {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC721Custody
    struct ERC721CustodyStorage {
        mapping(address token => mapping(uint256 id => ChainId)) away;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC721Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC721_STORAGE =
        0xdc71d74599c9d0729735b1cc1a2b4094d87c98d4023efad586369bb52c4c6a00;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC721(
        address token,
        uint256[] calldata tokenIds,
        ChainId destinationChain,
        address recipient
    ) external nonReentrant {
        _requireRecipient(destinationChain, recipient);
        require(tokenIds.length > 0, ArraysMalformed(0, 0));

        (, address homeToken) = _homeOf(AssetMessages.ERC721, token);
        if (homeToken != address(0)) {
            uint256[] memory ones = new uint256[](tokenIds.length);
            for (uint256 i = 0; i < ones.length; ++i) {
                ones[i] = 1;
            }
            _sendHomeward(AssetMessages.ERC721, token, tokenIds, ones, destinationChain, recipient);
            return;
        }
        require(token.code.length > 0, TokenWithoutCode(token));
        Parcel memory parcel = _parcel(AssetMessages.ERC721, token, destinationChain, recipient, tokenIds[0]);
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            AssetMessages.requireAscending(i, i == 0 ? 0 : tokenIds[i - 1], tokenIds[i]);
            _collect(token, tokenIds[i], destinationChain);
            _addERC721(parcel, tokenIds[i]);
        }
        _dispatch(parcel);
    }

    /// @dev Takes an item into custody.
    function _collect(address token, uint256 id, ChainId destinationChain) private {
        ERC721CustodyStorage storage $ = _erc721();
        ChainId away = $.away[token][id];
        require(ChainId.unwrap(away) == 0, AlreadyAway(token, id, away));
        $.away[token][id] = destinationChain;
        IERC721(token).transferFrom(msg.sender, address(this), id);
        require(IERC721(token).ownerOf(id) == address(this), TokenNotReceived(token, id));
    }

    function _addERC721(Parcel memory parcel, uint256 id) private view {
        bytes memory question = abi.encodeCall(IERC721Metadata.tokenURI, (id));
        _add(parcel, id, 1, HomeTokens.textOf(parcel.token, question));
    }

    /* RECEIVING */

    /// @dev Items of this chain come home.
    function _releaseERC721(ChainId source, address token, address recipient, bytes calldata rest) internal {
        uint256 id;
        for (uint256 i = 0; AssetMessages.hasItem(rest, i); ++i) {
            (id,, rest) = _nextItem(AssetMessages.ERC721, rest, i, id);
            _move(token, id, source, ChainId.wrap(0));
            IERC721(token).safeTransferFrom(address(this), recipient, id);
        }
    }

    /// @dev Items of this chain pass through to another.
    function _forwardERC721(ChainId source, address token, address recipient, bytes calldata body) internal {
        (ChainId chain, bytes calldata rest) = AssetMessages.readChain(body);
        _requireRecipient(chain, recipient);
        Parcel memory parcel;
        uint256 id;
        for (uint256 i = 0; AssetMessages.hasItem(rest, i); ++i) {
            (id,, rest) = _nextItem(AssetMessages.ERC721, rest, i, id);
            if (i == 0) parcel = _parcel(AssetMessages.ERC721, token, chain, recipient, id);
            _move(token, id, source, chain);
            _addERC721(parcel, id);
        }
        _dispatch(parcel);
    }

    /// @dev No chain gives back what is not there.
    function _move(address token, uint256 id, ChainId from, ChainId to) private {
        ERC721CustodyStorage storage $ = _erc721();
        require($.away[token][id] == from, NotAwayThere(token, id, from));
        $.away[token][id] = to;
    }

    /// @inheritdoc IERC721Receiver
    /// @dev Refuses: nobody could tell where the item is to go.
    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        revert TransferUnexpected(msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function whereabouts(address token, uint256 id) external view returns (ChainId) {
        return _erc721().away[token][id];
    }

    function _erc721() private pure returns (ERC721CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC721_STORAGE
        }
    }
}
