// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "../types/Message.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title Quorum light client
/// @notice Serves what at least k of n light clients of one source chain agree on, for example one that verifies
///         consensus and one that believes a committee. It holds no headers of its own.
/// @dev An update is `height (8)`, then for each member in order `length (4) ‖ update of the member`; evidence is, for each
///      member in order, `length (4) ‖ evidence for the member`. Length zero leaves the member as it is.
///      Assumes: of any k members at least one is right. Two values cannot both have k, because 2k > n.
interface IQuorumLightClient is ILightClient {
    /// @notice The bytes are too short, too long, or not in the format.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @notice Half of the members could be outvoted by the other half.
    error ThresholdTooLow(uint256 threshold, uint256 clients);

    /// @notice More members must agree than there are.
    error ThresholdTooHigh(uint256 threshold, uint256 clients);

    /// @notice More members than one call can ask.
    error ClientsTooMany(uint256 clients);

    /// @notice The member follows another chain.
    error ClientSourceMismatch(uint256 index, ChainId given, ChainId expected);

    /// @notice The member stands in the list already.
    error ClientRepeated(uint256 index);

    /// @notice Too few members that are not frozen hold the same roots and time for this height.
    error AgreementNotReached(uint256 agreeing, uint256 needed);

    /// @notice How many members must agree.
    function threshold() external view returns (uint256);

    /// @notice The members, in the order of updates.
    function clients() external view returns (ILightClient[] memory);
}
