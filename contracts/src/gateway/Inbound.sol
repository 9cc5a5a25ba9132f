// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReceiptProof} from "../proofs/ReceiptProof.sol";
import {StorageProof} from "../proofs/StorageProof.sol";
import {Envelopes} from "../types/Envelopes.sol";
import {ChainId, Message, Messages} from "../types/Message.sol";
import {Lanes} from "./Lanes.sol";

/// @title Inbound lanes
/// @notice How messages are held against what their source chain proves, and which of them are still to be executed.
abstract contract Inbound is Lanes {
    using Envelopes for Message;

    /* RECEIVING */

    function _inboundLane(ChainId source, Lane storage lane) internal view returns (bytes32) {
        return Messages.laneId(source, lane.remoteGateway, _thisChain(), address(this));
    }

    /// @dev Folds the messages of a delivery, from `begin` on.
    /// @return Where they lead.
    /// @return ids The leaf of each, in its place.
    function _fold(Delivery calldata delivery, bytes32 laneId, bytes32 accumulator, uint256 begin)
        internal
        pure
        returns (bytes32, bytes32[] memory ids)
    {
        Message[] calldata messages = delivery.messages;
        ids = new bytes32[](messages.length);
        uint256 firstNonce = delivery.firstNonce;
        for (uint256 i = begin; i < messages.length; ++i) {
            bytes32 id = messages[i].leafOf(laneId, firstNonce + i);
            accumulator = Messages.fold(accumulator, id);
            ids[i] = id;
        }
        return (accumulator, ids);
    }

    /// @dev Folds the tail, and holds the result against what the source chain proves: what the remote gateway's storage
    ///      held, or what it logged with a message.
    function _verify(Delivery calldata delivery, Lane storage lane, bytes32 accumulator) internal view {
        address remoteGateway = lane.remoteGateway;
        (bytes32 stateRoot, bytes32 receiptsRoot,) = lane.lightClient.header(delivery.height);
        bytes32 to = bytes32(uint256(ChainId.unwrap(_thisChain())));
        bytes calldata proof = delivery.proof;
        bytes32 proven = ReceiptProof.begins(proof)
            ? ReceiptProof.loggedWord(receiptsRoot, remoteGateway, MessageAccumulated.selector, to, proof)
            : StorageProof.slotValue(
                stateRoot, remoteGateway, keccak256(abi.encode(to, GATEWAY_STORAGE)), proof
            );
        bytes32 reached = Messages.foldAll(accumulator, delivery.tail);
        require(reached == proven, AccumulatorMismatch(reached, proven));
    }

    /// @dev Strikes out the messages that have been executed ahead of their turn, and says how many.
    function _passOver(bytes32[] memory ids) internal view returns (uint24 count) {
        mapping(bytes32 => Record) storage records = _storage().records;
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] == 0 || records[ids[i]].outcome == Outcome.Ordinary) continue;
            ids[i] = 0;
            ++count;
        }
    }

    /// @dev Marks messages as executed ahead of their turn, and says how many.
    function _mark(Delivery calldata delivery, bytes32[] memory ids) internal returns (uint24 count) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] == 0) continue;
            _storage().records[ids[i]].outcome = Outcome.Expressed;
            emit MessageExpressed(delivery.sourceChain, delivery.firstNonce + uint64(i), ids[i], msg.sender);
            ++count;
        }
    }
}
