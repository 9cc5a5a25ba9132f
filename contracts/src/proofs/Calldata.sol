// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Words of calldata
/// @notice Reads calldata a word at a time, at any offset.
library Calldata {
    /// @notice The 32 bytes of `data` that begin at `offset`.
    /// @dev Warning: checks no bounds. Past the end of `data` it reads whatever the transaction holds there, or zeros; the
    ///      caller has checked the length, or masks what lies beyond.
    function word(bytes calldata data, uint256 offset) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := calldataload(add(data.offset, offset))
        }
    }
}
