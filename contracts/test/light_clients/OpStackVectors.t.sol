// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDerivedLightClient} from "../../src/interfaces/IDerivedLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IOpStackLightClient} from "../../src/interfaces/IOpStackLightClient.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {OpStackLightClient} from "../../src/light_clients/OpStackLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The OP Stack updates and evidence that the Python twin reads too, and what follows from the first of them.
contract OpStackVectorsTest is Vectors {
    uint256 internal pristine;

    function setUp() public {
        pristine = vm.snapshotState();
    }

    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("derived/op_stack_updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            OpStackLightClient client = _client(c);
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
        Case[] memory cases = casesOf("derived/op_stack_evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            OpStackLightClient client = _client(c);
            bytes memory evidence = bytesOf(c, "evidence");
            assertOutcome(c, address(client), abi.encodeCall(client.submitMisbehaviour, (evidence)));
            assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
        }
    }

    function test_update_rejectsEveryFlippedByte() public {
        Case memory c = casesOf("derived/op_stack_updates")[0];
        OpStackLightClient client = _client(c);
        bytes memory update = bytesOf(c, "update");
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 mask = bytes1(uint8(1 << (i % 8)));
            update[i] ^= mask;
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (update)));
            assertFalse(ok);
            update[i] ^= mask;
        }
        client.update(update);
        assertEq(Height.unwrap(client.latestHeight()), numberOf(c, "height"));
    }

    /// @dev The evidence holds two updates of one height, each good by itself.
    function test_update_freezesOnTwoWonGamesOfOneHeight() public {
        Case memory c = casesOf("derived/op_stack_evidence")[0];
        OpStackLightClient client = _client(c);
        (bytes memory one, bytes memory other) = this.split(bytesOf(c, "evidence"));
        (, bool trusted) = client.update(one);
        assertTrue(trusted);
        (, trusted) = client.update(other);
        assertFalse(trusted);
        assertTrue(client.frozen());
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(uint64(numberOf(c, "height"))));
        client.submitMisbehaviour(""); // quiet
    }

    function test_layout_isWhatItWasGiven() public {
        Case memory c = casesOf("derived/op_stack_updates")[0];
        assertEq(abi.encode(_client(c).storageLayout()), abi.encode(_layout(c)));
    }

    function test_constructor_rejectsNoDelayAndAHubThatIsTheSource() public {
        Case memory c = casesOf("derived/op_stack_updates")[0];
        OpStackLightClient client = _client(c);
        IOpStackLightClient.Layout memory layout = _layout(c);
        (ILightClient hub, ChainId source) = (client.hub(), client.sourceChain());
        ChainId hubChain = hub.sourceChain();
        vm.expectRevert(IDerivedLightClient.HubIsSource.selector);
        new OpStackLightClient(hubChain, hub, layout);
        layout.delay = 0;
        vm.expectRevert(IOpStackLightClient.DelayZero.selector);
        new OpStackLightClient(source, hub, layout);
    }

    /// @dev External, so that the evidence stands in calldata.
    function split(bytes calldata evidence) external pure returns (bytes memory one, bytes memory other) {
        uint256 middle = 4 + uint32(bytes4(evidence[:4]));
        return (evidence[4:middle], evidence[middle:]);
    }

    /// @dev A fresh client, and a fresh client of the L1 at the address of the case, which took what it is said to hold.
    function _client(Case memory c) internal returns (OpStackLightClient) {
        vm.revertToState(pristine);
        vm.warp(numberOf(c, "now"));
        vm.chainId(uint64(numberOf(c, "destinationChain")));
        address place = addressOf(c, "hubClient");
        ChainId hubChain = ChainId.wrap(uint64(numberOf(c, "hubChain")));
        deployCodeTo("CommitteeLightClient.sol", abi.encode(hubChain, wordsOf(c, "hubMembers")), place);
        CommitteeLightClient(place).update(bytesOf(c, "held"));
        ChainId source = ChainId.wrap(uint64(numberOf(c, "sourceChain")));
        return new OpStackLightClient(source, ILightClient(place), _layout(c));
    }

    function _layout(Case memory c) internal pure returns (IOpStackLightClient.Layout memory) {
        return IOpStackLightClient.Layout({
            factory: addressOf(c, "factory"),
            gameListSlot: wordOf(c, "gameListSlot"),
            statusSlot: wordOf(c, "statusSlot"),
            rootClaimSlot: wordOf(c, "rootClaimSlot"),
            registry: addressOf(c, "registry"),
            respectSlot: wordOf(c, "respectSlot"),
            blacklistSlot: wordOf(c, "blacklistSlot"),
            delay: uint64(numberOf(c, "delay"))
        });
    }
}
