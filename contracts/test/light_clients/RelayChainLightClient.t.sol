// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDerivedLightClient} from "../../src/interfaces/IDerivedLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IRelayChainLightClient} from "../../src/interfaces/IRelayChainLightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {QuorumLightClient} from "../../src/light_clients/QuorumLightClient.sol";
import {RelayChainLightClient} from "../../src/light_clients/RelayChainLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {RelayChainFixture} from "./RelayChainFixture.sol";

contract RelayChainLightClientTest is RelayChainFixture {
    /* CONSTRUCTION */

    function test_constructor_keepsWhatItIsGiven() public view {
        assertTrue(client.sourceChain() == SOURCE);
        assertEq(address(client.hub()), address(hub));
        assertEq(client.sourceClient(), address(sourceClient));
        assertFalse(client.frozen());
    }

    function test_constructor_rejectsAHubThatIsTheSource() public {
        vm.expectRevert(IDerivedLightClient.HubIsSource.selector);
        new RelayChainLightClient(HUB_CHAIN, ILightClient(hub), address(1));
    }

    function test_constructor_rejectsNoSourceClient() public {
        vm.expectRevert(IRelayChainLightClient.SourceClientZero.selector);
        new RelayChainLightClient(SOURCE, ILightClient(hub), address(0));
    }

    function test_constructor_rejectsChainZero() public {
        vm.expectRevert(ILightClient.SourceChainZero.selector);
        new RelayChainLightClient(ChainId.wrap(0), ILightClient(hub), address(1));
    }

    /* UPDATES */

    function test_update_readsAHeaderFromTheHubsClient() public {
        sourceTrusts(aHeader(9));
        bytes memory update = anchored(100, 9);
        bytes32 half = aHeader(9).blockHash & bytes32(type(uint256).max << 128);
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(Height.wrap(9), half);
        (Height height, bool trusted) = client.update(update);
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
        assertServes(aHeader(9));
        assertEq(Height.unwrap(client.latestHeight()), 9);
    }

    function test_update_bringsTheHubsHeaderAlong() public {
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        (, bool trusted) = client.update(aDerivedUpdate(100, hubUpdate(100, stateRoot), 9, proof));
        assertTrue(trusted);
        assertServes(aHeader(9));
        assertEq(Height.unwrap(hub.latestHeight()), 100);
    }

    function test_update_readsUnderAHubThatAQuorumKnows() public {
        ILightClient[] memory members = new ILightClient[](1);
        members[0] = hub;
        QuorumLightClient quorum = new QuorumLightClient(HUB_CHAIN, 1, members);
        client = new RelayChainLightClient(SOURCE, ILightClient(quorum), address(sourceClient));
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        bytes memory member = hubUpdate(100, stateRoot);
        bytes memory update = abi.encodePacked(uint64(100), uint32(member.length), member);
        client.update(aDerivedUpdate(100, update, 9, proof));
        assertServes(aHeader(9));
        hubTrusts(100, keccak256("another"));
        assertServesNothing(9);
    }

    function test_update_readsEveryPlaceOfTheRing() public {
        uint64[5] memory heights = [uint64(1), 255, 256, 257, 100_000_037];
        for (uint64 i = 0; i < heights.length; ++i) {
            sourceTrusts(aHeader(heights[i]));
            client.update(anchored(100 + i, heights[i]));
            assertServes(aHeader(heights[i]));
        }
    }

    function test_update_isQuietAboutAHeaderHeld() public {
        sourceTrusts(aHeader(9));
        client.update(anchored(100, 9));
        sourceTrusts(aHeader(10));
        bytes memory again = anchored(101, 9);
        vm.recordLogs();
        (Height height, bool trusted) = client.update(again);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
    }

    function test_update_rejectsAHubHeaderUnknown() public {
        sourceTrusts(aHeader(9));
        bytes memory update = anchored(100, 9);
        update[7] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 101));
        client.update(update);
    }

    function test_update_rejectsAHubHeaderOverwritten() public {
        sourceTrusts(aHeader(9));
        bytes memory update = anchored(100, 9);
        hubTrusts(100 + 256, keccak256("later"));
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 100));
        client.update(update);
    }

    function test_update_rejectsAHubUpdateOfAnotherHeight() public {
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        hubTrusts(99, stateRoot);
        bytes memory update = aDerivedUpdate(99, hubUpdate(100, stateRoot), 9, proof);
        vm.expectRevert(abi.encodeWithSelector(IDerivedLightClient.HubHeightMismatch.selector, 99, 100));
        client.update(update);
    }

    function test_update_rejectsAHubUpdateWithoutQuorum() public {
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        bytes memory minority = anUpdate(hub, hubHeader(100, stateRoot), four("hub"), 0x3);
        vm.expectRevert(abi.encodeWithSelector(Committee.QuorumNotReached.selector, 2, 3));
        client.update(aDerivedUpdate(100, minority, 9, proof));
    }

    function test_update_rejectsAHeightNotHeldOnTheHub() public {
        sourceTrusts(aHeader(9));
        for (uint64 height = 0; height <= 10; height += 10) {
            bytes memory absent = anchored(100 + height, height);
            vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, height));
            client.update(absent);
        }
        bytes memory overwritten = anchored(120, 9 + 256); // the same place, another height
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 9 + 256));
        client.update(overwritten);
    }

    function test_update_rejectsAnotherContractsStorage() public {
        sourceTrusts(aHeader(9));
        bytes memory update = anchored(100, 9);
        RelayChainLightClient other = new RelayChainLightClient(SOURCE, ILightClient(hub), address(0xbeef));
        vm.expectRevert(MerklePatricia.TrieNodeHashMismatch.selector); // the path leads elsewhere
        other.update(update);
    }

    function test_update_rejectsAHeaderFromTheFuture() public {
        TrustedHeader memory header = aHeader(9);
        header.timestamp = uint64(block.timestamp + 61);
        sourceTrusts(header);
        bytes memory update = anchored(100, 9);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILightClient.HeaderFromFuture.selector, block.timestamp + 61, block.timestamp
            )
        );
        client.update(update);
        vm.warp(block.timestamp + 1);
        client.update(update);
        assertServes(header);
    }

    /// @dev A client that would trust half a header does not extend TrustedHeaders; whatever it is, nothing is taken.
    function test_update_rejectsAnIncompleteHeader() public {
        sourceTrusts(aHeader(9));
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 slot = bytes32(uint256(TRUST) + 1 + 3 * 9 + i);
            bytes32 root = vm.load(address(sourceClient), slot);
            vm.store(address(sourceClient), slot, 0);
            bytes memory update = anchored(uint64(100 + i), 9);
            vm.expectRevert(ILightClient.HeaderIncomplete.selector);
            client.update(update);
            vm.store(address(sourceClient), slot, root);
        }
    }

    function test_update_rejectsAnOlderHeaderInItsPlace() public {
        sourceTrusts(aHeader(9));
        bytes memory old = anchored(100, 9);
        sourceTrusts(aHeader(9 + 256));
        client.update(anchored(101, 9 + 256));
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderTooOld.selector, 9, 9 + 256));
        client.update(old);
    }

    /* MUTATION */

    function test_update_rejectsEveryTruncationAndAnythingBehind() public {
        sourceTrusts(aHeader(9));
        bytes memory update = anchored(100, 9);
        vm.expectRevert(StorageProof.ProofTrailingBytes.selector);
        client.update(abi.encodePacked(update, hex"00"));
        for (uint256 length = 0; length < update.length; ++length) {
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                cut[i] = update[i];
            }
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (cut)));
            assertFalse(ok);
        }
        vm.expectRevert(abi.encodeWithSelector(IDerivedLightClient.UpdateMalformed.selector, 0, 12));
        client.update("");
        vm.expectRevert(Rlp.RlpTruncated.selector);
        client.update(aDerivedUpdate(100, "", 9, ""));
    }

    /// @dev With the hub's update inside: a changed byte is refused, whichever of the three parts it stands in.
    function test_update_rejectsEveryFlippedByte() public {
        sourceTrusts(aHeader(9));
        (bytes32 stateRoot, bytes memory proof) = proveHeader(9);
        bytes memory update = aDerivedUpdate(100, hubUpdate(100, stateRoot), 9, proof);
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 original = update[i];
            update[i] = original ^ bytes1(uint8(1 << (i % 8)));
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (update)));
            assertFalse(ok);
            update[i] = original;
        }
        client.update(update);
        assertServes(aHeader(9));
    }
}
