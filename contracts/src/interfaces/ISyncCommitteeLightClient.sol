// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "./ILightClient.sol";

/// @notice One row of a beacon chain's fork table, which fits one word of storage.
struct Fork {
    /// @dev The first epoch of the fork.
    uint64 epoch;
    /// @dev Its version, which sync committees sign under.
    bytes4 version;
    /// @dev Where the finalized checkpoint's root stands in the state: its generalized index.
    uint32 finality;
    /// @dev Where the next sync committee stands in the state.
    uint32 nextCommittee;
    /// @dev Where the hash of an execution block stands in the body: that block's own until Fulu, its parent's since Gloas.
    uint32 executionBlockHash;
}

/// @notice A beacon chain, apart from its forks.
struct Network {
    /// @dev The root of the validators at genesis, which tells chains apart.
    bytes32 genesisValidatorsRoot;
    /// @dev When slot 0 began, in Unix seconds.
    uint64 genesisTime;
    uint64 secondsPerSlot;
    uint64 slotsPerEpoch;
    /// @dev How many epochs a sync committee serves.
    uint64 epochsPerPeriod;
    /// @dev How many keys it has: 512, or 32 in the minimal preset.
    uint64 committeeSize;
}

/// @notice What the client is constructed with: the chain, and what of it is trusted from the start.
/// @dev ABI: `(network, forks, trustingPeriod, trustedTimestamp, trustedPeriod, commitments)`.
struct Parameters {
    Network network;
    /// @dev By ascending epoch; of several in one epoch the last is in force.
    Fork[] forks;
    /// @dev How long after the newest trusted header its committee is believed, in seconds.
    uint64 trustingPeriod;
    /// @dev The time of a finalized block that whoever deploys the client trusts, in Unix seconds.
    uint64 trustedTimestamp;
    /// @dev The period of the first commitment.
    uint64 trustedPeriod;
    /// @dev Of the committee of that period, and of the one after if that is known too.
    bytes32[] commitments;
}

/// @title Sync committee light client
/// @notice Trusts an execution block that a finalized beacon block holds, because two thirds of a sync committee have
///         signed a state that says so. Each committee's successor is read from such a state. Two updates that both
///         verify and contradict each other freeze the client.
/// @dev A commitment is `keccak256(root of the committee's keys (32) ‖ their sum (x ‖ y, 96))`; no key is ever stored.
///      Assumes: less than a third of a sync committee lies. Its members are random validators, and are not slashed for
///      what they sign here.
///      Assumes: this chain has the precompiles of EIP-2537.
interface ISyncCommitteeLightClient is ILightClient {
    /// @notice The committee of `period` is known from now on.
    event CommitteeTrusted(uint64 indexed period, bytes32 commitment);

    /// @notice A client that trusts forever trusts keys that were sold.
    error TrustingPeriodZero();

    /// @notice A number of the network is zero, or the committee's size is neither 32 nor 512.
    error NetworkInvalid();

    /// @notice The forks descend, or one lacks an index, or there are none.
    error ForksInvalid(uint256 index);

    /// @notice Neither one commitment nor two, or one is zero.
    error CommitmentsInvalid();

    /// @notice The beacon chain whose committees are believed.
    function network() external view returns (Network memory);

    /// @notice Its forks, by ascending epoch.
    function forks() external view returns (Fork[] memory);

    /// @notice The newest period whose committee is known.
    function newestPeriod() external view returns (uint64);

    /// @notice The commitment of a period's committee, or zero if it is not held.
    function commitment(uint64 period) external view returns (bytes32);

    /// @notice How long after the newest trusted header its committee is believed, in seconds.
    function trustingPeriod() external view returns (uint64);

    /// @notice The time of the newest trusted header, in Unix seconds; at first that of the trusted block.
    function latestTimestamp() external view returns (uint64);
}
