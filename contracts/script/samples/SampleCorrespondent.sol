// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IBounceRecipient} from "../../src/interfaces/IBounceRecipient.sol";

/// @title Sample correspondent
/// @notice The smallest application whose messages come back when they cannot be executed, for development chains.
/// @dev Warning: sends for anyone, and takes what comes back from anyone; a real application checks its gateway.
contract SampleCorrespondent is IBounceRecipient {
    /// @notice A message has come back.
    event CameBack(bytes32 indexed id, bytes recipient, bytes payload);

    /// @notice Takes what the gateway returns of a payment.
    receive() external payable {}

    /// @notice Sends a message in its own name, and pays with all it has.
    function send(
        IERC7786GatewaySource gateway,
        bytes calldata recipient,
        bytes calldata payload,
        bytes[] calldata attributes
    ) external payable returns (bytes32) {
        return gateway.sendMessage{value: address(this).balance}(recipient, payload, attributes);
    }

    /// @inheritdoc IBounceRecipient
    function messageBounced(bytes32 id, bytes calldata recipient, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        emit CameBack(id, recipient, payload);
        return IBounceRecipient.messageBounced.selector;
    }
}
