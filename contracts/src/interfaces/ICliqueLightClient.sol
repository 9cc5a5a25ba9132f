// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Height} from "../types/Message.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title Clique light client
/// @notice Trusts a header of a proof-of-authority chain (EIP-225) once so many headers stand on it, sealed by more than
///         half of the signers. The headers of epochs name the signers of the next.
/// @dev Warning: Clique has no finality, and this is none: a header is k deep with a majority of the signers on top, which
///      a partition of the network or a majority of liars can still undo. Two such headers of one height freeze the
///      client, after the fact.
/// @dev Assumes: more than half of the signers are honest, their network delivers within the confirmations, and changes
///      of the signers within an epoch leave a majority of those listed at its start.
interface ICliqueLightClient is ILightClient {
    /// @notice The signers whose headers count from now on.
    /// @param height The block that lists them.
    /// @param signersHash The hash of their addresses, 20 bytes each.
    /// @param signers They themselves, ascending.
    event SignersTrusted(Height indexed height, bytes32 indexed signersHash, address[] signers);

    /// @notice Every block would be an epoch, or none.
    error EpochLengthZero();

    /// @notice Trust has to last.
    error TrustingPeriodZero();

    /// @notice The hash of the trusted signers' addresses, 20 bytes each, ascending.
    function signersHash() external view returns (bytes32);

    /// @notice The height of the block that lists the trusted signers.
    function signersHeight() external view returns (Height);

    /// @notice Blocks between two lists of the signers.
    function epochLength() external view returns (uint64);

    /// @notice The least number of headers of trusted signers on top of one that is trusted. A majority of the signers is
    ///         needed besides.
    function confirmations() external view returns (uint64);

    /// @notice Seconds after the newest trusted header's time in which the signers are still believed.
    function trustingPeriod() external view returns (uint64);

    /// @notice The time of the block that the client was started from, in Unix seconds.
    function startTimestamp() external view returns (uint64);

    /// @notice The time of the header at the latest height, in Unix seconds; zero before the first update.
    function latestTimestamp() external view returns (uint64);
}
