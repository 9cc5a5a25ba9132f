// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDerivedLightClient} from "./IDerivedLightClient.sol";

/// @title Relay chain light client
/// @notice Trusts a header of the source chain that a light client on the hub holds, by proof of that client's storage.
/// @dev The proof of the reader is the path of the source client's account in the hub's state, then, one after the other,
///      the paths of four slots in its storage: the first word of `TrustedHeaders.Trust`, and the state root, the receipts
///      root and the tag of the height's place in the ring.
///      Evidence is `hubHeight (8) ‖ hubUpdateLength (4) ‖ hubUpdate ‖ account path ‖ path of that first word`, which says
///      that the source client is frozen.
///      Assumes: the contract at the source client's address extends `TrustedHeaders`, is what it was when this client was
///      deployed, and follows this client's source chain.
///      Warning: the storage holds the first half of a block's hash. The hash in {HeaderTrusted} ends in 128 zero bits.
///      Warning: of a source client that is itself derived, only its own freezing is seen, not that of its hub.
interface IRelayChainLightClient is IDerivedLightClient {
    /// @notice The client of the source on the hub has seen misbehaviour of the source.
    error SourceClientFrozen();

    /// @notice There is no contract at the zero address.
    error SourceClientZero();

    /// @notice The client of the source, on the hub.
    function sourceClient() external view returns (address);
}
