// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {IMarketplace} from "../../src/interfaces/IMarketplace.sol";
import {IPriceBreaker} from "../../src/interfaces/IPriceBreaker.sol";
import {IPriceFeeds} from "../../src/interfaces/IPriceFeeds.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {Listing} from "../../src/types/Listings.sol";
import {ChainId} from "../../src/types/Message.sol";
import {CallingERC20, LyingERC20, SilentERC20, TithingERC20} from "../assets/support/Tokens.sol";
import {FakeBreaker, FakeFeeds, MoodyBuyer} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice What a buyer pays, what is refused at once, and what he gets back.
contract BuyingTest is Markets {
    FakeFeeds private feeds;

    function someFeeds() internal override returns (IPriceFeeds) {
        if (address(feeds) == address(0)) feeds = new FakeFeeds();
        return IPriceFeeds(address(feeds));
    }

    function assertRefuses(ISettlement.Purchase memory order, uint256 value, bytes memory reason) private {
        Settlement settlement = settlementOf(ISLAND);
        on(ISLAND);
        vm.prank(bob);
        vm.expectRevert(reason);
        settlement.buy{value: value}(order);
    }

    function anOrder() private returns (ISettlement.Purchase memory) {
        return anOrder(aHeron(2, ISLAND, address(silver)), HARBOUR);
    }

    /* PRICES */

    function test_theOpenPurchase_holdsExactlyThePrice() public {
        ISettlement.Purchase memory order = anOrder();
        bytes32 id = buy(order);
        (ISettlement.Status status, ChainId chain, address buyer, address token, uint128 paid) =
            settlementOf(ISLAND).purchase(id);
        assertTrue(status == ISettlement.Status.Open && chain == HARBOUR);
        assertEq(buyer, bob);
        assertEq(token, address(silver));
        assertEq(paid, PRICE);
        assertEq(silver.balanceOf(address(settlementOf(ISLAND))), PRICE);
        assertEq(id, keccak256(abi.encode(31338, address(settlementOf(ISLAND)), 1)));
    }

    function test_coins_payPriceAndFeesAndTheRestComesBack() public {
        setPrices(somePrices(), 1 ether);
        vm.prank(governance);
        settlementOf(ISLAND).setToll(HARBOUR, 7777);
        Listing memory listing = aHeron(2, ISLAND, address(0));
        ISettlement.Purchase memory order = anOrder(listing, HARBOUR);
        on(ISLAND);
        (uint256 price, uint256 fee) = settlementOf(ISLAND).quote(order);
        assertEq(price, PRICE);
        assertGt(fee, 7777);
        assertRefuses(
            order,
            price + fee - 1,
            abi.encodeWithSelector(ISettlement.ValueInsufficient.selector, price + fee - 1, price + fee)
        );
        assertRefuses(
            order, price - 1, abi.encodeWithSelector(ISettlement.ValueInsufficient.selector, price - 1, price)
        );

        uint256 before = bob.balance;
        uint256 purse = settlementOf(ISLAND).purse();
        vm.prank(bob);
        bytes32 id = settlementOf(ISLAND).buy{value: price + fee + 5 ether}(order);

        assertEq(before - bob.balance, price + fee);
        assertEq(settlementOf(ISLAND).purse(), purse + 7777);
        relay();
        assertSettled(ISLAND, id);
        assertEq(settlementOf(ISLAND).purse(), purse + 7777);
        assertEq(creditOf(ISLAND, ISLAND, alice, address(0)), PRICE - PRICE / 20);
    }

    function test_aPriceInDollars_isConvertedWhenItIsPaid() public {
        feeds.set(2);
        Listing memory listing = someShells(3, 10, ISLAND, address(silver));
        listing.referencePrice = PRICE;
        ISettlement.Purchase memory order = anOrder(listing, HARBOUR);
        order.units = 3;
        order.maximum = 6 * PRICE - 1;
        assertRefuses(
            order, 0, abi.encodeWithSelector(ISettlement.MaximumExceeded.selector, 6 * PRICE, 6 * PRICE - 1)
        );
        order.maximum = 6 * PRICE;
        bytes32 id = buy(order);
        relay();
        assertSettled(ISLAND, id);
        assertEq(silver.balanceOf(address(settlementOf(ISLAND))), 6 * PRICE);
    }

    function test_aPriceInDollars_isNotBelowTheLeast() public {
        feeds.set(0);
        Listing memory listing = aHeron(2, ISLAND, address(silver));
        listing.referencePrice = 1;
        buy(anOrder(listing, HARBOUR));
        assertEq(silver.balanceOf(address(settlementOf(ISLAND))), PRICE);
    }

    function test_aPriceInDollars_needsFeeds() public {
        on(ISLAND);
        Settlement bare = new Settlement(
            places[ISLAND].gateway,
            address(authority),
            marketplaceOf(ISLAND),
            IPriceFeeds(address(0)),
            treasury
        );
        ISettlement.Purchase memory order = anOrder();
        order.listing.referencePrice = 1;
        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedUnknown.selector, silver));
        bare.buy(order);
    }

    function test_unitsThatCannotBeCounted_areNotBought() public {
        ISettlement.Purchase memory order = anOrder();
        order.units = 0;
        assertRefuses(order, 0, abi.encodeWithSelector(ISettlement.UnitsInvalid.selector, 0));
        order.units = type(uint128).max;
        assertRefuses(order, 0, abi.encodeWithSelector(ISettlement.UnitsInvalid.selector, order.units));
    }

    /* TOKENS */

    function test_aTokenThatKeepsPart_isRefused() public {
        TithingERC20 tithe = new TithingERC20();
        tithe.mint(bob, 1e9);
        vm.prank(bob);
        tithe.approve(address(settlementOf(ISLAND)), 1e9);
        uint256 received = PRICE - PRICE / 10;
        assertRefuses(
            anOrder(aHeron(2, ISLAND, address(tithe)), HARBOUR),
            0,
            abi.encodeWithSelector(ISettlement.PaymentNotReceived.selector, tithe, received, PRICE)
        );
    }

    function test_aTokenThatOnlySaysItPaid_isRefused() public {
        LyingERC20 liar = new LyingERC20(true);
        assertRefuses(
            anOrder(aHeron(2, ISLAND, address(liar)), HARBOUR),
            0,
            abi.encodeWithSelector(ISettlement.PaymentNotReceived.selector, liar, 0, PRICE)
        );
    }

    function test_aTokenThatAnswersNothing_pays() public {
        SilentERC20 silent = new SilentERC20();
        silent.mint(bob, PRICE);
        bytes32 id = buy(anOrder(aHeron(2, ISLAND, address(silent)), HARBOUR));
        relay();
        assertSettled(ISLAND, id);
    }

    function test_aTokenThatCalls_cannotBuyWithinAPurchase() public {
        CallingERC20 calling = new CallingERC20();
        calling.mint(bob, 1e9);
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, address(calling)), HARBOUR);
        Settlement settlement = settlementOf(ISLAND);
        vm.prank(bob);
        calling.approve(address(settlement), 1e9);
        calling.prepare(address(settlement), abi.encodeCall(settlement.buy, (order)));
        buy(order);
        assertEq(
            calling.failure(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }

    /// @dev While Bob pays, his token has island answer a purchase that came from harbour, with an empty purse.
    function test_whatCameWithAPurchase_paysForNoOtherMessage() public {
        setPrices(somePrices(), 0);
        vm.startPrank(alice);
        herons.setApprovalForAll(address(marketplaceOf(ISLAND)), true);
        vm.stopPrank();
        buy(orderOn(ISLAND, aHeron(3, HARBOUR, address(silver)), ISLAND));
        CallingERC20 calling = new CallingERC20();
        calling.mint(bob, PRICE);
        vm.prank(bob);
        calling.approve(address(settlementOf(ISLAND)), PRICE);
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, address(calling)), HARBOUR);
        calling.prepare(address(places[ISLAND].gateway), aDelivery(HARBOUR, ISLAND));
        on(ISLAND);
        (, uint256 fee) = settlementOf(ISLAND).quote(order);
        uint256 before = bob.balance;

        vm.prank(bob);
        settlementOf(ISLAND).buy{value: fee + 1 ether}(order);

        assertEq(calling.failure(), "");
        assertTrue(outcomeOf(HARBOUR, ISLAND, 1) == IGateway.Outcome.Failed);
        assertEq(before - bob.balance, fee);
        assertEq(settlementOf(ISLAND).purse(), 0);
    }

    /* CHAINS AND TIMES */

    function test_aListingForAnotherPaymentChain_isNotPaidHere() public {
        ISettlement.Purchase memory order = anOrder(aHeron(2, LAGOON, address(silver)), HARBOUR);
        assertRefuses(
            order, 0, abi.encodeWithSelector(ISettlement.PaymentChainDiffers.selector, LAGOON, ISLAND)
        );
    }

    function test_anItemOfAChainThatNobodyKnows_isNotBought() public {
        ISettlement.Purchase memory order = anOrder();
        order.chain = ChainId.wrap(5);
        assertRefuses(order, 0, abi.encodeWithSelector(ISettlement.ChainUnknown.selector, 5));
    }

    function test_aPurchase_waitsAnHourUnlessItSaysOtherwise() public {
        ISettlement.Purchase memory order = anOrder();
        buy(order);
        order.deadline = uint64(vm.getBlockTimestamp() + 5);
        buy(order);
        catchMessages();
        assertEq(sent[ISLAND][HARBOUR][0].deadline, vm.getBlockTimestamp() + 1 hours);
        assertEq(sent[ISLAND][HARBOUR][1].deadline, vm.getBlockTimestamp() + 5);
        order.deadline = uint64(vm.getBlockTimestamp());
        bytes memory reason =
            abi.encodeWithSelector(IGateway.DeadlineOutOfRange.selector, order.deadline, order.deadline);
        assertRefuses(order, 0, reason);
        order.chain = ISLAND;
        assertRefuses(order, 0, reason);
    }

    /* ON ONE CHAIN */

    function anOrderHere(address token, ChainId deliveryChain)
        private
        returns (ISettlement.Purchase memory order)
    {
        order = anOrder(aHeron(2, HARBOUR, token), deliveryChain);
    }

    function test_aRefusalOnOneChain_givesAllBackAtOnce() public {
        setPrices(somePrices(), 0);
        ISettlement.Purchase memory order = anOrderHere(address(0), LAGOON);
        order.signature = "";
        (uint256 before, uint256 purse) = (bob.balance, settlementOf(HARBOUR).purse());

        bytes32 id = buy(order);

        assertRefunded(HARBOUR, id);
        assertEq(bob.balance, before);
        assertEq(settlementOf(HARBOUR).purse(), purse);
        assertEq(herons.ownerOf(2), alice);
    }

    function test_bridgingFromHere_isPaidByTheBuyerAndNoMoreThanItCosts() public {
        setPrices(somePrices(), 1 ether);
        ISettlement.Purchase memory order = anOrderHere(address(0), LAGOON);
        on(HARBOUR);
        (uint256 price, uint256 fee) = settlementOf(HARBOUR).quote(order);
        assertEq(fee, marketplaceOf(HARBOUR).deliveryFee(order.listing.itemType, address(herons), LAGOON));
        uint256 before = bob.balance;

        bytes32 id = buy(order);

        uint256 paid = before - bob.balance - price;
        (,, uint256 collected) = places[HARBOUR].gateway.fees(LAGOON);
        assertEq(paid, collected);
        assertLt(paid, fee);
        assertEq(settlementOf(HARBOUR).purse(), 1 ether);
        relay();
        assertSettled(HARBOUR, id);
        assertEq(heronsOn(LAGOON).ownerOf(2), bob);
    }

    function test_bridgingFromHere_isPaidInAdvance() public {
        setPrices(somePrices(), 1 ether);
        ISettlement.Purchase memory order = anOrderHere(address(0), LAGOON);
        on(HARBOUR);
        Settlement settlement = settlementOf(HARBOUR);
        (uint256 price, uint256 fee) = settlement.quote(order);
        uint256 value = price + fee - 1;
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.ValueInsufficient.selector, value, value + 1));
        settlement.buy{value: value}(order);
    }

    function test_coinsInABoxToBe_hinderNobody() public {
        setPrices(somePrices(), 0);
        ISettlement.Purchase memory order = anOrderHere(address(silver), LAGOON);
        uint256 snapshot = vm.snapshotState();
        buy(order);
        catchMessages();
        uint256 count = sent[HARBOUR][LAGOON].length;
        address box = sent[HARBOUR][LAGOON][count - 1].sender;
        assertEq(box, address(assetsOf(HARBOUR)));
        box = boxOf(sent[HARBOUR][LAGOON][count - 1].payload);
        vm.revertToState(snapshot);

        vm.deal(box, 3 ether);
        bytes32 id = buy(order);

        assertSettled(HARBOUR, id);
        assertEq(box.balance, 0);
    }

    /// @dev The refund address in the payload of a parcel.
    function boxOf(bytes memory payload) private pure returns (address box) {
        assembly ("memory-safe") {
            box := shr(96, mload(add(payload, 73)))
        }
    }

    function test_aPriceOutOfBand_isRefundedWithItsName() public {
        FakeBreaker breaker = new FakeBreaker();
        breaker.refuse();
        vm.prank(governance);
        marketplaceOf(HARBOUR).appoint(address(settlementOf(HARBOUR)), IPriceBreaker(address(breaker)));
        setPrices(somePrices(), 0);
        uint256 before = bob.balance;
        ISettlement.Purchase memory order = anOrderHere(address(0), LAGOON);
        on(HARBOUR);
        bytes32 id = keccak256(abi.encode(31337, address(settlementOf(HARBOUR)), 1));
        vm.expectEmit(address(settlementOf(HARBOUR)));
        emit ISettlement.PurchaseRefunded(id, bob, IMarketplace.PriceOutOfBand.selector, false);
        buyOnHarbour(order);
        assertEq(bob.balance, before);
        assertEq(breaker.asked(), 1);
    }

    function buyOnHarbour(ISettlement.Purchase memory order) private {
        (bool read, bytes memory answer) =
            address(settlementOf(HARBOUR)).staticcall(abi.encodeCall(ISettlement.quote, (order)));
        assertTrue(read);
        (uint256 price, uint256 fee) = abi.decode(answer, (uint256, uint256));
        vm.prank(bob);
        settlementOf(HARBOUR).buy{value: price + fee}(order);
    }

    function test_aBuyerThatTakesNoCoins_isCreditedItsRefund() public {
        MoodyBuyer buyer = new MoodyBuyer();
        buyer.refuseCoins();
        ISettlement.Purchase memory order = anOrderHere(address(0), HARBOUR);
        order.signature = "";
        on(HARBOUR);
        vm.deal(address(buyer), PRICE);
        buyer.call(address(settlementOf(HARBOUR)), PRICE, abi.encodeCall(ISettlement.buy, (order)));
        assertEq(creditOf(HARBOUR, HARBOUR, address(buyer), address(0)), PRICE);
        assertEq(settlementOf(HARBOUR).purse(), 0);
    }

    function test_whoBringsLittleGas_hasNothingRefused() public {
        ISettlement.Purchase memory order = anOrderHere(address(silver), HARBOUR);
        on(HARBOUR);
        Settlement settlement = settlementOf(HARBOUR);
        vm.prank(bob);
        (bool succeeded, bytes memory answer) =
            address(settlement).call{gas: 1_400_000}(abi.encodeCall(settlement.buy, (order)));
        assertFalse(succeeded);
        assertEq(bytes4(answer), ISettlement.GasInsufficient.selector);
    }
}
