// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {Letter} from "./SettlementMessages.sol";

/// @title Correspondence
/// @notice The settlements of other chains: whom messages go to, whom they are accepted from, and what pays for them.
abstract contract Correspondence is ISettlement, AccessManaged {
    using InteroperableAddresses for ChainId;

    /* STORAGE */

    IGateway private immutable _GATEWAY;

    mapping(ChainId => address) private _remotes;
    mapping(ChainId => uint128) private _tolls;

    /// @dev Coins that somebody has a claim to: in escrow, or credited.
    uint256 private _owed;

    /// @dev Coins that came with a purchase that is being opened, and are not spent yet.
    uint256 private transient _held;

    /* CONSTRUCTION */

    constructor(IGateway gateway_) {
        _GATEWAY = gateway_;
    }

    /* SENDING */

    /// @inheritdoc ISettlement
    function fund() external payable {}

    /// @dev Sends to the settlement of another chain, for what the gateway asks.
    function _send(Letter memory letter) internal returns (bytes32 id) {
        ChainId chain = letter.chain;
        bytes memory recipient = chain.format(_requireRemote(chain));
        return _GATEWAY.sendMessage{value: _feeOf(letter)}(recipient, letter.payload, letter.attributes);
    }

    /// @dev The same at the expense of the purse. If that is too small, the message that is answered fails, and can be
    ///      retried, or comes back.
    function _sendFromPurse(Letter memory letter) internal returns (bytes32 id) {
        _requirePurse(_feeOf(letter));
        return _send(letter);
    }

    function _requirePurse(uint256 needed) internal view {
        uint256 available = purse();
        require(available >= needed, ValueInsufficient(available, needed));
    }

    function _feeOf(Letter memory letter) internal view returns (uint256) {
        _requireRemote(letter.chain);
        return _GATEWAY.quote(letter.chain, letter.gasLimit, letter.payload.length, letter.bounces);
    }

    function _requireRemote(ChainId chain) internal view returns (address remote) {
        remote = _remotes[chain];
        require(remote != address(0), ChainUnknown(chain));
    }

    /* RECEIVING */

    /// @dev The chain of a message that the gateway hands over, if it is from that chain's settlement.
    function _authenticate(bytes calldata sender) internal view returns (ChainId) {
        _requireGateway();
        (bool valid, ChainId chain, address account) = InteroperableAddresses.tryParse(sender);
        require(valid && account != address(0) && account == _remotes[chain], NotRemote(sender));
        return chain;
    }

    function _requireGateway() internal view {
        require(msg.sender == address(_GATEWAY), NotGateway(msg.sender));
    }

    /* COINS */

    function _addOwed(uint256 amount) internal {
        _owed += amount;
    }

    function _subtractOwed(uint256 amount) internal {
        _owed -= amount;
    }

    /// @dev Keeps coins out of the purse until the purchase is open that they came with.
    function _hold(uint256 amount) internal {
        _held = amount;
    }

    /* GOVERNANCE */

    /// @inheritdoc ISettlement
    function registerRemote(ChainId chain, address remote) external restricted {
        bool valid = remote != address(0) && ChainId.unwrap(chain) != block.chainid;
        require(valid, RemoteInvalid(chain, remote));
        _remotes[chain] = remote;
        emit RemoteRegistered(chain, remote);
    }

    /// @inheritdoc ISettlement
    function setToll(ChainId chain, uint128 toll) external restricted {
        _tolls[chain] = toll;
        emit TollSet(chain, toll);
    }

    /* VIEWS */

    function _tollOf(ChainId chain) internal view returns (uint128) {
        return _tolls[chain];
    }

    /// @inheritdoc ISettlement
    function purse() public view returns (uint256) {
        return address(this).balance - _owed - _held;
    }

    /// @inheritdoc ISettlement
    function remoteOf(ChainId chain) external view returns (address) {
        return _remotes[chain];
    }

    /// @inheritdoc ISettlement
    function gateway() external view returns (IGateway) {
        return _GATEWAY;
    }
}
