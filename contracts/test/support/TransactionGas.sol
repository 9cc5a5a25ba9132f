// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What a transaction costs beside its execution.
library TransactionGas {
    /// @notice 21,000, and 4 gas a zero byte and 16 any other (EIP-2028).
    function intrinsic(bytes memory data) internal pure returns (uint256) {
        return 21_000 + 4 * tokens(data);
    }

    /// @notice The least a transaction with this data is charged, however little it executes (EIP-7623).
    function least(bytes memory data) internal pure returns (uint256) {
        return 21_000 + 10 * tokens(data);
    }

    /// @notice What a transaction with this data is charged whose execution takes so much.
    function whole(bytes memory data, uint256 execution) internal pure returns (uint256) {
        uint256 used = intrinsic(data) + execution;
        return used > least(data) ? used : least(data);
    }

    /// @dev One a zero byte, four any other.
    function tokens(bytes memory data) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < data.length; ++i) {
            sum += data[i] == 0 ? 1 : 4;
        }
    }
}
