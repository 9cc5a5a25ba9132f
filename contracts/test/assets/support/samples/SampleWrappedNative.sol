// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Sample wrapped native coin
/// @notice For tests: what WETH9 does, also with calls it does not know, and with no more than 2,300 gas for who withdraws.
contract SampleWrappedNative is ERC20("Wrapped coin", "WCOIN") {
    receive() external payable {
        deposit();
    }

    fallback() external payable {
        deposit();
    }

    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        payable(msg.sender).transfer(amount);
    }

    function deposit() public payable {
        _mint(msg.sender, msg.value);
    }
}
