// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Committee} from "../../src/light_clients/Committee.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";

/// @notice Who is a committee, and how many of it are a quorum.
contract CommitteeTest is Test, Attesters {
    ChainId internal constant SOURCE = ChainId.wrap(31337);

    /* COMMITTEES */

    function test_committee_isStoredAsTheHashOfItsWords() public {
        bytes32[] memory words = wordsOf(someAttesters(4, "a"));
        CommitteeLightClient client = new CommitteeLightClient(SOURCE, words);
        assertEq(client.committeeHash(), keccak256(abi.encodePacked(words)));
        assertEq(client.epoch(), 1);
    }

    function test_committee_rejectsNobody() public {
        _rejects(new bytes32[](0), abi.encodeWithSelector(Committee.CommitteeEmpty.selector));
    }

    function test_committee_takesUpTo256Members() public {
        bytes32[] memory words = new bytes32[](257);
        for (uint256 i = 0; i < 257; ++i) {
            words[i] = _word(address(uint160(i + 1)), 1);
        }
        _rejects(words, abi.encodeWithSelector(Committee.CommitteeTooLarge.selector, 257));
        assembly ("memory-safe") {
            mstore(words, 256)
        }
        new CommitteeLightClient(SOURCE, words);
    }

    function test_committee_rejectsTheZeroAddress() public {
        bytes32[] memory words = new bytes32[](1);
        words[0] = _word(address(0), 1);
        _rejects(words, abi.encodeWithSelector(Committee.MemberZero.selector, 0));
    }

    function test_committee_rejectsAMemberWithoutWeight() public {
        bytes32[] memory words = wordsOf(someAttesters(4, "a"));
        words[2] = words[2] >> 96 << 96;
        _rejects(words, abi.encodeWithSelector(Committee.WeightZero.selector, 2));
    }

    /// @dev Twice the same address, whatever the weights, would count one signature twice.
    function test_committee_rejectsMembersOutOfOrder() public {
        bytes32[] memory words = wordsOf(someAttesters(4, "a"));
        (words[1], words[2]) = (words[2], words[1]);
        _rejects(words, abi.encodeWithSelector(Committee.MembersUnsorted.selector, 2));
        (words[1], words[2]) = (words[2], words[1]);
        words[3] = bytes32(uint256(words[2]) + 1);
        _rejects(words, abi.encodeWithSelector(Committee.MembersUnsorted.selector, 3));
    }

    function test_committee_rejectsChainZero() public {
        bytes32[] memory words = wordsOf(someAttesters(4, "a"));
        vm.expectRevert(bytes4(keccak256("SourceChainZero()")));
        new CommitteeLightClient(ChainId.wrap(0), words);
    }

    /* QUORUM */

    /// @dev For every size: the least number of members that is more than two thirds passes, one less does not.
    function test_quorum_isMoreThanTwoThirdsForEverySize() public {
        for (uint256 n = 1; n <= 100; ++n) {
            this.checkSize(n);
        }
    }

    /// @dev External, so that each size starts with empty memory.
    function checkSize(uint256 n) external {
        uint256 needed = 0;
        while (3 * needed <= 2 * n) ++needed;
        Attester[] memory all = someAttesters(n, "sized");
        CommitteeLightClient client = new CommitteeLightClient(SOURCE, wordsOf(all));
        uint256 enough = (1 << needed) - 1;
        bytes memory tooFew = anUpdate(client, aHeader(1), all, enough >> 1);
        vm.expectRevert(abi.encodeWithSelector(Committee.QuorumNotReached.selector, needed - 1, needed));
        client.update(tooFew);
        (Height height, bool trusted) =
            client.update(anUpdate(client, aHeader(1), all, enough << (n - needed)));
        assertTrue(trusted);
        assertEq(Height.unwrap(height), 1);
    }

    function testFuzz_quorum_countsWeight(uint96[7] memory weights, uint256 bitmap) public {
        Attester[] memory all = someAttesters(7, "weighted");
        uint256 total;
        uint256 signed;
        bitmap = bitmap % 128;
        for (uint256 i = 0; i < 7; ++i) {
            all[i].weight = weights[i] == 0 ? 1 : weights[i];
            total += all[i].weight;
            if ((bitmap >> i) & 1 == 1) signed += all[i].weight;
        }
        CommitteeLightClient client = new CommitteeLightClient(SOURCE, wordsOf(all));
        bytes memory update = anUpdate(client, aHeader(1), all, bitmap);
        if (3 * signed <= 2 * total) {
            vm.expectRevert(
                abi.encodeWithSelector(Committee.QuorumNotReached.selector, signed, total * 2 / 3 + 1)
            );
        }
        client.update(update);
    }

    function testFuzz_quorum_isTheLeastWeightAboveTwoThirds(uint104 total) public pure {
        vm.assume(total != 0);
        uint256 needed = Committee.quorum(total);
        assertGt(3 * needed, 2 * uint256(total));
        assertLe(3 * (needed - 1), 2 * uint256(total));
        assertLe(needed, total);
    }

    /* HELPERS */

    function _word(address account, uint96 weight) internal pure returns (bytes32) {
        return bytes32(bytes20(account)) | bytes32(uint256(weight));
    }

    function _rejects(bytes32[] memory words, bytes memory rule) internal {
        vm.expectRevert(rule);
        new CommitteeLightClient(SOURCE, words);
    }
}
