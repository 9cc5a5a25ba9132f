// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {Message, Messages} from "./Message.sol";

/// @title Attributes of a message
/// @notice What a sender may ask for beside recipient and payload (ERC-7786): gas, a deadline, and a way back. Each is
///         encoded as a call has it, selector and argument.
library Attributes {
    /// @dev `gasLimit(uint256)`: gas for the recipient's call.
    bytes4 internal constant GAS_LIMIT = bytes4(keccak256("gasLimit(uint256)"));

    /// @dev `deadline(uint256)`: Unix time in seconds after which the message is not executed any more.
    bytes4 internal constant DEADLINE = bytes4(keccak256("deadline(uint256)"));

    /// @dev `bounce()`: what cannot be executed goes back to its sender (see {IBounceRecipient}).
    bytes4 internal constant BOUNCE = bytes4(keccak256("bounce()"));

    /// @dev The gas limit of messages that name none.
    uint32 internal constant DEFAULT_GAS_LIMIT = 200_000;

    /// @dev The greatest gas limit: what any destination's block can hold.
    uint32 internal constant MAXIMUM_GAS_LIMIT = 10_000_000;

    /// @notice Whether {read} understands an attribute.
    function isKnown(bytes4 selector) internal pure returns (bool) {
        return selector == GAS_LIMIT || selector == DEADLINE || selector == BOUNCE;
    }

    /// @notice Writes what was asked for, or the default, into a message. Reverts on any other attribute and on a second
    ///         one of a kind.
    function read(bytes[] calldata attributes, Message memory message) internal view {
        for (uint256 i = 0; i < attributes.length; ++i) {
            bytes calldata attribute = attributes[i];
            bytes4 selector = bytes4(attribute);
            if (selector == BOUNCE) {
                require(attribute.length == 4, IGateway.AttributeInvalid(attribute));
                require(message.flags == 0, IGateway.AttributeRepeated(selector));
                message.flags = Messages.BOUNCE;
                continue;
            }
            require(isKnown(selector), IERC7786GatewaySource.UnsupportedAttribute(selector));
            require(attribute.length == 36, IGateway.AttributeInvalid(attribute));
            uint256 value = uint256(bytes32(attribute[4:]));
            if (selector == GAS_LIMIT) _readGasLimit(value, message);
            else _readDeadline(value, message);
        }
        if (message.gasLimit == 0) message.gasLimit = DEFAULT_GAS_LIMIT;
    }

    function _readGasLimit(uint256 value, Message memory message) private pure {
        require(message.gasLimit == 0, IGateway.AttributeRepeated(GAS_LIMIT));
        bool inRange = value > 0 && value <= MAXIMUM_GAS_LIMIT;
        require(inRange, IGateway.GasLimitOutOfRange(value, MAXIMUM_GAS_LIMIT));
        message.gasLimit = uint32(value);
    }

    function _readDeadline(uint256 value, Message memory message) private view {
        require(message.deadline == 0, IGateway.AttributeRepeated(DEADLINE));
        bool inRange = value > block.timestamp && value <= type(uint64).max;
        require(inRange, IGateway.DeadlineOutOfRange(value, block.timestamp));
        message.deadline = uint64(value);
    }
}
