// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {QuorumLightClient} from "../../src/light_clients/QuorumLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The quorums, their updates and evidence that the Python twin reads too.
contract QuorumVectorsTest is Vectors {
    uint256 internal pristine;

    function setUp() public {
        pristine = vm.snapshotState();
    }

    function test_constructor_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("quorum/quorums");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            vm.revertToState(pristine);
            address[] memory places = _addressesOf(c, "clients");
            uint256[] memory sources = vm.parseJsonUintArray(c.json, string.concat(c.path, "sources"));
            for (uint256 j = 0; j < places.length; ++j) {
                vm.etch(places[j], address(new FakeLightClient(_chain(sources[j]))).code);
            }
            assertOutcome(c, address(this), abi.encodeCall(this.build, (_source(c), _threshold(c), places)));
        }
    }

    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("quorum/updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            QuorumLightClient quorum = _quorum(c);
            bytes[] memory held = vm.parseJsonBytesArray(c.json, string.concat(c.path, "held"));
            ILightClient[] memory members = quorum.clients();
            for (uint256 j = 0; j < held.length; ++j) {
                if (held[j].length != 0) members[j].update(held[j]);
            }
            assertOutcome(c, address(quorum), abi.encodeCall(quorum.update, (bytesOf(c, "update"))));
            if (bytes(c.rejects).length != 0) continue;
            Height height = Height.wrap(uint64(numberOf(c, "height")));
            (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = quorum.header(height);
            assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
            assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
            assertEq(timestamp, numberOf(c, "timestamp"), c.name);
        }
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("quorum/evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            QuorumLightClient quorum = _quorum(c);
            bytes memory evidence = bytesOf(c, "evidence");
            assertOutcome(c, address(quorum), abi.encodeCall(quorum.submitMisbehaviour, (evidence)));
            uint256[] memory freezes = vm.parseJsonUintArray(c.json, string.concat(c.path, "freezes"));
            uint256 frozen;
            ILightClient[] memory members = quorum.clients();
            for (uint256 j = 0; j < members.length; ++j) {
                if (members[j].frozen()) ++frozen;
            }
            assertEq(frozen, freezes.length, c.name);
            for (uint256 j = 0; j < freezes.length; ++j) {
                assertTrue(members[freezes[j]].frozen(), c.name);
            }
        }
    }

    /// @dev External, so that its reverts can be caught.
    function build(ChainId source, uint256 threshold, address[] memory places)
        external
        returns (QuorumLightClient)
    {
        ILightClient[] memory members = new ILightClient[](places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            members[i] = ILightClient(places[i]);
        }
        return new QuorumLightClient(source, threshold, members);
    }

    /// @dev A fresh quorum of fresh committee clients at the addresses of the case, each with one member word.
    function _quorum(Case memory c) internal returns (QuorumLightClient) {
        vm.revertToState(pristine);
        vm.chainId(uint64(numberOf(c, "destinationChain")));
        address[] memory places = _addressesOf(c, "clients");
        bytes32[] memory words = wordsOf(c, "members");
        for (uint256 i = 0; i < places.length; ++i) {
            bytes32[] memory committee = new bytes32[](1);
            committee[0] = words[i];
            deployCodeTo("CommitteeLightClient.sol", abi.encode(_source(c), committee), places[i]);
        }
        return this.build(_source(c), _threshold(c), places);
    }

    function _addressesOf(Case memory c, string memory key) internal pure returns (address[] memory) {
        return vm.parseJsonAddressArray(c.json, string.concat(c.path, key));
    }

    function _source(Case memory c) internal pure returns (ChainId) {
        return _chain(numberOf(c, "sourceChain"));
    }

    function _chain(uint256 id) internal pure returns (ChainId) {
        return ChainId.wrap(uint64(id));
    }

    function _threshold(Case memory c) internal pure returns (uint256) {
        return numberOf(c, "threshold");
    }
}
