// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fees} from "../types/Fees.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId, Message, Messages} from "../types/Message.sol";
import {FeeLedger} from "./FeeLedger.sol";

/// @title Outbound lanes
/// @notice How a message joins its lane: one that an application sends, and one that goes back.
abstract contract Outbound is FeeLedger {
    /* SENDING */

    /// @dev Appends a message to its lane.
    function _accumulate(ChainId destination, Message memory message, bytes32 payloadHash)
        internal
        returns (bytes32 leaf, uint64 nonce, bytes32 accumulator)
    {
        Lane storage lane = _storage().lanes[destination];
        nonce = lane.sentNonce + 1;
        bytes32 laneId = Messages.laneId(_thisChain(), address(this), destination, lane.remoteGateway);
        leaf = Messages.leaf(laneId, nonce, message, payloadHash);
        accumulator = Messages.fold(nonce == 1 ? laneId : lane.sentAccumulator, leaf);
        lane.sentAccumulator = accumulator;
        lane.sentNonce = nonce;
    }

    function _emitAccumulated(ChainId destination, uint64 nonce, bytes32 accumulator, Message memory message)
        internal
    {
        emit MessageAccumulated(
            destination, nonce, accumulator, message.fee, message.gasLimit, message.deadline, message.flags
        );
    }

    /* REFUNDS */

    /// @dev Sends what a message carried back to who sent it. A message that has gone back does not bounce: it has neither
    ///      deadline nor way back, and stays retryable for ever.
    function _sendBack(Message calldata message, ChainId source, uint64 nonce, bytes32 id) internal {
        _storage().records[id].outcome = Outcome.Bounced;
        Message memory back;
        (back.sender, back.recipient) = (message.recipient, message.sender);
        (back.fee, back.gasLimit) = (uint128(Fees.keptBack(message.fee)), message.gasLimit);
        (back.flags, back.payload) = (Messages.RETURNED, bytes.concat(id, message.payload));
        (bytes32 backId, uint64 backNonce, bytes32 accumulator) =
            _accumulate(source, back, keccak256(back.payload));

        emit MessageBounced(source, nonce, id, backId);
        bytes memory sender = InteroperableAddresses.format(_thisChain(), back.sender);
        bytes memory recipient = InteroperableAddresses.format(source, back.recipient);
        emit MessageSent(backId, sender, recipient, back.payload, 0, new bytes[](0));
        _emitAccumulated(source, backNonce, accumulator, back);
    }
}
