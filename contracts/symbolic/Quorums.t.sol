// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Bft} from "../src/light_clients/Bft.sol";
import {Clique} from "../src/light_clients/Clique.sol";
import {Committee} from "../src/light_clients/Committee.sol";

/// @notice How many are enough, for every number there can be of them.
contract QuorumsSymbolicTest is Test {
    /// @dev Weights of 256 members whose sum solvers divide by three in time.
    uint256 internal constant MAXIMUM_TOTAL = type(uint16).max;

    function check_bft_quorumIsTwoThirdsRoundedUp(uint256 count) public pure {
        vm.assume(count <= Bft.MAXIMUM_VALIDATORS);
        uint256 needed = Bft.quorum(count);

        assert(3 * needed >= 2 * count);
        assert(3 * needed < 2 * count + 3);
        assert(needed <= count);
    }

    function check_bft_twoQuorumsShareAnHonestValidator(uint256 count) public pure {
        vm.assume(count != 0 && count <= Bft.MAXIMUM_VALIDATORS);
        uint256 shared = 2 * Bft.quorum(count) - count;

        assert(shared >= Bft.oneHonest(count));
    }

    function check_bft_oneHonestIsMoreThanAreByzantine(uint256 count, uint256 byzantine) public pure {
        vm.assume(count != 0 && count <= Bft.MAXIMUM_VALIDATORS && byzantine < count);
        vm.assume(3 * byzantine < count);

        assert(Bft.oneHonest(count) > byzantine);
        assert(Bft.quorum(count) <= count - byzantine);
    }

    function check_committee_quorumIsTheLeastAboveTwoThirds(uint256 total) public pure {
        vm.assume(total <= MAXIMUM_TOTAL);
        uint256 needed = Committee.quorum(total);

        assert(3 * needed > 2 * total);
        assert(3 * (needed - 1) <= 2 * total);
        assert(total == 0 || needed <= total);
    }

    function check_committee_twoQuorumsShareMoreThanAThird(uint256 total) public pure {
        vm.assume(total != 0 && total <= MAXIMUM_TOTAL);
        uint256 shared = 2 * Committee.quorum(total) - total;

        assert(3 * shared > total);
    }

    function check_clique_twoMajoritiesShareASigner(uint256 signers) public pure {
        vm.assume(signers != 0 && signers <= type(uint16).max);
        uint256 needed = Clique.majority(signers);

        assert(2 * needed > signers);
        assert(2 * (needed - 1) <= signers);
        assert(needed <= signers);
    }
}
