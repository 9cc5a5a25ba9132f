// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Ledgers} from "./Ledgers.sol";
import {NativeCoin} from "./NativeCoin.sol";
import {Parcels} from "./Parcels.sol";
import {Peer, Peers, Post, Remote} from "./Peers.sol";
import {SpecialERC20s} from "./SpecialERC20s.sol";
import {Waiting} from "./Waiting.sol";

/// @title ERC-20 custody
/// @notice Holds what was sent of this chain's ERC-20s, and mints and burns the wrapped ones.
abstract contract ERC20Custody is SpecialERC20s {
    using SafeERC20 for IERC20;

    /* STORAGE */

    /// @dev For describing and sending on; anything else does with the gateway's default.
    uint256 private constant FORWARD_GAS = 600_000;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC20(address token, ChainId destinationChain, address recipient, uint256 amount)
        external
        payable
    {
        _sendERC20(token, destinationChain, recipient, msg.sender, msg.sender, amount);
    }

    /// @inheritdoc IAssetClaims
    function sendParked(address token, ChainId destinationChain, address recipient, address sender)
        external
        payable
    {
        uint256 amount = Waiting.unpark(token, destinationChain, recipient, sender);
        _sendERC20(token, destinationChain, recipient, address(this), sender, amount);
    }

    /// @dev Sends as much as may leave now. The rest waits here.
    /// @param holder Who has it: this contract, if it was handed over before; nobody, if it is coin that comes with the call.
    function _sendERC20(
        address token,
        ChainId destination,
        address recipient,
        address holder,
        address sender,
        uint256 amount
    ) internal nonReentrant returningSurplus {
        require(amount > 0, AmountZero());
        Origin memory origin = _originOf(token, destination);
        bool home = origin.token == address(0);
        if (!home) _burnERC20(origin.linked, token, holder, amount);
        else if (holder == address(0)) NativeCoin.wrap(token, amount);
        else if (holder != address(this)) amount = _collect(token, holder, amount);

        ChainId hop = home ? destination : origin.chain;
        Remote memory remote = home
            ? Peers.destination(destination, recipient)
            : _homewardDestination(origin.chain, destination, recipient);
        if (remote.flags & Peers.LIMITED != 0) {
            uint256 leaving = Waiting.depart(token, hop, destination, recipient, sender, amount);
            if (!home && leaving < amount) {
                _issueERC20(origin.linked, token, address(this), amount - leaving);
            }
            if (leaving == 0) return;
            amount = leaving;
        }
        if (home) Parcels.sendERC20(gateway(), token, destination, recipient, sender, amount);
        else _sendHome(origin.chain, origin.token, destination, recipient, sender, amount);
    }

    /// @dev Sends home, or by way of home, what has been burned.
    function _sendHome(
        ChainId homeChain,
        address homeToken,
        ChainId destination,
        address recipient,
        address sender,
        uint256 amount
    ) private {
        bytes memory head = AssetMessages.homeward(
            AssetMessages.ERC20, homeToken, recipient, sender, homeChain, destination
        );
        bytes memory payload = bytes.concat(head, AssetMessages.erc20Amount(amount));
        Peers.send(gateway(), Post(homeChain, payload, homeChain == destination ? 0 : FORWARD_GAS));
    }

    /// @inheritdoc IAssetClaims
    function takeBack(address token, ChainId destinationChain, address recipient) external nonReentrant {
        Waiting.takeBack(token, destinationChain, recipient);
    }

    /// @dev Takes a home token into custody, and counts what really came.
    function _collect(address token, address holder, uint256 amount) private returns (uint256 received) {
        require(token.code.length > 0, TokenWithoutCode(token));
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(holder, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        require(received > 0, AmountZero());
    }

    /* RECEIVING */

    /// @dev A token of the source chain arrives.
    function _mintERC20(
        Peer memory peer,
        address homeToken,
        address recipient,
        bytes calldata payload,
        uint256 offset
    ) internal {
        uint256 amount = AssetReading.readAmount(payload, offset);
        (address token, bool linked) = _standing(peer.chain, homeToken);
        if (!_admit(AssetMessages.ERC20, peer, token, 0, recipient, amount)) recipient = address(this);
        _issueERC20(linked, token, recipient, amount);
    }

    /// @dev A token of this chain comes home.
    function _releaseERC20(
        Peer memory peer,
        address token,
        address recipient,
        bytes calldata payload,
        uint256 offset
    ) internal {
        uint256 amount = AssetReading.readAmount(payload, offset);
        Ledgers.takeBackERC20(token, peer.chain, amount);
        if (!_admit(AssetMessages.ERC20, peer, token, 0, recipient, amount)) return;
        _handOverERC20(token, recipient, amount);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC20(address token, ChainId chain) external view returns (uint256) {
        return Ledgers.erc20().outstanding[token][chain].amount;
    }
}
