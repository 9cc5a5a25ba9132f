// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title Sample inbox
/// @notice The smallest ERC-7786 application, for development chains: shows every message it gets.
/// @dev Warning: takes messages from anyone; a real application checks its gateway.
contract SampleInbox is IERC7786Recipient {
    /// @notice A message arrived.
    event Received(bytes32 indexed receiveId, bytes sender, bytes payload);

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(bytes32 receiveId, bytes calldata sender, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        emit Received(receiveId, sender, payload);
        return IERC7786Recipient.receiveMessage.selector;
    }
}
