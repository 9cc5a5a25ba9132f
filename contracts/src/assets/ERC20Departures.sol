// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {IWrappedERC20} from "../interfaces/IWrappedToken.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Ledgers} from "./Ledgers.sol";
import {LinkedTokens} from "./LinkedTokens.sol";
import {NativeCoin} from "./NativeCoin.sol";
import {Parcels} from "./Parcels.sol";
import {Peers, Post, Remote} from "./Peers.sol";
import {Waiting} from "./Waiting.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @notice An ERC-20 that is to leave.
struct ERC20Departure {
    address token;
    ChainId destination;
    address recipient;
    /// @dev Who has it: the asset gateway, if it was handed over before; nobody, if it is coin that comes with the call.
    address holder;
    /// @dev Who gets back what cannot arrive.
    address sender;
    uint256 amount;
}

/// @title Departures of ERC-20s
/// @notice Takes what is sent into custody, or burns it if its home is elsewhere, and tells the other chain.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library ERC20Departures {
    using SafeERC20 for IERC20;

    /* TYPES */

    /// @dev What a token of this chain stands for; the token zero: itself.
    struct Origin {
        ChainId chain;
        address token;
        bool linked;
    }

    /* STORAGE */

    /// @dev For describing and sending on; anything else does with the gateway's default.
    uint256 private constant FORWARD_GAS = 600_000;

    /* SENDING */

    /// @dev Sends as much as may leave now. The rest waits here.
    /// @param implementation What wrapped ERC-20s delegate to.
    function send(IGateway gateway, address implementation, ERC20Departure calldata departure) external {
        (address token, ChainId destination) = (departure.token, departure.destination);
        (address holder, uint256 amount) = (departure.holder, departure.amount);
        require(amount > 0, IAssetGateway.AmountZero());
        Origin memory origin = _originOf(implementation, token, destination);
        bool home = origin.token == address(0);
        if (!home) _burn(origin.linked, token, holder, amount);
        else if (holder == address(0)) NativeCoin.wrap(token, amount);
        else if (holder != address(this)) amount = collect(token, holder, amount);

        ChainId hop = home ? destination : origin.chain;
        Remote memory remote = home
            ? Peers.destination(destination, departure.recipient)
            : Peers.homewardDestination(origin.chain, destination, departure.recipient);
        if (remote.flags & Peers.LIMITED != 0) {
            uint256 leaving =
                Waiting.depart(token, hop, destination, departure.recipient, departure.sender, amount);
            if (!home && leaving < amount) {
                _issue(origin.linked, token, amount - leaving);
            }
            if (leaving == 0) return;
            amount = leaving;
        }
        if (home) {
            Parcels.sendERC20(gateway, token, destination, departure.recipient, departure.sender, amount);
        } else {
            _sendHome(gateway, origin, departure, amount);
        }
    }

    /// @dev Sends home, or by way of home, what has been burned.
    function _sendHome(
        IGateway gateway,
        Origin memory origin,
        ERC20Departure calldata departure,
        uint256 amount
    ) private {
        bytes memory head = AssetMessages.homeward(
            AssetMessages.ERC20,
            origin.token,
            departure.recipient,
            departure.sender,
            origin.chain,
            departure.destination
        );
        bytes memory payload = bytes.concat(head, AssetMessages.erc20Amount(amount));
        uint256 gasLimit = origin.chain == departure.destination ? 0 : FORWARD_GAS;
        Peers.dispatch(gateway, Post(origin.chain, payload, gasLimit));
    }

    /// @notice Takes a home token into custody, and counts what really came.
    function collect(address token, address holder, uint256 amount) internal returns (uint256 received) {
        require(token.code.length > 0, IAssetGateway.TokenWithoutCode(token));
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(holder, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        require(received > 0, IAssetGateway.AmountZero());
    }

    /// @dev Burns what goes home.
    function _burn(bool linked, address token, address holder, uint256 amount) private {
        if (linked) LinkedTokens.burn(token, holder, amount);
        else IERC7802(token).crosschainBurn(holder, amount);
    }

    /// @dev Mints again what waits here.
    function _issue(bool linked, address token, uint256 amount) private {
        if (linked) LinkedTokens.mint(token, address(this), amount);
        else IWrappedERC20(token).mint(address(this), amount);
    }

    /* VIEWS */

    /// @dev What a token stands for that is sent to another chain. Whether it is linked is looked up only before the first
    ///      time that it is sent there as a token of this chain, because it is not described while it is linked.
    function _originOf(address implementation, address token, ChainId destination)
        private
        view
        returns (Origin memory origin)
    {
        (origin.chain, origin.token) = WrappedTokens.homeOf(implementation, token);
        if (origin.token == address(0) && !Ledgers.erc20().outstanding[token][destination].described) {
            LinkedTokens.Link memory known = LinkedTokens.linkOf(token);
            (origin.chain, origin.token) = (known.homeChain, known.homeToken);
            origin.linked = known.homeToken != address(0);
        }
    }
}
