// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId, Height} from "../types/Message.sol";

/// @title Light client
/// @notice Accepts a header of another chain only with that chain's own proof of it, and then serves its roots by
///         height. Anyone may update it; nobody can make it serve a header it did not verify.
interface ILightClient {
    /// @notice A header was verified and is served from now on.
    event HeaderTrusted(Height indexed height, bytes32 blockHash);

    /// @notice Two headers of one height both verified: the client serves nothing any more.
    event Frozen(Height indexed height);

    /// @notice The client has seen misbehaviour of its source chain and serves nothing.
    error ClientFrozen();

    /// @notice No header of this height is held: never verified, or already overwritten by a newer one.
    error HeaderUnknown(Height height);

    /// @notice The header is older than the one that holds its place in the ring.
    error HeaderTooOld(Height height, Height held);

    /// @notice A root, hash, height or time of the header is zero.
    error HeaderIncomplete();

    /// @notice The newest header trusted is older than the trusting period: whoever vouched for it may answer for
    ///         nothing any more. Governance has to start a new client from a header it trusts.
    error TrustExpired(uint256 trusted, uint256 present);

    /// @notice The header's time lies further in the future than clocks may differ.
    error HeaderFromFuture(uint256 timestamp, uint256 present);

    /// @notice The two updates do not contradict each other.
    error EvidenceInvalid();

    /// @notice There is no chain zero.
    error SourceChainZero();

    /// @notice The chain whose headers are verified here.
    function sourceChain() external view returns (ChainId);

    /// @notice Verifies `proof` and stores the header it proves. A header already held is accepted quietly, so that
    ///         relayers may race.
    /// @dev A second, different header of a held height freezes the client instead of reverting, because a revert
    ///      would undo the freeze.
    /// @param proof Header and evidence, in the format of the client.
    /// @return height The height of the header.
    /// @return trusted False when the update froze the client (or it was frozen before): nothing may be delivered.
    function update(bytes calldata proof) external returns (Height height, bool trusted);

    /// @notice The roots of a verified header. Reverts with {ClientFrozen} or {HeaderUnknown}.
    function header(Height height)
        external
        view
        returns (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp);

    /// @notice The greatest height verified so far.
    function latestHeight() external view returns (Height);

    /// @notice Freezes the client on evidence that its source chain has finalised two headers of one height.
    function submitMisbehaviour(bytes calldata evidence) external;

    /// @notice Whether the client serves nothing any more.
    function frozen() external view returns (bool);
}
