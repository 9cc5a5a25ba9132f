// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC1155} from "solady/tokens/ERC1155.sol";

import {IWrappedCollection, IWrappedERC1155} from "../interfaces/IWrappedToken.sol";
import {Item} from "../types/Assets.sol";
import {WrappedCollection} from "./WrappedCollection.sol";

/// @title Wrapped ERC-1155
/// @notice Stands for a collection of items in many copies of another chain.
contract WrappedERC1155 is IWrappedERC1155, WrappedCollection, ERC1155 {
    /* RECEIVING */

    /// @inheritdoc IWrappedCollection
    function mint(address to, uint256 id, uint256 amount) external onlyAssetGateway returns (bool) {
        _undescribe(id);
        _mint(to, id, amount, "");
        return true;
    }

    /// @inheritdoc IWrappedERC1155
    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata amounts)
        external
        onlyAssetGateway
        returns (bool)
    {
        for (uint256 i = 0; i < ids.length; ++i) {
            _undescribe(ids[i]);
        }
        _batchMint(to, ids, amounts, "");
        return true;
    }

    /// @inheritdoc IWrappedCollection
    function mintDescribed(address to, Item calldata item) external onlyAssetGateway returns (bool) {
        _describe(item);
        if (bytes(item.uri).length > 0) emit URI(item.uri, item.id);
        _mint(to, item.id, item.amount, "");
        return true;
    }

    /// @inheritdoc IWrappedCollection
    /// @dev Does not ask whether some are here: nobody counts them, and what is not here is described when it arrives.
    function refresh(Item calldata item) external onlyAssetGateway returns (bool) {
        _describe(item);
        emit URI(item.uri, item.id);
        return true;
    }

    /* SENDING */

    /// @inheritdoc IWrappedCollection
    /// @dev URI and royalty stay: others may hold some, and they are replaced when the item arrives again.
    function burn(address from, uint256 id, uint256 amount) external onlyAssetGateway {
        _burn(from, id, amount);
    }

    /* VIEWS */

    /// @notice The URI that came along with the item; empty: none did.
    function uri(uint256 id) public view override returns (string memory) {
        return _uri(id);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }
}
