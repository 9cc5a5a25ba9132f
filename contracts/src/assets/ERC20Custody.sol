// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Claims} from "./Claims.sol";
import {Descriptions} from "./Descriptions.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peer, Peers} from "./Peers.sol";
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
        nonReentrant
        returningSurplus
    {
        require(amount > 0, AmountZero());
        Origin memory origin = _originOf(token, destinationChain);
        if (origin.token == address(0)) {
            amount = _collect(token, amount);
            _dispatchOut(token, destinationChain, recipient, msg.sender, amount);
        } else {
            _burnERC20(origin.linked, token, msg.sender, amount);
            _dispatchHome(token, origin, destinationChain, recipient, msg.sender, amount);
        }
    }

    /// @inheritdoc IAssetClaims
    function sendParked(address token, ChainId destinationChain, address recipient, address sender)
        external
        payable
        nonReentrant
        returningSurplus
    {
        uint256 amount = Waiting.unpark(token, destinationChain, recipient, sender);
        Origin memory origin = _originOf(token, destinationChain);
        if (origin.token == address(0)) {
            _dispatchOut(token, destinationChain, recipient, sender, amount);
        } else {
            _burnERC20(origin.linked, token, address(this), amount);
            _dispatchHome(token, origin, destinationChain, recipient, sender, amount);
        }
    }

    /// @inheritdoc IAssetClaims
    function takeBack(address token, ChainId destinationChain, address recipient) external nonReentrant {
        Waiting.takeBack(token, destinationChain, recipient);
    }

    /// @dev Takes a home token into custody, and counts what really came.
    function _collect(address token, uint256 amount) private returns (uint256 received) {
        require(token.code.length > 0, TokenWithoutCode(token));
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        require(received > 0, AmountZero());
    }

    /// @dev Sends a home token that is in custody, as much as may leave now.
    function _dispatchOut(
        address token,
        ChainId destination,
        address recipient,
        address sender,
        uint256 amount
    ) internal {
        if (_destination(destination, recipient).flags & Peers.LIMITED != 0) {
            amount = Waiting.depart(token, destination, destination, recipient, sender, amount);
            if (amount == 0) return;
        }
        _sendOut(token, destination, recipient, sender, amount);
    }

    /// @dev Sends a wrapped token that is burned, as much as may leave now. The rest is minted again, to wait here.
    function _dispatchHome(
        address token,
        Origin memory origin,
        ChainId destination,
        address recipient,
        address sender,
        uint256 amount
    ) private {
        ChainId homeChain = origin.chain;
        if (_homewardDestination(homeChain, destination, recipient).flags & Peers.LIMITED != 0) {
            uint256 leaving = Waiting.depart(token, homeChain, destination, recipient, sender, amount);
            if (leaving < amount) _issueERC20(origin.linked, token, address(this), amount - leaving);
            if (leaving == 0) return;
            amount = leaving;
        }
        bytes memory head = AssetMessages.homeward(
            AssetMessages.ERC20, origin.token, recipient, sender, homeChain, destination
        );
        bytes memory payload = bytes.concat(head, AssetMessages.erc20Amount(amount));
        _send(homeChain, payload, homeChain == destination ? 0 : FORWARD_GAS);
    }

    /// @dev Notes that another chain has more of a home token from now on, and tells it.
    function _sendOut(address token, ChainId chain, address recipient, address refund, uint256 amount)
        private
        returns (bytes32 id)
    {
        if (!Ledgers.sendOutERC20(token, chain, amount)) {
            _sendDescription(chain, Descriptions.ofERC20(token));
        }
        bytes memory head = AssetMessages.outward(AssetMessages.ERC20, token, recipient, refund);
        return _send(chain, bytes.concat(head, AssetMessages.erc20Amount(amount)), 0);
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

    /// @dev A token of this chain passes through to another. Where it came from is kept, for it to go back there.
    function _forwardERC20(
        Peer memory peer,
        address token,
        address recipient,
        address refund,
        bytes calldata payload,
        uint256 offset
    ) internal {
        ChainId chain;
        (chain, offset) = AssetReading.readFinalChain(payload, offset);
        uint256 amount = AssetReading.readAmount(payload, offset);
        _requireFlows(peer, token, chain, _destination(chain, recipient).flags, amount);
        Ledgers.takeBackERC20(token, peer.chain, amount);
        bytes32 id = _sendOut(token, chain, recipient, refund, amount);
        Claims.storage_().origins[id] = peer.chain;
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC20(address token, ChainId chain) external view returns (uint256) {
        return Ledgers.erc20().outstanding[token][chain].amount;
    }
}
