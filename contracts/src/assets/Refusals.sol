// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Ledgers} from "./Ledgers.sol";

/// @title Refusals
/// @notice Tokens and items that must not leave: those whose holder could not have them back as they were, or whose copies
///         would not be worth what they stand for.
/// @dev Linked to the asset gateway, and runs in its place. Whether a token is refused is looked up when it is described to a chain, and so costs nothing afterwards: whoever
///      refuses it has it described anew.
library Refusals {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.Refusals
    struct RefusalsStorage {
        mapping(address token => bool) refused;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Refusals")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _REFUSALS_STORAGE =
        0x5bb7c9cff03755ddb74dbd2d5ea54f4bc9b90bc5af644a9458f139097b268c00;

    /* GOVERNANCE */

    /// @notice Notes that a token is refused, or is not any more.
    function refuse(address token, bool refused) external {
        _storage().refused[token] = refused;
        Ledgers.forget(token);
        emit ISpecialTokens.TokenRefusalSet(token, refused);
    }

    /* RULES */

    /// @notice Nothing keeps the item with who holds it.
    function requireFree(address token, uint256 id) external view {
        require(!HomeTokens.isLocked(token, id), ISpecialTokens.ItemLocked(token, id));
        (bool rented, uint256 until) = HomeTokens.isRented(token, id);
        require(!rented, ISpecialTokens.ItemRented(token, id, until));
    }

    /// @notice Governance has not refused the token.
    function requireAccepted(address token) internal view {
        require(!isRefused(token), ISpecialTokens.TokenRefused(token));
    }

    /* VIEWS */

    /// @notice Whether governance has refused the token.
    function isRefused(address token) internal view returns (bool) {
        return _storage().refused[token];
    }

    function _storage() private pure returns (RefusalsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _REFUSALS_STORAGE
        }
    }
}
