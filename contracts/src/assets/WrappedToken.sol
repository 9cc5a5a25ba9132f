// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LibClone} from "solady/utils/LibClone.sol";

import {IWrappedToken} from "../interfaces/IWrappedToken.sol";
import {Description} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Wrapped token
/// @notice What the three kinds of wrapped tokens share: whose they are, what they stand for and what they are called.
abstract contract WrappedToken is IWrappedToken {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.WrappedToken
    struct WrappedTokenStorage {
        string name;
        string symbol;
        uint8 decimals;
        bool initialised;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.WrappedToken")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _STORAGE = 0xcd340255b0a0a35efc1652d404c3833a298371dec149d9ce349bfaf0217b0300;

    /// @dev The contract that clones delegate to, which itself is nobody's token.
    address private immutable _IMPLEMENTATION = address(this);

    /* CONSTRUCTION */

    modifier onlyAssetGateway() {
        require(address(this) != _IMPLEMENTATION && msg.sender == assetGateway(), NotAssetGateway(msg.sender));
        _;
    }

    /// @inheritdoc IWrappedToken
    function initialise(Description calldata description) external onlyAssetGateway {
        WrappedTokenStorage storage $ = _wrappedToken();
        require(!$.initialised, AlreadyInitialised());
        $.initialised = true;
        $.name = description.name;
        $.symbol = description.symbol;
        $.decimals = description.decimals;
        _initialise(description);
    }

    /// @dev What one kind of token takes over besides.
    function _initialise(Description calldata description) internal virtual;

    /* VIEWS */

    /// @inheritdoc IWrappedToken
    function assetGateway() public view returns (address) {
        return address(bytes20(LibClone.argLoad(LibClone.argsOnClone(address(this), 0, 20), 0)));
    }

    /// @inheritdoc IWrappedToken
    function home() external view returns (ChainId chain, address token) {
        bytes memory identity = LibClone.argsOnClone(address(this));
        chain = ChainId.wrap(uint64(bytes8(LibClone.argLoad(identity, 20))));
        token = address(bytes20(LibClone.argLoad(identity, 28)));
    }

    function _wrappedToken() internal pure returns (WrappedTokenStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _STORAGE
        }
    }
}
