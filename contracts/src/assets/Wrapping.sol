// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LibClone} from "solady/utils/LibClone.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Descriptions} from "./Descriptions.sol";
import {LinkedTokens} from "./LinkedTokens.sol";
import {Remotes} from "./Remotes.sol";
import {WrappedERC1155} from "./WrappedERC1155.sol";
import {WrappedERC20} from "./WrappedERC20.sol";
import {WrappedERC721} from "./WrappedERC721.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @title Wrapping
/// @notice Creates the wrapped tokens of other chains' tokens.
/// @dev A token's description is a message of its own, just ahead of the first that moves some of it on the lane. It
///      calls nobody and so cannot fail on a recipient's account, as that first transfer can.
abstract contract Wrapping is Remotes {
    /* STORAGE */

    /// @dev What the clones delegate to.
    address private immutable _WRAPPED_ERC20 = address(new WrappedERC20());
    address private immutable _WRAPPED_ERC721 = address(new WrappedERC721());
    address private immutable _WRAPPED_ERC1155 = address(new WrappedERC1155());

    /// @dev The hash of what creates the clones, from which their addresses follow.
    bytes32 private immutable _CODE_HASH_ERC20 = LibClone.initCodeHash(_WRAPPED_ERC20);
    bytes32 private immutable _CODE_HASH_ERC721 = LibClone.initCodeHash(_WRAPPED_ERC721);
    bytes32 private immutable _CODE_HASH_ERC1155 = LibClone.initCodeHash(_WRAPPED_ERC1155);

    /* RECEIVING */

    /// @dev Creates the wrapped token of a token of the source chain, unless it was created before.
    function _wrap(uint8 standard, ChainId source, address homeToken, bytes calldata payload) internal {
        Descriptions.wrap(standard, _implementation(standard), source, homeToken, payload);
    }

    /// @dev The wrapped token of a token of the source chain, which must have been created before.
    function _wrapped(uint8 standard, ChainId source, address homeToken)
        internal
        view
        returns (address token)
    {
        token = WrappedTokens.locate(_codeHash(standard), source, homeToken);
        require(token.code.length > 0, TokenNotDescribed(source, homeToken));
    }

    /// @dev What stands here for an ERC-20 of the source chain, and whether that is a linked token.
    function _standing(ChainId source, address homeToken) internal view returns (address token, bool linked) {
        token = WrappedTokens.locate(_CODE_HASH_ERC20, source, homeToken);
        if (token.code.length > 0) return (token, false);
        token = LinkedTokens.localOf(source, homeToken);
        require(token != address(0), TokenNotDescribed(source, homeToken));
        linked = true;
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function wrappedERC20(ChainId homeChain, address homeToken) external view returns (address) {
        return WrappedTokens.locate(_CODE_HASH_ERC20, homeChain, homeToken);
    }

    /// @inheritdoc IAssetGateway
    function wrappedERC721(ChainId homeChain, address homeToken) external view returns (address) {
        return WrappedTokens.locate(_CODE_HASH_ERC721, homeChain, homeToken);
    }

    /// @inheritdoc IAssetGateway
    function wrappedERC1155(ChainId homeChain, address homeToken) external view returns (address) {
        return WrappedTokens.locate(_CODE_HASH_ERC1155, homeChain, homeToken);
    }

    /// @dev Of what creates the wrapped tokens of a standard.
    function _codeHash(uint8 standard) internal view returns (bytes32) {
        if (standard == AssetMessages.ERC20) return _CODE_HASH_ERC20;
        return standard == AssetMessages.ERC721 ? _CODE_HASH_ERC721 : _CODE_HASH_ERC1155;
    }

    function _wrappedERC20Implementation() internal view returns (address) {
        return _WRAPPED_ERC20;
    }

    function _implementation(uint8 standard) internal view returns (address) {
        if (standard == AssetMessages.ERC20) return _WRAPPED_ERC20;
        return standard == AssetMessages.ERC721 ? _WRAPPED_ERC721 : _WRAPPED_ERC1155;
    }
}
