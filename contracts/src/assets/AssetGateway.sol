// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {IBounceRecipient} from "../interfaces/IBounceRecipient.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Bounces} from "./Bounces.sol";
import {Claims} from "./Claims.sol";
import {Homecomings} from "./Homecomings.sol";
import {Peer} from "./Peers.sol";
import {Remotes} from "./Remotes.sol";
import {SpecialERC20s} from "./SpecialERC20s.sol";
import {SpecialTokens} from "./SpecialTokens.sol";
import {Waiting} from "./Waiting.sol";

/// @title Asset gateway
/// @notice Moves ERC-20, ERC-721 and ERC-1155 tokens between chains.
/// @dev Reentrancy: sends exclude each other, because they measure balances. Arrivals do not, because each settles its
///      accounts before it calls a token or a recipient, so that a recipient may send on at once what it gets.
contract AssetGateway is SpecialTokens {
    /* CONSTRUCTION */

    /// @param gateway_ The gateway that sends and delivers.
    /// @param authority The AccessManager whose roles may register remotes.
    /// @param wrappedNative_ The token that wraps the chain's own coin; zero: none does.
    constructor(IGateway gateway_, address authority, address wrappedNative_)
        AccessManaged(authority)
        Remotes(gateway_)
        SpecialERC20s(wrappedNative_)
    {}

    /* RECEIVING */

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        Peer memory peer = _authenticate(sender);
        (uint8 standard, uint8 way, address token) = AssetReading.readHead(payload);
        if (way == AssetMessages.DESCRIBE || way == AssetMessages.REFRESH) {
            _learn(standard, way, peer.chain, token, payload);
        } else if (standard == AssetMessages.ERC20) {
            _receiveERC20(way, peer, token, payload);
        } else {
            _receiveItems(standard, way, peer, token, payload);
        }
        return IERC7786Recipient.receiveMessage.selector;
    }

    function _receiveERC20(uint8 way, Peer memory peer, address token, bytes calldata payload) private {
        if (way == AssetMessages.FORWARD) {
            _requireNoSend();
            Homecomings.forwardERC20(gateway(), peer, token, payload);
            return;
        }
        (address recipient,, uint256 offset) = AssetReading.readParties(payload);
        if (way == AssetMessages.RETURN) _releaseERC20(peer, token, recipient, payload, offset);
        else _mintERC20(peer, token, recipient, payload, offset);
    }

    function _receiveItems(uint8 standard, uint8 way, Peer memory peer, address token, bytes calldata payload)
        private
    {
        if (way == AssetMessages.RETURN) {
            Homecomings.release(standard, peer, token, payload);
        } else if (way == AssetMessages.FORWARD) {
            _requireNoSend();
            Homecomings.forwardItems(gateway(), standard, peer, token, payload);
        } else {
            (address recipient,, uint256 offset) = AssetReading.readParties(payload);
            _mintItems(standard, peer, token, recipient, payload, offset);
        }
    }

    /* REFUNDS */

    /// @inheritdoc IBounceRecipient
    function messageBounced(bytes32 id, bytes calldata recipient, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        _requireGateway();
        _requireNoSend();
        (uint8 standard,,) = AssetReading.readHead(payload);
        Bounces.giveBack(id, gateway(), _codeHash(standard), recipient, payload);
        return IBounceRecipient.messageBounced.selector;
    }

    /// @inheritdoc IAssetClaims
    function claim(uint8 standard, address token, uint256 id, ChainId chain, address account)
        external
        nonReentrant
    {
        Waiting.claim(standard, token, id, chain, account, account);
    }

    /// @inheritdoc IAssetClaims
    function claimTo(uint8 standard, address token, uint256 id, ChainId chain, address to)
        external
        nonReentrant
    {
        Waiting.claim(standard, token, id, chain, msg.sender, to);
    }

    /* VIEWS */

    /// @inheritdoc IAssetClaims
    function claimable(uint8 standard, address token, uint256 id, ChainId chain, address account)
        external
        view
        returns (uint256)
    {
        return Claims.storage_().claimable[Claims.keyOf(standard, token, id, chain, account)];
    }

    /// @inheritdoc IAssetClaims
    function parked(address token, ChainId destinationChain, address recipient, address sender)
        external
        view
        returns (uint256)
    {
        return Claims.storage_().parked[Claims.parkingOf(token, destinationChain, recipient, sender)];
    }
}
