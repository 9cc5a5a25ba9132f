// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-1155 custody
/// @notice Holds what was sent of this chain's ERC-1155s, and knows how many of each item every chain has.
abstract contract ERC1155Custody is Wrapping {
    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC1155(address token, uint256 id, ChainId chain) external view returns (uint256) {
        return Ledgers.erc1155().outstanding[token][id][chain];
    }
}
