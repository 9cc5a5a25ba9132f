// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peers} from "./Peers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-721 custody
/// @notice Holds what was sent of this chain's ERC-721s, and knows on which chain each item is.
abstract contract ERC721Custody is Wrapping {
    /* SENDING */

    /// @dev Takes an item into custody, unless it was handed over before.
    function _collectERC721(address token, uint256 id, address holder, uint8 destination) internal {
        Ledgers.moveERC721(token, id, 0, destination);
        if (holder != address(this)) IERC721(token).transferFrom(holder, address(this), id);
        require(IERC721(token).ownerOf(id) == address(this), TokenNotReceived(token, id));
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function whereabouts(address token, uint256 id) external view returns (ChainId) {
        return Peers.chainOf(Ledgers.numberOf(token, id));
    }
}
