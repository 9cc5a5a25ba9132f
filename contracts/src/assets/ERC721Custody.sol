// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Peers} from "./Peers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-721 custody
/// @notice Holds what was sent of this chain's ERC-721s, and knows on which chain each item is.
abstract contract ERC721Custody is Wrapping, IERC721Receiver {
    /* SENDING */

    /// @dev Takes an item of the sender into custody.
    function _collectERC721(address token, uint256 id, uint8 destination) internal {
        Ledgers.moveERC721(token, id, 0, destination);
        IERC721(token).transferFrom(msg.sender, address(this), id);
        require(IERC721(token).ownerOf(id) == address(this), TokenNotReceived(token, id));
    }

    /* RECEIVING */

    /// @inheritdoc IERC721Receiver
    /// @dev Accepts only what this contract mints to keep it for somebody: of anything else nobody could tell where it is to
    ///      go.
    function onERC721Received(address operator, address, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        require(operator == address(this), TransferUnexpected(msg.sender));
        return IERC721Receiver.onERC721Received.selector;
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function whereabouts(address token, uint256 id) external view returns (ChainId) {
        return Peers.chainOf(Ledgers.numberOf(token, id));
    }
}
