// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peers} from "./Peers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-721 custody
/// @notice Holds what was sent of this chain's ERC-721s, and knows on which chain each item is.
abstract contract ERC721Custody is Wrapping {
    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function whereabouts(address token, uint256 id) external view returns (ChainId) {
        return Peers.chainOf(Ledgers.numberOf(token, id));
    }
}
