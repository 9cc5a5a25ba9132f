// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IFlowLimits} from "../interfaces/IFlowLimits.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {Attributes} from "../types/Attributes.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";

/// @notice Another chain, with a number small enough to be kept for every item that is there.
struct Peer {
    ChainId chain;
    /// @dev From 1 in the order of registration, and never another.
    uint8 number;
    /// @dev {Peers.PAUSED}, {Peers.LIMITED}.
    uint8 flags;
}

/// @notice The asset gateway of another chain, and what is in the chain's {Peer}.
struct Remote {
    address account;
    uint8 number;
    uint8 flags;
}

/// @notice A message to the asset gateway of another chain.
struct Post {
    ChainId chain;
    bytes payload;
    /// @dev 0: what the gateway gives a message that asks for nothing else.
    uint256 gasLimit;
}

/// @title Peers
/// @notice What is known of the asset gateways of other chains, and how they are sent messages.
library Peers {
    using InteroperableAddresses for ChainId;

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

    /// @dev Nothing goes to the chain or comes from it.
    uint8 internal constant PAUSED = 1;

    /// @dev Some token's flow to or from the chain has a limit.
    uint8 internal constant LIMITED = 2;

    /* SENDING */

    /// @notice A chain that assets can be sent to, where the recipient must be able to hold them.
    function destination(ChainId chain, address recipient) internal view returns (Remote memory remote) {
        remote = storage_().remotes[chain];
        require(remote.account != address(0), IAssetGateway.ChainUnknown(chain));
        requireRunning(chain, remote.flags);
        bool valid = recipient != address(0) && recipient != address(this) && recipient != remote.account;
        require(valid, IAssetGateway.RecipientInvalid(recipient));
    }

    /// @notice The chain of a wrapped token that is sent, which goes home first; its destination need not be registered here.
    function homewardDestination(ChainId homeChain, ChainId destinationChain, address recipient)
        internal
        view
        returns (Remote memory remote)
    {
        require(
            ChainId.unwrap(destinationChain) != block.chainid, IAssetGateway.ChainUnknown(destinationChain)
        );
        remote = destination(homeChain, recipient);
        bool valid = recipient != storage_().remotes[destinationChain].account;
        require(valid, IAssetGateway.RecipientInvalid(recipient));
    }

    /// @notice Sends a payload to the asset gateway of another chain; with a way back, if it carries assets. What an account
    ///         sends is paid from the value of its call, what is sent on from all that this contract has; the gateway gives
    ///         back what it does not take.
    function dispatch(IGateway gateway, Post memory post) internal returns (bytes32 id) {
        bytes memory recipient = post.chain.format(storage_().remotes[post.chain].account);
        uint256 asksBack = (AssetMessages.TELLING_KINDS >> uint8(post.payload[0])) & 1 ^ 1;
        uint256 value = msg.value > 0 || msg.sender == address(gateway) ? address(this).balance : 0;
        bytes memory call_ = _encode(recipient, post.payload, post.gasLimit, asksBack);
        assembly ("memory-safe") {
            let succeeded := call(gas(), gateway, value, add(call_, 0x20), mload(call_), 0x00, 0x20)
            if iszero(and(succeeded, gt(returndatasize(), 0x1f))) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
            id := mload(0x00)
        }
    }

    /// @dev The call of {IERC7786GatewaySource-sendMessage} with the attribute `bounce()`, if the message asks for a way
    ///      back, and `gasLimit`, if it needs more than it gets anyway. Equal to what the compiler makes of it, for a fifth
    ///      of the gas.
    function _encode(bytes memory recipient, bytes memory payload, uint256 gasLimit, uint256 asksBack)
        private
        pure
        returns (bytes memory call_)
    {
        bytes4 selector = IERC7786GatewaySource.sendMessage.selector;
        (bytes4 bounce, bytes4 limit) = (Attributes.BOUNCE, Attributes.GAS_LIMIT);
        bool limited = gasLimit > Attributes.DEFAULT_GAS_LIMIT;
        assembly ("memory-safe") {
            call_ := mload(0x40)
            mstore(add(call_, 0x20), selector)
            let arguments := add(call_, 0x24)
            let payloadAt := add(0x80, and(add(mload(recipient), 31), not(31)))
            mstore(arguments, 0x60)
            mstore(add(arguments, 0x20), payloadAt)
            mcopy(add(arguments, 0x60), recipient, 0x60) // at most 34 bytes, and zeros

            let at := add(arguments, payloadAt)
            let length := mload(payload)
            mcopy(at, payload, add(0x20, length))
            mstore(add(add(at, 0x20), length), 0) // the padding
            at := add(add(at, 0x20), and(add(length, 31), not(31)))

            mstore(add(arguments, 0x40), sub(at, arguments))
            let count := add(asksBack, limited)
            mstore(at, count)
            let offsets := add(at, 0x20)
            at := add(offsets, shl(5, count))
            if asksBack {
                mstore(offsets, shl(5, count))
                mstore(at, 4)
                mstore(add(at, 0x20), bounce)
                at := add(at, 0x40)
            }
            if limited {
                mstore(add(offsets, shl(5, asksBack)), sub(at, offsets))
                mstore(at, 36)
                mstore(add(at, 0x20), limit)
                mstore(add(at, 0x24), gasLimit)
                mstore(add(at, 0x44), 0)
                at := add(at, 0x60)
            }
            mstore(call_, sub(at, add(call_, 0x20)))
            mstore(0x40, and(add(at, 63), not(31)))
        }
    }

    /* GOVERNANCE */

    /// @notice Sets or clears a flag of a chain that is registered.
    function flag(ChainId chain, uint8 bit, bool set) internal {
        Remote storage remote = storage_().remotes[chain];
        uint8 flags = set ? remote.flags | bit : remote.flags & ~bit;
        remote.flags = flags;
        storage_().sources[keccak256(chain.format(remote.account))].flags = flags;
    }

    /* RULES */

    /// @notice The chain has not been paused.
    function requireRunning(ChainId chain, uint8 flags) internal pure {
        require(flags & PAUSED == 0, IFlowLimits.RemoteIsPaused(chain));
    }

    /* VIEWS */

    /// @notice The chain of a number; zero for number zero.
    function chainOf(uint8 number) internal view returns (ChainId) {
        return number == 0 ? ChainId.wrap(0) : storage_().chains[number - 1];
    }

    function storage_() internal pure returns (RemotesStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _REMOTES_STORAGE
        }
    }
}
