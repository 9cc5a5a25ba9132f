// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICommitteeLightClient} from "../../src/interfaces/ICommitteeLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {Height} from "../../src/types/Message.sol";
import {CommitteeFixture} from "./CommitteeFixture.sol";

/// @notice How a committee hands over, and how its misbehaviour is reported.
contract CommitteeGovernanceTest is CommitteeFixture {
    /* ROTATION */

    function test_rotate_handsOverToTheCommitteeNamed() public {
        Attester[] memory next = someAttesters(7, "next");
        assertUpdates(aHeader(9));
        bytes memory inOldEpoch = signed(aHeader(10));
        bytes memory rotation = aRotation(client, next, four(), THREE);
        bytes32 hash = keccak256(abi.encodePacked(wordsOf(next)));
        vm.expectEmit(address(client));
        emit ICommitteeLightClient.CommitteeRotated(2, hash, wordsOf(next));
        client.rotate(rotation);
        assertEq(client.epoch(), 2);
        assertEq(client.committeeHash(), hash);
        assertTrusts(aHeader(9));

        vm.expectRevert();
        client.update(inOldEpoch);
        client.update(anUpdate(client, aHeader(10), next, 0x1f));
        assertTrusts(aHeader(10));
    }

    /// @dev The same members in the next epoch: what they signed in the last one is void all the same.
    function test_rotate_voidsWhatTheLastEpochSigned() public {
        bytes memory inOldEpoch = signed(aHeader(10));
        client.rotate(aRotation(client, four(), four(), THREE));
        vm.expectPartialRevert(Committee.SignerMismatch.selector);
        client.update(inOldEpoch);
    }

    function test_rotate_rejectsAReplay() public {
        bytes memory rotation = aRotation(client, four(), four(), THREE);
        client.rotate(rotation);
        vm.expectPartialRevert(Committee.SignerMismatch.selector);
        client.rotate(rotation);
        assertEq(client.epoch(), 2);
    }

    function test_rotate_rejectsAnEpochSkipped() public {
        bytes32[] memory words = wordsOf(four());
        for (uint64 epoch = 0; epoch < 5; ++epoch) {
            if (epoch == 2) continue;
            bytes32 digest = rotationDigest(client, epoch, keccak256(abi.encodePacked(words)));
            bytes memory rotation = abi.encodePacked(uint16(4), words, aVote(digest, four(), THREE));
            vm.expectPartialRevert(Committee.SignerMismatch.selector);
            client.rotate(rotation);
        }
    }

    function test_rotate_rejectsTooFewSigners() public {
        bytes memory rotation = aRotation(client, someAttesters(3, "next"), four(), 0x3);
        vm.expectRevert(abi.encodeWithSelector(Committee.QuorumNotReached.selector, 2, 3));
        client.rotate(rotation);
    }

    function test_rotate_rejectsTheNextCommitteeAsItsOwnElector() public {
        Attester[] memory next = someAttesters(3, "next");
        bytes memory rotation = aRotation(client, next, next, 0x7);
        vm.expectPartialRevert(Committee.CommitteeMismatch.selector);
        client.rotate(rotation);
    }

    function test_rotate_rejectsAMalformedCommittee() public {
        _rejectsSuccessors(new Attester[](0), abi.encodeWithSelector(Committee.CommitteeEmpty.selector));
        Attester[] memory next = someAttesters(3, "next");
        next[1].weight = 0;
        _rejectsSuccessors(next, abi.encodeWithSelector(Committee.WeightZero.selector, 1));
        next[1].weight = 1;
        (next[0], next[1]) = (next[1], next[0]);
        _rejectsSuccessors(next, abi.encodeWithSelector(Committee.MembersUnsorted.selector, 1));
        next = someAttesters(2, "next");
        next[0].account = address(0);
        _rejectsSuccessors(next, abi.encodeWithSelector(Committee.MemberZero.selector, 0));
    }

    function test_rotate_rejectsEveryFlippedByte() public {
        bytes memory rotation = aRotation(client, someAttesters(3, "next"), four(), THREE);
        for (uint256 i = 0; i < rotation.length; ++i) {
            bytes1 original = rotation[i];
            for (uint256 bit = 0; bit < 8; ++bit) {
                rotation[i] = original ^ bytes1(uint8(1 << bit));
                _assertRotationRejected(rotation);
            }
            rotation[i] = original;
        }
        client.rotate(rotation);
    }

    function test_rotate_rejectsEveryTruncationAndTrailingBytes() public {
        bytes memory rotation = aRotation(client, someAttesters(3, "next"), four(), THREE);
        bytes memory longer = abi.encodePacked(rotation, hex"00");
        vm.expectRevert(
            abi.encodeWithSelector(Committee.UpdateMalformed.selector, longer.length, rotation.length)
        );
        client.rotate(longer);
        for (uint256 length = rotation.length; length > 0; --length) {
            assembly ("memory-safe") {
                mstore(rotation, sub(length, 1))
            }
            uint256 expected =
                length > 260 ? 452 : length > 132 ? 260 : length > 98 ? 132 : length > 2 ? 98 : 2;
            vm.expectRevert(abi.encodeWithSelector(Committee.UpdateMalformed.selector, length - 1, expected));
            client.rotate(rotation);
        }
    }

    /* MISBEHAVIOUR */

    function test_submitMisbehaviour_freezesOnTwoHeadersOfOneHeight() public {
        for (uint256 i = 0; i < 4; ++i) {
            setUp();
            TrustedHeader memory other = aHeader(9);
            if (i == 0) other.blockHash = keccak256("other");
            if (i == 1) other.stateRoot = keccak256("other");
            if (i == 2) other.receiptsRoot = keccak256("other");
            if (i == 3) other.timestamp += 1;
            bytes memory evidence = abi.encodePacked(signed(aHeader(9)), anUpdate(client, other, four(), 0xe));
            vm.expectEmit(address(client));
            emit ILightClient.Frozen(Height.wrap(9));
            client.submitMisbehaviour(evidence);
            assertTrue(client.frozen());
        }
    }

    function test_submitMisbehaviour_isQuietWhenFrozenAlready() public {
        bytes memory evidence = abi.encodePacked(signed(aHeader(9)), signed(twinOf(aHeader(9))));
        client.submitMisbehaviour(evidence);
        vm.recordLogs();
        client.submitMisbehaviour(evidence);
        assertEq(vm.getRecordedLogs().length, 0);
        assertTrue(client.frozen());
    }

    function test_submitMisbehaviour_rejectsHeadersOfTwoHeights() public {
        _rejectsEvidence(
            abi.encodePacked(signed(aHeader(9)), signed(aHeader(10))),
            abi.encodeWithSelector(ILightClient.EvidenceInvalid.selector)
        );
    }

    function test_submitMisbehaviour_rejectsOneHeaderTwice() public {
        _rejectsEvidence(
            abi.encodePacked(signed(aHeader(9)), anUpdate(client, aHeader(9), four(), 0xe)),
            abi.encodeWithSelector(ILightClient.EvidenceInvalid.selector)
        );
    }

    function test_submitMisbehaviour_rejectsAnIncompleteHeader() public {
        TrustedHeader memory incomplete = aHeader(9);
        incomplete.stateRoot = 0;
        bytes memory rule = abi.encodeWithSelector(ILightClient.HeaderIncomplete.selector);
        _rejectsEvidence(abi.encodePacked(signed(aHeader(9)), signed(incomplete)), rule);
        _rejectsEvidence(abi.encodePacked(signed(incomplete), signed(aHeader(9))), rule);
    }

    function test_submitMisbehaviour_rejectsAHalfWithoutQuorum() public {
        bytes memory good = signed(aHeader(9));
        bytes memory bad = anUpdate(client, twinOf(aHeader(9)), four(), 0x3);
        bytes memory rule = abi.encodeWithSelector(Committee.QuorumNotReached.selector, 2, 3);
        _rejectsEvidence(abi.encodePacked(good, bad), rule);
        _rejectsEvidence(abi.encodePacked(bad, good), rule);
    }

    function test_submitMisbehaviour_rejectsMissingAndTrailingBytes() public {
        bytes memory evidence = abi.encodePacked(signed(aHeader(9)), signed(twinOf(aHeader(9))));
        uint256 length = evidence.length;
        _rejectsEvidence(
            abi.encodePacked(evidence, hex"00"),
            abi.encodeWithSelector(Committee.UpdateMalformed.selector, length + 1, length)
        );
        assembly ("memory-safe") {
            mstore(evidence, sub(length, 1))
        }
        _rejectsEvidence(
            evidence, abi.encodeWithSelector(Committee.UpdateMalformed.selector, length - 1, length)
        );
        _rejectsEvidence(
            signed(aHeader(9)),
            abi.encodeWithSelector(Committee.UpdateMalformed.selector, length / 2, length / 2 + 146)
        );
        _rejectsEvidence("", abi.encodeWithSelector(Committee.UpdateMalformed.selector, 0, 146));
    }

    /* HELPERS */

    function _rejectsSuccessors(Attester[] memory next, bytes memory rule) internal {
        bytes memory rotation = aRotation(client, next, four(), THREE);
        vm.expectRevert(rule);
        client.rotate(rotation);
    }

    function _assertRotationRejected(bytes memory rotation) internal {
        try client.rotate(rotation) {
            revert("accepted");
        } catch {}
    }

    function _rejectsEvidence(bytes memory evidence, bytes memory rule) internal {
        vm.expectRevert(rule);
        client.submitMisbehaviour(evidence);
        assertFalse(client.frozen());
    }
}
