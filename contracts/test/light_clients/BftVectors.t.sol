// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBftLightClient} from "../../src/interfaces/IBftLightClient.sol";
import {Ibft2LightClient} from "../../src/light_clients/Ibft2LightClient.sol";
import {QbftLightClient} from "../../src/light_clients/QbftLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice The updates and evidence that the Python twin reads too.
contract BftVectorsTest is Vectors {
    function test_update_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("bft/updates");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            IBftLightClient client = _client(c);
            vm.warp(numberOf(c, "now"));
            bytes memory answer =
                assertOutcome(c, address(client), abi.encodeCall(client.update, (bytesOf(c, "update"))));
            if (bytes(c.rejects).length != 0) continue;
            (Height height, bool trusted) = abi.decode(answer, (Height, bool));
            assertTrue(trusted, c.name);
            assertEq(Height.unwrap(height), numberOf(c, "height"), c.name);
            _assertServed(c, client);
        }
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("bft/evidence");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            IBftLightClient client = _client(c);
            bytes memory before = bytesOf(c, "before");
            vm.warp(numberOf(c, "beforeNow"));
            if (before.length != 0) client.update(before);
            vm.warp(numberOf(c, "now"));
            assertOutcome(
                c, address(client), abi.encodeCall(client.submitMisbehaviour, (bytesOf(c, "evidence")))
            );
            assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
        }
    }

    function _assertServed(Case memory c, IBftLightClient client) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            client.header(Height.wrap(uint64(numberOf(c, "height"))));
        assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
        assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
        assertEq(timestamp, numberOf(c, "timestamp"), c.name);
        assertEq(client.validatorsHash(), wordOf(c, "validatorsHash"), c.name);
        assertEq(client.latestBlockHash(), bytes16(wordOf(c, "latestBlockHash")), c.name);
    }

    /// @dev A fresh client as the case has it.
    function _client(Case memory c) internal returns (IBftLightClient) {
        ChainId source = ChainId.wrap(uint64(numberOf(c, "sourceChain")));
        bool qbft = keccak256(bytes(_text(c, "dialect"))) == keccak256("qbft");
        function(ChainId, uint64, uint64, bytes32, bytes memory, uint64, bool)
            internal returns (IBftLightClient) make = qbft ? _qbft : _ibft2;
        return make(
            source,
            uint64(numberOf(c, "anchorHeight")),
            uint64(numberOf(c, "anchorTimestamp")),
            wordOf(c, "anchorHash"),
            bytesOf(c, "validators"),
            uint64(numberOf(c, "trustingPeriod")),
            numberOf(c, "oneThirdOverlap") == 1
        );
    }

    function _text(Case memory c, string memory key) internal pure returns (string memory) {
        return vm.parseJsonString(c.json, string.concat(c.path, key));
    }

    function _qbft(ChainId s, uint64 h, uint64 t, bytes32 b, bytes memory v, uint64 p, bool o)
        private
        returns (IBftLightClient)
    {
        return new QbftLightClient(s, h, t, b, v, p, o);
    }

    function _ibft2(ChainId s, uint64 h, uint64 t, bytes32 b, bytes memory v, uint64 p, bool o)
        private
        returns (IBftLightClient)
    {
        return new Ibft2LightClient(s, h, t, b, v, p, o);
    }
}
