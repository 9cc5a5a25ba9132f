// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {RelayChainLightClient} from "../../src/light_clients/RelayChainLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The derived updates and evidence that the Python twin reads too.
contract DerivedVectorsTest is Vectors {
    uint256 internal pristine;

    function setUp() public {
        pristine = vm.snapshotState();
    }

    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("derived/updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            RelayChainLightClient client = _client(c);
            Height height = Height.wrap(uint64(numberOf(c, "height")));
            if (bytes(c.rejects).length == 0) {
                vm.expectEmit(address(client));
                emit ILightClient.HeaderTrusted(height, wordOf(c, "blockHash"));
            }
            assertOutcome(c, address(client), abi.encodeCall(client.update, (bytesOf(c, "update"))));
            if (bytes(c.rejects).length != 0) continue;
            (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(height);
            assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
            assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
            assertEq(timestamp, numberOf(c, "timestamp"), c.name);
        }
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("derived/evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            RelayChainLightClient client = _client(c);
            if (bytes(c.rejects).length == 0) {
                vm.expectEmit(address(client));
                emit ILightClient.Frozen(Height.wrap(uint64(numberOf(c, "height"))));
            }
            assertOutcome(
                c, address(client), abi.encodeCall(client.submitMisbehaviour, (bytesOf(c, "evidence")))
            );
            assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
        }
    }

    /// @dev A fresh client, and a fresh client of the hub at the address of the case, which took what it is said to hold.
    function _client(Case memory c) internal returns (RelayChainLightClient) {
        vm.revertToState(pristine);
        vm.warp(numberOf(c, "now"));
        vm.chainId(uint64(numberOf(c, "destinationChain")));
        address place = addressOf(c, "hubClient");
        ChainId hubChain = ChainId.wrap(uint64(numberOf(c, "hubChain")));
        deployCodeTo("CommitteeLightClient.sol", abi.encode(hubChain, wordsOf(c, "hubMembers")), place);
        bytes memory held = bytesOf(c, "held");
        if (held.length != 0) CommitteeLightClient(place).update(held);
        ChainId source = ChainId.wrap(uint64(numberOf(c, "sourceChain")));
        return new RelayChainLightClient(source, ILightClient(place), addressOf(c, "sourceClient"));
    }
}
