// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAssetClaims} from "../interfaces/IAssetClaims.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Flows} from "./Flows.sol";

/// @title Claims
/// @notice What the asset gateway holds for somebody, because it may not or cannot be handed over at the moment.
library Claims {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.Waiting
    struct WaitingStorage {
        /// @dev What waits, by all that tells it from anything else.
        mapping(bytes32 => uint256) claimable;
        /// @dev What has been taken for sending, by where it is to go.
        mapping(bytes32 => uint256) parked;
        /// @dev Where what a message forwards came from. On its way back there: {RETURNING}.
        mapping(bytes32 id => ChainId) origins;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Waiting")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _WAITING_STORAGE =
        0x2eb5d508470f52ba8d386f9f82479d80fd535aa66ad96a957c99782038c3dd00;

    /// @dev Stands for an origin that the assets have been sent back to once already.
    ChainId internal constant RETURNING = ChainId.wrap(type(uint64).max);

    /* RECEIVING */

    /// @notice Whether assets may be handed over now. If not, they wait for the account.
    function admit(uint8 standard, address token, uint256 id, ChainId chain, address account, uint256 amount)
        internal
        returns (bool admitted)
    {
        admitted = Flows.drawWhole(token, chain, false, amount);
        if (!admitted) add(standard, token, id, chain, account, amount);
    }

    /// @notice Has assets wait for an account.
    function add(uint8 standard, address token, uint256 id, ChainId chain, address account, uint256 amount)
        internal
    {
        storage_().claimable[keyOf(standard, token, id, chain, account)] += amount;
        emit IAssetClaims.AssetsWait(standard, token, id, chain, account, amount);
    }

    /* VIEWS */

    /// @notice Under what assets wait that have come from a chain.
    function keyOf(uint8 standard, address token, uint256 id, ChainId chain, address account)
        internal
        pure
        returns (bytes32)
    {
        return
            keccak256(abi.encode(standard, token, standard == AssetMessages.ERC20 ? 0 : id, chain, account));
    }

    /// @notice Under what an ERC-20 waits that cannot leave yet.
    function parkingOf(address token, ChainId destination, address recipient, address sender)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(token, destination, recipient, sender));
    }

    function storage_() internal pure returns (WaitingStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _WAITING_STORAGE
        }
    }
}
