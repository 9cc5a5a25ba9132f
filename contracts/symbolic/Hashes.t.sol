// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Envelopes} from "../src/types/Envelopes.sol";
import {ChainId, Message, Messages} from "../src/types/Message.sol";

/// @notice What the three hashes cover, given that keccak256 has no collisions.
contract HashesSymbolicTest is Test {
    function check_fold_isTheHashOfBoth(bytes32 accumulator, bytes32 leaf) public pure {
        assert(Messages.fold(accumulator, leaf) == keccak256(abi.encode(accumulator, leaf)));
    }

    function check_fold_tellsHistoriesApart(bytes32 one, bytes32 leaf, bytes32 other, bytes32 otherLeaf)
        public
        pure
    {
        vm.assume(one != other || leaf != otherLeaf);

        assert(Messages.fold(one, leaf) != Messages.fold(other, otherLeaf));
    }

    function check_fold_tellsTheOrderOfThreeLeavesApart(
        bytes32 accumulator,
        bytes32[3] memory leaves,
        bytes32[3] memory others
    ) public pure {
        vm.assume(leaves[0] != others[0] || leaves[1] != others[1] || leaves[2] != others[2]);
        bytes32 one = accumulator;
        bytes32 other = accumulator;
        for (uint256 i = 0; i < 3; ++i) {
            one = Messages.fold(one, leaves[i]);
            other = Messages.fold(other, others[i]);
        }

        assert(one != other);
    }

    function check_laneId_tellsLanesApart(
        ChainId source,
        address sourceGateway,
        ChainId destination,
        address destinationGateway,
        ChainId otherSource,
        address otherSourceGateway,
        ChainId otherDestination,
        address otherDestinationGateway
    ) public pure {
        vm.assume(
            source != otherSource || sourceGateway != otherSourceGateway || destination != otherDestination
                || destinationGateway != otherDestinationGateway
        );
        bytes32 one = Messages.laneId(source, sourceGateway, destination, destinationGateway);
        bytes32 other =
            Messages.laneId(otherSource, otherSourceGateway, otherDestination, otherDestinationGateway);

        assert(one != other);
    }

    /// @custom:halmos --array-lengths message.payload={0,1,31,32,33,68}
    function check_leafOf_isTheLeafThatPlainSolidityHashes(
        Message calldata message,
        bytes32 lane,
        uint64 nonce
    ) public pure {
        bytes32 plain = Messages.leaf(lane, nonce, message, keccak256(message.payload));

        assert(Envelopes.leafOf(message, lane, nonce) == plain);
    }

    /// @custom:halmos --array-lengths message.payload={0,1,32,68},other.payload={0,1,32,68}
    function check_leafOf_tellsMessagesApart(
        Message calldata message,
        Message calldata other,
        bytes32 lane,
        bytes32 otherLane,
        uint64 nonce,
        uint64 otherNonce
    ) public pure {
        bool differs = lane != otherLane || nonce != otherNonce || message.sender != other.sender
            || message.recipient != other.recipient || message.fee != other.fee
            || message.gasLimit != other.gasLimit || message.deadline != other.deadline
            || message.flags != other.flags || keccak256(message.payload) != keccak256(other.payload);
        vm.assume(differs);

        assert(Envelopes.leafOf(message, lane, nonce) != Envelopes.leafOf(other, otherLane, otherNonce));
    }
}
