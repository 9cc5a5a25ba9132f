// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {ChainId, Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {OrderedRecipient, ReenteringRecipient, ReturnRecipient} from "../support/Recipients.sol";

/// @notice What senders pay, and who sets the prices.
contract FeesTest is BothWays {
    uint64 private constant UPDATER = 7;

    /// @dev A message of 33 bytes and 200,000 gas.
    uint256 private constant FEE = 30_000 gwei + 200_000 * 2 gwei + 33 * (1 gwei + 1);

    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
        setPrices(somePrices());
        on(HARBOUR);
    }

    /// @dev Somebody sends 33 bytes and pays so much.
    function pay(address sender, uint256 value) private {
        on(HARBOUR);
        vm.prank(sender);
        harbour.sendMessage{value: value}(atIsland(address(bob)), new bytes(33), new bytes[](0));
    }

    function collected() private view returns (uint256 amount) {
        (,, amount) = harbour.fees(ISLAND);
    }

    function nonceSent() private view returns (uint64 nonce) {
        (, nonce,) = harbour.outbound(ISLAND);
    }

    /* PRICES */

    function testFuzz_quote_isTheSumOfItsParts(FeeSchedule memory prices, uint32 gasLimit, uint16 length)
        public
    {
        setPrices(prices);
        uint256 expected = uint256(prices.perMessage) * 1e9 + uint256(prices.perGas)
            * (gasLimit == 0 ? 200_000 : gasLimit) + uint256(prices.perByte) * length;

        assertEq(harbour.quote(ISLAND, gasLimit, length, false), expected);
        assertEq(harbour.quote(ISLAND, gasLimit, length, true), expected + uint256(prices.bounce) * 1e9);
    }

    function test_quote_refusesAnUnknownLane() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        harbour.quote(ChainId.wrap(5), 0, 0, false);
    }

    function test_sendMessage_writesTheFeeIntoTheLeaf() public {
        Message memory message = Message(alice, address(bob), 0, 200_000, 0, Messages.BOUNCE, new bytes(33));

        post(message);

        assertEq(sent[0].fee, FEE + 50_000 gwei);
        (bytes32 accumulator,,) = harbour.outbound(ISLAND);
        assertEq(accumulator, accumulatorAfter(1));
        assertEq(collected(), FEE + 50_000 gwei);
        assertEq(address(harbour).balance, FEE + 50_000 gwei);
    }

    /// @dev P20: prices change while messages are on their way.
    function test_setFees_leavesMessagesInFlightAsTheyWere() public {
        post(alice, address(bob), 0, Messages.BOUNCE);
        post(alice, address(bob), 0, 0);
        FeeSchedule memory none;
        setPrices(none);
        post(alice, address(bob), 0, 0);
        FeeSchedule memory dear = somePrices();
        dear.perMessage = 1_000_000;
        setPrices(dear);
        post(alice, address(bob), 0, 0);

        deliver(deliveryOf(1, 4));

        assertDelivered(4);
        assertEq(bob.count(), 4);
        assertEq(sent[0].fee, FEE + 50_000 gwei);
        assertEq(sent[1].fee, FEE);
        assertEq(sent[2].fee, 0);
        assertEq(sent[3].fee, FEE + 970_000 gwei);
        assertEq(island.earned(HARBOUR, relayer), 3 * FEE + 1_020_000 gwei);
    }

    /* PAYMENT */

    function testFuzz_sendMessage_returnsTheSurplus(uint96 surplus) public {
        vm.deal(alice, FEE + surplus);

        pay(alice, FEE + surplus);

        assertEq(alice.balance, surplus);
        assertEq(address(harbour).balance, FEE);
        assertEq(collected(), FEE);
    }

    /// @dev P15: on a lane that is free, all that comes with a message goes back.
    function test_sendMessage_returnsEverythingOnAFreeLane() public {
        FeeSchedule memory none;
        setPrices(none);
        vm.deal(alice, 1 ether);

        pay(alice, 1 ether);

        assertEq(alice.balance, 1 ether);
        assertEq(address(harbour).balance, 0);
    }

    function testFuzz_sendMessage_refusesLessThanTheFee(uint256 value) public {
        value = bound(value, 0, FEE - 1);
        vm.deal(alice, value);

        vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, value, FEE));
        pay(alice, value);

        assertEq(nonceSent(), 0);
    }

    function test_sendMessage_sendsNothingIfTheSurplusIsRefused() public {
        ReturnRecipient sender = new ReturnRecipient();
        sender.refuseCoins();
        vm.deal(address(sender), FEE + 5);

        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, sender, 5));
        pay(address(sender), FEE + 5);
        pay(address(sender), FEE);

        assertEq(nonceSent(), 1);
    }

    function test_sendMessage_aSenderThatReentersWithItsSurplusPaysForBoth() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        harbour.prepay{value: FEE}(address(mallory));
        mallory.prepare(
            abi.encodeCall(harbour.sendMessage, (atIsland(address(bob)), new bytes(33), new bytes[](0)))
        );
        vm.deal(address(mallory), FEE + 5);

        pay(address(mallory), FEE + 5);

        assertEq(nonceSent(), 2);
        assertEq(address(mallory).balance, 5);
        assertEq(collected(), 2 * FEE);
        assertEq(harbour.prepaid(address(mallory)), 0);
        assertEq(address(harbour).balance, 2 * FEE);
    }

    /* PREPAID */

    function test_prepay_paysForApplicationsThatKnowNothingOfFees() public {
        vm.expectEmit(address(harbour));
        emit IFees.PrepaidChanged(alice, 2 * FEE);
        harbour.prepay{value: 2 * FEE}(alice);

        pay(alice, 0);

        assertEq(harbour.prepaid(alice), FEE);
        assertEq(collected(), FEE);
    }

    function testFuzz_sendMessage_takesWhatIsMissingFromThePrepaid(uint256 value, uint96 before) public {
        value = bound(value, 0, 2 * FEE);
        vm.deal(alice, value);
        vm.deal(address(this), before);
        harbour.prepay{value: before}(alice);

        if (value + before < FEE) {
            vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, value, FEE));
            pay(alice, value);
            return;
        }
        pay(alice, value);

        uint256 missing = value < FEE ? FEE - value : 0;
        assertEq(harbour.prepaid(alice), before - missing);
        assertEq(alice.balance, value > FEE ? value - FEE : 0);
        assertEq(address(harbour).balance, collected() + harbour.prepaid(alice));
    }

    function test_sendMessage_touchesNobodyElsesPrepaid() public {
        harbour.prepay{value: FEE}(relayer);

        vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, 0, FEE));
        pay(alice, 0);
    }

    function test_withdrawPrepaid_givesBackToTheApplicationOnly() public {
        harbour.prepay{value: 5}(alice);
        vm.expectRevert(abi.encodeWithSelector(IFees.PrepaidExceeded.selector, 1, 0));
        harbour.withdrawPrepaid(1, payable(address(this)));

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IFees.PrepaidExceeded.selector, 6, 5));
        harbour.withdrawPrepaid(6, payable(relayer));
        vm.expectEmit(address(harbour));
        emit IFees.PrepaidChanged(alice, 2);
        harbour.withdrawPrepaid(3, payable(relayer));

        assertEq(relayer.balance, 3);
        assertEq(harbour.prepaid(alice), 2);
    }

    function test_withdrawPrepaid_keepsWhatIsRefused() public {
        ReturnRecipient refusing = new ReturnRecipient();
        refusing.refuseCoins();
        harbour.prepay{value: 5}(alice);

        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, refusing, 5));
        harbour.withdrawPrepaid(5, payable(refusing));

        assertEq(harbour.prepaid(alice), 5);
    }

    function test_withdrawPrepaid_cannotBeReentered() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        harbour.prepay{value: 10}(alice);
        harbour.prepay{value: 5}(address(mallory));
        mallory.prepare(abi.encodeCall(harbour.withdrawPrepaid, (5, payable(address(mallory)))));

        vm.prank(address(mallory));
        vm.expectPartialRevert(IFees.PaymentRefused.selector);
        harbour.withdrawPrepaid(5, payable(address(mallory)));

        assertEq(address(harbour).balance, 15);
    }

    /* WHO SETS THEM */

    function letUpdate(address who) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IFees.setFees.selector;
        vm.startPrank(governance);
        authority.setTargetFunctionRole(address(harbour), selectors, UPDATER);
        authority.grantRole(UPDATER, who, 0);
        vm.stopPrank();
    }

    function test_setFees_isForTheUpdater() public {
        letUpdate(relayer);
        FeeSchedule memory cheap = FeeSchedule(1, 2, 3, 4);

        vm.expectEmit(address(harbour));
        emit IFees.FeesScheduled(ISLAND, cheap);
        vm.prank(relayer);
        harbour.setFees(ISLAND, cheap);

        (FeeSchedule memory schedule, FeeSchedule memory bounds,) = harbour.fees(ISLAND);
        assertEq(abi.encode(schedule), abi.encode(cheap));
        assertEq(abi.encode(bounds), abi.encode(somePrices()));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, relayer));
        harbour.setFeeBounds(ISLAND, cheap);
    }

    function test_setFees_refusesAStranger() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        vm.prank(alice);
        harbour.setFees(ISLAND, somePrices());
    }

    function test_setFees_refusesAnyPartBeyondItsBound() public {
        letUpdate(relayer);
        for (uint256 part = 0; part < 4; ++part) {
            FeeSchedule memory prices = somePrices();
            if (part == 0) ++prices.perMessage;
            else if (part == 1) ++prices.perGas;
            else if (part == 2) ++prices.perByte;
            else ++prices.bounce;

            vm.expectRevert(abi.encodeWithSelector(IFees.FeesOutOfBounds.selector, ISLAND));
            vm.prank(relayer);
            harbour.setFees(ISLAND, prices);
        }
    }

    function test_setFees_asksForNothingUntilThereAreBounds() public {
        vm.startPrank(governance);
        vm.expectRevert(abi.encodeWithSelector(IFees.FeesOutOfBounds.selector, HARBOUR));
        island.setFees(HARBOUR, FeeSchedule(0, 0, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        island.setFees(ChainId.wrap(5), FeeSchedule(0, 0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        island.setFeeBounds(ChainId.wrap(5), FeeSchedule(0, 0, 0, 0));
    }

    function test_setFees_keepsWhatHasBeenPaidIn() public {
        vm.deal(alice, FEE);
        pay(alice, FEE);

        FeeSchedule memory none;
        setPrices(none);

        assertEq(collected(), FEE);
    }
}
