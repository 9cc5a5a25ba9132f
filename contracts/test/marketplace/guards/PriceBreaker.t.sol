// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {IPriceBreaker} from "../../../src/interfaces/IPriceBreaker.sol";
import {PriceBreaker} from "../../../src/marketplace/guards/PriceBreaker.sol";
import {ChainId} from "../../../src/types/Message.sol";

contract PriceBreakerTest is Test {
    ChainId private constant HARBOUR = ChainId.wrap(31337);
    ChainId private constant ISLAND = ChainId.wrap(31338);
    uint64 private constant GUARDIAN = 1;

    address private immutable governance = makeAddr("governance");
    address private immutable guardian = makeAddr("guardian");
    address private immutable marketplace = makeAddr("marketplace");
    address private immutable herons = makeAddr("herons");
    address private immutable shells = makeAddr("shells");
    address private immutable dollars = makeAddr("dollars");

    PriceBreaker private breaker;

    function setUp() public {
        AccessManager authority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        breaker = new PriceBreaker(address(authority), marketplace);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IPriceBreaker.halt.selector;
        vm.startPrank(governance);
        authority.setTargetFunctionRole(address(breaker), selectors, GUARDIAN);
        authority.grantRole(GUARDIAN, guardian, 0);
        vm.stopPrank();
        vm.warp(1_700_000_000);
    }

    function record(uint256 price, uint256 times) private {
        for (uint256 i = 0; i < times; ++i) {
            vm.prank(marketplace);
            breaker.record(herons, ISLAND, dollars, price);
        }
    }

    function admit(uint256 price) private returns (bool) {
        vm.prank(marketplace);
        return breaker.admit(herons, ISLAND, dollars, price);
    }

    function assertLimits(uint256 lowest, uint256 highest, uint256 median) private view {
        (uint256 low, uint256 high, uint256 middle) = breaker.limits(herons, ISLAND, dollars);
        assertEq(low, lowest);
        assertEq(high, highest);
        assertEq(middle, median);
    }

    function setBand(address collection, IPriceBreaker.Band memory band) private {
        vm.prank(governance);
        breaker.setBand(collection, band);
    }

    function overrideReference(uint256 median) private {
        vm.prank(governance);
        breaker.overrideReference(herons, ISLAND, dollars, median);
    }

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

    /* GOVERNANCE */

    function test_aCollectionsOwnBandStandsUntilItIsTakenBack() public {
        record(1000, 3);
        setBand(herons, IPriceBreaker.Band(1_000, 1, 1, 1, true));
        assertLimits(900, 1100, 1000);

        setBand(herons, IPriceBreaker.Band(1_000, 1, 1, 1, false));

        assertLimits(500, 1500, 1000);
    }

    function test_aBandOfNothingTurnsTheBreakerOffForACollection() public {
        record(1000, 3);

        setBand(herons, IPriceBreaker.Band(0, 0, 0, 0, true));

        assertLimits(0, type(uint256).max, 0);
        assertTrue(admit(type(uint256).max));
    }

    function test_theDefaultCanBeChanged() public {
        record(1000, 3);
        IPriceBreaker.Band memory band = IPriceBreaker.Band(20_000, 9, 1, 1, true);
        vm.expectEmit(address(breaker));
        emit IPriceBreaker.BandSet(address(0), band);

        setBand(address(0), band);

        assertLimits(0, type(uint256).max, 0);
        record(1000, 6);
        assertLimits(0, 3000, 1000);
    }

    function test_theConstructorSaysTheDefault() public {
        vm.recordLogs();

        new PriceBreaker(address(1), marketplace);

        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], IPriceBreaker.BandSet.selector);
        assertEq(last.data, abi.encode(IPriceBreaker.Band(5_000, 3, 1 hours, 1 hours, true)));
    }

    function test_setBand_rejectsANumberOfSalesThatIsNotRemembered() public {
        vm.expectRevert(IPriceBreaker.BandInvalid.selector);
        setBand(herons, IPriceBreaker.Band(5_000, 10, 1, 1, true));

        vm.expectRevert(IPriceBreaker.BandInvalid.selector);
        setBand(herons, IPriceBreaker.Band(5_000, 0, 1, 1, true));
    }

    function test_setBand_rejectsADefaultThatIsOffOrUnset() public {
        vm.expectRevert(IPriceBreaker.BandInvalid.selector);
        setBand(address(0), IPriceBreaker.Band(0, 3, 1, 1, true));

        vm.expectRevert(IPriceBreaker.BandInvalid.selector);
        setBand(address(0), IPriceBreaker.Band(5_000, 3, 1, 1, false));
    }

    function test_governanceSaysWhatTheReferenceIs() public {
        record(1000, 9);
        vm.expectEmit(address(breaker));
        emit IPriceBreaker.ReferenceOverridden(herons, ISLAND, dollars, 4000);

        overrideReference(4000);

        assertLimits(2000, 6000, 4000);
        record(2000, 4);
        assertLimits(2000, 6000, 4000);
        record(2000, 1);
        assertLimits(1000, 3000, 2000);
    }

    function test_overridingClosesTheWiderBand() public {
        record(1000, 9);
        admit(9000);
        skip(1 hours);

        overrideReference(4000);

        assertFalse(admit(8000));
    }

    function test_governanceLetsTheReferenceBeginAnew() public {
        record(1000, 9);

        overrideReference(0);

        assertTrue(admit(1_000_000));
        record(7000, 3);
        assertLimits(3500, 10_500, 7000);
    }

    function test_aGuardianStopsACollectionAndGovernanceLetsItGoOn() public {
        record(1000, 3);
        vm.expectEmit(address(breaker));
        emit IPriceBreaker.HaltChanged(herons, true);
        vm.prank(guardian);
        breaker.halt(herons);

        assertTrue(breaker.halted(herons));
        assertFalse(admit(1000));
        assertLimits(type(uint256).max, 0, 0);

        vm.expectEmit(address(breaker));
        emit IPriceBreaker.HaltChanged(herons, false);
        vm.prank(governance);
        breaker.resume(herons);
        assertTrue(admit(1000));
    }

    function test_aHaltStopsACollectionWithoutReferenceOrBandToo() public {
        setBand(shells, IPriceBreaker.Band(0, 0, 0, 0, true));
        vm.startPrank(guardian);
        breaker.halt(herons);
        breaker.halt(shells);
        vm.stopPrank();

        assertFalse(admit(1));
        vm.prank(marketplace);
        assertFalse(breaker.admit(shells, ISLAND, dollars, 1));
    }

    function test_aHaltBeginsNoCoolDown() public {
        record(1000, 3);
        vm.prank(guardian);
        breaker.halt(herons);
        admit(2000);
        vm.prank(governance);
        breaker.resume(herons);
        skip(1 hours);

        assertFalse(admit(2000));
    }

    function test_nobodyElseGoverns() public {
        bytes memory unauthorized =
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian);
        vm.startPrank(guardian);
        vm.expectRevert(unauthorized);
        breaker.setBand(herons, IPriceBreaker.Band(0, 0, 0, 0, true));
        vm.expectRevert(unauthorized);
        breaker.overrideReference(herons, ISLAND, dollars, 1);
        vm.expectRevert(unauthorized);
        breaker.resume(herons);
        vm.stopPrank();

        vm.prank(marketplace);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, marketplace)
        );
        breaker.halt(herons);
    }
}
