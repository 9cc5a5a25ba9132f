// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "./ILightClient.sol";

/// @title Derived light client
/// @notice Trusts what a third chain, the hub, knows of the source chain: it proves that from the state of the hub, whose
///         headers another light client on this chain verifies.
/// @dev An update is `hubHeight (8) ‖ hubUpdateLength (4) ‖ hubUpdate ‖ sourceHeight (8) ‖ proof of the reader`. The hub's
///      update is for the hub's client; it is empty when that client holds the header already.
///      Assumes: the hub's client is right about the hub, and what is read there is right about the source. A source is
///      never trusted more than its hub.
interface IDerivedLightClient is ILightClient {
    /// @notice The bytes are too short, too long, or not in the format.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @notice The source cannot be its own hub.
    error HubIsSource();

    /// @notice The hub's update proves another height than the one that is to be read from.
    error HubHeightMismatch(uint64 given, uint64 proven);

    /// @notice The client of the hub, on this chain.
    function hub() external view returns (ILightClient);
}
