// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Vm} from "forge-std/Vm.sol";

import {IPriceBreaker} from "../../../src/interfaces/IPriceBreaker.sol";
import {PriceBreaker} from "../../../src/marketplace/guards/PriceBreaker.sol";
import {Breakers} from "./Breakers.sol";

contract PriceBreakerGovernanceTest is Breakers {
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
