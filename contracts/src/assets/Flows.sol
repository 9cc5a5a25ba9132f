// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IFlowLimits} from "../interfaces/IFlowLimits.sol";
import {ChainId} from "../types/Message.sol";

/// @notice How much of a token may go to a chain, or come from it: a bucket that refills evenly.
struct Flow {
    /// @dev What the bucket holds when it is full.
    uint128 capacity;
    /// @dev What it held at `since`.
    uint128 level;
    uint64 since;
    /// @dev Seconds in which an empty bucket fills; 0: there is no limit.
    uint64 period;
}

/// @title Flows
/// @notice The limits of what goes to and comes from other chains, by the token of this chain that moves.
/// @dev They bound what a deceived light client costs: whatever it is told, no more is given out than the bucket holds.
library Flows {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.Flows
    struct FlowsStorage {
        mapping(address token => mapping(ChainId => mapping(bool outward => Flow))) flows;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Flows")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _FLOWS_STORAGE =
        0x511ad01af6db8fe0d32891936bca01c3188ba483eeb882ff0473c0805e162100;

    /* RULES */

    /// @notice Takes as much as there is, and not more than is asked for.
    function draw(address token, ChainId chain, bool outward, uint256 asked)
        internal
        returns (uint256 drawn)
    {
        Flow storage flow = storage_().flows[token][chain][outward];
        if (flow.period == 0) return asked;
        uint256 level = levelOf(flow);
        drawn = Math.min(asked, level);
        (flow.level, flow.since) = (uint128(level - drawn), uint64(block.timestamp));
    }

    /// @notice Takes all that is asked for, or nothing.
    function drawWhole(address token, ChainId chain, bool outward, uint256 asked) internal returns (bool) {
        Flow storage flow = storage_().flows[token][chain][outward];
        if (flow.period == 0) return true;
        uint256 level = levelOf(flow);
        if (level < asked) return false;
        (flow.level, flow.since) = (uint128(level - asked), uint64(block.timestamp));
        return true;
    }

    /// @notice Takes all that is asked for, or says when that will be there.
    function requireDrawn(address token, ChainId chain, bool outward, uint256 asked) internal {
        if (drawWhole(token, chain, outward, asked)) return;
        revert IFlowLimits.FlowExceeded(token, chain, asked, enoughAt(token, chain, outward, asked));
    }

    /* GOVERNANCE */

    /// @notice Sets a limit, with a full bucket if there was none. What the bucket held stays, as far as it fits.
    function limit(address token, ChainId chain, bool outward, uint128 capacity, uint64 period) internal {
        Flow storage flow = storage_().flows[token][chain][outward];
        uint256 level = flow.period == 0 ? capacity : Math.min(levelOf(flow), capacity);
        storage_().flows[token][chain][outward] =
            Flow(capacity, uint128(level), uint64(block.timestamp), period);
        emit IFlowLimits.FlowLimited(token, chain, outward, capacity, period);
    }

    /* VIEWS */

    /// @notice What a bucket holds now.
    function levelOf(Flow storage flow) internal view returns (uint256) {
        uint256 refilled = Math.mulDiv(flow.capacity, block.timestamp - flow.since, flow.period);
        return Math.min(flow.level + refilled, flow.capacity);
    }

    /// @notice When a bucket will hold so much, if nothing else is taken; the end of time if it never will.
    function enoughAt(address token, ChainId chain, bool outward, uint256 asked)
        internal
        view
        returns (uint256)
    {
        Flow storage flow = storage_().flows[token][chain][outward];
        if (asked > flow.capacity) return type(uint256).max;
        uint256 level = levelOf(flow);
        if (asked <= level) return block.timestamp;
        return block.timestamp + Math.mulDiv(asked - level, flow.period, flow.capacity, Math.Rounding.Ceil);
    }

    function storage_() internal pure returns (FlowsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _FLOWS_STORAGE
        }
    }
}
