// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Sample rebasing ERC-20
/// @notice For tests: balances are shares of what the token holds, as stETH's are. Knows no more than it is asked here.
contract SampleRebasingERC20 {
    mapping(address => uint256) public sharesOf;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 private _perShare = 1;

    function mint(address to, uint256 shares) external {
        sharesOf[to] += shares;
    }

    /// @notice Makes everyone richer.
    function rebase(uint256 perShare) external {
        _perShare = perShare;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        sharesOf[from] -= amount / _perShare;
        sharesOf[to] += amount / _perShare;
        return true;
    }

    function balanceOf(address account) external view returns (uint256) {
        return sharesOf[account] * _perShare;
    }
}
