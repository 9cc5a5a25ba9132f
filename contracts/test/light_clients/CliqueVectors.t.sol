// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CliqueLightClient} from "../../src/light_clients/CliqueLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The updates and evidence that the Python twin reads too.
contract CliqueVectorsTest is Vectors {
    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("clique/updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            this.checkUpdate(cases[i]);
        }
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("clique/evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            this.checkEvidence(cases[i]);
        }
    }

    /// @dev External, so that each case has memory of its own.
    function checkUpdate(Case memory c) external {
        CliqueLightClient client = _client(c);
        assertOutcome(c, address(client), abi.encodeCall(client.update, (bytesOf(c, "update"))));
        assertEq(client.signersHash(), wordOf(c, "signersHashAfter"), c.name);
        if (bytes(c.rejects).length != 0) return;
        Height height = Height.wrap(uint64(numberOf(c, "height")));
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(height);
        assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
        assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
        assertEq(timestamp, numberOf(c, "timestamp"), c.name);
    }

    /// @dev External, so that each case has memory of its own.
    function checkEvidence(Case memory c) external {
        CliqueLightClient client = _client(c);
        assertOutcome(c, address(client), abi.encodeCall(client.submitMisbehaviour, (bytesOf(c, "evidence"))));
        assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
    }

    /// @dev A fresh client, at the time of the case.
    function _client(Case memory c) internal returns (CliqueLightClient) {
        vm.warp(numberOf(c, "now"));
        return new CliqueLightClient(
            ChainId.wrap(uint64(numberOf(c, "sourceChain"))),
            uint64(numberOf(c, "signersHeight")),
            uint64(numberOf(c, "startTimestamp")),
            vm.parseJsonAddressArray(c.json, string.concat(c.path, "signers")),
            uint64(numberOf(c, "epochLength")),
            uint64(numberOf(c, "confirmations")),
            uint64(numberOf(c, "trustingPeriod"))
        );
    }
}
