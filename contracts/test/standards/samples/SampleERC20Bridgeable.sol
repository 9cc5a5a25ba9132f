// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";

/// @title Sample ERC-7802 token
/// @notice OpenZeppelin's {ERC20Bridgeable}: the one bridge that its owner has named mints and burns.
contract SampleERC20Bridgeable is ERC20Bridgeable, Ownable {
    address public bridge;

    error NotTheBridge(address caller);

    constructor(string memory name_, string memory symbol_, address owner)
        ERC20(name_, symbol_)
        Ownable(owner)
    {}

    /// @notice Lets a bridge mint and burn.
    function trust(address bridge_) external onlyOwner {
        bridge = bridge_;
    }

    function _checkTokenBridge(address caller) internal view override {
        require(caller == bridge, NotTheBridge(caller));
    }
}
