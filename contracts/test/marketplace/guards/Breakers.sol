// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {IPriceBreaker} from "../../../src/interfaces/IPriceBreaker.sol";
import {PriceBreaker} from "../../../src/marketplace/guards/PriceBreaker.sol";
import {ChainId} from "../../../src/types/Message.sol";

/// @notice A breaker, the marketplace that asks it, and those who govern it.
abstract contract Breakers is Test {
    ChainId internal constant HARBOUR = ChainId.wrap(31337);
    ChainId internal constant ISLAND = ChainId.wrap(31338);
    uint64 internal constant GUARDIAN = 1;

    address internal immutable governance = makeAddr("governance");
    address internal immutable guardian = makeAddr("guardian");
    address internal immutable marketplace = makeAddr("marketplace");
    address internal immutable herons = makeAddr("herons");
    address internal immutable shells = makeAddr("shells");
    address internal immutable dollars = makeAddr("dollars");

    PriceBreaker internal breaker;

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

    function record(uint256 price, uint256 times) internal {
        for (uint256 i = 0; i < times; ++i) {
            vm.prank(marketplace);
            breaker.record(herons, ISLAND, dollars, price);
        }
    }

    function admit(uint256 price) internal returns (bool) {
        vm.prank(marketplace);
        return breaker.admit(herons, ISLAND, dollars, price);
    }

    function assertLimits(uint256 lowest, uint256 highest, uint256 median) internal view {
        (uint256 low, uint256 high, uint256 middle) = breaker.limits(herons, ISLAND, dollars);
        assertEq(low, lowest);
        assertEq(high, highest);
        assertEq(middle, median);
    }

    function setBand(address collection, IPriceBreaker.Band memory band) internal {
        vm.prank(governance);
        breaker.setBand(collection, band);
    }

    function overrideReference(uint256 median) internal {
        vm.prank(governance);
        breaker.overrideReference(herons, ISLAND, dollars, median);
    }
}
