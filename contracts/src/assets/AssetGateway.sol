// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {ERC1155Custody} from "./ERC1155Custody.sol";
import {ERC20Custody} from "./ERC20Custody.sol";
import {ERC721Custody} from "./ERC721Custody.sol";
import {Remotes} from "./Remotes.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title Asset gateway
/// @notice Moves ERC-20, ERC-721 and ERC-1155 tokens between chains.
/// @dev Reentrancy: sends exclude each other, because they measure balances. Arrivals do not, because each settles its
///      accounts before it calls a token or a recipient, so that a recipient may send on at once what it gets.
contract AssetGateway is ERC20Custody, ERC721Custody, ERC1155Custody {
    /* CONSTRUCTION */

    /// @param gateway_ The gateway that sends and delivers.
    /// @param authority The AccessManager whose roles may register remotes.
    /// @param implementations What the clones delegate to: wrapped ERC-20, ERC-721, ERC-1155.
    constructor(IGateway gateway_, address authority, address[3] memory implementations)
        AccessManaged(authority)
        Remotes(gateway_)
        Wrapping(implementations)
    {}

    /* RECEIVING */

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        ChainId source = _authenticate(sender);
        (uint8 kind, address token, bytes calldata rest) = AssetMessages.readHead(payload);
        (uint8 standard, uint8 way) = AssetMessages.readKind(kind);
        if (way == AssetMessages.DESCRIBE) {
            _wrap(standard, source, token, rest);
        } else {
            (address recipient, bytes calldata body) = AssetMessages.readRecipient(rest);
            if (standard == AssetMessages.ERC20) _receiveERC20(way, source, token, recipient, body);
            else if (standard == AssetMessages.ERC721) _receiveERC721(way, source, token, recipient, body);
            else _receiveERC1155(way, source, token, recipient, body);
        }
        return IERC7786Recipient.receiveMessage.selector;
    }

    function _receiveERC20(uint8 way, ChainId source, address token, address recipient, bytes calldata body)
        private
    {
        if (way == AssetMessages.RETURN) _releaseERC20(source, token, recipient, body);
        else if (way == AssetMessages.FORWARD) _forwardERC20(source, token, recipient, body);
        else _mintERC20(source, token, recipient, body);
    }

    function _receiveERC721(uint8 way, ChainId source, address token, address recipient, bytes calldata body)
        private
    {
        if (way == AssetMessages.RETURN) _releaseERC721(source, token, recipient, body);
        else if (way == AssetMessages.FORWARD) _forwardERC721(source, token, recipient, body);
        else _mintItems(AssetMessages.ERC721, source, token, recipient, body);
    }

    function _receiveERC1155(uint8 way, ChainId source, address token, address recipient, bytes calldata body)
        private
    {
        if (way == AssetMessages.RETURN) _releaseERC1155(source, token, recipient, body);
        else if (way == AssetMessages.FORWARD) _forwardERC1155(source, token, recipient, body);
        else _mintItems(AssetMessages.ERC1155, source, token, recipient, body);
    }
}
