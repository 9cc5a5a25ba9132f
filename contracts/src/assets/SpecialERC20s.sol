// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {IWrappedERC20} from "../interfaces/IWrappedToken.sol";
import {ChainId} from "../types/Message.sol";
import {LinkedTokens} from "./LinkedTokens.sol";
import {NativeCoin} from "./NativeCoin.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title Special ERC-20s
/// @notice How an ERC-20 changes hands here, whatever it is: a token of this chain, its own coin, a wrapped token, or one
///         that is linked.
abstract contract SpecialERC20s is ISpecialTokens, Wrapping {
    /* STORAGE */

    address internal immutable _WRAPPED_NATIVE;

    /* CONSTRUCTION */

    constructor(address wrappedNative_) {
        _WRAPPED_NATIVE = wrappedNative_;
    }

    /* RECEIVING */

    /// @dev Mints what has come from home.
    function _issueERC20(bool linked, address token, address recipient, uint256 amount) internal {
        if (linked) LinkedTokens.mint(token, recipient, amount);
        else IWrappedERC20(token).mint(recipient, amount);
    }

    /// @dev Gives a token of this chain out of custody.
    function _handOverERC20(address token, address recipient, uint256 amount) internal {
        if (token == _WRAPPED_NATIVE) NativeCoin.release(token, recipient, amount);
        else SafeERC20.safeTransfer(IERC20(token), recipient, amount);
    }

    /* GOVERNANCE */

    /// @inheritdoc ISpecialTokens
    function linkToken(ChainId homeChain, address homeToken, address localToken) external restricted {
        LinkedTokens.link(homeChain, homeToken, localToken, _wrappedERC20Implementation());
    }

    /// @inheritdoc ISpecialTokens
    function unlinkToken(ChainId homeChain, address homeToken) external restricted {
        LinkedTokens.unlink(homeChain, homeToken, _wrappedERC20Implementation());
    }

    /* VIEWS */

    /// @inheritdoc ISpecialTokens
    function wrappedNative() external view returns (address) {
        return _WRAPPED_NATIVE;
    }

    /// @inheritdoc ISpecialTokens
    function linkedToken(ChainId homeChain, address homeToken) external view returns (address) {
        return LinkedTokens.localOf(homeChain, homeToken);
    }

    /// @inheritdoc ISpecialTokens
    function linkOf(address localToken) external view returns (ChainId, address, uint256) {
        LinkedTokens.Link memory known = LinkedTokens.linkOf(localToken);
        return (known.homeChain, known.homeToken, known.minted);
    }
}
