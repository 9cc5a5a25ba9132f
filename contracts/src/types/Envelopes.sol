// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IBounceRecipient} from "../interfaces/IBounceRecipient.sol";
import {Message, Messages} from "./Message.sol";

/// @title Messages in calldata
/// @notice The two things a gateway does with each message of a delivery: hash it, and hand it to its recipient. Both
///         work straight from calldata, in memory past the free pointer that the next message uses again, so that a
///         batch's cost is that of its bytes. Tests hold both equal to plain Solidity.
library Envelopes {
    /// @notice The leaf of a message, as {Messages.leaf} has it.
    /// @dev The six words of sender, recipient, fee, gas limit, deadline and flags lie in calldata as the leaf wants them.
    ///      They are hashed uncleaned: a word with stray high bits gives a leaf that no gateway ever sent.
    function leafOf(Message calldata message, bytes32 lane, uint256 nonce)
        internal
        pure
        returns (bytes32 leaf)
    {
        bytes calldata payload = _payload(message);
        bytes32 typehash = Messages.MESSAGE_TYPEHASH;
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            calldatacopy(preimage, payload.offset, payload.length)
            let payloadHash := keccak256(preimage, payload.length)

            mstore(preimage, typehash)
            mstore(add(preimage, 0x20), lane)
            mstore(add(preimage, 0x40), nonce)
            calldatacopy(add(preimage, 0x60), message, 0xc0)
            mstore(add(preimage, 0x120), payloadHash)
            leaf := keccak256(preimage, 0x140)
        }
    }

    /// @notice What decides how a message is executed, and what it earns.
    /// @dev Uncleaned like the leaf: the message has been verified by then, so its words are clean.
    function terms(Message calldata message)
        internal
        pure
        returns (uint256 fee, uint256 gasLimit, uint256 deadline, uint256 flags)
    {
        assembly ("memory-safe") {
            fee := calldataload(add(message, 0x40))
            gasLimit := calldataload(add(message, 0x60))
            deadline := calldataload(add(message, 0x80))
            flags := calldataload(add(message, 0xa0))
        }
    }

    /// @notice Calls `receiveMessage(id, prefix ‖ sender, payload)` at the recipient, or, with a message that has gone back,
    ///         `messageBounced` with the id and the payload of the one that was sent; and nothing else anywhere.
    /// @dev The message has been verified by its leaf, so its words are clean. At most 32 bytes of what the recipient
    ///      returns are copied, however much that is.
    /// @param prefix What comes before the sender in its ERC-7930 encoding, see {InteroperableAddresses.prefix}.
    /// @param gasLimit Gas for the call; the caller has made sure that it is there.
    /// @param flags The message's.
    /// @return executed Whether the recipient returned the selector, as ERC-7786 asks. An account without code does not.
    /// @return ended Whether it ran to its end, so that what it did stands.
    function handOver(Message calldata message, bytes32 id, bytes14 prefix, uint256 gasLimit, uint256 flags)
        internal
        returns (bool executed, bool ended)
    {
        bytes calldata payload = _payload(message);
        bytes32 selector = IERC7786Recipient.receiveMessage.selector;
        if (flags == Messages.RETURNED) {
            if (payload.length < 32) return (false, false); // which no gateway sends
            (id, payload) = (bytes32(payload[:32]), payload[32:]);
            selector = IBounceRecipient.messageBounced.selector;
        }
        assembly ("memory-safe") {
            let data := mload(0x40)
            let prefixLength := add(6, byte(4, prefix))
            let senderLength := add(prefixLength, 20)
            let payloadAt := add(0x80, and(add(senderLength, 31), not(31))) // from the first argument on

            mstore(data, selector)
            let arguments := add(data, 4)
            mstore(arguments, id)
            mstore(add(arguments, 0x20), 0x60)
            mstore(add(arguments, 0x40), payloadAt)
            mstore(add(arguments, 0x60), senderLength)
            mstore(add(arguments, 0x80), prefix)
            mstore(add(arguments, 0xa0), 0)
            mstore(add(add(arguments, 0x80), prefixLength), shl(96, calldataload(message)))

            let encodedPayload := add(arguments, payloadAt)
            let end := add(add(encodedPayload, 0x20), payload.length)
            mstore(encodedPayload, payload.length)
            calldatacopy(add(encodedPayload, 0x20), payload.offset, payload.length)
            mstore(end, 0) // the padding
            let size := add(sub(end, data), and(sub(0, payload.length), 31))

            ended := call(gasLimit, calldataload(add(message, 0x20)), 0, data, size, 0x00, 0x20)
            executed := and(ended, and(gt(returndatasize(), 0x1f), eq(mload(0x00), selector)))
        }
    }

    /// @dev Unlike the compiler's own accessor, this one believes offset and length. What they lead to is hashed into the
    ///      leaf, so that a message that leads astray is one that was never sent.
    function _payload(Message calldata message) private pure returns (bytes calldata payload) {
        assembly ("memory-safe") {
            let encoded := add(message, calldataload(add(message, 0xc0)))
            payload.length := calldataload(encoded)
            payload.offset := add(encoded, 0x20)
        }
    }
}
