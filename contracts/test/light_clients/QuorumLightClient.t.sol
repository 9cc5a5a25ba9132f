// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IQuorumLightClient} from "../../src/interfaces/IQuorumLightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {QuorumLightClient} from "../../src/light_clients/QuorumLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";

contract QuorumLightClientTest is Test, Attesters {
    ChainId internal constant SOURCE = ChainId.wrap(31337);
    uint256 internal constant ONE = 1;

    ILightClient[] internal members;
    QuorumLightClient internal quorum;

    function setUp() public {
        _build(2, 3);
    }

    /* CONSTRUCTION */

    function test_constructor_takesMoreThanHalfAndNoMoreThanAll() public {
        for (uint256 n = 0; n <= 8; ++n) {
            _members(n);
            for (uint256 k = 0; k <= 9; ++k) {
                if (k > n) {
                    vm.expectRevert(
                        abi.encodeWithSelector(IQuorumLightClient.ThresholdTooHigh.selector, k, n)
                    );
                } else if (2 * k <= n) {
                    vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.ThresholdTooLow.selector, k, n));
                }
                new QuorumLightClient(SOURCE, k, members);
            }
        }
    }

    function test_constructor_keepsWhatItIsGiven() public view {
        assertTrue(quorum.sourceChain() == SOURCE);
        assertEq(quorum.threshold(), 2);
        ILightClient[] memory clients = quorum.clients();
        assertEq(clients.length, 3);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(address(clients[i]), address(members[i]));
        }
    }

    function test_constructor_rejectsAMemberTwice() public {
        members[2] = members[0];
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.ClientRepeated.selector, 2));
        new QuorumLightClient(SOURCE, 2, members);
    }

    function test_constructor_rejectsAMemberOfAnotherChain() public {
        members[1] = new CommitteeLightClient(ChainId.wrap(5), wordsOf(_alone(1)));
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumLightClient.ClientSourceMismatch.selector, 1, 5, SOURCE)
        );
        new QuorumLightClient(SOURCE, 2, members);
    }

    function test_constructor_rejectsSeventeenMembersAndChainZero() public {
        _members(17);
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.ClientsTooMany.selector, 17));
        new QuorumLightClient(SOURCE, 9, members);
        vm.expectRevert(ILightClient.SourceChainZero.selector);
        new QuorumLightClient(ChainId.wrap(0), 9, members);
    }

    function test_storage_standsWhereItsNamespaceSays() public view {
        bytes32 base = keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.QuorumLightClient")) - 1))
            & ~bytes32(uint256(0xff));
        assertEq(uint256(vm.load(address(quorum), base)), 3);
    }

    /* AGREEMENT */

    /// @dev Every k of n there is, with every number of members that hold the header.
    function test_header_isServedWhenKofNAgree() public {
        TrustedHeader memory header = aHeader(9);
        for (uint256 n = 1; n <= 8; ++n) {
            for (uint256 k = n / 2 + 1; k <= n; ++k) {
                _build(k, n);
                for (uint256 agreeing = 0; agreeing <= n; ++agreeing) {
                    if (agreeing > 0) _trust(n - agreeing, header);
                    if (agreeing >= k) _assertServes(header);
                    else _assertNoAgreement(9, agreeing, k);
                }
            }
        }
    }

    /// @dev Members disagree in one field each: they count only with their like.
    function test_header_isNotServedOnDisagreement() public {
        for (uint256 i = 0; i < 3; ++i) {
            _build(2, 3);
            TrustedHeader memory other = aHeader(9);
            if (i == 0) other.stateRoot = keccak256("other");
            if (i == 1) other.receiptsRoot = keccak256("other");
            if (i == 2) other.timestamp += 1;
            _trust(0, aHeader(9));
            _trust(1, other);
            _assertNoAgreement(9, 1, 2);
            _trust(2, other);
            _assertServes(other);
        }
    }

    function test_header_isServedFromTheMajorityWhereverItStands() public {
        TrustedHeader memory other = aHeader(9);
        other.stateRoot = keccak256("other");
        for (uint256 bits = 0; bits < 32; ++bits) {
            _build(3, 5);
            uint256 count;
            for (uint256 i = 0; i < 5; ++i) {
                bool dissents = (bits >> i) & 1 == 1;
                if (dissents) ++count;
                _trust(i, dissents ? other : aHeader(9));
            }
            _assertServes(count >= 3 ? other : aHeader(9));
        }
    }

    function test_header_doesNotCountAMemberOverwrittenInItsRing() public {
        _trust(0, aHeader(9));
        _trust(1, aHeader(9));
        _assertServes(aHeader(9));
        _trust(1, aHeader(9 + 256));
        _assertNoAgreement(9, 1, 2);
        _trust(2, aHeader(9));
        _assertServes(aHeader(9));
    }

    function test_header_doesNotCountFrozenMembers() public {
        for (uint256 i = 0; i < 3; ++i) {
            _trust(i, aHeader(9));
        }
        _freeze(0);
        assertFalse(quorum.frozen());
        _assertServes(aHeader(9));
        _freeze(2);
        assertTrue(quorum.frozen());
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        quorum.header(Height.wrap(9));
    }

    function test_latestHeight_isWhatKMembersHaveReached() public {
        _build(2, 3);
        assertEq(Height.unwrap(quorum.latestHeight()), 0);
        _trust(0, aHeader(30));
        assertEq(Height.unwrap(quorum.latestHeight()), 0);
        _trust(2, aHeader(10));
        assertEq(Height.unwrap(quorum.latestHeight()), 10);
        _trust(1, aHeader(20));
        assertEq(Height.unwrap(quorum.latestHeight()), 20);
        _freeze(0); // at 77, which a frozen member has not reached
        assertEq(Height.unwrap(quorum.latestHeight()), 10);
        _freeze(1);
        assertEq(Height.unwrap(quorum.latestHeight()), 0);
    }

    function testFuzz_latestHeight_isTheKthGreatest(uint8[5] memory heights, uint256 k) public {
        k = bound(k, 3, 5);
        _build(k, 5);
        uint256[] memory sorted = new uint256[](5);
        for (uint256 i = 0; i < 5; ++i) {
            sorted[i] = uint256(heights[i]) + 1;
            _trust(i, aHeader(uint64(sorted[i])));
        }
        sorted = vm.sort(sorted);
        assertEq(Height.unwrap(quorum.latestHeight()), sorted[5 - k]);
    }

    /* UPDATES */

    function test_update_updatesMembersAndAgrees() public {
        TrustedHeader memory header = aHeader(9);
        bytes memory update =
            abi.encodePacked(uint64(9), _part(_signed(0, header)), _part(""), _part(_signed(2, header)));
        (Height height, bool trusted) = quorum.update(update);
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
        _assertServes(header);
        (, trusted) = quorum.update(update);
        assertTrue(trusted);
        (, trusted) = quorum.update(abi.encodePacked(uint64(9), _part(""), _part(""), _part("")));
        assertTrue(trusted);
    }

    function test_update_rejectsTooFewMembers() public {
        bytes memory update = abi.encodePacked(uint64(9), _part(_signed(0, aHeader(9))), _part(""), _part(""));
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.AgreementNotReached.selector, 1, 2));
        quorum.update(update);
        assertEq(Height.unwrap(members[0].latestHeight()), 0);
    }

    function test_update_rejectsDisagreement() public {
        TrustedHeader memory other = aHeader(9);
        other.stateRoot = keccak256("other");
        bytes memory update =
            abi.encodePacked(uint64(9), _part(_signed(0, aHeader(9))), _part(_signed(1, other)), _part(""));
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.AgreementNotReached.selector, 1, 2));
        quorum.update(update);
    }

    function test_update_rejectsWhatAMemberRejects() public {
        bytes memory bad = _signed(1, aHeader(9));
        bad[20] ^= 0x01;
        bytes memory update =
            abi.encodePacked(uint64(9), _part(_signed(0, aHeader(9))), _part(bad), _part(""));
        vm.expectPartialRevert(Committee.SignerMismatch.selector);
        quorum.update(update);
    }

    /// @dev The member's freezing must last, though nothing is agreed on.
    function test_update_doesNotUndoTheFreezingOfAMember() public {
        _trust(0, aHeader(9));
        TrustedHeader memory other = aHeader(9);
        other.stateRoot = keccak256("other");
        bytes memory update = abi.encodePacked(uint64(9), _part(_signed(0, other)), _part(""), _part(""));
        (Height height, bool trusted) = quorum.update(update);
        assertEq(Height.unwrap(height), 9);
        assertFalse(trusted);
        assertTrue(members[0].frozen());
        assertFalse(quorum.frozen());
        update = abi.encodePacked(
            uint64(9), _part(""), _part(_signed(1, aHeader(9))), _part(_signed(2, aHeader(9)))
        );
        (, trusted) = quorum.update(update);
        assertTrue(trusted);
        _assertServes(aHeader(9));
    }

    function test_update_rejectsEveryTruncationAndAnythingBehind() public {
        bytes memory update = _both();
        for (uint256 length = 0; length < update.length; ++length) {
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; ++i) {
                cut[i] = update[i];
            }
            _assertRejected(cut);
        }
        bytes memory longer = abi.encodePacked(update, hex"00");
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumLightClient.UpdateMalformed.selector, longer.length, update.length)
        );
        quorum.update(longer);
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.UpdateMalformed.selector, 0, 8));
        quorum.update("");
    }

    function test_update_rejectsEveryFlippedByte() public {
        bytes memory update = _both();
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 mask = bytes1(uint8(1 << (i % 8)));
            update[i] ^= mask;
            _assertRejected(update);
            update[i] ^= mask;
        }
        quorum.update(update);
        _assertServes(aHeader(9));
    }

    /* MISBEHAVIOUR */

    function test_submitMisbehaviour_freezesTheMembersItIsFor() public {
        bytes memory evidence = abi.encodePacked(_part(""), _part(_conflict(1)), _part(""));
        quorum.submitMisbehaviour(evidence);
        assertFalse(members[0].frozen());
        assertTrue(members[1].frozen());
        assertFalse(quorum.frozen());
        quorum.submitMisbehaviour(abi.encodePacked(_part(_conflict(0)), _part(_conflict(1)), _part("")));
        assertTrue(quorum.frozen());
    }

    function test_submitMisbehaviour_rejectsWhatProvesNothing() public {
        vm.expectRevert(ILightClient.EvidenceInvalid.selector);
        quorum.submitMisbehaviour(abi.encodePacked(_part(""), _part(""), _part("")));
        bytes memory innocent = abi.encodePacked(_signed(1, aHeader(9)), _signed(1, aHeader(9)));
        vm.expectRevert(ILightClient.EvidenceInvalid.selector);
        quorum.submitMisbehaviour(abi.encodePacked(_part(""), _part(innocent), _part("")));
        vm.expectRevert(abi.encodeWithSelector(IQuorumLightClient.UpdateMalformed.selector, 13, 12));
        quorum.submitMisbehaviour(abi.encodePacked(_part(""), _part(""), _part(""), hex"00"));
    }

    /// @dev Frozen stays frozen: members never thaw.
    function test_invariant_aFrozenClientServesNothing() public {
        _trust(0, aHeader(9));
        _trust(1, aHeader(9));
        _freeze(0);
        _freeze(1);
        for (uint64 height = 0; height < 300; ++height) {
            vm.expectRevert(ILightClient.ClientFrozen.selector);
            quorum.header(Height.wrap(height));
        }
        bytes memory update = _both();
        (, bool trusted) = quorum.update(update);
        assertFalse(trusted);
    }

    /* HELPERS */

    function _alone(uint256 i) internal pure returns (Attester[] memory) {
        return someAttesters(1, vm.toString(i));
    }

    function _members(uint256 n) internal {
        delete members;
        for (uint256 i = 0; i < n; ++i) {
            members.push(new CommitteeLightClient(SOURCE, wordsOf(_alone(i))));
        }
    }

    function _build(uint256 k, uint256 n) internal {
        _members(n);
        quorum = new QuorumLightClient(SOURCE, k, members);
    }

    function _signed(uint256 i, TrustedHeader memory header) internal view returns (bytes memory) {
        return anUpdate(CommitteeLightClient(address(members[i])), header, _alone(i), ONE);
    }

    function _trust(uint256 i, TrustedHeader memory header) internal {
        members[i].update(_signed(i, header));
    }

    function _conflict(uint256 i) internal view returns (bytes memory) {
        TrustedHeader memory other = aHeader(77);
        other.stateRoot = keccak256("other");
        return abi.encodePacked(_signed(i, aHeader(77)), _signed(i, other));
    }

    function _freeze(uint256 i) internal {
        members[i].submitMisbehaviour(_conflict(i));
        assertTrue(members[i].frozen());
    }

    function _part(bytes memory update) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(update.length), update);
    }

    /// @dev An update of two of the three members, which are as many as must agree.
    function _both() internal view returns (bytes memory) {
        return
            abi.encodePacked(
                uint64(9), _part(_signed(0, aHeader(9))), _part(""), _part(_signed(2, aHeader(9)))
            );
    }

    function _assertRejected(bytes memory update) internal {
        (bool ok,) = address(quorum).call(abi.encodeCall(quorum.update, (update)));
        assertFalse(ok);
    }

    function _assertServes(TrustedHeader memory header) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            quorum.header(Height.wrap(header.height));
        assertEq(stateRoot, header.stateRoot);
        assertEq(receiptsRoot, header.receiptsRoot);
        assertEq(timestamp, header.timestamp);
    }

    function _assertNoAgreement(uint64 height, uint256 agreeing, uint256 needed) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumLightClient.AgreementNotReached.selector, agreeing, needed)
        );
        quorum.header(Height.wrap(height));
    }
}
