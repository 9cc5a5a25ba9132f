// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IPriceBreaker} from "../../../src/interfaces/IPriceBreaker.sol";
import {Breakers} from "./Breakers.sol";

contract PriceBreakerTest is Breakers {
    /* SELLING */

    function test_untilThereWereThreeSalesEveryPriceIsAdmitted() public {
        record(1000, 2);
        assertTrue(admit(type(uint256).max));
        assertLimits(0, type(uint256).max, 0);

        record(1000, 1);

        assertLimits(500, 1500, 1000);
        assertFalse(admit(1501));
    }

    function test_theBandsEdgesAreWithinIt() public {
        record(1000, 3);

        assertTrue(admit(500));
        assertTrue(admit(1500));
        assertFalse(admit(499));
        assertFalse(admit(1501));
    }

    function test_eachCurrencyAndCollectionHasItsOwnReference() public {
        record(1000, 3);

        vm.startPrank(marketplace);
        assertTrue(breaker.admit(herons, ISLAND, address(0), 1_000_000));
        assertTrue(breaker.admit(herons, HARBOUR, dollars, 1_000_000));
        assertTrue(breaker.admit(shells, ISLAND, dollars, 1_000_000));
        assertFalse(breaker.admit(herons, ISLAND, dollars, 1_000_000));
        vm.stopPrank();
    }

    function test_theTenthSaleForgetsTheFirst() public {
        record(1000, 5);
        record(1400, 4);
        assertLimits(500, 1500, 1000);

        record(1400, 1);

        assertLimits(700, 2100, 1400);
    }

    function test_aWashSaleCannotMoveTheReferenceOfASteadyCollection() public {
        record(1000, 9);

        record(1500, 4);

        assertLimits(500, 1500, 1000);
    }

    function testFuzz_theReferenceIsTheMedianOfTheLastNineSales(uint96[20] memory prices, uint256 n) public {
        n = bound(n, 9, 20);
        for (uint256 i = 0; i < n; ++i) {
            prices[i] = uint96(bound(prices[i], 1, type(uint96).max));
            record(prices[i], 1);
        }

        uint256 below;
        uint256 above;
        (,, uint256 median) = breaker.limits(herons, ISLAND, dollars);
        for (uint256 i = n - 9; i < n; ++i) {
            if (prices[i] < median) ++below;
            if (prices[i] > median) ++above;
        }
        assertLe(below, 4);
        assertLe(above, 4);
    }

    function test_aGiftIsNoReference() public {
        record(0, 9);
        assertLimits(0, type(uint256).max, 0);

        record(1000, 3);
        record(0, 9);

        assertLimits(500, 1500, 1000);
    }

    function test_theGreatestPricesDoNotOverflow() public {
        record(type(uint256).max, 9);
        uint256 greatest = type(uint128).max;
        assertLimits(greatest / 2, greatest + (greatest + 1) / 2, greatest);

        assertFalse(admit(type(uint256).max));

        skip(1 hours);
        assertLimits(0, 2 * greatest, greatest);
        assertFalse(admit(type(uint256).max));
        assertTrue(admit(greatest));
    }

    function test_onlyTheMarketplaceAsksAndTells() public {
        vm.expectRevert(abi.encodeWithSelector(IPriceBreaker.NotMarketplace.selector, address(this)));
        breaker.admit(herons, ISLAND, dollars, 1);

        vm.expectRevert(abi.encodeWithSelector(IPriceBreaker.NotMarketplace.selector, address(this)));
        breaker.record(herons, ISLAND, dollars, 1);
    }

    /* COOLING DOWN
     *
     *    refused        the band is twice as wide      refused anew
     *   ───┼────────────────┼───────────────┼───────────────┼──────▶
     *      0     1 hour     │    1 hour     │
     */

    function test_whoAsksAgainAfterTheCoolDownMeetsAWiderBand() public {
        record(1000, 3);
        vm.expectEmit(address(breaker));
        emit IPriceBreaker.PriceRefused(herons, ISLAND, dollars, 2000, 1000, 1_700_003_600);
        assertFalse(admit(2000));

        skip(1 hours - 1);
        assertFalse(admit(2000));
        skip(1);

        assertLimits(0, 2000, 1000);
        assertTrue(admit(2000));
        assertFalse(admit(2001));
    }

    function test_theWiderBandIsNarrowAgainAfterTheWindow() public {
        record(1000, 3);
        admit(2000);
        skip(2 hours - 1);
        assertTrue(admit(2000));
        skip(1);

        assertLimits(500, 1500, 1000);
        assertFalse(admit(2000));

        skip(1 hours);
        assertTrue(admit(2000));
    }

    function test_askingInTheMeantimeDoesNotPutTheWiderBandOff() public {
        record(1000, 3);
        admit(2000);

        for (uint256 i = 0; i < 6; ++i) {
            skip(10 minutes);
            admit(9000);
        }

        assertTrue(admit(2000));
        skip(1 hours);
        assertFalse(admit(2000));
    }

    function test_absurdAsksHaltNobody() public {
        record(1000, 3);

        for (uint256 i = 0; i < 20; ++i) {
            assertFalse(admit(type(uint256).max));
            assertTrue(admit(1000));
            assertTrue(admit(500));
            assertTrue(admit(1500));
            skip(17 minutes);
        }
    }

    function testFuzz_whatIsAdmittedIsWithinTheWiderBand(uint256 price, uint32 later) public {
        record(1000, 9);
        admit(type(uint256).max);
        skip(later);

        if (admit(price)) assertLe(price, 2000);
        else assertTrue(price < 500 || price > 1500);
    }

    function test_aCollectionWithoutAWindowNeverHasAWiderBand() public {
        setBand(herons, IPriceBreaker.Band(5_000, 3, 1 hours, 0, true));
        record(1000, 3);
        admit(2000);

        skip(1 hours);

        assertFalse(admit(2000));
    }

    function test_theLongestWindowOpensOnlyAfterARefusal() public {
        setBand(herons, IPriceBreaker.Band(5_000, 3, 1 hours, type(uint32).max, true));
        record(1000, 3);
        assertFalse(admit(2000));
        assertFalse(admit(2000));

        skip(1 hours);

        assertTrue(admit(2000));
    }
}
