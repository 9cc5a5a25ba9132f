// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {Share, ShareKind} from "../../src/types/Listings.sol";
import {ChainId} from "../../src/types/Message.sol";
import {CoinRefuser} from "../assets/support/CoinHolders.sol";
import {MoodyBuyer} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice How those who are paid get their money: where they are known, from where they are known, or with their key.
contract WithdrawingTest is Markets {
    Settlement private settlement;

    function setUp() public override {
        super.setUp();
        settlement = settlementOf(ISLAND);
    }

    /// @dev Island credits somebody of some chain for a purchase.
    function creditFor(ChainId homeChain, address account, address token) private {
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, token), HARBOUR);
        bytes32 id = buy(order);
        Share[] memory shares = new Share[](1);
        shares[0] = Share(homeChain, account, PRICE, ShareKind.PROCEEDS);
        bytes memory answer = abi.encodePacked(uint8(2), abi.encode(id, shares));
        tell(HARBOUR, address(settlementOf(HARBOUR)), ISLAND, answer);
        on(ISLAND);
    }

    function test_anAccountOfThisChain_withdrawsTokensOnce() public {
        creditFor(ISLAND, carol, address(silver));
        vm.startPrank(carol);
        vm.expectEmit(address(settlement));
        emit ISettlement.Withdrawn(carol, address(silver), ISLAND, alice, PRICE);
        settlement.withdraw(address(silver), alice);
        assertEq(silver.balanceOf(alice), PRICE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingCredited.selector, ISLAND, carol, silver));
        settlement.withdraw(address(silver), alice);
    }

    function test_anAccountOfThisChain_withdrawsCoins() public {
        creditFor(ISLAND, carol, address(0));
        vm.prank(carol);
        settlement.withdraw(address(0), carol);
        assertEq(carol.balance, PRICE);
        assertEq(settlement.purse(), 0);
        assertEq(address(settlement).balance, 0);
    }

    function test_theTreasury_getsTheFees() public {
        creditFor(ChainId.wrap(0), address(0), address(silver));
        assertEq(creditOf(ISLAND, ISLAND, treasury, address(silver)), PRICE);
        vm.prank(treasury);
        settlement.withdraw(address(silver), treasury);
        assertEq(silver.balanceOf(treasury), PRICE);

        vm.prank(governance);
        settlement.setTreasury(carol);
        assertEq(settlement.treasury(), carol);
        creditFor(ChainId.wrap(0), address(0), address(silver));
        assertEq(creditOf(ISLAND, ISLAND, carol, address(silver)), PRICE);
    }

    function test_whoSignsHimself_withdrawsAsHimselfOfAnotherChain() public {
        creditFor(HARBOUR, carol, address(silver));
        vm.startPrank(carol, carol);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingCredited.selector, ISLAND, carol, silver));
        settlement.withdraw(address(silver), carol);
        settlement.withdrawAs(HARBOUR, address(silver), carol);
        assertEq(silver.balanceOf(carol), PRICE);
    }

    function test_aContract_isNotTheSameOfAnotherChain() public {
        MoodyBuyer wallet = new MoodyBuyer();
        creditFor(HARBOUR, address(wallet), address(silver));
        bytes memory refusal = abi.encodeWithSelector(ISettlement.NotOwnSignature.selector, wallet);
        bytes memory data = abi.encodeCall(settlement.withdrawAs, (HARBOUR, address(silver), carol));
        vm.expectRevert(refusal);
        vm.prank(carol, carol);
        wallet.call(address(settlement), 0, data);
    }

    function test_aContract_withdrawsFromItsOwnChain() public {
        MoodyBuyer wallet = new MoodyBuyer();
        creditFor(HARBOUR, address(wallet), address(silver));
        setPrices(somePrices(), 0);
        Settlement home = settlementOf(HARBOUR);
        on(HARBOUR);
        bytes memory data = abi.encodeCall(home.withdrawOn, (ISLAND, address(silver), carol));
        vm.deal(address(wallet), 2 ether);
        vm.expectPartialRevert(ISettlement.ValueInsufficient.selector);
        wallet.call(address(home), 0, data);
        wallet.call(address(home), 1 ether, data);
        assertGt(address(wallet).balance, 1 ether);
        assertEq(address(home).balance, 0);

        relay();

        assertEq(silver.balanceOf(carol), PRICE);
        assertEq(creditOf(ISLAND, HARBOUR, address(wallet), address(silver)), 0);
    }

    /// @dev A withdrawal of nothing fails, and cannot be retried once it is late: nobody pays later earnings by an old order.
    function test_aWithdrawalOfNothing_endsWithItsDeadline() public {
        on(HARBOUR);
        vm.prank(carol);
        settlementOf(HARBOUR).withdrawOn(ISLAND, address(silver), alice);
        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        vm.warp(vm.getBlockTimestamp() + 1 days + 1);
        creditFor(HARBOUR, carol, address(silver));
        catchMessages();
        vm.expectPartialRevert(IGateway.DeadlinePassed.selector);
        this.retryIt();
        assertEq(creditOf(ISLAND, HARBOUR, carol, address(silver)), PRICE);
    }

    function retryIt() external {
        retry(HARBOUR, ISLAND, 1);
    }

    function test_onlyHisOwn_isWithdrawnFromElsewhere() public {
        creditFor(HARBOUR, carol, address(silver));
        on(HARBOUR);
        vm.prank(bob);
        settlementOf(HARBOUR).withdrawOn(ISLAND, address(silver), bob);
        on(LAGOON);
        vm.prank(carol);
        settlementOf(LAGOON).withdrawOn(ISLAND, address(silver), carol);
        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        assertTrue(lastFailed(LAGOON, ISLAND));
        assertEq(creditOf(ISLAND, HARBOUR, carol, address(silver)), PRICE);
    }

    function test_aChainThatNobodyKnows_isNotWrittenTo() public {
        on(ISLAND);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.ChainUnknown.selector, ISLAND));
        settlement.withdrawOn(ISLAND, address(silver), carol);
    }

    function test_whatIsNotTaken_staysCredited() public {
        creditFor(ISLAND, carol, address(0));
        address[3] memory refusing = [address(new CoinRefuser()), address(0), address(settlement)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ISettlement.PaymentRefused.selector, address(0), refusing[i])
            );
            vm.prank(carol);
            settlement.withdraw(address(0), refusing[i]);
        }
        assertEq(creditOf(ISLAND, ISLAND, carol, address(0)), PRICE);
    }

    function test_whoeverWithdraws_cannotWithdrawWithin() public {
        MoodyBuyer wallet = new MoodyBuyer();
        Again again = new Again(settlement);
        creditFor(ISLAND, address(again), address(0));
        creditFor(ISLAND, address(wallet), address(0));
        again.withdraw();
        assertEq(address(again).balance, PRICE);
        assertFalse(again.succeeded());
        assertEq(address(settlement).balance, PRICE);
    }
}

/// @notice Withdraws again when it is paid.
contract Again {
    Settlement private immutable settlement;
    bool public succeeded;

    constructor(Settlement settlement_) {
        settlement = settlement_;
    }

    receive() external payable {
        (succeeded,) =
            address(settlement).call(abi.encodeCall(settlement.withdraw, (address(0), address(this))));
    }

    function withdraw() external {
        settlement.withdraw(address(0), address(this));
    }
}
