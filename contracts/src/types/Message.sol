// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice An EVM chain, by its EIP-155 chain id.
type ChainId is uint64;

/// @notice The number of a block.
type Height is uint64;

using {chainIdEquals as ==, chainIdDiffers as !=} for ChainId global;

/// @notice One message of a lane, as the source gateway accepted it. Its place (nonce) and its lane are implied by
///         where it stands, and both are inside its leaf.
struct Message {
    /// @dev The application that sent it, on the source chain.
    address sender;
    /// @dev The application it is for, on the destination chain.
    address recipient;
    /// @dev What the relayer earns for it, in wei of the source chain.
    uint128 fee;
    /// @dev Gas that the recipient's call gets on the destination.
    uint32 gasLimit;
    /// @dev Unix time in seconds after which it is not executed any more; 0: never.
    uint64 deadline;
    /// @dev {Messages.BOUNCE}, {Messages.RETURNED}, or neither.
    uint8 flags;
    /// @dev What the recipient gets, uninterpreted.
    bytes payload;
}

/// @title Message hashing
/// @notice What a lane, a message and a history of messages are called: three hashes, and nothing else, decide what
///         may be delivered. The Python twin is `relayer/domain/message.py`; both read `tests/vectors/message`.
library Messages {
    /// @dev The message goes back to its sender if it cannot be executed.
    uint8 internal constant BOUNCE = 1;

    /// @dev The message is one that has gone back: its payload is the id of the one that was sent, then that one's payload.
    ///      Only gateways make it.
    uint8 internal constant RETURNED = 2;

    /// @dev Domain separator of lane identities.
    bytes32 internal constant LANE_TYPEHASH = keccak256(
        "LockkeeperLane(uint64 sourceChain,address sourceGateway,uint64 destinationChain,address destinationGateway)"
    );

    /// @dev Domain separator of message leaves.
    bytes32 internal constant MESSAGE_TYPEHASH = keccak256(
        "LockkeeperMessage(bytes32 lane,uint64 nonce,address sender,address recipient,uint128 fee,uint32 gasLimit,uint64 deadline,uint8 flags,bytes payload)"
    );

    /// @notice The identity of a lane, which is also the accumulator of its empty history: no two lanes, deployments
    ///         or forks can share one.
    function laneId(
        ChainId sourceChain,
        address sourceGateway,
        ChainId destinationChain,
        address destinationGateway
    ) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(LANE_TYPEHASH, sourceChain, sourceGateway, destinationChain, destinationGateway)
        );
    }

    /// @notice The leaf of a message: its id, and what the accumulator takes in.
    /// @dev `payloadHash` stands for the payload, as EIP-712 hashes dynamic members.
    function leaf(bytes32 lane, uint64 nonce, Message memory message, bytes32 payloadHash)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                MESSAGE_TYPEHASH,
                lane,
                nonce,
                message.sender,
                message.recipient,
                message.fee,
                message.gasLimit,
                message.deadline,
                message.flags,
                payloadHash
            )
        );
    }

    /// @notice `accumulator[n] = keccak256(accumulator[n-1] ‖ leaf[n])`.
    function fold(bytes32 accumulator, bytes32 leaf_) internal pure returns (bytes32 next) {
        assembly ("memory-safe") {
            mstore(0x00, accumulator)
            mstore(0x20, leaf_)
            next := keccak256(0x00, 0x40)
        }
    }

    /// @notice {fold} over one leaf after the other.
    function foldAll(bytes32 accumulator, bytes32[] calldata leaves) internal pure returns (bytes32 last) {
        assembly ("memory-safe") {
            mstore(0x00, accumulator)
            let leaf_ := leaves.offset
            for { let end := add(leaf_, shl(5, leaves.length)) } lt(leaf_, end) { leaf_ := add(leaf_, 0x20) }
            {
                mstore(0x20, calldataload(leaf_))
                mstore(0x00, keccak256(0x00, 0x40))
            }
            last := mload(0x00)
        }
    }
}

function chainIdEquals(ChainId a, ChainId b) pure returns (bool) {
    return ChainId.unwrap(a) == ChainId.unwrap(b);
}

function chainIdDiffers(ChainId a, ChainId b) pure returns (bool) {
    return ChainId.unwrap(a) != ChainId.unwrap(b);
}
