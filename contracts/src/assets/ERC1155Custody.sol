// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {CollectionCustody} from "./CollectionCustody.sol";
import {HomeTokens} from "./HomeTokens.sol";

/// @title ERC-1155 custody
/// @notice Holds what was sent of this chain's ERC-1155s, and knows how many of each item every chain has.
abstract contract ERC1155Custody is CollectionCustody, IERC1155Receiver {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC1155Custody
    struct ERC1155CustodyStorage {
        mapping(address token => mapping(uint256 id => mapping(ChainId => uint256))) outstanding;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC1155Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC1155_STORAGE =
        0xd7fbf982b0bf0557d14da344b455ce691222f041d18c1d9b5917b479a56a2600;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC1155(
        address token,
        uint256[] calldata tokenIds,
        uint256[] calldata amounts,
        ChainId destinationChain,
        address recipient
    ) external nonReentrant {
        _requireRecipient(destinationChain, recipient);
        bool matching = tokenIds.length > 0 && tokenIds.length == amounts.length;
        require(matching, ArraysMalformed(tokenIds.length, amounts.length));

        (, address homeToken) = _homeOf(AssetMessages.ERC1155, token);
        if (homeToken != address(0)) {
            _sendHomeward(AssetMessages.ERC1155, token, tokenIds, amounts, destinationChain, recipient);
            return;
        }
        require(token.code.length > 0, TokenWithoutCode(token));
        Parcel memory parcel = _parcel(AssetMessages.ERC1155, token, destinationChain, recipient, tokenIds[0]);
        _collect(token, tokenIds, amounts);
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            _erc1155().outstanding[token][tokenIds[i]][destinationChain] += amounts[i];
            _addERC1155(parcel, tokenIds[i], amounts[i]);
        }
        _dispatch(parcel);
    }

    /// @dev Takes items into custody, and makes sure that all of them came.
    function _collect(address token, uint256[] calldata ids, uint256[] calldata amounts) private {
        address[] memory holders = new address[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            AssetMessages.requireAscending(i, i == 0 ? 0 : ids[i - 1], ids[i]);
            require(amounts[i] > 0, AmountZero());
            holders[i] = address(this);
        }
        uint256[] memory before = IERC1155(token).balanceOfBatch(holders, ids);
        IERC1155(token).safeBatchTransferFrom(msg.sender, address(this), ids, amounts, "");
        uint256[] memory held = IERC1155(token).balanceOfBatch(holders, ids);
        for (uint256 i = 0; i < ids.length; ++i) {
            require(held[i] == before[i] + amounts[i], TokenNotReceived(token, ids[i]));
        }
    }

    function _addERC1155(Parcel memory parcel, uint256 id, uint256 amount) private view {
        bytes memory question = abi.encodeCall(IERC1155MetadataURI.uri, (id));
        _add(parcel, id, amount, HomeTokens.textOf(parcel.token, question));
    }

    /* RECEIVING */

    /// @dev Items of this chain come home.
    function _releaseERC1155(ChainId source, address token, address recipient, bytes calldata rest) internal {
        uint256 id;
        uint256 amount;
        for (uint256 i = 0; AssetMessages.hasItem(rest, i); ++i) {
            (id, amount, rest) = _nextItem(AssetMessages.ERC1155, rest, i, id);
            _takeBack(token, id, source, amount);
            IERC1155(token).safeTransferFrom(address(this), recipient, id, amount, "");
        }
    }

    /// @dev Items of this chain pass through to another.
    function _forwardERC1155(ChainId source, address token, address recipient, bytes calldata body) internal {
        (ChainId chain, bytes calldata rest) = AssetMessages.readChain(body);
        _requireRecipient(chain, recipient);
        Parcel memory parcel;
        uint256 id;
        uint256 amount;
        for (uint256 i = 0; AssetMessages.hasItem(rest, i); ++i) {
            (id, amount, rest) = _nextItem(AssetMessages.ERC1155, rest, i, id);
            if (i == 0) parcel = _parcel(AssetMessages.ERC1155, token, chain, recipient, id);
            _takeBack(token, id, source, amount);
            _erc1155().outstanding[token][id][chain] += amount;
            _addERC1155(parcel, id, amount);
        }
        _dispatch(parcel);
    }

    /// @dev No chain gives back more than it got.
    function _takeBack(address token, uint256 id, ChainId chain, uint256 amount) private {
        ERC1155CustodyStorage storage $ = _erc1155();
        uint256 held = $.outstanding[token][id][chain];
        require(amount <= held, OutstandingExceeded(token, chain, amount, held));
        $.outstanding[token][id][chain] = held - amount;
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Refuses: nobody could tell where the items are to go.
    function onERC1155Received(address, address, uint256, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        revert TransferUnexpected(msg.sender);
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Accepts only what this contract fetches itself, for a send that is under way.
    function onERC1155BatchReceived(
        address operator,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external view returns (bytes4) {
        bool fetched = operator == address(this) && _reentrancyGuardEntered();
        require(fetched, TransferUnexpected(msg.sender));
        return IERC1155Receiver.onERC1155BatchReceived.selector;
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC1155(address token, uint256 id, ChainId chain) external view returns (uint256) {
        return _erc1155().outstanding[token][id][chain];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC1155Receiver).interfaceId;
    }

    function _erc1155() private pure returns (ERC1155CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC1155_STORAGE
        }
    }
}
