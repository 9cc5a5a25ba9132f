// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../interfaces/IGateway.sol";

/// @title Attributes of a message
/// @notice What a sender may ask for beside recipient and payload (ERC-7786): today a gas limit.
library Attributes {
    /// @dev `gasLimit(uint256)`, selector and argument as a call has them: gas for the recipient's call.
    bytes4 internal constant GAS_LIMIT = bytes4(keccak256("gasLimit(uint256)"));

    /// @dev The gas limit of messages that name none.
    uint32 internal constant DEFAULT_GAS_LIMIT = 200_000;

    /// @dev The greatest gas limit: what any destination's block can hold.
    uint32 internal constant MAXIMUM_GAS_LIMIT = 10_000_000;

    /// @notice The gas limit asked for, or the default. Reverts on any other attribute and on a second one.
    function gasLimit(bytes[] calldata attributes) internal pure returns (uint32 limit) {
        for (uint256 i = 0; i < attributes.length; ++i) {
            bytes calldata attribute = attributes[i];
            bytes4 selector = bytes4(attribute);
            require(selector == GAS_LIMIT, IERC7786GatewaySource.UnsupportedAttribute(selector));
            require(attribute.length == 36, IGateway.AttributeInvalid(attribute));
            require(limit == 0, IGateway.AttributeRepeated(selector));

            uint256 value = uint256(bytes32(attribute[4:]));
            bool inRange = value > 0 && value <= MAXIMUM_GAS_LIMIT;
            require(inRange, IGateway.GasLimitOutOfRange(value, MAXIMUM_GAS_LIMIT));
            limit = uint32(value);
        }
        if (limit == 0) limit = DEFAULT_GAS_LIMIT;
    }
}
