// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-1155 custody
/// @notice Holds what was sent of this chain's ERC-1155s, and knows how many of each item every chain has.
abstract contract ERC1155Custody is Wrapping, IERC1155Receiver {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC1155Custody
    struct ERC1155CustodyStorage {
        mapping(address token => mapping(uint256 id => mapping(ChainId => uint256))) outstanding;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC1155Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC1155_STORAGE =
        0xd7fbf982b0bf0557d14da344b455ce691222f041d18c1d9b5917b479a56a2600;

    /* SENDING */

    /// @dev Takes items of the sender into custody, and makes sure that all of them came.
    function _collectERC1155(address token, uint256 id, uint256 amount, ChainId destination) internal {
        uint256 held = IERC1155(token).balanceOf(address(this), id);
        _sendOutERC1155(token, id, amount, destination);
        IERC1155(token).safeTransferFrom(msg.sender, address(this), id, amount, "");
        bool received = IERC1155(token).balanceOf(address(this), id) == held + amount;
        require(received, TokenNotReceived(token, id));
    }

    /// @dev Notes that another chain has more of an item from now on.
    function _sendOutERC1155(address token, uint256 id, uint256 amount, ChainId chain) internal {
        _erc1155().outstanding[token][id][chain] += amount;
    }

    /* RECEIVING */

    /// @dev No chain gives back more than it got.
    function _takeBackERC1155(address token, uint256 id, uint256 amount, ChainId chain) internal {
        mapping(ChainId => uint256) storage outstanding = _erc1155().outstanding[token][id];
        uint256 held = outstanding[chain];
        require(amount <= held, OutstandingExceeded(token, chain, amount, held));
        outstanding[chain] = held - amount;
    }

    /// @dev Gives items out of custody.
    function _handOverERC1155(address token, uint256 id, uint256 amount, address recipient) internal {
        IERC1155(token).safeTransferFrom(address(this), recipient, id, amount, "");
    }

    /// @inheritdoc IERC1155Receiver
    /// @dev Accepts only what this contract fetches itself, for a send that is under way.
    function onERC1155Received(address operator, address, uint256, uint256, bytes calldata)
        external
        view
        returns (bytes4)
    {
        bool fetched = operator == address(this) && _reentrancyGuardEntered();
        require(fetched, TransferUnexpected(msg.sender));
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
        return _erc1155().outstanding[token][id][chain];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC1155Receiver).interfaceId;
    }

    function _erc1155() private pure returns (ERC1155CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC1155_STORAGE
        }
    }
}
