// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Bounce recipient
/// @notice An application that wants back what its messages carried when they cannot be executed.
interface IBounceRecipient {
    /// @notice A message that this application sent with the attribute `bounce()` has come back: its recipient failed and
    ///         nobody could mend that in time, or its deadline had passed when it arrived. It has had no effect there, and
    ///         will have none.
    /// @dev Called by the gateway of this chain only, which an implementation must check. The gateway on the other chain
    ///      has found this application and this payload in the message itself, so nothing else needs to be.
    /// @dev Assumes: the other chain's gateway is the registered one, and its light client here is sound.
    /// @param id The id of the message that came back.
    /// @param recipient Whom it was for, as an ERC-7930 address.
    /// @param payload What it carried.
    /// @return The selector of this function. Anything else is a failure, and anyone may retry.
    function messageBounced(bytes32 id, bytes calldata recipient, bytes calldata payload)
        external
        payable
        returns (bytes4);
}
