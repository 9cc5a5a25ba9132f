// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDerivedLightClient} from "./IDerivedLightClient.sol";

/// @title OP Stack light client
/// @notice Trusts a header of an OP Stack rollup when a dispute game over its output root has been won on the rollup's L1,
///         which is the hub, and has stood for a delay.
/// @dev The proof of the reader is `gameIndex (8) ‖ message passer's storage root (32) ‖ L2 header (RLP) ‖ paths in the state
///      of the L1`: the factory's account and its list entry; the game's account, its status and its root claim; the
///      registry's account, its word of respect and the game's place in its blacklist (which must be empty).
///      Evidence is `length (4) ‖ update ‖ update`: two updates of one height with different headers.
///      Sources: optimism `Hashing.hashOutputRootProof`, `DisputeGameFactory`, `FaultDisputeGame`,
///      `AnchorStateRegistry.isGameClaimValid`.
///      Assumes: one honest challenger, an honest guardian, and contracts on the L1 that are laid out as {Layout} says.
///      Warning: whether the guardian has paused the rollup is not read; nor is a game blacklisted after the delay undone.
///      Warning: a root claim over several chains (a super root) is not understood and proves nothing.
interface IOpStackLightClient is IDerivedLightClient {
    /// @notice Where a version of the rollup's contracts keeps what is read.
    struct Layout {
        /// @dev The `DisputeGameFactory`.
        address factory;
        /// @dev The slot of its `_disputeGameList`. An entry is type (4) ‖ timestamp (8) ‖ game (20).
        bytes32 gameListSlot;
        /// @dev The slot of a game in which stand, from the lowest bits, createdAt (8), resolvedAt (8), status (1).
        bytes32 statusSlot;
        /// @dev The slot of a game that holds its root claim.
        bytes32 rootClaimSlot;
        /// @dev Whoever says which games count: the `AnchorStateRegistry`, or an older `OptimismPortal2`.
        address registry;
        /// @dev Its slot in which stand, from the lowest bits, respectedGameType (4), retirementTimestamp (8).
        bytes32 respectSlot;
        /// @dev The slot of its `disputeGameBlacklist`.
        bytes32 blacklistSlot;
        /// @dev How many seconds a game must have been resolved for.
        uint64 delay;
    }

    /// @notice The header has another number than the update says.
    error SourceHeightMismatch(uint64 given, uint64 proven);

    /// @notice The factory has made no such game.
    error GameUnknown(uint64 index);

    /// @notice The game is not won by whoever defends its claim.
    error GameNotWon(uint8 status);

    /// @notice The game was resolved too short a time ago.
    error GameDelayNotPassed(uint64 resolvedAt, uint64 present);

    /// @notice Games of this type do not count.
    error GameTypeNotRespected(uint32 given, uint32 expected);

    /// @notice The game is from a time of which no game counts any more.
    error GameRetired(uint64 createdAt, uint64 retiredAt);

    /// @notice The guardian has struck the game out.
    error GameBlacklisted(address game);

    /// @notice The header does not stand behind the claim of the game.
    error OutputRootMismatch(bytes32 given, bytes32 expected);

    /// @notice A delay of zero leaves the guardian no time.
    error DelayZero();

    /// @notice Where this client reads what.
    function storageLayout() external view returns (Layout memory);
}
