// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";

/// @title Sample linked ERC-20
/// @notice For tests: OpenZeppelin's ERC-7802 token with one bridge; and anyone may mint, as another bridge would.
contract SampleLinkedERC20 is ERC20Bridgeable {
    error NotBridge(address caller);
    error Stuck();

    address private immutable _BRIDGE;

    /// @notice What it keeps of each minting and burning, against the standard.
    uint256 public kept;
    bool public stuck;

    constructor(address bridge) ERC20("Coins on island", "COIN") {
        _BRIDGE = bridge;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function keep(uint256 amount) external {
        kept = amount;
    }

    function getStuck(bool isStuck) external {
        stuck = isStuck;
    }

    function crosschainMint(address to, uint256 value) public override {
        require(!stuck, Stuck());
        super.crosschainMint(to, value - kept);
    }

    function crosschainBurn(address from, uint256 value) public override {
        super.crosschainBurn(from, value - kept);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _checkTokenBridge(address caller) internal view override {
        require(caller == _BRIDGE, NotBridge(caller));
    }
}
