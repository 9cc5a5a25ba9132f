// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Ledgers} from "./Ledgers.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-1155 custody
/// @notice Holds what was sent of this chain's ERC-1155s, and knows how many of each item every chain has.
abstract contract ERC1155Custody is Wrapping, IERC1155Receiver {
    /* SENDING */

    /// @dev Takes items of the sender into custody, and makes sure that all of them came.
    function _collectERC1155(address token, uint256 id, uint256 amount, ChainId destination) internal {
        uint256 held = IERC1155(token).balanceOf(address(this), id);
        Ledgers.sendOutERC1155(token, id, amount, destination);
        IERC1155(token).safeTransferFrom(msg.sender, address(this), id, amount, "");
        bool received = IERC1155(token).balanceOf(address(this), id) == held + amount;
        require(received, TokenNotReceived(token, id));
    }

    /* RECEIVING */

    /// @inheritdoc IERC1155Receiver
    /// @dev Accepts only what this contract fetches for a send, or mints to keep it for somebody.
    function onERC1155Received(address operator, address, uint256, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        require(operator == address(this), TransferUnexpected(msg.sender));
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Refuses: nobody could tell where the items are to go.
    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        view
        returns (bytes4)
    {
        revert TransferUnexpected(msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC1155(address token, uint256 id, ChainId chain) external view returns (uint256) {
        return Ledgers.erc1155().outstanding[token][id][chain];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC1155Receiver).interfaceId;
    }
}
