// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Wrapped native coin
/// @notice What WETH9 and its likes on other chains have beside an ERC-20.
interface IWrappedNative {
    /// @notice Gives the caller as much of the token as it pays.
    function deposit() external payable;

    /// @notice Pays the caller for as much of the token.
    function withdraw(uint256 amount) external;
}
