// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {ChainId, Height, Message} from "../types/Message.sol";
import {IFees} from "./IFees.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title Gateway
/// @notice The one contract per chain that sends and delivers messages. Messages of a lane (this chain → another) are
///         delivered there in the order sent, each exactly once; what was delivered is always a prefix of what was
///         sent. An ERC-7786 gateway: any ERC-7786 application works over it.
interface IGateway is IERC7786GatewaySource, IFees {
    /// @notice What a message has come to on its destination.
    enum Outcome {
        /// @dev Not delivered yet, or delivered and executed: the delivered nonce tells which.
        Ordinary,
        /// @dev Delivered, but its recipient reverted or ran out of gas. Anyone may {retry}, and later {bounce}.
        Failed,
        /// @dev Failed once, executed by a later {retry}.
        Retried,
        /// @dev Not executed, and on its way back to its sender.
        Bounced,
        /// @dev Arrived after its deadline, and had no way back.
        Expired,
        /// @dev Executed ahead of its turn.
        Expressed
    }

    /// @notice Everything one transaction delivers.
    struct Delivery {
        /// @dev Where the messages come from.
        ChainId sourceChain;
        /// @dev The height of the header the proof is for.
        Height height;
        /// @dev The nonce of `messages[0]`. Messages at or below the delivered nonce are skipped.
        uint64 firstNonce;
        /// @dev Update for the light client, in its own format; empty: it already holds the header.
        bytes headerUpdate;
        /// @dev Proof of the source gateway's accumulator: of its storage slot, as RLP nodes of the account path, then
        ///      of the storage path, concatenated; or, if the first byte is zero, of a {MessageAccumulated} in a
        ///      receipt of the block (see the library ReceiptProof).
        bytes proof;
        /// @dev Consecutive messages of the lane.
        Message[] messages;
        /// @dev Leaves of the proven messages that follow `messages` and are left for another transaction.
        bytes32[] tail;
    }

    /// @notice A message joined its lane. Emitted right after `MessageSent`, with what ERC-7786's event has no place for.
    event MessageAccumulated(
        ChainId indexed destinationChain,
        uint64 indexed nonce,
        bytes32 accumulator,
        uint128 fee,
        uint32 gasLimit,
        uint64 deadline,
        uint8 flags
    );

    /// @notice The messages `firstNonce … lastNonce` were delivered. Each was executed, unless a {MessageFailed},
    ///         {MessageBounced} or {MessageExpired} of the same transaction names it, or it had been handled before.
    event BatchDelivered(
        ChainId indexed sourceChain, uint64 firstNonce, uint64 lastNonce, bytes32 accumulator, address relayer
    );

    /// @notice The recipient reverted, ran out of its gas or is no ERC-7786 recipient. Anyone may {retry}.
    event MessageFailed(ChainId indexed sourceChain, uint64 indexed nonce, bytes32 indexed id);

    /// @notice A failed message was executed at last.
    event MessageRetried(ChainId indexed sourceChain, uint64 indexed nonce, bytes32 indexed id);

    /// @notice A message is executed ahead of its turn, unless a {MessageFailed}, {MessageBounced} or {MessageExpired} that
    ///         follows names it. {deliver} will pass it over.
    event MessageExpressed(
        ChainId indexed sourceChain, uint64 indexed nonce, bytes32 indexed id, address relayer
    );

    /// @notice What a message carried goes back to its sender, by the message `backId` of the reverse lane.
    event MessageBounced(
        ChainId indexed sourceChain, uint64 indexed nonce, bytes32 indexed id, bytes32 backId
    );

    /// @notice A message without a way back arrived after its deadline, and was not executed.
    event MessageExpired(ChainId indexed sourceChain, uint64 indexed nonce, bytes32 indexed id);

    /// @notice All messages of the delivery had been delivered before; nothing was done.
    event AlreadyDelivered(ChainId indexed sourceChain, uint64 lastNonce);

    /// @notice The light client froze while this delivery updated it; nothing was delivered.
    event DeliveryRefused(ChainId indexed sourceChain, Height height);

    /// @notice A lane was opened or re-pointed.
    event LaneConfigured(ChainId indexed remoteChain, address remoteGateway, ILightClient lightClient);

    /// @notice Nothing is sent to or delivered from this chain for now.
    event LanePaused(ChainId indexed remoteChain);

    /// @notice The lanes to and from this chain go on.
    event LaneResumed(ChainId indexed remoteChain);

    /// @notice The lane has been paused.
    error LaneIsPaused(ChainId chain);

    /// @notice No lane to or from this chain.
    error LaneUnknown(ChainId chain);

    /// @notice The recipient is not an ERC-7930 address of an EVM chain with exactly 20 address bytes.
    error RecipientInvalid(bytes recipient);

    /// @notice A message cannot be for the zero address.
    error RecipientZero();

    /// @notice The attribute's data is malformed.
    error AttributeInvalid(bytes attribute);

    /// @notice The attribute occurs twice.
    error AttributeRepeated(bytes4 selector);

    /// @notice The gas limit is outside of what the destination can serve.
    error GasLimitOutOfRange(uint256 gasLimit, uint256 maximum);

    /// @notice The deadline has passed already, or does not fit 64 bits.
    error DeadlineOutOfRange(uint256 deadline, uint256 now_);

    /// @notice The payload is longer than one transaction can deliver.
    error PayloadTooLong(uint256 length, uint256 maximum);

    /// @notice A delivery without messages, or without the nonce of its first.
    error DeliveryEmpty();

    /// @notice The first message lies beyond the next one to deliver.
    error MessagesSkipped(uint64 firstNonce, uint64 nextNonce);

    /// @notice Between the delivered messages and the one to be executed ahead of its turn, leaves are missing; or there
    ///         are more than messages before it.
    error PrecedingIncomplete(uint256 length, uint256 needed);

    /// @notice The messages do not lead from the delivered accumulator to the proven one: one is missing, invented,
    ///         changed, out of order, or of another lane.
    error AccumulatorMismatch(bytes32 reached, bytes32 proven);

    /// @notice Too little gas is left for the next message's limit (EIP-150); the relayer must send more.
    error GasInsufficient(uint256 available, uint256 needed);

    /// @notice The message is not known as failed.
    error MessageNotFailed(bytes32 id);

    /// @notice The recipient failed again; its message stays retryable.
    error RetryFailed(bytes32 id);

    /// @notice The message must not be executed any more.
    error DeadlinePassed(bytes32 id, uint64 deadline);

    /// @notice The sender has not asked for a way back.
    error BounceNotPrepaid(bytes32 id);

    /// @notice The recipient ran to its end without answering as ERC-7786 asks. What it did stands, and must not be paid
    ///         back as well.
    error BounceUnsafe(bytes32 id);

    /// @notice Until `due` the message may still be retried.
    error BounceTooEarly(bytes32 id, uint64 due);

    /// @notice The remote gateway is zero, or the light client is of another chain or not a contract.
    error LaneInvalid(ChainId chain, address remoteGateway, ILightClient lightClient);

    /// @notice Messages have used the lane: another remote gateway would make another lane of it and strand them.
    error LaneInUse(ChainId chain, address remoteGateway);

    /// @notice Delivers consecutive messages of a lane in one transaction: updates the light client, proves the source's
    ///         accumulator, folds the messages, stores, then executes each.
    /// @dev Anyone may call. Quiet when everything in it was delivered before, so that relayers may race; messages
    ///      delivered before are skipped unread. Cannot be re-entered, while {sendMessage} can be called by recipients.
    /// @dev Assumes: the light client serves only roots of blocks that its chain has finalised, and the remote gateway is
    ///      this contract or an equal one.
    /// @dev Warning: recipients are called in a context that the relayer chooses. A recipient locked by a guard of its
    ///      own fails, and is retried.
    function deliver(Delivery calldata delivery) external;

    /// @notice Executes messages ahead of their turn, so that no backlog holds up whoever pays for that. Anyone may call;
    ///         the caller earns their fees.
    /// @param delivery As for {deliver}; its messages need not be the next ones.
    /// @param preceding The leaves of the messages before them, at least from the first undelivered one on.
    function express(Delivery calldata delivery, bytes32[] calldata preceding) external;

    /// @notice Executes a message that failed, with all the gas of this transaction, which has to be its own limit at
    ///         least. Anyone may call, until its deadline.
    function retry(ChainId sourceChain, uint64 nonce, Message calldata message) external;

    /// @notice Sends back what a failed message carried, if its sender has asked for that: after its deadline, or, if it has
    ///         none, a day after it failed. Anyone may call.
    function bounce(ChainId sourceChain, uint64 nonce, Message calldata message) external;

    /// @notice Stops sending to and delivering from a chain. For guardians: it takes effect at once.
    function pauseLane(ChainId remoteChain) external;

    /// @notice Lets the lanes to and from a chain go on. Behind governance.
    function resumeLane(ChainId remoteChain) external;

    /// @notice Opens the lanes to and from a chain, or re-points them. Behind governance. Another light client takes
    ///         over where the one before stood; another remote gateway is refused once messages have used the lane.
    function configureLane(ChainId remoteChain, address remoteGateway, ILightClient lightClient) external;

    /// @notice The outbound lane to a chain: its accumulator, which is the lane's id before the first message, and the
    ///         nonce of its newest message. The remote gateway is zero if there is no such lane.
    function outbound(ChainId destinationChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, address remoteGateway);

    /// @notice The inbound lane from a chain: accumulator (the lane's id before the first message) and nonce of what was
    ///         delivered, and who verifies it. The light client is zero if there is no such lane.
    function inbound(ChainId sourceChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, ILightClient lightClient);

    /// @notice Whether the lanes to and from a chain are paused.
    function paused(ChainId remoteChain) external view returns (bool);

    /// @notice How many messages from a chain have been executed ahead of their turn, which has not come yet.
    function ahead(ChainId sourceChain) external view returns (uint256);

    /// @notice What a message has come to.
    function outcome(bytes32 id) external view returns (Outcome);

    /// @notice When a message failed, in Unix seconds; 0: it never did; 2⁶⁴ − 1: its recipient ran to its end, but did not
    ///         answer as it should, so that the message can be retried but not bounced.
    function failedAt(bytes32 id) external view returns (uint64);
}
