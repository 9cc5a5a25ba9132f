// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Delivery box
/// @notice Sends one purchase's items to another chain, and keeps for its owner what comes back: the asset gateway gives
///         back to who sent, and if that were the marketplace, nobody could tell whose returned item is whose.
interface IDeliveryBox {
    /// @notice Only the owner, or while sending the marketplace.
    error NotOwner(address caller);

    /// @notice Makes a call as this box, with the value that came: to hand on what has come back, or to claim or retry it.
    ///         Coins that the box has afterwards go to the caller.
    function call(address target, bytes calldata data) external payable returns (bytes memory answer);

    /// @notice Whose what comes back is.
    function owner() external view returns (address);
}
