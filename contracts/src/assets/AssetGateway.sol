// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {CollectionCustody} from "./CollectionCustody.sol";
import {ERC20Custody} from "./ERC20Custody.sol";
import {Remotes} from "./Remotes.sol";

/// @title Asset gateway
/// @notice Moves ERC-20, ERC-721 and ERC-1155 tokens between chains.
/// @dev Reentrancy: sends exclude each other, because they measure balances. Arrivals do not, because each settles its
///      accounts before it calls a token or a recipient, so that a recipient may send on at once what it gets.
contract AssetGateway is ERC20Custody, CollectionCustody {
    /* CONSTRUCTION */

    /// @param gateway_ The gateway that sends and delivers.
    /// @param authority The AccessManager whose roles may register remotes.
    constructor(IGateway gateway_, address authority) AccessManaged(authority) Remotes(gateway_) {}

    /* RECEIVING */

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        (ChainId source, uint8 number) = _authenticate(sender);
        (uint8 standard, uint8 way, address token) = AssetReading.readHead(payload);
        if (way == AssetMessages.DESCRIBE) {
            _wrap(standard, source, token, payload);
        } else {
            address recipient = AssetReading.readRecipient(payload);
            if (standard == AssetMessages.ERC20) _receiveERC20(way, source, token, recipient, payload);
            else _receiveItems(standard, way, source, number, token, recipient, payload);
        }
        return IERC7786Recipient.receiveMessage.selector;
    }

    function _receiveERC20(
        uint8 way,
        ChainId source,
        address token,
        address recipient,
        bytes calldata payload
    ) private {
        if (way == AssetMessages.RETURN) {
            _releaseERC20(source, token, recipient, payload);
        } else if (way == AssetMessages.FORWARD) {
            _forwardERC20(source, token, recipient, payload);
        } else {
            _mintERC20(source, token, recipient, payload);
        }
    }

    function _receiveItems(
        uint8 standard,
        uint8 way,
        ChainId source,
        uint8 number,
        address token,
        address recipient,
        bytes calldata payload
    ) private {
        if (way == AssetMessages.RETURN) {
            _releaseItems(standard, source, number, token, recipient, payload);
        } else if (way == AssetMessages.FORWARD) {
            _forwardItems(standard, source, number, token, recipient, payload);
        } else {
            _mintItems(standard, source, token, recipient, payload);
        }
    }
}
