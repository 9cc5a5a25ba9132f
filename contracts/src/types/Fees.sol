// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What messages to one chain cost, in the coin of the chain that they are sent from.
struct FeeSchedule {
    /// @dev For each message, in gwei.
    uint48 perMessage;
    /// @dev For each unit of its gas limit, in wei.
    uint48 perGas;
    /// @dev For each byte of its payload, in wei.
    uint48 perByte;
    /// @dev For a way back, if it asks for one, in gwei. See {Fees.keptBack} for who gets it.
    uint32 bounce;
}

/// @title Fees
/// @notice What a message costs, and what of it whoever carries it has earned.
library Fees {
    uint256 private constant GWEI = 1e9;

    /// @notice The price of a message, in wei.
    /// @dev Fits 128 bits: gas limits have 32, lengths fewer.
    function price(FeeSchedule memory schedule, uint256 gasLimit, uint256 payloadLength, bool bounce)
        internal
        pure
        returns (uint256 fee)
    {
        fee = schedule.perMessage * GWEI + schedule.perGas * gasLimit + schedule.perByte * payloadLength;
        if (bounce) fee += schedule.bounce * GWEI;
    }

    /// @notice Whether no part of a schedule exceeds its bound.
    function within(FeeSchedule memory schedule, FeeSchedule memory bounds) internal pure returns (bool) {
        return schedule.perMessage <= bounds.perMessage && schedule.perGas <= bounds.perGas
            && schedule.perByte <= bounds.perByte && schedule.bounce <= bounds.bounce;
    }

    /// @notice Whether a schedule asks for anything.
    function asks(FeeSchedule memory schedule) internal pure returns (bool) {
        return (schedule.perMessage | schedule.perGas | schedule.perByte | schedule.bounce) != 0;
    }

    /// @notice What is kept back of a fee while a message with a prepaid way back has not been executed: half, for whoever
    ///         executes it later or carries it home.
    function keptBack(uint256 fee) internal pure returns (uint256) {
        return fee / 2;
    }
}
