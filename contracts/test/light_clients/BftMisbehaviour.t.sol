// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Bft} from "../../src/light_clients/Bft.sol";
import {Height} from "../../src/types/Message.sol";
import {BftFixture} from "./BftFixture.sol";

/// @notice What freezes a BFT client, what must not, and what a frozen one does.
contract BftMisbehaviourTest is BftFixture {
    function dialect() internal pure override returns (Bft.Dialect) {
        return Bft.Dialect.Qbft;
    }

    /* UPDATES */

    function test_update_freezesOnAConflict() public {
        client.update(signed(aBlock(150)));
        bytes memory conflict = signed(twinOf(aBlock(150)));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(Height.wrap(150));
        (Height height, bool trusted) = client.update(conflict);
        assertEq(Height.unwrap(height), 150);
        assertFalse(trusted);
        assertTrue(client.frozen());
    }

    function test_update_freezesOnAConflictAmongItsSteps() public {
        bytes memory update =
            abi.encodePacked(signed(aBlock(150)), signed(twinOf(aBlock(150))), signed(aBlock(151)));
        (Height height, bool trusted) = client.update(update);
        assertEq(Height.unwrap(height), 151);
        assertFalse(trusted);
        assertTrue(client.frozen());
    }

    function test_update_doesNotFreezeOnAConflictWithoutQuorum() public {
        client.update(signed(aBlock(150)));
        bytes memory conflict = aStep(twinOf(aBlock(150)), four(), 0x9, dialect(), "");
        vm.expectRevert(abi.encodeWithSelector(Bft.QuorumNotReached.selector, 2, 3));
        client.update(conflict);
        Validator[] memory liars = someValidators(4, "liars");
        conflict = aStep(twinOf(aBlock(150)), liars, 0xf, dialect(), payloadOf(four()));
        vm.expectRevert();
        client.update(conflict);
        assertServes(aBlock(150));
    }

    /* EVIDENCE */

    function test_submitMisbehaviour_freezes() public {
        bytes memory evidence = abi.encodePacked(signed(aBlock(150)), signed(twinOf(aBlock(150))));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(Height.wrap(150));
        client.submitMisbehaviour(evidence);
        assertTrue(client.frozen());
        client.submitMisbehaviour("quiet from now on");
    }

    function test_submitMisbehaviour_rejectsOneBlockInTwoRounds(uint32 round) public {
        Block memory b = aBlock(150);
        bytes memory evidence = signed(b);
        b.round = round;
        evidence = abi.encodePacked(evidence, signed(b));
        vm.expectRevert(ILightClient.EvidenceInvalid.selector);
        client.submitMisbehaviour(evidence);
    }

    function test_submitMisbehaviour_takesAListWhileItAnswers() public {
        bytes memory evidence = abi.encodePacked(signed(aBlock(150)), signed(twinOf(aBlock(150))));
        Validator[] memory next = mixed(four(), 4, 1);
        client.update(change(aBlock(160), next, 0x1f));
        bytes32 old = keccak256(payloadOf(four()));
        uint64 replaced = client.retiredAt(old);
        assertEq(replaced, START + 1000);
        Block memory b = aBlock(161);
        b.timestamp = replaced + 100;
        vm.warp(b.timestamp);
        client.update(aStep(b, next, 0x1f, dialect(), ""));

        vm.warp(replaced + PERIOD);
        bytes32 trusted = client.validatorsHash();
        vm.expectRevert(abi.encodeWithSelector(Bft.ValidatorsMismatch.selector, old, trusted));
        client.submitMisbehaviour(evidence);
        vm.warp(replaced + PERIOD - 1);
        client.submitMisbehaviour(evidence);
        assertTrue(client.frozen());
    }

    function test_submitMisbehaviour_rejectsEveryFlippedByte() public {
        bytes memory evidence = abi.encodePacked(signed(aBlock(150)), signed(twinOf(aBlock(150))));
        uint256 pristine = vm.snapshotState();
        uint256 seals = signed(aBlock(150)).length - 2 - 3 * 64;
        for (uint256 i = 0; i < evidence.length; ++i) {
            bytes1 original = evidence[i];
            evidence[i] = original ^ bytes1(uint8(1 << (i % 8)));
            (bool ok,) = address(client).call(abi.encodeCall(client.submitMisbehaviour, (evidence)));
            assertFalse(ok && i >= seals && i < seals + 192);
            if (ok) vm.revertToState(pristine);
            evidence[i] = original;
        }
    }

    /* INVARIANTS */

    /// @dev Whatever bitmap and whoever signs: without a quorum of the trusted behind it, no header is stored.
    function test_invariant_noBftHeaderWithoutQuorumIsEverStored(
        uint256 bitmap,
        uint256[4] memory keys,
        uint64 height
    ) public {
        height = uint64(bound(height, 1, type(uint64).max));
        bitmap = bitmap % 16;
        Validator[] memory all = four();
        uint256 honest;
        uint256 said;
        for (uint256 i = 0; i < 4; ++i) {
            bool signs = keys[i] % 3 != 0;
            if (!signs) all[i].key = bound(keys[i], 1, 1 << 250);
            if ((bitmap >> i) & 1 == 1) {
                ++said;
                if (signs) ++honest;
            }
        }
        Block memory b = aBlock(height);
        b.timestamp = START;
        try client.update(aStep(b, all, bitmap, dialect(), "")) returns (Height, bool trusted) {
            assertTrue(trusted && said == honest && honest >= 3);
            assertServes(b);
        } catch {
            assertTrue(said != honest || honest < 3);
            vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, height));
            client.header(Height.wrap(height));
        }
    }

    function test_invariant_aFrozenBftClientServesNothing(uint64 height) public {
        client.update(signed(aBlock(150)));
        client.update(signed(twinOf(aBlock(150))));
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(150));
        height = uint64(bound(height, 101, type(uint64).max));
        Block memory b = aBlock(height);
        (Height last, bool trusted) = client.update(signed(b));
        assertEq(Height.unwrap(last), height);
        assertFalse(trusted);
        assertTrue(client.frozen());
        assertEq(Height.unwrap(client.latestHeight()), 150);
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(height));
    }
}
