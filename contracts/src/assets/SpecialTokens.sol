// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {CollectionCustody} from "./CollectionCustody.sol";
import {ERC20Custody} from "./ERC20Custody.sol";
import {Peers, Post} from "./Peers.sol";
import {Refreshing} from "./Refreshing.sol";
import {Refusals} from "./Refusals.sol";

/// @title Special tokens
/// @notice Other ways to send: the chain's own coin, items by transferring them here, and what has changed of items.
abstract contract SpecialTokens is ERC20Custody, CollectionCustody, IERC721Receiver, IERC1155Receiver {
    using Calldata for bytes;

    /// @dev Where the id and the amount stand in what both standards' receivers are called with.
    uint256 private constant ID_ARGUMENT = 0x44;
    uint256 private constant AMOUNT_ARGUMENT = 0x64;

    /* SENDING */

    /// @inheritdoc ISpecialTokens
    function sendNative(ChainId destinationChain, address recipient, uint256 amount)
        external
        payable
        nonReentrant
        returningSurplus
    {
        _sendERC20(_WRAPPED_NATIVE, destinationChain, recipient, address(0), msg.sender, amount);
    }

    /// @inheritdoc ISpecialTokens
    function refresh(address token, uint256[] calldata tokenIds, ChainId chain)
        external
        payable
        nonReentrant
        returningSurplus
    {
        (bytes memory payload, uint256 gasLimit) = Refreshing.ask(token, tokenIds, chain);
        Peers.dispatch(gateway(), Post(chain, payload, gasLimit));
    }

    /// @inheritdoc IERC721Receiver
    /// @dev Accepts what this contract mints to keep it for somebody. Sends on what comes with
    ///      `abi.encode(destinationChain, recipient)`.
    function onERC721Received(address operator, address from, uint256, bytes calldata data)
        external
        returns (bytes4)
    {
        if (operator != address(this)) {
            uint256[] calldata ids = msg.data.words(ID_ARGUMENT, 1);
            _pass(AssetMessages.ERC721, from, ids, ids, data);
        }
        return IERC721Receiver.onERC721Received.selector;
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Accepts what this contract fetches for a send, or mints to keep it for somebody. Sends on what comes with
    ///      `abi.encode(destinationChain, recipient)`.
    function onERC1155Received(address operator, address from, uint256, uint256, bytes calldata data)
        external
        returns (bytes4)
    {
        if (operator != address(this)) {
            uint256[] calldata amounts = msg.data.words(AMOUNT_ARGUMENT, 1);
            _pass(AssetMessages.ERC1155, from, msg.data.words(ID_ARGUMENT, 1), amounts, data);
        }
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Sends the items on, if the data are `abi.encode(destinationChain, recipient)`.
    function onERC1155BatchReceived(
        address,
        address from,
        uint256[] calldata ids,
        uint256[] calldata amounts,
        bytes calldata data
    ) external returns (bytes4) {
        require(ids.length == amounts.length, ArraysMalformed(ids.length, amounts.length));
        _pass(AssetMessages.ERC1155, from, ids, amounts, data);
        return IERC1155Receiver.onERC1155BatchReceived.selector;
    }

    /// @dev Sends on what the calling token has handed over. Nobody has paid for it.
    function _pass(
        uint8 standard,
        address from,
        uint256[] calldata ids,
        uint256[] calldata amounts,
        bytes calldata data
    ) private nonReentrant {
        bool ordered =
            data.length == 64 && from != address(0) && from != address(this);
        require(ordered, TransferUnexpected(msg.sender));
        (ChainId chain, address recipient) = abi.decode(data, (ChainId, address));
        _sendItems(standard, msg.sender, ids, amounts, chain, recipient, from);
    }

    /* RECEIVING */

    /// @dev A token of the source chain says what it is, or items of it what has become of them.
    function _learn(uint8 standard, uint8 way, ChainId source, address homeToken, bytes calldata payload)
        internal
    {
        if (way == AssetMessages.DESCRIBE) return _wrap(standard, source, homeToken, payload);
        require(standard != AssetMessages.ERC20, AssetReading.KindUnknown(uint8(payload[0])));
        Refreshing.takeOver(standard, _wrapped(standard, source, homeToken), payload);
    }

    /* GOVERNANCE */

    /// @inheritdoc ISpecialTokens
    function refuseToken(address token, bool refused) external restricted {
        Refusals.refuse(token, refused);
    }

    /* VIEWS */

    /// @inheritdoc ISpecialTokens
    function isRefused(address token) external view returns (bool) {
        return Refusals.isRefused(token);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC1155Receiver).interfaceId;
    }
}
