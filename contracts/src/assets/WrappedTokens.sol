// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LibClone} from "solady/utils/LibClone.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IWrappedToken} from "../interfaces/IWrappedToken.sol";
import {Description} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Wrapped tokens, located
/// @notice Where wrapped tokens stand, computed instead of looked up.
library WrappedTokens {
    /// @dev Of a clone.
    uint256 private constant CODE_LENGTH = 44;

    /// @notice Where the clone for a home token stands, or will stand.
    function locate(bytes32 initCodeHash, ChainId homeChain, address homeToken)
        internal
        view
        returns (address)
    {
        return LibClone.predictDeterministicAddress(initCodeHash, _salt(homeChain, homeToken), address(this));
    }

    /// @notice Creates the clone for a home token.
    function create(
        address implementation,
        ChainId homeChain,
        address homeToken,
        Description memory description
    ) internal {
        address token = LibClone.cloneDeterministic(implementation, _salt(homeChain, homeToken));
        emit IAssetGateway.TokenWrapped(homeChain, homeToken, token);
        IWrappedToken(token).initialise(homeChain, homeToken, description);
    }

    /// @notice What a token stands for, if this contract has created it; otherwise zeros.
    /// @dev A clone of the implementation can have been created by others, but initialised only by this contract.
    function homeOf(address implementation, address token)
        internal
        view
        returns (ChainId homeChain, address homeToken)
    {
        if (token.code.length != CODE_LENGTH) return (ChainId.wrap(0), address(0));
        bytes32 cloneHash = keccak256(
            abi.encodePacked(hex"3d3d3d3d363d3d37363d73", implementation, hex"5af43d3d93803e602a57fd5bf3")
        );
        if (token.codehash == cloneHash) return IWrappedToken(token).home();
    }

    function _salt(ChainId homeChain, address homeToken) private pure returns (bytes32) {
        return bytes32(uint256(ChainId.unwrap(homeChain)) << 160 | uint160(homeToken));
    }
}
