// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LibClone} from "solady/utils/LibClone.sol";

import {ChainId} from "../types/Message.sol";

/// @title Wrapped tokens, located
/// @notice The address of a wrapped token follows from its implementation, asset gateway, home chain and home token; so
///         it is computed instead of looked up, in both directions.
/// @dev A clone's code is 45 bytes of proxy, then asset gateway (20) ‖ home chain (8) ‖ home token (20).
library WrappedTokens {
    uint256 private constant CLONE_LENGTH = 45 + 48;

    /// @notice Where the wrapped token of a home token stands, or will stand.
    function locate(address implementation, ChainId homeChain, address homeToken)
        internal
        view
        returns (address)
    {
        return LibClone.predictDeterministicAddress(
            implementation, abi.encodePacked(address(this), homeChain, homeToken), 0, address(this)
        );
    }

    /// @notice Creates the wrapped token of a home token.
    function create(address implementation, ChainId homeChain, address homeToken) internal returns (address) {
        return
            LibClone.cloneDeterministic(
                implementation, abi.encodePacked(address(this), homeChain, homeToken), 0
            );
    }

    /// @notice What a token stands for, if it is a wrapped token that this contract created; otherwise zeros.
    /// @dev The token's own code makes the claim and its address proves it.
    function homeOf(address implementation, address token)
        internal
        view
        returns (ChainId homeChain, address homeToken)
    {
        if (token.code.length != CLONE_LENGTH) return (ChainId.wrap(0), address(0));
        bytes memory identity = LibClone.argsOnClone(token);
        homeChain = ChainId.wrap(uint64(bytes8(LibClone.argLoad(identity, 20))));
        homeToken = address(bytes20(LibClone.argLoad(identity, 28)));
        if (locate(implementation, homeChain, homeToken) != token) return (ChainId.wrap(0), address(0));
    }
}
