// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {FeeSchedule, Fees} from "../src/types/Fees.sol";

/// @notice No schedule that can be stored leads to a fee that cannot.
contract FeesSymbolicTest is Test {
    function check_price_fitsAMessage(
        FeeSchedule memory schedule,
        uint32 gasLimit,
        uint32 payloadLength,
        bool bounce
    ) public pure {
        uint256 fee = Fees.price(schedule, gasLimit, payloadLength, bounce);

        assert(fee <= type(uint128).max);
    }

    function check_price_isZeroOnlyIfNothingIsAsked(FeeSchedule memory schedule, uint32 gasLimit, bool bounce)
        public
        pure
    {
        vm.assume(!Fees.asks(schedule));

        assert(Fees.price(schedule, gasLimit, 32_768, bounce) == 0);
    }

    function check_keptBack_neverExceedsTheFee(uint128 fee) public pure {
        uint256 kept = Fees.keptBack(fee);

        assert(kept <= fee);
        assert(fee - kept <= kept + 1);
    }
}
