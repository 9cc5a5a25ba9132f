// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "../types/Message.sol";

/// @title Flow limits
/// @notice How much of a token may go to another chain and come from it in a while, and whether anything may. A limit is a
///         bucket that refills evenly; what exceeds it waits.
interface IFlowLimits {
    /// @notice A flow was limited; a period of zero lifts the limit.
    event FlowLimited(
        address indexed token, ChainId indexed chain, bool outward, uint128 capacity, uint64 period
    );

    /// @notice Nothing is sent to or accepted from the chain for now.
    event RemotePaused(ChainId indexed chain);

    /// @notice Assets go to and come from the chain again.
    event RemoteResumed(ChainId indexed chain);

    /// @notice So much may not flow before `enoughAt`, if nothing else does until then; the greatest number: not before the
    ///         limit is changed.
    error FlowExceeded(address token, ChainId chain, uint256 amount, uint256 enoughAt);

    /// @notice The chain has been paused.
    error RemoteIsPaused(ChainId chain);

    /// @notice Limits how much of a token goes to a chain or comes from it. Behind governance.
    /// @param token The token of this chain that moves, which for one of another chain is the wrapped one.
    /// @param outward What goes to the chain; otherwise what comes from it.
    /// @param capacity What may flow at once. Of a collection, the number of its items.
    /// @param period Seconds in which as much may flow again; 0 lifts the limit.
    function limitFlow(address token, ChainId chain, bool outward, uint128 capacity, uint64 period) external;

    /// @notice Has everything of a token wait that goes to a chain or comes from it. For guardians: it takes effect at once.
    function haltFlow(address token, ChainId chain) external;

    /// @notice Refuses whatever goes to a chain or comes from it. For guardians: it takes effect at once. What arrives
    ///         meanwhile fails, and can be retried.
    function pauseRemote(ChainId chain) external;

    /// @notice Lets assets go to and come from a chain again. Behind governance.
    function resumeRemote(ChainId chain) external;

    /// @notice A limit, and what may flow at the moment. A period of zero: there is no limit.
    function flow(address token, ChainId chain, bool outward)
        external
        view
        returns (uint128 capacity, uint64 period, uint256 available);

    /// @notice Whether a chain is paused.
    function remotePaused(ChainId chain) external view returns (bool);
}
