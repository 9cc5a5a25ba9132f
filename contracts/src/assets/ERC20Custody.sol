// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {ERC20Departure, ERC20Departures} from "./ERC20Departures.sol";
import {Ledgers, Outstanding} from "./Ledgers.sol";
import {Parcels} from "./Parcels.sol";
import {Peer, Peers} from "./Peers.sol";
import {SpecialERC20s} from "./SpecialERC20s.sol";
import {Waiting} from "./Waiting.sol";

/// @title ERC-20 custody
/// @notice Holds what was sent of this chain's ERC-20s, and mints and burns the wrapped ones.
abstract contract ERC20Custody is SpecialERC20s {
    using SafeERC20 for IERC20;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC20(address token, ChainId destinationChain, address recipient, uint256 amount)
        external
        payable
        nonReentrant
        returningSurplus
    {
        Outstanding storage outstanding = Ledgers.erc20().outstanding[token][destinationChain];
        bool limited = Peers.storage_().remotes[destinationChain].flags & Peers.LIMITED != 0;
        if (outstanding.described && !limited) _sendKnown(token, destinationChain, recipient, amount);
        else _sendERC20(token, destinationChain, recipient, msg.sender, msg.sender, amount);
    }

    /// @dev The short way, for a token of this chain of which the destination knows.
    function _sendKnown(address token, ChainId destination, address recipient, uint256 amount) private {
        require(amount > 0, AmountZero());
        Peers.destination(destination, recipient);
        amount = ERC20Departures.collect(token, msg.sender, amount);
        Parcels.sendKnownERC20(gateway(), token, destination, recipient, msg.sender, amount);
    }

    /// @inheritdoc IAssetClaims
    function sendParked(address token, ChainId destinationChain, address recipient, address sender)
        external
        payable
        nonReentrant
        returningSurplus
    {
        uint256 amount = Waiting.unpark(token, destinationChain, recipient, sender);
        _sendERC20(token, destinationChain, recipient, address(this), sender, amount);
    }

    /// @param holder Who has it: this contract, if it was handed over before; nobody, if it is coin that comes with the call.
    function _sendERC20(
        address token,
        ChainId destination,
        address recipient,
        address holder,
        address sender,
        uint256 amount
    ) internal {
        ERC20Departure memory departure =
            ERC20Departure(token, destination, recipient, holder, sender, amount);
        ERC20Departures.send(gateway(), _wrappedERC20Implementation(), departure);
    }

    /// @inheritdoc IAssetClaims
    function takeBack(address token, ChainId destinationChain, address recipient) external nonReentrant {
        Waiting.takeBack(token, destinationChain, recipient);
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
