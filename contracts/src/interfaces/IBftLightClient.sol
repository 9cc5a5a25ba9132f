// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Height} from "../types/Message.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title BFT light client
/// @notice Trusts a header of a QBFT or IBFT 2.0 chain that a quorum of the validators listed in it has sealed, if that
///         list is the trusted one or enough of the trusted validators are among those who sealed. A list that was
///         accepted so is the trusted one from then on. Two sealed headers of one height freeze the client.
/// @dev Assumes: less than a third of the trusted validators are Byzantine until the trusting period is over, and an
///      honest validator seals only headers whose list of validators it has computed itself.
interface IBftLightClient is ILightClient {
    /// @notice The validators listed in the header of `height` are the trusted ones from now on.
    event ValidatorsTrusted(Height indexed height, bytes32 indexed validatorsHash);

    /// @notice A trusting period of nothing.
    error TrustingPeriodZero();

    /// @notice The hash of the trusted list: of `0x94 ‖ address` of each validator, in ascending order.
    function validatorsHash() external view returns (bytes32);

    /// @notice How long after the newest header's time its validators are believed, in seconds.
    function trustingPeriod() external view returns (uint64);

    /// @notice Whether one honest trusted validator is enough to skip to another list, instead of a quorum of them.
    function oneThirdOverlap() external view returns (bool);

    /// @notice The time of the header at `latestHeight`, in Unix seconds.
    function latestTimestamp() external view returns (uint64);

    /// @notice The first half of the block hash of the header at `latestHeight`, by which its child is known.
    function latestBlockHash() external view returns (bytes16);

    /// @notice When another list took the place of this one, in Unix seconds; zero if none ever did.
    function retiredAt(bytes32 validatorsHash_) external view returns (uint64);
}
