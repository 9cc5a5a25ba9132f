// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {WrappedERC20} from "../../src/assets/WrappedERC20.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {ISpecialTokens} from "../../src/interfaces/ISpecialTokens.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {CoinCaller, CoinRefuser, GasBurner} from "./support/CoinHolders.sol";
import {SampleWrappedNative} from "./support/samples/SampleWrappedNative.sol";

contract NativeCoinsTest is Assets {
    SampleWrappedNative private coin;
    AssetGateway private gate;

    function setUp() public override {
        super.setUp();
        gate = assetsOf(HARBOUR);
        vm.deal(alice, 100 ether);
        // The gateways share one wrapped coin here: what another has is not this one's.
        vm.deal(address(this), 5 ether);
        coin.deposit{value: 5 ether}();
    }

    function aWrappedNative() internal override returns (address) {
        if (address(coin) == address(0)) coin = new SampleWrappedNative();
        return address(coin);
    }

    /* SENDING */

    function test_native_arrivesAsAWrappedToken() public {
        sendNative(bob, 2 ether, 2 ether);
        relay();

        assertEq(wrapped().balanceOf(bob), 2 ether);
        assertEq(wrapped().symbol(), "WCOIN");
        assertEq(coin.balanceOf(address(gate)), 2 ether);
        assertEq(gate.outstandingERC20(address(coin), ISLAND), 2 ether);
        assertEq(alice.balance, 98 ether);
    }

    /// @dev P15: what is paid is wrapped, paid as a fee, or comes back.
    function test_native_accountsForEveryWei() public {
        price(0.01 ether);
        sendNative(bob, 2 ether, 3 ether);

        uint256 fees = address(places[HARBOUR].gateway).balance;
        assertGt(fees, 0);
        assertEq(alice.balance, 98 ether - fees);
        assertEq(coin.balanceOf(address(gate)), 2 ether);
        assertEq(address(gate).balance, 0);
    }

    /// @dev P15: the amount does not pay the fee.
    function test_native_doesNotPayTheFeeFromTheAmount() public {
        price(0.01 ether);
        vm.prank(alice);
        vm.expectPartialRevert(IFees.FeeInsufficient.selector);
        gate.sendNative{value: 2 ether}(ISLAND, bob, 2 ether);
    }

    function test_native_refusesWhatIsNotPaid() public {
        vm.deal(address(gate), 10 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.NativeInsufficient.selector, 1 ether, 2 ether));
        gate.sendNative{value: 1 ether}(ISLAND, bob, 2 ether);
        vm.expectRevert(IAssetGateway.AmountZero.selector);
        gate.sendNative{value: 1 ether}(ISLAND, bob, 0);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.RecipientInvalid.selector, address(0)));
        gate.sendNative{value: 1 ether}(ISLAND, address(0), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ChainUnknown.selector, HARBOUR));
        gate.sendNative{value: 1 ether}(HARBOUR, bob, 1 ether);
    }

    /// @dev P15: the token path takes no coin for the token, and the coin path no token.
    function test_theTokenPath_doesNotTakeTheCoin() public {
        bytes memory send = abi.encodeCall(gate.sendERC20, (address(coin), ISLAND, bob, 1 ether));
        vm.startPrank(alice);
        (bool sent_,) = address(gate).call{value: 1 ether}(send);
        assertFalse(sent_);

        coin.deposit{value: 1 ether}();
        coin.approve(address(gate), 1 ether);
        (sent_,) = address(gate).call{value: 1 ether}(send);
        assertTrue(sent_);
        assertEq(coin.balanceOf(address(gate)), 1 ether);
        assertEq(alice.balance, 99 ether);
    }

    function test_chainsWithoutAWrappedCoin_sendNone() public {
        AssetGateway without = new AssetGateway(places[HARBOUR].gateway, address(authority), address(0));
        vm.prank(governance);
        without.registerRemote(ISLAND, address(assetsOf(ISLAND)));
        vm.expectRevert(ISpecialTokens.NativeUnsupported.selector);
        vm.prank(alice);
        without.sendNative{value: 1 ether}(ISLAND, bob, 1 ether);
    }

    /* COMING HOME */

    function test_native_comesHomeAsCoin() public {
        sendNative(bob, 2 ether, 2 ether);
        relay();
        comeHome(bob, bob, 1.5 ether);

        assertEq(bob.balance, 1.5 ether);
        assertEq(coin.balanceOf(bob), 0);
        assertEq(gate.outstandingERC20(address(coin), ISLAND), 0.5 ether);
        assertEq(coin.balanceOf(address(gate)), 0.5 ether);
        assertEq(address(gate).balance, 0);
    }

    function test_whoRefusesCoins_isGivenTheToken() public {
        address[2] memory refusers = [address(new CoinRefuser()), address(new GasBurner())];
        for (uint256 i = 0; i < 2; ++i) {
            sendNative(bob, 2 ether, 2 ether);
            relay();
            comeHome(bob, refusers[i], 2 ether);

            assertEq(refusers[i].balance, 0);
            assertEq(coin.balanceOf(refusers[i]), 2 ether);
            assertEq(gate.outstandingERC20(address(coin), ISLAND), 0);
        }
    }

    /// @dev Whoever is paid may send again at once; what is on its way out is settled before.
    function test_aRecipientThatReenters_getsNoMoreThanItsDue() public {
        CoinCaller caller = new CoinCaller();
        sendNative(address(caller), 2 ether, 2 ether);
        sendNative(bob, 2 ether, 2 ether);
        relay();
        caller.prepare(address(gate), abi.encodeCall(gate.sendNative, (ISLAND, bob, 1 ether)), 1 ether);
        comeHome(bob, address(caller), 2 ether);

        uint256 held = coin.balanceOf(address(gate));
        assertEq(held, gate.outstandingERC20(address(coin), ISLAND));
        assertEq(held + address(caller).balance + coin.balanceOf(address(caller)), 4 ether);
    }

    function sendNative(address recipient, uint256 amount, uint256 paid) private {
        on(HARBOUR);
        vm.prank(alice);
        gate.sendNative{value: paid}(ISLAND, recipient, amount);
    }

    function comeHome(address holder, address recipient, uint256 amount) private {
        sendERC20(ISLAND, holder, address(wrapped()), HARBOUR, recipient, amount);
        relay();
        assertFalse(lastFailed(ISLAND, HARBOUR));
    }

    function wrapped() private view returns (WrappedERC20) {
        return WrappedERC20(assetsOf(ISLAND).wrappedERC20(HARBOUR, address(coin)));
    }

    function price(uint256 perMessage) private {
        on(HARBOUR);
        FeeSchedule memory schedule = FeeSchedule(uint48(perMessage / 1 gwei), 0, 0, 0);
        vm.startPrank(governance);
        places[HARBOUR].gateway.setFeeBounds(ISLAND, schedule);
        places[HARBOUR].gateway.setFees(ISLAND, schedule);
        vm.stopPrank();
    }
}
