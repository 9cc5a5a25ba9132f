// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Committee} from "../../src/light_clients/Committee.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The committees, updates, rotations and evidence that the Python twin reads too.
contract CommitteeVectorsTest is Vectors {
    uint256 internal pristine;

    function setUp() public {
        pristine = vm.snapshotState();
    }

    function test_committee_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("committee/committees");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            bytes memory answer =
                assertOutcome(c, address(this), abi.encodeCall(this.hashAndQuorum, (wordsOf(c, "members"))));
            if (bytes(c.rejects).length != 0) continue;
            (bytes32 hash, uint256 needed) = abi.decode(answer, (bytes32, uint256));
            assertEq(hash, wordOf(c, "committeeHash"), c.name);
            assertEq(needed, numberOf(c, "needed"), c.name);
        }
    }

    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("committee/updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            CommitteeLightClient client = _client(c);
            assertOutcome(c, address(client), abi.encodeCall(client.update, (bytesOf(c, "update"))));
            if (bytes(c.rejects).length != 0) continue;
            Height height = Height.wrap(uint64(numberOf(c, "height")));
            (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(height);
            assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
            assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
            assertEq(timestamp, numberOf(c, "timestamp"), c.name);
        }
    }

    function test_rotate_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("committee/rotations");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            CommitteeLightClient client = _client(c);
            assertOutcome(c, address(client), abi.encodeCall(client.rotate, (bytesOf(c, "rotation"))));
            if (bytes(c.rejects).length != 0) continue;
            assertEq(client.committeeHash(), wordOf(c, "nextCommitteeHash"), c.name);
            assertEq(client.epoch(), 2, c.name);
        }
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("committee/evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            CommitteeLightClient client = _client(c);
            assertOutcome(
                c, address(client), abi.encodeCall(client.submitMisbehaviour, (bytesOf(c, "evidence")))
            );
            assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
        }
    }

    /// @dev External, so that its reverts can be caught.
    function hashAndQuorum(bytes32[] memory members) external pure returns (bytes32 hash, uint256 needed) {
        hash = Committee.hash(members);
        uint256 total;
        for (uint256 i = 0; i < members.length; ++i) {
            total += uint96(uint256(members[i]));
        }
        needed = Committee.quorum(total);
    }

    /// @dev A fresh client at the address and on the chain of the case; nothing of the case before is left.
    function _client(Case memory c) internal returns (CommitteeLightClient) {
        vm.revertToState(pristine);
        assertEq(numberOf(c, "epoch"), 1, c.name);
        address place = addressOf(c, "client");
        vm.chainId(uint64(numberOf(c, "destinationChain")));
        ChainId source = ChainId.wrap(uint64(numberOf(c, "sourceChain")));
        deployCodeTo("CommitteeLightClient.sol", abi.encode(source, wordsOf(c, "members")), place);
        return CommitteeLightClient(place);
    }
}
