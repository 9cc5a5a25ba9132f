// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {OutcomeHandler} from "./OutcomeHandler.sol";

contract OutcomeInvariants is Test {
    OutcomeHandler private handler;
    bytes4[] private selectors = [
        OutcomeHandler.sendOne.selector,
        OutcomeHandler.deliverSome.selector,
        OutcomeHandler.bringSomeHome.selector,
        OutcomeHandler.claimSome.selector,
        OutcomeHandler.expressSome.selector,
        OutcomeHandler.retrySome.selector,
        OutcomeHandler.bounceSome.selector,
        OutcomeHandler.passTime.selector,
        OutcomeHandler.answer.selector,
        OutcomeHandler.retryAtHome.selector,
        OutcomeHandler.claimAgain.selector,
        OutcomeHandler.prepay.selector,
        OutcomeHandler.changePrices.selector,
        OutcomeHandler.changeMoods.selector
    ];

    function setUp() public {
        handler = OutcomeHandler(deployCode("OutcomeHandler.sol:OutcomeHandler"));
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), selectors));
    }

    /// @dev Invariants 1 and 5 of the protocol: a valid delivery never reverts, or the run fails.
    function invariant_everyMessageIsExecutedInItsPlaceOnceOrComesBack() public {
        handler.assertPrefixes();
        handler.assertEachOnce();
    }

    /// @dev Invariant 6 of the protocol.
    function invariant_feesPaidOutNeverExceedFeesPaidIn() public view {
        handler.assertFees();
    }

    /// @dev The handler reaches what the invariants are about.
    function test_handler_bringsAboutEveryOutcome() public {
        for (uint256 i = 0; i < 1_000; ++i) {
            vm.resetGasMetering();
            uint256 seed = uint256(keccak256(abi.encode(i)));
            bytes4 selector = selectors[seed % 6 == 0 ? 0 : (seed >> 128) % selectors.length];
            (bool succeeded,) = address(handler).call(abi.encodeWithSelector(selector, seed));
            assertTrue(succeeded);
        }

        handler.assertPrefixes();
        handler.assertEachOnce();
        handler.assertFees();
        handler.count();
        for (uint256 i = 0; i <= uint256(type(IGateway.Outcome).max); ++i) {
            assertGt(handler.seen(IGateway.Outcome(i)), 0, vm.toString(i));
        }
        assertGt(handler.claimed(), 3);
        assertGt(handler.refusedClaims(), 3);
        assertGt(handler.broughtHome(), 3);
    }
}
