// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC721} from "solady/tokens/ERC721.sol";

import {IWrappedCollection, IWrappedERC721} from "../interfaces/IWrappedToken.sol";
import {Item} from "../types/Assets.sol";
import {WrappedCollection} from "./WrappedCollection.sol";

/// @title Wrapped ERC-721
/// @notice Stands for a collection of single items of another chain.
contract WrappedERC721 is IWrappedERC721, WrappedCollection, ERC721 {
    /// @dev As the standard has it: it consists of events, from which no other can be computed.
    bytes4 private constant ERC4906_INTERFACE = 0x49064906;

    /* RECEIVING */

    /// @inheritdoc IWrappedCollection
    function mint(address to, uint256 id, uint256) external onlyAssetGateway returns (bool) {
        _safeMint(to, id);
        return true;
    }

    /// @inheritdoc IWrappedCollection
    function mintDescribed(address to, Item calldata item) external onlyAssetGateway returns (bool) {
        _describe(item);
        _safeMint(to, item.id);
        return true;
    }

    /// @inheritdoc IWrappedCollection
    function refresh(Item calldata item) external onlyAssetGateway returns (bool) {
        if (!_exists(item.id)) return true;
        _describe(item);
        emit IERC4906.MetadataUpdate(item.id);
        return true;
    }

    /* SENDING */

    /// @inheritdoc IWrappedCollection
    function burn(address from, uint256 id, uint256) external onlyAssetGateway {
        require(_ownerOf(id) == from, NotOwner(from, id));
        _undescribe(id);
        _burn(id);
    }

    /* VIEWS */

    /// @inheritdoc WrappedCollection
    function name() public view override(WrappedCollection, ERC721) returns (string memory) {
        return WrappedCollection.name();
    }

    /// @inheritdoc WrappedCollection
    function symbol() public view override(WrappedCollection, ERC721) returns (string memory) {
        return WrappedCollection.symbol();
    }

    /// @notice The URI that came along with the item; empty: none did.
    function tokenURI(uint256 id) public view override returns (string memory) {
        require(_exists(id), TokenDoesNotExist());
        return _uri(id);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || interfaceId == ERC4906_INTERFACE
            || super.supportsInterface(interfaceId);
    }
}
