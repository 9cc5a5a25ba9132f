// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IGateway} from "./interfaces/IGateway.sol";
import {ILightClient} from "./interfaces/ILightClient.sol";
import {ReceiptProof} from "./proofs/ReceiptProof.sol";
import {StorageProof} from "./proofs/StorageProof.sol";
import {Attributes} from "./types/Attributes.sol";
import {Envelopes} from "./types/Envelopes.sol";
import {InteroperableAddresses} from "./types/InteroperableAddresses.sol";
import {ChainId, Message, Messages} from "./types/Message.sol";

/// @title Gateway
/// @notice Sends messages to the gateways of other chains, and delivers theirs.
/// @dev A message's way: STEP 1 {sendMessage} on its source, STEP 2 {deliver} on its destination, STEP 3 {retry} there if
///      its recipient failed. What was delivered is a prefix of what was sent because a delivery has to fold, from the
///      accumulator delivered last, exactly to one that stood in the source gateway's storage.
contract Gateway is IGateway, AccessManaged, ReentrancyGuardTransient {
    using Envelopes for Message;

    /* TYPES */

    /// @dev Both directions of the traffic with one other chain.
    struct Lane {
        /// @dev What the other chain proves. Zero until the first message, which folds from the lane's id.
        bytes32 sentAccumulator;
        address remoteGateway;
        uint64 sentNonce;
        bytes32 deliveredAccumulator;
        ILightClient lightClient;
        uint64 deliveredNonce;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.Gateway
    struct GatewayStorage {
        mapping(ChainId => Lane) lanes;
        mapping(bytes32 => Outcome) outcomes;
    }

    /* STORAGE */

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Gateway")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant GATEWAY_STORAGE =
        0xda762a6435aff43bff6f91eaf92356939bb0739a555f6b8e688d95c8279ea600;

    /// @dev What one transaction can deliver on any destination.
    uint256 private constant MAXIMUM_PAYLOAD_LENGTH = 32_768;

    /// @dev More than what lies between the check of a message's gas and its call: copying a payload of maximum length
    ///      (3,072), a cold account (2,600) and some arithmetic.
    uint256 private constant CALL_COST = 8_000;

    function _storage() private pure returns (GatewayStorage storage $) {
        assembly {
            $.slot := GATEWAY_STORAGE
        }
    }

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
        require(msg.value == 0, ValueNotSupported(msg.value));
        require(
            payload.length <= MAXIMUM_PAYLOAD_LENGTH, PayloadTooLong(payload.length, MAXIMUM_PAYLOAD_LENGTH)
        );
        (bool valid, ChainId destination, address account) = InteroperableAddresses.tryParse(recipient);
        require(valid, RecipientInvalid(recipient));
        require(account != address(0), RecipientZero());

        Message memory message;
        message.sender = msg.sender;
        message.recipient = account;
        message.gasLimit = Attributes.gasLimit(attributes);
        uint64 nonce;
        bytes32 accumulator;
        (id, nonce, accumulator) = _accumulate(destination, message, keccak256(payload));

        bytes memory sender = InteroperableAddresses.format(_thisChain(), msg.sender);
        emit MessageSent(id, sender, recipient, payload, 0, attributes);
        emit MessageAccumulated(destination, nonce, accumulator, 0, message.gasLimit, 0, 0);
    }

    /// @dev Appends a message to its lane.
    function _accumulate(ChainId destination, Message memory message, bytes32 payloadHash)
        private
        returns (bytes32 leaf, uint64 nonce, bytes32 accumulator)
    {
        Lane storage lane = _storage().lanes[destination];
        address remoteGateway = lane.remoteGateway;
        require(remoteGateway != address(0), LaneUnknown(destination));

        nonce = lane.sentNonce + 1;
        bytes32 laneId = Messages.laneId(_thisChain(), address(this), destination, remoteGateway);
        leaf = Messages.leaf(laneId, nonce, message, payloadHash);
        accumulator = Messages.fold(nonce == 1 ? laneId : lane.sentAccumulator, leaf);
        lane.sentAccumulator = accumulator;
        lane.sentNonce = nonce;
    }

    /* RECEIVING */

    /// @inheritdoc IGateway
    /// @dev STEP 2 of 3: runs on the destination chain.
    function deliver(Delivery calldata delivery) external nonReentrant {
        ChainId source = delivery.sourceChain;
        Lane storage lane = _storage().lanes[source];
        ILightClient lightClient = lane.lightClient;
        uint64 delivered = lane.deliveredNonce;
        require(address(lightClient) != address(0), LaneUnknown(source));
        require(delivery.messages.length > 0, DeliveryEmpty());

        uint64 last = delivery.firstNonce + uint64(delivery.messages.length - 1);
        if (last <= delivered) {
            emit AlreadyDelivered(source, last);
            return;
        }
        require(delivery.firstNonce <= delivered + 1, MessagesSkipped(delivery.firstNonce, delivered + 1));

        if (delivery.headerUpdate.length > 0) {
            (, bool trusted) = lightClient.update(delivery.headerUpdate);
            if (!trusted) {
                emit DeliveryRefused(source, delivery.height);
                return;
            }
        }
        (bytes32 accumulator, bytes32[] memory ids) = _verify(delivery, lane, lightClient, delivered);
        lane.deliveredAccumulator = accumulator;
        lane.deliveredNonce = last;
        _execute(delivery, ids, delivered);
        emit BatchDelivered(source, delivered + 1, last, accumulator, msg.sender);
    }

    /// @dev Folds the messages that are new, then the tail, and holds the result against what the source chain proves:
    ///      what the remote gateway's storage held, or what it logged with a message.
    /// @return accumulator Where the messages lead, the tail left out.
    /// @return ids The leaf of each message that is new, in its place.
    function _verify(
        Delivery calldata delivery,
        Lane storage lane,
        ILightClient lightClient,
        uint64 delivered
    ) private view returns (bytes32 accumulator, bytes32[] memory ids) {
        address remoteGateway = lane.remoteGateway;
        (bytes32 stateRoot, bytes32 receiptsRoot,) = lightClient.header(delivery.height);
        ChainId here = _thisChain();
        bytes32 to = bytes32(uint256(ChainId.unwrap(here)));
        bytes32 slot = keccak256(abi.encode(to, GATEWAY_STORAGE));
        bytes calldata proof = delivery.proof;
        bytes32 proven = ReceiptProof.begins(proof)
            ? ReceiptProof.loggedWord(receiptsRoot, remoteGateway, MessageAccumulated.selector, to, proof)
            : StorageProof.slotValue(stateRoot, remoteGateway, slot, proof);

        bytes32 laneId = Messages.laneId(delivery.sourceChain, remoteGateway, here, address(this));
        accumulator = delivered == 0 ? laneId : lane.deliveredAccumulator;
        Message[] calldata messages = delivery.messages;
        ids = new bytes32[](messages.length);
        uint256 firstNonce = delivery.firstNonce;
        for (uint256 i = delivered + 1 - firstNonce; i < messages.length; ++i) {
            bytes32 id = messages[i].leafOf(laneId, firstNonce + i);
            accumulator = Messages.fold(accumulator, id);
            ids[i] = id;
        }

        bytes32[] calldata tail = delivery.tail;
        bytes32 reached = accumulator;
        for (uint256 i = 0; i < tail.length; ++i) {
            reached = Messages.fold(reached, tail[i]);
        }
        require(reached == proven, AccumulatorMismatch(reached, proven));
    }

    /// @dev Calls each recipient with its own gas. What a recipient does harms no message but its own.
    function _execute(Delivery calldata delivery, bytes32[] memory ids, uint64 delivered) private {
        bytes14 prefix = InteroperableAddresses.prefix(delivery.sourceChain);
        Message[] calldata messages = delivery.messages;
        for (uint256 i = delivered + 1 - delivery.firstNonce; i < messages.length; ++i) {
            Message calldata message = messages[i];
            uint256 gasLimit = message.gasLimit;
            uint256 available = _gasForCall();
            require(available >= gasLimit, GasInsufficient(available, gasLimit));

            bytes32 id = ids[i];
            if (!message.handOver(id, prefix, gasLimit)) {
                _storage().outcomes[id] = Outcome.Failed;
                emit MessageFailed(delivery.sourceChain, delivery.firstNonce + uint64(i), id);
            }
        }
    }

    /// @inheritdoc IGateway
    /// @dev STEP 3 of 3: runs on the destination chain, after a failure.
    function retry(ChainId sourceChain, uint64 nonce, Message calldata message) external nonReentrant {
        GatewayStorage storage $ = _storage();
        address remoteGateway = $.lanes[sourceChain].remoteGateway;
        bytes32 id =
            message.leafOf(Messages.laneId(sourceChain, remoteGateway, _thisChain(), address(this)), nonce);
        require($.outcomes[id] == Outcome.Failed, MessageNotFailed(id));

        $.outcomes[id] = Outcome.Retried;
        emit MessageRetried(sourceChain, nonce, id);
        uint256 available = _gasForCall();
        require(available >= message.gasLimit, GasInsufficient(available, message.gasLimit));
        bool executed = message.handOver(id, InteroperableAddresses.prefix(sourceChain), gasleft());
        require(executed, RetryFailed(id));
    }

    /// @dev What a call made now can be given at most: EIP-150 keeps a 64th of what is left after the call's own cost.
    function _gasForCall() private view returns (uint256) {
        uint256 left = gasleft();
        if (left < CALL_COST) return 0;
        left -= CALL_COST;
        return left - left / 64;
    }

    /* GOVERNANCE */

    /// @inheritdoc IGateway
    function configureLane(ChainId remoteChain, address remoteGateway, ILightClient lightClient)
        external
        restricted
    {
        Lane storage lane = _storage().lanes[remoteChain];
        require(ChainId.unwrap(remoteChain) != 0, LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(remoteChain != _thisChain(), LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(remoteGateway != address(0), LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(address(lightClient).code.length > 0, LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(
            lightClient.sourceChain() == remoteChain, LaneInvalid(remoteChain, remoteGateway, lightClient)
        );
        require(
            lane.remoteGateway == remoteGateway || (lane.sentNonce == 0 && lane.deliveredNonce == 0),
            LaneInUse(remoteChain, lane.remoteGateway)
        );

        lane.remoteGateway = remoteGateway;
        lane.lightClient = lightClient;
        emit LaneConfigured(remoteChain, remoteGateway, lightClient);
    }

    /* VIEWS */

    /// @inheritdoc IERC7786GatewaySource
    function supportsAttribute(bytes4 selector) external pure returns (bool) {
        return selector == Attributes.GAS_LIMIT;
    }

    /// @inheritdoc IGateway
    function outbound(ChainId destinationChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, address remoteGateway)
    {
        Lane storage lane = _storage().lanes[destinationChain];
        (nonce, remoteGateway) = (lane.sentNonce, lane.remoteGateway);
        bytes32 laneId = Messages.laneId(_thisChain(), address(this), destinationChain, remoteGateway);
        accumulator = nonce == 0 ? laneId : lane.sentAccumulator;
    }

    /// @inheritdoc IGateway
    function inbound(ChainId sourceChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, ILightClient lightClient)
    {
        Lane storage lane = _storage().lanes[sourceChain];
        (nonce, lightClient) = (lane.deliveredNonce, lane.lightClient);
        bytes32 laneId = Messages.laneId(sourceChain, lane.remoteGateway, _thisChain(), address(this));
        accumulator = nonce == 0 ? laneId : lane.deliveredAccumulator;
    }

    /// @inheritdoc IGateway
    function outcome(bytes32 id) external view returns (Outcome) {
        return _storage().outcomes[id];
    }

    /// @dev Read at run time, so that a fork of the chain has lanes of its own. EIP-2294 bounds it to 64 bits.
    function _thisChain() private view returns (ChainId) {
        return ChainId.wrap(SafeCast.toUint64(block.chainid));
    }
}
