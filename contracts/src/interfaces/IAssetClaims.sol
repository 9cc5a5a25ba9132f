// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "../types/Message.sol";

/// @title Asset claims
/// @notice What the asset gateway holds for somebody: assets that may not be handed over yet, because of a limit, or could
///         not, because a token or an account refused; and ERC-20s that may not leave yet.
/// @dev `standard` is 1 for an ERC-20, 2 for an ERC-721, 3 for an ERC-1155. `id` means nothing for an ERC-20.
interface IAssetClaims {
    /// @notice Assets that came from a chain wait for an account.
    event AssetsWait(
        uint8 standard,
        address indexed token,
        uint256 id,
        ChainId indexed chain,
        address indexed account,
        uint256 amount
    );

    /// @notice Assets that waited for an account were handed over.
    event AssetsClaimed(
        uint8 standard,
        address indexed token,
        uint256 id,
        ChainId indexed chain,
        address indexed account,
        address to,
        uint256 amount
    );

    /// @notice So much of an ERC-20 waits to be sent on, see {IAssetClaims-sendParked}.
    event AssetsParked(
        address indexed token,
        ChainId indexed destination,
        address recipient,
        address indexed sender,
        uint256 amount
    );

    /// @notice A sender took back what waited to be sent.
    event AssetsTakenBack(
        address indexed token,
        ChainId indexed destination,
        address recipient,
        address indexed sender,
        uint256 amount
    );

    /// @notice There is nothing of this kind.
    error NothingWaits();

    /// @notice Hands over to an account what waits for it, as much as may flow at the moment. Anyone may call.
    /// @param chain The chain that it came from.
    function claim(uint8 standard, address token, uint256 id, ChainId chain, address account) external;

    /// @notice The same to another address, which only the account itself may choose.
    function claimTo(uint8 standard, address token, uint256 id, ChainId chain, address to) external;

    /// @notice Sends on, as much as may flow at the moment, what somebody has sent of an ERC-20 and could not leave yet.
    ///         Anyone may call, and pays the fee.
    function sendParked(address token, ChainId destinationChain, address recipient, address sender)
        external
        payable;

    /// @notice Gives back to the caller what he has sent of an ERC-20 and could not leave yet.
    function takeBack(address token, ChainId destinationChain, address recipient) external;

    /// @notice What waits for an account.
    function claimable(uint8 standard, address token, uint256 id, ChainId chain, address account)
        external
        view
        returns (uint256);

    /// @notice What somebody has sent of an ERC-20 and could not leave yet.
    function parked(address token, ChainId destinationChain, address recipient, address sender)
        external
        view
        returns (uint256);
}
