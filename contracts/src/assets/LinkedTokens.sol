// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {IWrappedERC20} from "../interfaces/IWrappedToken.sol";
import {ChainId} from "../types/Message.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Ledgers} from "./Ledgers.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @title Linked tokens
/// @notice Tokens with an ERC-7802 implementation of their own on this chain, which stand here for tokens of other chains
///         in place of wrapped ones.
/// @dev Linked to the asset gateway, and runs in its place. While a link holds there is no wrapped token of its home token,
///      so that only where none is found anybody looks for a link, and other tokens pay nothing for them. What is minted of a local token is counted, and no more goes
///      home, so that a local token with other ways to be minted cannot take home what others have sent.
library LinkedTokens {
    /* TYPES */

    /// @dev What a local token stands for. Stays when the link is undone, so that what there is of it can go home.
    struct Link {
        ChainId homeChain;
        address homeToken;
        uint256 minted;
    }

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.LinkedTokens
    struct LinkedTokensStorage {
        /// @dev What is minted for a home token.
        mapping(ChainId => mapping(address homeToken => address)) locals;
        mapping(address localToken => Link) links;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.LinkedTokens")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _LINKED_STORAGE =
        0x349126c237f713a0e65193144bf96e244c0cea35f0cb48400407293553eb1c00;

    /* GOVERNANCE */

    /// @notice Has a local token stand for a home token.
    /// @param implementation What wrapped ERC-20s delegate to: none of them can be linked.
    function link(ChainId homeChain, address homeToken, address localToken, address implementation) external {
        (, address standsFor) = WrappedTokens.homeOf(implementation, localToken);
        bool valid = ChainId.unwrap(homeChain) != 0 && ChainId.unwrap(homeChain) != block.chainid
            && homeToken != address(0) && standsFor == address(0)
            && HomeTokens.declares(localToken, type(IERC7802).interfaceId);
        require(valid, ISpecialTokens.LinkInvalid(homeChain, homeToken, localToken));
        address wrapped = WrappedTokens.locate(LibClone.initCodeHash(implementation), homeChain, homeToken);
        require(wrapped.code.length == 0, ISpecialTokens.TokenAlreadyWrapped(homeChain, homeToken));

        Link storage known = _storage().links[localToken];
        bool free =
            known.homeToken == address(0) || (known.homeToken == homeToken && known.homeChain == homeChain);
        require(free, ISpecialTokens.LinkTaken(localToken, known.homeChain, known.homeToken));
        (known.homeChain, known.homeToken) = (homeChain, homeToken);
        _storage().locals[homeChain][homeToken] = localToken;
        Ledgers.forget(localToken);
        emit ISpecialTokens.TokenLinked(homeChain, homeToken, localToken);
    }

    /// @notice Has what arrives of a home token be wrapped from now on.
    /// @dev Creates the wrapped token, because the other chain has described it already, and will not again.
    function unlink(ChainId homeChain, address homeToken, address implementation) external {
        address localToken = _storage().locals[homeChain][homeToken];
        require(localToken != address(0), ISpecialTokens.LinkUnknown(homeChain, homeToken));
        delete _storage().locals[homeChain][homeToken];
        emit ISpecialTokens.TokenUnlinked(homeChain, homeToken, localToken);
        WrappedTokens.create(implementation, homeChain, homeToken, HomeTokens.describeERC20(localToken));
    }

    /* SENDING */

    /// @notice Burns what goes home.
    function burn(address localToken, address holder, uint256 amount) external {
        Link storage known = _storage().links[localToken];
        uint256 minted = known.minted;
        require(amount <= minted, ISpecialTokens.LinkedSupplyExceeded(localToken, amount, minted));
        known.minted = minted - amount;
        uint256 before = IERC20(localToken).balanceOf(holder);
        IERC7802(localToken).crosschainBurn(holder, amount);
        uint256 burned = before - IERC20(localToken).balanceOf(holder);
        require(burned == amount, ISpecialTokens.LinkedAmountMismatch(localToken, amount, burned));
    }

    /* RECEIVING */

    /// @notice Mints what has come from home.
    function mint(address localToken, address recipient, uint256 amount) external {
        _mint(localToken, recipient, amount);
    }

    /// @notice Mints again what came back on its way home, of a linked token or of a wrapped one.
    function mintAgain(address token, address recipient, uint256 amount) internal {
        if (_storage().links[token].homeToken != address(0)) _mint(token, recipient, amount);
        else IWrappedERC20(token).mint(recipient, amount);
    }

    function _mint(address localToken, address recipient, uint256 amount) private {
        _storage().links[localToken].minted += amount;
        uint256 before = IERC20(localToken).balanceOf(recipient);
        IERC7802(localToken).crosschainMint(recipient, amount);
        uint256 minted = IERC20(localToken).balanceOf(recipient) - before;
        require(minted == amount, ISpecialTokens.LinkedAmountMismatch(localToken, amount, minted));
    }

    /* RULES */

    /// @notice The token does not stand for one of another chain.
    function requireUnlinked(address token) internal view {
        require(_storage().links[token].homeToken == address(0), ISpecialTokens.TokenIsLinked(token));
    }

    /* VIEWS */

    /// @notice What is minted for a home token; zero: a wrapped one.
    function localOf(ChainId homeChain, address homeToken) internal view returns (address) {
        return _storage().locals[homeChain][homeToken];
    }

    /// @notice What a local token stands for; zeros: it is not linked, and never was.
    function linkOf(address localToken) internal view returns (Link memory) {
        return _storage().links[localToken];
    }

    function _storage() private pure returns (LinkedTokensStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _LINKED_STORAGE
        }
    }
}
