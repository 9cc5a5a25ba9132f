// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";

import {Inbound} from "./gateway/Inbound.sol";
import {Outbound} from "./gateway/Outbound.sol";
import {IGateway} from "./interfaces/IGateway.sol";
import {Attributes} from "./types/Attributes.sol";
import {Envelopes} from "./types/Envelopes.sol";
import {Fees} from "./types/Fees.sol";
import {InteroperableAddresses} from "./types/InteroperableAddresses.sol";
import {ChainId, Message, Messages} from "./types/Message.sol";

/// @title Gateway
/// @notice Sends messages to the gateways of other chains, and delivers theirs.
/// @dev A message's way: STEP 1 {sendMessage} on its source; STEP 2 {deliver} on its destination, or {express} ahead of
///      its turn; STEP 3 there {retry} or {bounce}, if its recipient failed. What was delivered is a prefix of what was
///      sent because a delivery has to fold, from the accumulator delivered last, exactly to one that stood in the source
///      gateway's storage.
contract Gateway is Outbound, Inbound {
    using Envelopes for Message;

    /* STORAGE */

    /// @dev What one transaction can deliver on any destination.
    uint256 private constant MAXIMUM_PAYLOAD_LENGTH = 32_768;

    /// @dev More than what lies between the check of a message's gas and its call: copying a payload of maximum length
    ///      (3,072), a cold account (2,600) and some arithmetic.
    uint256 private constant CALL_COST = 8_000;

    /// @dev How long a failed message without a deadline waits for a retry before it may be sent back.
    uint64 private constant PATIENCE = 1 days;

    /// @dev In place of when a message failed: its recipient ran to its end, so that what it did stands, and sending back
    ///      what the message carried would give it twice.
    uint64 private constant STANDS = type(uint64).max;

    /* CONSTRUCTION */

    /// @param authority The AccessManager whose roles may configure lanes.
    constructor(address authority) AccessManaged(authority) {}

    /* SENDING */

    /// @inheritdoc IERC7786GatewaySource
    /// @dev STEP 1 of 3: runs on the source chain. May be called by a recipient while its message is being delivered.
    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata attributes)
        external
        payable
        returns (bytes32 id)
    {
        require(
            payload.length <= MAXIMUM_PAYLOAD_LENGTH, PayloadTooLong(payload.length, MAXIMUM_PAYLOAD_LENGTH)
        );
        (bool valid, ChainId destination, address account) = InteroperableAddresses.tryParse(recipient);
        require(valid, RecipientInvalid(recipient));
        require(account != address(0), RecipientZero());
        Lane storage lane = _openLane(destination);
        require(!lane.sendingPaused, LaneIsPaused(destination));

        Message memory message;
        (message.sender, message.recipient) = (msg.sender, account);
        Attributes.read(attributes, message);
        uint256 surplus = msg.value;
        if (lane.priced) (message.fee, surplus) = _charge(lane, message, payload.length);
        uint64 nonce;
        bytes32 accumulator;
        (id, nonce, accumulator) = _accumulate(destination, message, keccak256(payload));

        bytes memory sender = InteroperableAddresses.format(_thisChain(), msg.sender);
        emit MessageSent(id, sender, recipient, payload, 0, attributes);
        _emitAccumulated(destination, nonce, accumulator, message);
        if (surplus > 0) _pay(payable(msg.sender), surplus);
    }

    /* RECEIVING */

    /// @inheritdoc IGateway
    /// @dev STEP 2 of 3: runs on the destination chain.
    function deliver(Delivery calldata delivery) external nonReentrant {
        ChainId source = delivery.sourceChain;
        Lane storage lane = _storage().lanes[source];
        uint64 delivered = lane.deliveredNonce;
        uint64 last = _lastOf(delivery, lane);
        if (last <= delivered) {
            emit AlreadyDelivered(source, last);
            return;
        }
        require(delivery.firstNonce <= delivered + 1, MessagesSkipped(delivery.firstNonce, delivered + 1));
        if (!_updated(delivery, lane)) return;

        uint256 begin = delivered + 1 - delivery.firstNonce;
        bytes32 laneId = _inboundLane(source, lane);
        (bytes32 accumulator, bytes32[] memory ids) =
            _fold(delivery, laneId, delivered == 0 ? laneId : lane.deliveredAccumulator, begin);
        _verify(delivery, lane, accumulator);
        lane.deliveredAccumulator = accumulator;
        lane.deliveredNonce = last;
        uint24 ahead_ = lane.ahead;
        if (ahead_ > 0) lane.ahead = ahead_ - _passOver(ids);
        _execute(delivery, ids, begin);
        emit BatchDelivered(source, delivered + 1, last, accumulator, msg.sender);
    }

    /// @inheritdoc IGateway
    /// @dev STEP 2 of 3, for a message that does not wait for its turn. What has been delivered stays where it is.
    function express(Delivery calldata delivery, bytes32[] calldata preceding) external nonReentrant {
        ChainId source = delivery.sourceChain;
        Lane storage lane = _storage().lanes[source];
        uint64 delivered = lane.deliveredNonce;
        uint64 last = _lastOf(delivery, lane);
        uint64 first = delivery.firstNonce;
        if (first <= delivered) {
            emit AlreadyDelivered(source, last);
            return;
        }
        require(
            preceding.length >= first - (delivered + 1) && preceding.length < first,
            PrecedingIncomplete(preceding.length, first - (delivered + 1))
        );
        if (!_updated(delivery, lane)) return;

        bytes32 laneId = _inboundLane(source, lane);
        bytes32 accumulator = delivered == 0 ? laneId : lane.deliveredAccumulator;
        accumulator = Messages.foldAll(accumulator, preceding[preceding.length - (first - (delivered + 1)):]);
        bytes32[] memory ids;
        (accumulator, ids) = _fold(delivery, laneId, accumulator, 0);
        _verify(delivery, lane, accumulator);
        _passOver(ids);
        lane.ahead += _mark(delivery, ids);
        _execute(delivery, ids, 0);
    }

    /// @dev The nonce of a delivery's last message. Refuses one that is empty, or of a lane that is not open.
    function _lastOf(Delivery calldata delivery, Lane storage lane) private view returns (uint64) {
        require(address(lane.lightClient) != address(0), LaneUnknown(delivery.sourceChain));
        require(!lane.deliveringPaused, LaneIsPaused(delivery.sourceChain));
        require(delivery.messages.length > 0 && delivery.firstNonce > 0, DeliveryEmpty());
        return delivery.firstNonce + uint64(delivery.messages.length - 1);
    }

    /// @dev Hands the light client its update, if there is one. Returns whether anything may be delivered after that; the
    ///      caller must not revert if not, because that would undo the freeze.
    function _updated(Delivery calldata delivery, Lane storage lane) private returns (bool trusted) {
        if (delivery.headerUpdate.length == 0) return true;
        (, trusted) = lane.lightClient.update(delivery.headerUpdate);
        if (!trusted) emit DeliveryRefused(delivery.sourceChain, delivery.height);
    }

    /// @dev Calls each recipient with its own gas, and rewards the caller. What a recipient does harms no message but its
    ///      own.
    /// @param ids Those to execute; zero: passed over.
    function _execute(Delivery calldata delivery, bytes32[] memory ids, uint256 begin) private {
        bytes14 prefix = InteroperableAddresses.prefix(delivery.sourceChain);
        Message[] calldata messages = delivery.messages;
        uint256 earned_ = 0;
        uint256 broughtHome = 0;
        Memory.Pointer free = Memory.getFreeMemoryPointer();
        for (uint256 i = begin; i < messages.length; ++i) {
            bytes32 id = ids[i];
            if (id == 0) continue;
            Message calldata message = messages[i];
            (uint256 fee, uint256 gasLimit, uint256 deadline, uint256 flags) = message.terms();
            bool late = deadline != 0 && block.timestamp > deadline;
            if (!late) {
                uint256 available = _gasForCall();
                require(available >= gasLimit, GasInsufficient(available, gasLimit));
            }
            (bool executed, bool ended) =
                late ? (false, false) : message.handOver(id, prefix, gasLimit, flags);
            if (!executed) {
                _setAside(delivery, i, id, late, ended);
                // or the next message would pay for that memory between the check of its gas and its call
                Memory.unsafeSetFreeMemoryPointer(free);
                if (flags == Messages.BOUNCE) fee -= Fees.keptBack(fee);
            }
            if (fee == 0) continue;
            if (flags == Messages.RETURNED) broughtHome += fee;
            else earned_ += fee;
        }
        _reward(delivery.sourceChain, earned_, broughtHome);
    }

    /// @dev Records that a message of a delivery was not executed, because it came too late or because its recipient
    ///      failed. What came too late has no effect here any more.
    /// @param ended Whether the recipient ran to its end, but did not answer as it should.
    function _setAside(Delivery calldata delivery, uint256 index, bytes32 id, bool late, bool ended) private {
        ChainId source = delivery.sourceChain;
        uint64 nonce = delivery.firstNonce + uint64(index);
        Message calldata message = delivery.messages[index];
        if (!late) {
            bool stands = ended && message.recipient.code.length > 0;
            _storage().records[id] = Record(Outcome.Failed, stands ? STANDS : uint64(block.timestamp));
            emit MessageFailed(source, nonce, id);
        } else if (message.flags == Messages.BOUNCE) {
            _sendBack(message, source, nonce, id);
        } else {
            _storage().records[id].outcome = Outcome.Expired;
            emit MessageExpired(source, nonce, id);
        }
    }

    /// @inheritdoc IGateway
    /// @dev STEP 3 of 3: runs on the destination chain, after a failure.
    function retry(ChainId sourceChain, uint64 nonce, Message calldata message) external nonReentrant {
        (bytes32 id,) = _failed(sourceChain, nonce, message);
        uint64 deadline = message.deadline;
        require(deadline == 0 || block.timestamp <= deadline, DeadlinePassed(id, deadline));

        _storage().records[id].outcome = Outcome.Retried;
        emit MessageRetried(sourceChain, nonce, id);
        uint256 available = _gasForCall();
        require(available >= message.gasLimit, GasInsufficient(available, message.gasLimit));
        (bool executed,) =
            message.handOver(id, InteroperableAddresses.prefix(sourceChain), gasleft(), message.flags);
        require(executed, RetryFailed(id));
        if (message.flags == Messages.BOUNCE) _reward(sourceChain, Fees.keptBack(message.fee), 0);
    }

    /// @dev The id of a message that has failed, and when it did.
    function _failed(ChainId sourceChain, uint64 nonce, Message calldata message)
        private
        view
        returns (bytes32 id, uint64 since)
    {
        Lane storage lane = _storage().lanes[sourceChain];
        require(!lane.deliveringPaused, LaneIsPaused(sourceChain));
        id = message.leafOf(_inboundLane(sourceChain, lane), nonce);
        Record memory record = _storage().records[id];
        require(record.outcome == Outcome.Failed, MessageNotFailed(id));
        return (id, record.since);
    }

    /// @dev What a call made now can be given at most: EIP-150 keeps a 64th of what is left after the call's own cost.
    function _gasForCall() private view returns (uint256) {
        uint256 left = gasleft();
        if (left < CALL_COST) return 0;
        left -= CALL_COST;
        return left - left / 64;
    }

    /* REFUNDS */

    /// @inheritdoc IGateway
    /// @dev STEP 3 of 3: runs on the destination chain, after a failure that nobody could mend.
    function bounce(ChainId sourceChain, uint64 nonce, Message calldata message) external nonReentrant {
        (bytes32 id, uint64 since) = _failed(sourceChain, nonce, message);
        require(message.flags == Messages.BOUNCE, BounceNotPrepaid(id));
        require(since != STANDS, BounceUnsafe(id));
        uint64 due = message.deadline == 0 ? since + PATIENCE : message.deadline;
        require(block.timestamp > due, BounceTooEarly(id, due));
        _sendBack(message, sourceChain, nonce, id);
    }

    /* VIEWS */

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4 selector) external pure returns (bool) {
        return Attributes.isKnown(selector);
    }
}
