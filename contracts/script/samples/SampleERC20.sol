// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Sample ERC-20
/// @notice A token for development chains: anyone may mint it.
contract SampleERC20 is ERC20 {
    constructor(string memory name_, string memory symbol_) ERC20(name_, symbol_) {}

    /// @notice Mints to whoever asks.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
