// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-1155 custody
/// @notice Holds what was sent of this chain's ERC-1155s, and knows how many of each item every chain has.
abstract contract ERC1155Custody is Wrapping {
    /* SENDING */

    /// @dev Takes items into custody, unless they were handed over before, and makes sure that all of them came. What there
    ///      was before they were handed over nobody knows; then all that is out must be covered.
    function _collectERC1155(address token, uint256 id, uint256 amount, address holder, ChainId destination)
        internal
    {
        bool here = holder == address(this);
        uint256 before = here ? 0 : IERC1155(token).balanceOf(address(this), id);
        Ledgers.sendOutERC1155(token, id, amount, destination);
        if (!here) IERC1155(token).safeTransferFrom(holder, address(this), id, amount, "");
        uint256 held = IERC1155(token).balanceOf(address(this), id);
        bool received = here ? held >= Ledgers.outERC1155(token, id) : held == before + amount;
        require(received, TokenNotReceived(token, id));
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC1155(address token, uint256 id, ChainId chain) external view returns (uint256) {
        return Ledgers.erc1155().outstanding[token][id][chain];
    }
}
