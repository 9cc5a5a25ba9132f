// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Test} from "forge-std/Test.sol";

import {Prices} from "../../../src/marketplace/guards/Prices.sol";

contract PricesTest is Test {
    function prices(uint128[9] memory all, uint256 n) private pure returns (uint128[] memory some) {
        some = new uint128[](n);
        for (uint256 i = 0; i < n; ++i) {
            some[i] = all[i];
        }
    }

    /// @dev The same by a plain sort.
    function plainSort(uint128[] memory some) private pure returns (uint128[] memory) {
        for (uint256 i = 0; i < some.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (some[j] > some[i]) (some[i], some[j]) = (some[j], some[i]);
            }
        }
        return some;
    }

    function plainMedian(uint128[] memory some) private pure returns (uint256) {
        some = plainSort(some);
        uint256 middle = some.length / 2;
        if (some.length % 2 == 1) return some[middle];
        return (uint256(some[middle - 1]) + some[middle]) / 2;
    }

    function testFuzz_theMedianIsThatOfAPlainSort(uint128[9] memory all, uint256 n) public pure {
        n = bound(n, 1, 9);

        uint256 median = Prices.median(prices(all, n));

        assertEq(median, plainMedian(prices(all, n)));
    }

    function testFuzz_theMedianDoesNotDependOnTheOrder(uint128[9] memory all, uint256 first, uint256 second)
        public
        pure
    {
        uint256 before = Prices.median(prices(all, 9));
        (first, second) = (first % 9, second % 9);

        (all[first], all[second]) = (all[second], all[first]);

        assertEq(Prices.median(prices(all, 9)), before);
    }

    function testFuzz_onePriceCannotMoveTheMedianPastItsNeighbours(
        uint128[9] memory all,
        uint256 place,
        uint128 absurd
    ) public pure {
        uint128[] memory sorted = plainSort(prices(all, 9));

        all[place % 9] = absurd;

        uint256 median = Prices.median(prices(all, 9));
        assertGe(median, sorted[3]);
        assertLe(median, sorted[5]);
    }

    function testFuzz_fourPricesCannotMoveTheMedianPastTheHonestOnes(uint128[9] memory all, uint128 absurd)
        public
        pure
    {
        (uint256 least, uint256 greatest) = (type(uint256).max, 0);
        for (uint256 i = 4; i < 9; ++i) {
            (least, greatest) = (Math.min(least, all[i]), Math.max(greatest, all[i]));
        }

        (all[0], all[1], all[2], all[3]) = (absurd, absurd, absurd, absurd);

        uint256 median = Prices.median(prices(all, 9));
        assertGe(median, least);
        assertLe(median, greatest);
    }

    function test_theMedianOfTheGreatestPricesDoesNotOverflow() public pure {
        uint128[9] memory all;
        (all[0], all[1]) = (type(uint128).max, type(uint128).max);

        assertEq(Prices.median(prices(all, 2)), type(uint128).max);
    }

    function testFuzz_aBandReachesAsFarDownAsUpAndHoldsItsReference(uint128 median, uint16 basisPoints)
        public
        pure
    {
        (uint256 lowest, uint256 highest) = Prices.band(median, basisPoints);

        uint256 deviation = (uint256(median) * basisPoints + 9_999) / 10_000;
        assertEq(highest, uint256(median) + deviation);
        assertEq(lowest, deviation > median ? 0 : median - deviation);
    }

    function test_aBandAroundTheLeastPriceIsNotEmpty() public pure {
        (uint256 lowest, uint256 highest) = Prices.band(1, 5_000);

        assertEq(lowest, 0);
        assertEq(highest, 2);
    }
}
