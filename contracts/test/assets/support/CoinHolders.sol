// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Takes no coins.
contract CoinRefuser {}

/// @notice Burns all gas when it is given coins.
contract GasBurner {
    receive() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @notice Calls somebody with some of the coins that it is given.
contract CoinCaller {
    address private target;
    bytes private data;
    uint256 private value;
    bool public called;

    receive() external payable {
        called = true;
        (bool succeeded,) = target.call{value: value}(data);
        succeeded;
    }

    function prepare(address target_, bytes calldata data_, uint256 value_) external {
        (target, data, value) = (target_, data_, value_);
    }
}
