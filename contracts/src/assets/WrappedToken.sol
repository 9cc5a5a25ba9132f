// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IWrappedToken} from "../interfaces/IWrappedToken.sol";
import {Description} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Wrapped token
/// @notice What the three kinds of wrapped tokens share: whose they are, what they stand for and what they are called.
/// @dev Created by the asset gateway's constructor, and cloned by it for each token. The gateway's address is in the code,
///      so that nobody can initialise a clone of his own, nor this contract itself.
abstract contract WrappedToken is IWrappedToken {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.WrappedToken
    struct WrappedTokenStorage {
        ChainId homeChain;
        address homeToken;
        uint8 decimals;
        string name;
        string symbol;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.WrappedToken")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _WRAPPED_TOKEN_STORAGE =
        0xcd340255b0a0a35efc1652d404c3833a298371dec149d9ce349bfaf0217b0300;

    address private immutable _ASSET_GATEWAY = msg.sender;

    /* CONSTRUCTION */

    modifier onlyAssetGateway() {
        require(msg.sender == _ASSET_GATEWAY, NotAssetGateway(msg.sender));
        _;
    }

    /// @inheritdoc IWrappedToken
    function initialise(ChainId homeChain, address homeToken, Description calldata description)
        external
        onlyAssetGateway
    {
        WrappedTokenStorage storage $ = _wrappedToken();
        require($.homeToken == address(0), AlreadyInitialised());
        ($.homeChain, $.homeToken, $.decimals) = (homeChain, homeToken, description.decimals);
        ($.name, $.symbol) = (description.name, description.symbol);
        _initialise(description);
    }

    /// @dev What one kind of token takes over besides.
    function _initialise(Description calldata description) internal virtual;

    /* VIEWS */

    /// @inheritdoc IWrappedToken
    function assetGateway() external view returns (address) {
        return _ASSET_GATEWAY;
    }

    /// @inheritdoc IWrappedToken
    function home() external view returns (ChainId chain, address token) {
        WrappedTokenStorage storage $ = _wrappedToken();
        return ($.homeChain, $.homeToken);
    }

    function _wrappedToken() internal pure returns (WrappedTokenStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _WRAPPED_TOKEN_STORAGE
        }
    }
}
