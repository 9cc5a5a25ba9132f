// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";

/// @title Remotes
/// @notice The asset gateways of other chains: whom messages go to, and whom they are accepted from.
abstract contract Remotes is IAssetGateway, AccessManaged, ReentrancyGuardTransient {
    using Calldata for bytes;

    /* TYPES */

    /// @dev Another chain, with a number small enough to be kept for every item that is there.
    struct Peer {
        ChainId chain;
        /// @dev From 1 in the order of registration, and never another.
        uint8 number;
    }

    /// @dev The asset gateway of another chain, and the chain's number among peers.
    struct Remote {
        address account;
        uint8 number;
    }

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.Remotes
    struct RemotesStorage {
        mapping(ChainId => Remote) remotes;
        /// @dev The chain of each remote, by the hash of its ERC-7930 address: sender and chain are checked by one look.
        mapping(bytes32 => Peer) sources;
        /// @dev The chains by number, from 1.
        ChainId[] chains;
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

    /// @dev The number of a chain that assets can be sent to, where the recipient must be able to hold them.
    function _destination(ChainId chain, address recipient) internal view returns (uint8 number) {
        Remote memory remote = _remotes().remotes[chain];
        require(remote.account != address(0), ChainUnknown(chain));
        bool valid = recipient != address(0) && recipient != address(this) && recipient != remote.account;
        require(valid, RecipientInvalid(recipient));
        return remote.number;
    }

    /// @dev The same for a wrapped token, which goes home first; its destination need not be registered here.
    function _homewardDestination(ChainId homeChain, ChainId destinationChain, address recipient)
        internal
        view
    {
        require(ChainId.unwrap(destinationChain) != block.chainid, ChainUnknown(destinationChain));
        _destination(homeChain, recipient);
        bool valid = recipient != _remotes().remotes[destinationChain].account;
        require(valid, RecipientInvalid(recipient));
    }

    /// @dev Sends a payload to the asset gateway of another chain.
    function _send(ChainId chain, bytes memory payload, uint256 gasLimit) internal {
        address remote = _remotes().remotes[chain].account;
        require(remote != address(0), ChainUnknown(chain));

        bytes[] memory attributes;
        if (gasLimit > DEFAULT_GAS_LIMIT) {
            attributes = new bytes[](1);
            attributes[0] = abi.encodeWithSelector(GAS_LIMIT_ATTRIBUTE, gasLimit);
        }
        _GATEWAY.sendMessage(InteroperableAddresses.format(chain, remote), payload, attributes);
    }

    /* RECEIVING */

    /// @dev The chain of a message that the gateway hands over, if it is from that chain's asset gateway.
    function _authenticate(bytes calldata sender) internal view returns (ChainId chain, uint8 number) {
        require(msg.sender == address(_GATEWAY), NotGateway(msg.sender));
        require(msg.value == 0, ValueUnexpected(msg.value));
        Peer storage peer = _remotes().sources[sender.hash(0, sender.length)];
        (chain, number) = (peer.chain, peer.number);
        require(number != 0, NotRemote(sender));
    }

    /* GOVERNANCE */

    /// @inheritdoc IAssetGateway
    function registerRemote(ChainId chain, address remote) external restricted {
        bool valid =
            remote != address(0) && ChainId.unwrap(chain) != 0 && ChainId.unwrap(chain) != block.chainid;
        require(valid, RemoteInvalid(chain, remote));

        RemotesStorage storage $ = _remotes();
        Remote storage registered = $.remotes[chain];
        if (registered.number == 0) {
            $.chains.push(chain);
            registered.number = SafeCast.toUint8($.chains.length);
        }
        delete $.sources[keccak256(InteroperableAddresses.format(chain, registered.account))];
        $.sources[keccak256(InteroperableAddresses.format(chain, remote))] = Peer(chain, registered.number);
        registered.account = remote;
        emit RemoteRegistered(chain, remote);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function gateway() external view returns (IGateway) {
        return _GATEWAY;
    }

    /// @inheritdoc IAssetGateway
    function remoteOf(ChainId chain) external view returns (address) {
        return _remotes().remotes[chain].account;
    }

    /// @dev The chain of a number; zero for number zero.
    function _chainOf(uint8 number) internal view returns (ChainId) {
        return number == 0 ? ChainId.wrap(0) : _remotes().chains[number - 1];
    }

    function _remotes() private pure returns (RemotesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _REMOTES_STORAGE
        }
    }
}
