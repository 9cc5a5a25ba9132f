// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {FeeSchedule} from "../types/Fees.sol";
import {ChainId, Messages} from "../types/Message.sol";

/// @title Lanes
/// @notice What a gateway knows of its traffic with each other chain, and how governance opens, stops and re-points it.
abstract contract Lanes is IGateway, AccessManaged {
    /* TYPES */

    /// @dev Both directions of the traffic with one other chain.
    struct Lane {
        /// @dev What the other chain proves. Zero until the first message, which folds from the lane's id.
        bytes32 sentAccumulator;
        address remoteGateway;
        uint64 sentNonce;
        /// @dev Whether messages cost anything; if not, nobody looks at the prices.
        bool priced;
        /// @dev Nothing is sent.
        bool sendingPaused;
        bytes32 deliveredAccumulator;
        ILightClient lightClient;
        uint64 deliveredNonce;
        /// @dev How many messages beyond the delivered ones have been executed ahead of their turn.
        uint24 ahead;
        /// @dev Nothing is delivered.
        bool deliveringPaused;
        Ledger ledger;
        FeeSchedule bounds;
    }

    /// @dev A {FeeSchedule}, and in the same slot what was paid in by it and not paid out, in wei.
    struct Ledger {
        uint48 perMessage;
        uint48 perGas;
        uint48 perByte;
        uint32 bounce;
        uint80 collected;
    }

    /// @dev What a message has come to, and since when.
    struct Record {
        Outcome outcome;
        uint64 since;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.Gateway
    struct GatewayStorage {
        mapping(ChainId => Lane) lanes;
        mapping(bytes32 id => Record) records;
        mapping(ChainId source => mapping(address relayer => uint256)) earned;
        mapping(ChainId destination => mapping(address relayer => uint256)) claimed;
        mapping(address application => uint256) prepaid;
    }

    /* STORAGE */

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Gateway")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant GATEWAY_STORAGE =
        0xda762a6435aff43bff6f91eaf92356939bb0739a555f6b8e688d95c8279ea600;

    function _storage() internal pure returns (GatewayStorage storage $) {
        assembly {
            $.slot := GATEWAY_STORAGE
        }
    }

    /* GOVERNANCE */

    /// @inheritdoc IGateway
    function configureLane(ChainId remoteChain, address remoteGateway, ILightClient lightClient)
        external
        restricted
    {
        Lane storage lane = _storage().lanes[remoteChain];
        require(ChainId.unwrap(remoteChain) != 0, LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(remoteChain != _thisChain(), LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(remoteGateway != address(0), LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(address(lightClient).code.length > 0, LaneInvalid(remoteChain, remoteGateway, lightClient));
        require(
            lightClient.sourceChain() == remoteChain, LaneInvalid(remoteChain, remoteGateway, lightClient)
        );
        require(
            lane.remoteGateway == remoteGateway || (lane.sentNonce == 0 && lane.deliveredNonce == 0),
            LaneInUse(remoteChain, lane.remoteGateway)
        );

        lane.remoteGateway = remoteGateway;
        lane.lightClient = lightClient;
        emit LaneConfigured(remoteChain, remoteGateway, lightClient);
    }

    /// @inheritdoc IGateway
    function pauseLane(ChainId remoteChain) external restricted {
        _setPaused(remoteChain, true);
        emit LanePaused(remoteChain);
    }

    /// @inheritdoc IGateway
    function resumeLane(ChainId remoteChain) external restricted {
        _setPaused(remoteChain, false);
        emit LaneResumed(remoteChain);
    }

    function _setPaused(ChainId remoteChain, bool paused) private {
        Lane storage lane = _openLane(remoteChain);
        (lane.sendingPaused, lane.deliveringPaused) = (paused, paused);
    }

    /// @dev A lane that governance has opened.
    function _openLane(ChainId remoteChain) internal view returns (Lane storage lane) {
        lane = _storage().lanes[remoteChain];
        require(lane.remoteGateway != address(0), LaneUnknown(remoteChain));
    }

    /* VIEWS */

    /// @inheritdoc IGateway
    function outbound(ChainId destinationChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, address remoteGateway)
    {
        Lane storage lane = _storage().lanes[destinationChain];
        (nonce, remoteGateway) = (lane.sentNonce, lane.remoteGateway);
        bytes32 laneId = Messages.laneId(_thisChain(), address(this), destinationChain, remoteGateway);
        accumulator = nonce == 0 ? laneId : lane.sentAccumulator;
    }

    /// @inheritdoc IGateway
    function inbound(ChainId sourceChain)
        external
        view
        returns (bytes32 accumulator, uint64 nonce, ILightClient lightClient)
    {
        Lane storage lane = _storage().lanes[sourceChain];
        (nonce, lightClient) = (lane.deliveredNonce, lane.lightClient);
        bytes32 laneId = Messages.laneId(sourceChain, lane.remoteGateway, _thisChain(), address(this));
        accumulator = nonce == 0 ? laneId : lane.deliveredAccumulator;
    }

    /// @inheritdoc IGateway
    function paused(ChainId remoteChain) external view returns (bool) {
        return _storage().lanes[remoteChain].deliveringPaused;
    }

    /// @inheritdoc IGateway
    function ahead(ChainId sourceChain) external view returns (uint256) {
        return _storage().lanes[sourceChain].ahead;
    }

    /// @inheritdoc IGateway
    function outcome(bytes32 id) external view returns (Outcome) {
        return _storage().records[id].outcome;
    }

    /// @inheritdoc IGateway
    function failedAt(bytes32 id) external view returns (uint64) {
        return _storage().records[id].since;
    }

    /// @dev Read at run time, so that a fork of the chain has lanes of its own. EIP-2294 bounds it to 64 bits.
    function _thisChain() internal view returns (ChainId) {
        return ChainId.wrap(SafeCast.toUint64(block.chainid));
    }
}
