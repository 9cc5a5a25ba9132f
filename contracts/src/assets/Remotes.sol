// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IFlowLimits} from "../interfaces/IFlowLimits.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ChainId} from "../types/Message.sol";
import {Administration} from "./Administration.sol";
import {Peer, Peers} from "./Peers.sol";
import {Waiting} from "./Waiting.sol";

/// @title Remotes
/// @notice The asset gateways of other chains: whom messages go to, whom they are accepted from, and how much may flow.
abstract contract Remotes is IAssetGateway, AccessManaged, ReentrancyGuardTransient {
    using Calldata for bytes;

    /* STORAGE */

    IGateway private immutable _GATEWAY;

    /* CONSTRUCTION */

    constructor(IGateway gateway_) {
        _GATEWAY = gateway_;
    }

    /* SENDING */

    /// @dev Gives back what the messages of a send left of the value that came with it.
    modifier returningSurplus() {
        uint256 own = address(this).balance - msg.value;
        _;
        if (msg.value > 0) _returnSurplus(own);
    }

    /// @dev Messages are offered all there is, see {Peers-dispatch}, but only what came with the call may be used up.
    function _returnSurplus(uint256 own) private {
        uint256 balance = address(this).balance;
        if (balance < own) revert FeesUnpaid(own - balance);
        if (balance > own) Address.sendValue(payable(msg.sender), balance - own);
    }

    /// @notice Takes what the gateway gives back, and what anyone gives for the fees of what is forwarded.
    receive() external payable {}

    /* RECEIVING */

    /// @dev The chain of a message that the gateway hands over, if it is from that chain's asset gateway.
    function _authenticate(bytes calldata sender) internal view returns (Peer memory peer) {
        _requireGateway();
        peer = Peers.storage_().sources[sender.hash(0, sender.length)];
        require(peer.number != 0, NotRemote(sender));
        Peers.requireRunning(peer.chain, peer.flags);
    }

    /// @dev Whether assets that have arrived may be handed over now. If not, they wait, and this contract has to hold them.
    function _admit(
        uint8 standard,
        Peer memory peer,
        address token,
        uint256 id,
        address recipient,
        uint256 amount
    ) internal returns (bool) {
        return peer.flags & Peers.LIMITED == 0
            || Waiting.admit(standard, token, id, peer.chain, recipient, amount);
    }

    /// @dev Nothing comes but through the gateway, and it brings no value.
    function _requireGateway() internal view {
        require(msg.sender == address(_GATEWAY), NotGateway(msg.sender));
        require(msg.value == 0, ValueUnexpected(msg.value));
    }

    /// @dev What arrives and is sent on must not use up what came with a send that is under way.
    function _requireNoSend() internal view {
        require(!_reentrancyGuardEntered(), ReentrancyGuardReentrantCall());
    }

    /* GOVERNANCE */

    /// @inheritdoc IAssetGateway
    function registerRemote(ChainId chain, address remote) external restricted {
        Administration.register(chain, remote);
    }

    /// @inheritdoc IFlowLimits
    function pauseRemote(ChainId chain) external restricted {
        Administration.pause(chain, true);
    }

    /// @inheritdoc IFlowLimits
    function resumeRemote(ChainId chain) external restricted {
        Administration.pause(chain, false);
    }

    /// @inheritdoc IFlowLimits
    function limitFlow(address token, ChainId chain, bool outward, uint128 capacity, uint64 period)
        external
        restricted
    {
        Administration.limit(token, chain, outward, capacity, period);
    }

    /// @inheritdoc IFlowLimits
    function haltFlow(address token, ChainId chain) external restricted {
        Administration.halt(token, chain);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function gateway() public view returns (IGateway) {
        return _GATEWAY;
    }

    /// @inheritdoc IAssetGateway
    function remoteOf(ChainId chain) external view returns (address) {
        return Peers.storage_().remotes[chain].account;
    }

    /// @inheritdoc IFlowLimits
    function remotePaused(ChainId chain) external view returns (bool) {
        return Peers.storage_().remotes[chain].flags & Peers.PAUSED != 0;
    }

    /// @inheritdoc IFlowLimits
    function flow(address token, ChainId chain, bool outward)
        external
        view
        returns (uint128 capacity, uint64 period, uint256 available)
    {
        return Administration.flow(token, chain, outward);
    }
}
