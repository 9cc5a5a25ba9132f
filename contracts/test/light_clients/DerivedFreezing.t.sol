// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IRelayChainLightClient} from "../../src/interfaces/IRelayChainLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {Height} from "../../src/types/Message.sol";
import {RelayChainFixture} from "./RelayChainFixture.sol";

/// @notice When a derived client stops: on a conflict, on a frozen source client, and with its hub.
contract DerivedFreezingTest is RelayChainFixture {
    /* CONFLICTS */

    /// @dev
    ///   hub     100: source client holds 9      101: it holds another 9 (somebody's slip, or a hub that lies)
    ///   client  takes 9                         sees the two: frozen
    function test_update_freezesOnConflictingRootsUnderTwoHubHeaders() public {
        for (uint256 i = 0; i < 3; ++i) {
            setUp();
            sourceTrusts(aHeader(9));
            client.update(anchored(100, 9));
            bytes32 slot = bytes32(uint256(TRUST) + 1 + 3 * 9 + i);
            uint256 value = uint256(vm.load(address(sourceClient), slot));
            vm.store(address(sourceClient), slot, bytes32(value ^ 1));
            bytes memory conflicting = anchored(101, 9);
            vm.expectEmit(address(client));
            emit ILightClient.Frozen(Height.wrap(9));
            (Height height, bool trusted) = client.update(conflicting);
            assertEq(Height.unwrap(height), 9);
            assertFalse(trusted);
            assertFalse(hub.frozen());
            assertServesNothing(9);
        }
    }

    function test_invariant_aFrozenClientServesNothing() public {
        for (uint64 height = 1; height <= 5; ++height) {
            sourceTrusts(aHeader(height));
            client.update(anchored(100 + height, height));
        }
        bytes memory another = anchored(200, 3);
        sourceFreezes();
        client.submitMisbehaviour(evidenceAt(201));
        for (uint64 height = 0; height <= 300; ++height) {
            assertServesNothing(height);
        }
        (Height answered, bool trusted) = client.update(another);
        assertEq(Height.unwrap(answered), 3);
        assertFalse(trusted);
    }

    /* SOURCE CLIENT */

    function test_update_rejectsAFrozenSourceClient() public {
        sourceTrusts(aHeader(9));
        sourceFreezes();
        bytes memory update = anchored(100, 9);
        vm.expectRevert(IRelayChainLightClient.SourceClientFrozen.selector);
        client.update(update);
    }

    /// @dev Any value of the flag's byte but zero counts.
    function test_update_rejectsAnyBitOfTheFlag() public {
        sourceTrusts(aHeader(9));
        uint256 trust = uint256(vm.load(address(sourceClient), TRUST));
        for (uint256 bit = 0; bit < 8; ++bit) {
            vm.store(address(sourceClient), TRUST, bytes32(trust | 1 << (128 + bit)));
            bytes memory update = anchored(uint64(100 + bit), 9);
            vm.expectRevert(IRelayChainLightClient.SourceClientFrozen.selector);
            client.update(update);
        }
    }

    function test_submitMisbehaviour_freezesOnAFrozenSourceClient() public {
        sourceTrusts(aHeader(9));
        client.update(anchored(100, 9));
        sourceFreezes();
        bytes memory evidence = evidenceAt(101);
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(Height.wrap(77));
        client.submitMisbehaviour(evidence);
        assertServesNothing(9);
        client.submitMisbehaviour(evidence);
    }

    function test_submitMisbehaviour_bringsTheHubsHeaderAlong() public {
        sourceFreezes();
        (bytes32 stateRoot, bytes memory proof) = proveTrust();
        bytes memory update = hubUpdate(100, stateRoot);
        client.submitMisbehaviour(abi.encodePacked(uint64(100), uint32(update.length), update, proof));
        assertServesNothing(9);
    }

    function test_submitMisbehaviour_rejectsAHealthySourceClient() public {
        sourceTrusts(aHeader(9));
        bytes memory evidence = evidenceAt(100);
        vm.expectRevert(ILightClient.EvidenceInvalid.selector);
        client.submitMisbehaviour(evidence);
    }

    function test_submitMisbehaviour_rejectsEveryFlippedByte() public {
        sourceFreezes();
        bytes memory evidence = evidenceAt(100);
        for (uint256 i = 0; i < evidence.length; ++i) {
            evidence[i] ^= 0x01;
            (bool ok,) = address(client).call(abi.encodeCall(client.submitMisbehaviour, (evidence)));
            assertFalse(ok);
            evidence[i] ^= 0x01;
        }
        vm.expectRevert(StorageProof.ProofTrailingBytes.selector);
        client.submitMisbehaviour(abi.encodePacked(evidence, hex"00"));
    }

    /* HUB */

    function test_header_isNotServedWhenTheHubIsFrozen() public {
        sourceTrusts(aHeader(9));
        client.update(anchored(100, 9));
        hubTrusts(100, keccak256("another"));
        assertTrue(hub.frozen());
        assertServesNothing(9);
        sourceTrusts(aHeader(10));
        (, bytes memory proof) = proveHeader(10);
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.update(aDerivedUpdate(100, "", 10, proof));
    }

    /// @dev The update must not revert: that would undo the freezing of the hub.
    function test_update_doesNotUndoTheFreezingOfItsHub() public {
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        hubTrusts(100, keccak256("another"));
        (Height height, bool trusted) =
            client.update(aDerivedUpdate(100, hubUpdate(100, stateRoot), 9, proof));
        assertEq(Height.unwrap(height), 9);
        assertFalse(trusted);
        assertTrue(hub.frozen());
        assertServesNothing(9);
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(9));
    }

    function test_submitMisbehaviour_doesNotUndoTheFreezingOfItsHub() public {
        sourceFreezes();
        (bytes32 stateRoot, bytes memory proof) = proveTrust();
        hubTrusts(100, keccak256("another"));
        bytes memory update = hubUpdate(100, stateRoot);
        client.submitMisbehaviour(abi.encodePacked(uint64(100), uint32(update.length), update, proof));
        assertTrue(hub.frozen());
        assertServesNothing(9);
    }

    function test_invariant_trustedRootsNeverChange(bytes32 stateRoot, uint8 hubHeight) public {
        vm.assume(stateRoot != 0);
        sourceTrusts(aHeader(9));
        client.update(anchored(300, 9));
        vm.store(address(sourceClient), bytes32(uint256(TRUST) + 1 + 3 * 9), stateRoot);
        TrustedHeader memory first = aHeader(9);
        (, bool trusted) = client.update(anchored(301 + uint64(hubHeight), 9));
        assertEq(trusted, stateRoot == first.stateRoot);
        if (trusted) assertServes(first);
        else assertServesNothing(9);
    }
}
