// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-721 custody
/// @notice Holds what was sent of this chain's ERC-721s, and knows on which chain each item is.
abstract contract ERC721Custody is Wrapping, IERC721Receiver {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC721Custody
    struct ERC721CustodyStorage {
        /// @dev The number of the chain where each item is, 32 of neighbouring ids to a slot: 0 for items not away.
        mapping(address token => mapping(uint256 group => uint256)) away;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC721Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC721_STORAGE =
        0xdc71d74599c9d0729735b1cc1a2b4094d87c98d4023efad586369bb52c4c6a00;

    /* SENDING */

    /// @dev Takes an item of the sender into custody.
    function _collectERC721(address token, uint256 id, uint8 destination) internal {
        _moveERC721(token, id, 0, destination);
        IERC721(token).transferFrom(msg.sender, address(this), id);
        require(IERC721(token).ownerOf(id) == address(this), TokenNotReceived(token, id));
    }

    /* RECEIVING */

    /// @dev Notes that an item is somewhere else from now on. No chain gives back what is not there.
    function _moveERC721(address token, uint256 id, uint8 from, uint8 to) internal {
        mapping(uint256 => uint256) storage away = _erc721().away[token];
        uint256 group = away[id >> 5];
        uint256 shift = (id & 31) << 3;
        uint8 number = uint8(group >> shift);
        require(number == from, ItemElsewhere(token, id, _chainOf(number)));
        away[id >> 5] = group ^ (uint256(from ^ to) << shift);
    }

    /// @dev Gives an item out of custody.
    function _handOverERC721(address token, uint256 id, address recipient) internal {
        IERC721(token).safeTransferFrom(address(this), recipient, id);
    }

    /// @inheritdoc IERC721Receiver
    /// @dev Refuses: nobody could tell where the item is to go.
    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        revert TransferUnexpected(msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function whereabouts(address token, uint256 id) external view returns (ChainId) {
        return _chainOf(uint8(_erc721().away[token][id >> 5] >> ((id & 31) << 3)));
    }

    function _erc721() private pure returns (ERC721CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC721_STORAGE
        }
    }
}
