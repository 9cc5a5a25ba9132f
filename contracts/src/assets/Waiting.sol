// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Claims} from "./Claims.sol";
import {Flows} from "./Flows.sol";
import {Peers} from "./Peers.sol";

/// @title Waiting
/// @notice What waits because its flow is limited: assets that have arrived, and ERC-20s that are to leave.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library Waiting {
    using SafeERC20 for IERC20;

    /* SENDING */

    /// @notice How much of an ERC-20 may leave now. The rest waits, and stays its sender's.
    /// @param hop The chain that it leaves for.
    function depart(
        address token,
        ChainId hop,
        ChainId destination,
        address recipient,
        address sender,
        uint256 amount
    ) external returns (uint256 leaving) {
        leaving = Flows.draw(token, hop, true, amount);
        if (leaving == amount) return leaving;
        Claims.storage_().parked[Claims.parkingOf(token, destination, recipient, sender)] += amount - leaving;
        emit IAssetClaims.AssetsParked(token, destination, recipient, sender, amount - leaving);
    }

    /// @notice Takes all that waits to leave, to be sent or given back.
    function unpark(address token, ChainId destination, address recipient, address sender)
        external
        returns (uint256)
    {
        return _unpark(token, destination, recipient, sender);
    }

    /// @notice Gives back to their sender what waits to leave.
    function takeBack(address token, ChainId destination, address recipient) external {
        uint256 amount = _unpark(token, destination, recipient, msg.sender);
        emit IAssetClaims.AssetsTakenBack(token, destination, recipient, msg.sender, amount);
        IERC20(token).safeTransfer(msg.sender, amount);
    }

    /// @notice So much may leave or pass now.
    function requireFlow(address token, ChainId chain, bool outward, uint256 amount) external {
        Flows.requireDrawn(token, chain, outward, amount);
    }

    function _unpark(address token, ChainId destination, address recipient, address sender)
        private
        returns (uint256 amount)
    {
        bytes32 parking = Claims.parkingOf(token, destination, recipient, sender);
        amount = Claims.storage_().parked[parking];
        require(amount > 0, IAssetClaims.NothingWaits());
        delete Claims.storage_().parked[parking];
    }

    /* RECEIVING */

    /// @notice Whether assets that have arrived may be handed over now. If not, they wait for the account.
    function admit(uint8 standard, address token, uint256 id, ChainId chain, address account, uint256 amount)
        external
        returns (bool)
    {
        return Claims.admit(standard, token, id, chain, account, amount);
    }

    /// @notice Hands over what waits for an account, as much as may flow.
    function claim(uint8 standard, address token, uint256 id, ChainId chain, address account, address to)
        external
    {
        Peers.requireRunning(chain, Peers.storage_().remotes[chain].flags);
        require(to != address(0) && to != address(this), IAssetGateway.RecipientInvalid(to));
        bytes32 key = Claims.keyOf(standard, token, id, chain, account);
        uint256 waiting = Claims.storage_().claimable[key];
        require(waiting > 0, IAssetClaims.NothingWaits());
        uint256 amount = Flows.draw(token, chain, false, waiting);
        if (amount == 0) Flows.requireDrawn(token, chain, false, 1);
        Claims.storage_().claimable[key] = waiting - amount;
        emit IAssetClaims.AssetsClaimed(standard, token, id, chain, account, to, amount);

        if (standard == AssetMessages.ERC20) IERC20(token).safeTransfer(to, amount);
        else if (standard == AssetMessages.ERC721) IERC721(token).safeTransferFrom(address(this), to, id);
        else IERC1155(token).safeTransferFrom(address(this), to, id, amount, "");
    }
}
