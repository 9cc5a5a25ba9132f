// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Words of calldata
/// @notice Reads and hashes calldata at any offset, without the bounds checks that Solidity makes at each access.
/// @dev Warning: checks no bounds. Past the end of `data` stands whatever the transaction holds there, or zeros; callers
///      compare with the length before they trust what was read.
library Calldata {
    /// @notice The 32 bytes of `data` that begin at `offset`.
    function word(bytes calldata data, uint256 offset) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := calldataload(add(data.offset, offset))
        }
    }

    /// @notice The hash of the `length` bytes of `data` that begin at `offset`.
    /// @dev Uses free memory without keeping it, so that hashing many nodes costs the memory of the longest.
    function hash(bytes calldata data, uint256 offset, uint256 length) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, add(data.offset, offset), length)
            value := keccak256(free, length)
        }
    }

    /// @notice So many words of `data` that begin at `offset`, as an array.
    function words(bytes calldata data, uint256 offset, uint256 count)
        internal
        pure
        returns (uint256[] calldata array)
    {
        assembly ("memory-safe") {
            array.offset := add(data.offset, offset)
            array.length := count
        }
    }
}
