// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IFlowLimits} from "../interfaces/IFlowLimits.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {Flow, Flows} from "./Flows.sol";
import {Peer, Peers, Remote} from "./Peers.sol";

/// @title Administration
/// @notice What governance and guardians decide about other chains.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large. The asset gateway has
///      checked who calls.
library Administration {
    /* GOVERNANCE */

    /// @notice Registers the asset gateway of another chain.
    function register(ChainId chain, address remote) external {
        bool valid =
            remote != address(0) && ChainId.unwrap(chain) != 0 && ChainId.unwrap(chain) != block.chainid;
        require(valid, IAssetGateway.RemoteInvalid(chain, remote));

        Peers.RemotesStorage storage $ = Peers.storage_();
        Remote storage registered = $.remotes[chain];
        if (registered.number == 0) {
            $.chains.push(chain);
            registered.number = SafeCast.toUint8($.chains.length);
        }
        delete $.sources[keccak256(InteroperableAddresses.format(chain, registered.account))];
        $.sources[keccak256(InteroperableAddresses.format(chain, remote))] =
            Peer(chain, registered.number, registered.flags);
        registered.account = remote;
        emit IAssetGateway.RemoteRegistered(chain, remote);
    }

    /// @notice Pauses a chain, or lets assets go to and come from it again.
    function pause(ChainId chain, bool paused) external {
        _requireRegistered(chain);
        Peers.flag(chain, Peers.PAUSED, paused);
        if (paused) emit IFlowLimits.RemotePaused(chain);
        else emit IFlowLimits.RemoteResumed(chain);
    }

    /// @notice Limits a flow.
    function limit(address token, ChainId chain, bool outward, uint128 capacity, uint64 period) external {
        _limit(token, chain, outward, capacity, period);
    }

    /// @notice Stops both flows of a token.
    function halt(address token, ChainId chain) external {
        _limit(token, chain, false, 0, 1);
        _limit(token, chain, true, 0, 1);
    }

    function _limit(address token, ChainId chain, bool outward, uint128 capacity, uint64 period) private {
        _requireRegistered(chain);
        Flows.limit(token, chain, outward, capacity, period);
        Peers.flag(chain, Peers.LIMITED, true);
    }

    function _requireRegistered(ChainId chain) private view {
        require(Peers.storage_().remotes[chain].number != 0, IAssetGateway.ChainUnknown(chain));
    }

    /* VIEWS */

    /// @notice A limit, and what its bucket holds.
    function flow(address token, ChainId chain, bool outward)
        external
        view
        returns (uint128 capacity, uint64 period, uint256 level)
    {
        Flow storage found = Flows.storage_().flows[token][chain][outward];
        if (found.period != 0) level = Flows.levelOf(found);
        return (found.capacity, found.period, level);
    }
}
