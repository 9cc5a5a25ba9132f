// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";

/// @title Remotes
/// @notice The asset gateways of other chains: whom messages go to, and whom they are accepted from.
abstract contract Remotes is IAssetGateway, AccessManaged, ReentrancyGuardTransient {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.Remotes
    struct RemotesStorage {
        mapping(ChainId => address) remotes;
        /// @dev The chain of each remote, by the hash of its ERC-7930 address: sender and chain are checked by one look.
        mapping(bytes32 => ChainId) sources;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Remotes")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _REMOTES_STORAGE =
        0x89e87697639e6d8727468c9f8b67bb39e6c3f299902b9702eb0fd42062702200;

    /// @dev What the gateway gives a message that asks for nothing else.
    uint256 private constant DEFAULT_GAS_LIMIT = 200_000;

    bytes4 private constant GAS_LIMIT_ATTRIBUTE = bytes4(keccak256("gasLimit(uint256)"));

    IGateway private immutable _GATEWAY;

    /* CONSTRUCTION */

    constructor(IGateway gateway_) {
        _GATEWAY = gateway_;
    }

    /* SENDING */

    /// @dev Who may get something on another chain.
    function _requireRecipient(ChainId destinationChain, address recipient) internal view {
        bool valid = recipient != address(0) && recipient != address(this)
            && recipient != _remotes().remotes[destinationChain];
        require(valid, RecipientInvalid(recipient));
    }

    /// @dev Sends a payload to the asset gateway of another chain.
    function _send(ChainId destinationChain, bytes memory payload, uint256 gasLimit) internal {
        address remote = _remotes().remotes[destinationChain];
        require(remote != address(0), ChainUnknown(destinationChain));

        bytes[] memory attributes = new bytes[](gasLimit > DEFAULT_GAS_LIMIT ? 1 : 0);
        if (attributes.length > 0) attributes[0] = abi.encodeWithSelector(GAS_LIMIT_ATTRIBUTE, gasLimit);
        _GATEWAY.sendMessage(InteroperableAddresses.format(destinationChain, remote), payload, attributes);
    }

    /* RECEIVING */

    /// @dev The chain of a message that the gateway hands over, if it is from that chain's asset gateway.
    function _authenticate(bytes calldata sender) internal view returns (ChainId source) {
        require(msg.sender == address(_GATEWAY), NotGateway(msg.sender));
        require(msg.value == 0, ValueUnexpected(msg.value));
        source = _remotes().sources[keccak256(sender)];
        require(ChainId.unwrap(source) != 0, NotRemote(sender));
    }

    /* GOVERNANCE */

    /// @inheritdoc IAssetGateway
    function registerRemote(ChainId chain, address remote) external restricted {
        bool valid =
            remote != address(0) && ChainId.unwrap(chain) != 0 && ChainId.unwrap(chain) != block.chainid;
        require(valid, RemoteInvalid(chain, remote));

        RemotesStorage storage $ = _remotes();
        $.sources[keccak256(InteroperableAddresses.format(chain, $.remotes[chain]))] = ChainId.wrap(0);
        $.sources[keccak256(InteroperableAddresses.format(chain, remote))] = chain;
        $.remotes[chain] = remote;
        emit RemoteRegistered(chain, remote);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function gateway() external view returns (IGateway) {
        return _GATEWAY;
    }

    /// @inheritdoc IAssetGateway
    function remoteOf(ChainId chain) external view returns (address) {
        return _remotes().remotes[chain];
    }

    function _remotes() private pure returns (RemotesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _REMOTES_STORAGE
        }
    }
}
