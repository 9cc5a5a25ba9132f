// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {IWrappedNative} from "../interfaces/IWrappedNative.sol";

/// @title Native coin
/// @notice The chain's own coin travels as the token that wraps it, and is unwrapped when it comes home.
/// @dev Linked to the asset gateway, and runs in its place.
library NativeCoin {
    /// @dev For a recipient to accept the coin; a smart account takes a few thousand.
    uint256 private constant STIPEND = 50_000;

    /// @notice Wraps coins that the caller has paid, and no others.
    function wrap(address wrapped, uint256 amount) external {
        require(wrapped != address(0), ISpecialTokens.NativeUnsupported());
        require(msg.value >= amount, ISpecialTokens.NativeInsufficient(msg.value, amount));
        IWrappedNative(wrapped).deposit{value: amount}();
    }

    /// @notice Pays out coins; who refuses them is given the token.
    function release(address wrapped, address recipient, uint256 amount) external {
        IWrappedNative(wrapped).withdraw(amount);
        if (SafeTransferLib.trySafeTransferETH(recipient, amount, STIPEND)) return;
        IWrappedNative(wrapped).deposit{value: amount}();
        SafeERC20.safeTransfer(IERC20(wrapped), recipient, amount);
    }
}
