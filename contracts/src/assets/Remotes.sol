// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IFlowLimits} from "../interfaces/IFlowLimits.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {Peer, Peers, Remote} from "./Peers.sol";
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

    /// @dev Messages are offered all there is, see {_send}, but only what came with the call may be used up.
    function _returnSurplus(uint256 own) private {
        uint256 balance = address(this).balance;
        // What an error carries is worked out also when nothing is wrong.
        require(balance >= own, FeesUnpaid(balance >= own ? 0 : own - balance));
        if (balance > own) Address.sendValue(payable(msg.sender), balance - own);
    }

    /// @notice Takes what the gateway gives back, and what anyone gives for the fees of what is forwarded.
    receive() external payable {}

    /// @dev A chain that assets can be sent to, where the recipient must be able to hold them.
    function _destination(ChainId chain, address recipient) internal view returns (Remote memory remote) {
        remote = Peers.storage_().remotes[chain];
        require(remote.account != address(0), ChainUnknown(chain));
        Peers.requireRunning(chain, remote.flags);
        bool valid = recipient != address(0) && recipient != address(this) && recipient != remote.account;
        require(valid, RecipientInvalid(recipient));
    }

    /// @dev The same for a wrapped token, which goes home first; its destination need not be registered here.
    function _homewardDestination(ChainId homeChain, ChainId destinationChain, address recipient)
        internal
        view
        returns (Remote memory remote)
    {
        require(ChainId.unwrap(destinationChain) != block.chainid, ChainUnknown(destinationChain));
        remote = _destination(homeChain, recipient);
        bool valid = recipient != Peers.storage_().remotes[destinationChain].account;
        require(valid, RecipientInvalid(recipient));
    }

    /// @dev Sends assets to the asset gateway of another chain, with a way back. A sender pays with what came with his call,
    ///      what is forwarded with what this contract has been given.
    function _send(ChainId chain, bytes memory payload, uint256 gasLimit) internal returns (bytes32 id) {
        return Peers.send(_GATEWAY, chain, payload, gasLimit, true, _purse());
    }

    /// @dev The same without a way back, for what carries no assets.
    function _tell(ChainId chain, bytes memory payload, uint256 gasLimit) internal {
        Peers.send(_GATEWAY, chain, payload, gasLimit, false, _purse());
    }

    function _purse() private view returns (uint256 value) {
        value = address(this).balance;
        if (value > 0 && msg.value == 0 && _reentrancyGuardEntered()) value = 0;
    }

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

    /// @dev What passes through does so as a whole or not at all, and then its message waits.
    function _requireFlows(Peer memory peer, address token, ChainId chain, uint8 flags, uint256 amount)
        internal
    {
        if (peer.flags & Peers.LIMITED != 0) Waiting.requireFlow(token, peer.chain, false, amount);
        if (flags & Peers.LIMITED != 0) Waiting.requireFlow(token, chain, true, amount);
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
        bool valid =
            remote != address(0) && ChainId.unwrap(chain) != 0 && ChainId.unwrap(chain) != block.chainid;
        require(valid, RemoteInvalid(chain, remote));

        Peers.RemotesStorage storage $ = Peers.storage_();
        Remote storage registered = $.remotes[chain];
        if (registered.number == 0) {
            $.chains.push(chain);
            registered.number = SafeCast.toUint8($.chains.length);
        }
        delete $.sources[keccak256(InteroperableAddresses.format(chain, registered.account))];
        $.sources[keccak256(InteroperableAddresses.format(chain, remote))] =
            Peer(chain, registered.number, registered.flags);
        registered.account = remote;
        emit RemoteRegistered(chain, remote);
    }

    /// @inheritdoc IFlowLimits
    function pauseRemote(ChainId chain) external restricted {
        _requireRegistered(chain);
        Peers.flag(chain, Peers.PAUSED, true);
        emit RemotePaused(chain);
    }

    /// @inheritdoc IFlowLimits
    function resumeRemote(ChainId chain) external restricted {
        _requireRegistered(chain);
        Peers.flag(chain, Peers.PAUSED, false);
        emit RemoteResumed(chain);
    }

    /// @inheritdoc IFlowLimits
    function limitFlow(address token, ChainId chain, bool outward, uint128 capacity, uint64 period)
        external
        restricted
    {
        _requireRegistered(chain);
        Waiting.limit(token, chain, outward, capacity, period);
    }

    /// @inheritdoc IFlowLimits
    function haltFlow(address token, ChainId chain) external restricted {
        _requireRegistered(chain);
        Waiting.limit(token, chain, false, 0, 1);
        Waiting.limit(token, chain, true, 0, 1);
    }

    function _requireRegistered(ChainId chain) private view {
        require(Peers.storage_().remotes[chain].number != 0, ChainUnknown(chain));
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
        return Waiting.flow(token, chain, outward);
    }
}
