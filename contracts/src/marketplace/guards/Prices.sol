// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Prices
/// @notice What a collection's items sell for, and how far from that a price is.
library Prices {
    /// @notice The middle one, or the mean of the middle two. One absurd price among many cannot move it past those that
    ///         stood beside it.
    /// @param prices At least one. They are left in order.
    function median(uint128[] memory prices) internal pure returns (uint256) {
        uint256 n = prices.length;
        for (uint256 i = 1; i < n; ++i) {
            uint128 price = prices[i];
            uint256 place = i;
            for (; place > 0 && prices[place - 1] > price; --place) {
                prices[place] = prices[place - 1];
            }
            prices[place] = price;
        }
        return Math.average(prices[(n - 1) / 2], prices[n / 2]);
    }

    /// @notice The least and the greatest price of a band around a reference. Both are rounded outwards, so that a band
    ///         around a tiny price is not empty.
    /// @param reference_ At most 2¹²⁸ − 1.
    /// @param basisPoints Half its width, of 10,000 of the reference.
    function band(uint256 reference_, uint256 basisPoints)
        internal
        pure
        returns (uint256 lowest, uint256 highest)
    {
        uint256 deviation = Math.ceilDiv(reference_ * basisPoints, 10_000);
        return (Math.saturatingSub(reference_, deviation), reference_ + deviation);
    }
}
