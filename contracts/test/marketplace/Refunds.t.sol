// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IDeliveryBox} from "../../src/interfaces/IDeliveryBox.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {Listing} from "../../src/types/Listings.sol";
import {BarringERC20} from "../assets/support/Refusing.sol";
import {MoodyBuyer} from "./support/Hostile.sol";
import {Markets} from "./support/Markets.sol";

/// @notice Money goes back when nothing was delivered; an item that its delivery chain refuses goes to its buyer's box.
contract RefundsTest is Markets {
    function anOrder(address token) private returns (ISettlement.Purchase memory) {
        return anOrder(aHeron(2, ISLAND, token), HARBOUR);
    }

    /* MESSAGES THAT COME BACK */

    /// @dev bought ── deadline ── delivered: too late ──▶ back on island
    function test_aPurchaseThatArrivesTooLate_isRefunded() public {
        uint256 before = silver.balanceOf(bob);
        ISettlement.Purchase memory order = anOrder(address(silver));
        bytes32 id = buy(order);
        vm.warp(vm.getBlockTimestamp() + 1 hours + 1);

        relay();

        assertRefunded(ISLAND, id);
        assertEq(silver.balanceOf(bob), before);
        assertEq(herons.ownerOf(2), alice);
    }

    function test_aPurchaseThatThePurseCannotAnswer_isRetriedOrComesBack() public {
        setPrices(somePrices(), 0);
        bytes32 first = buy(anOrder(address(0)));
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(herons.ownerOf(2), alice);

        uint256 snapshot = vm.snapshotState();
        settlementOf(HARBOUR).fund{value: 1 ether}();
        retry(ISLAND, HARBOUR, 1);
        relay();
        assertSettled(ISLAND, first);
        assertEq(herons.ownerOf(2), bob);

        vm.revertToState(snapshot);
        uint256 before = bob.balance;
        bounceLast(ISLAND, HARBOUR);
        assertRefunded(ISLAND, first);
        assertEq(bob.balance, before + PRICE);
        assertEq(herons.ownerOf(2), alice);
    }

    function test_aPurchaseThatThePurseCannotDeliver_fails() public {
        setPrices(somePrices(), 0);
        ISettlement.Purchase memory order = anOrder(address(0));
        order.deliveryChain = LAGOON;
        on(HARBOUR);
        uint256 needed = marketplaceOf(HARBOUR).deliveryFee(order.listing.itemType, address(herons), LAGOON);
        vm.deal(address(settlementOf(HARBOUR)), needed - 1);
        bytes32 id = buy(order);
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        bounceLast(ISLAND, HARBOUR);
        assertRefunded(ISLAND, id);
        assertEq(settlementOf(HARBOUR).purse(), needed - 1);
    }

    function test_thePurse_paysAnswerAndDeliveryAndKeepsTheRest() public {
        setPrices(somePrices(), 1 ether);
        ISettlement.Purchase memory order = anOrder(address(0));
        order.deliveryChain = LAGOON;
        bytes32 id = buy(order);
        relay();
        assertSettled(ISLAND, id);
        (,, uint256 delivery) = places[HARBOUR].gateway.fees(LAGOON);
        (,, uint256 answer) = places[HARBOUR].gateway.fees(ISLAND);
        assertEq(settlementOf(HARBOUR).purse(), 1 ether - delivery - answer);
        assertEq(address(marketplaceOf(HARBOUR)).balance, 0);
    }

    /// @dev A message that has come back was for a chain; it ends no purchase that waits for another.
    function test_whatComesBackFromAnotherChain_isNotRefunded() public {
        bytes32 id = buy(anOrder(address(silver)));
        Settlement settlement = settlementOf(ISLAND);
        vm.prank(address(places[ISLAND].gateway));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.PurchaseNotOpen.selector, id, LAGOON));
        settlement.messageBounced(
            0, format(LAGOON, address(settlementOf(LAGOON))), abi.encodePacked(uint8(1), id)
        );
    }

    /* BUYERS WHO DO NOT TAKE IT */

    function test_aBuyerThatTakesNoCoins_isCreditedAndWithdraws() public {
        MoodyBuyer buyer = new MoodyBuyer();
        buyer.refuseCoins();
        assertCredited(buyer);
    }

    function test_aBuyerThatBurnsGas_isCredited() public {
        MoodyBuyer buyer = new MoodyBuyer();
        buyer.burnGas();
        assertCredited(buyer);
    }

    function assertCredited(MoodyBuyer buyer) private {
        ISettlement.Purchase memory order = anOrder(address(0));
        order.signature = "";
        Settlement settlement = settlementOf(ISLAND);
        on(ISLAND);
        vm.deal(address(buyer), PRICE);
        bytes memory id = buyer.call(address(settlement), PRICE, abi.encodeCall(settlement.buy, (order)));

        relay();

        assertRefunded(ISLAND, abi.decode(id, (bytes32)));
        assertFalse(lastFailed(HARBOUR, ISLAND));
        assertEq(creditOf(ISLAND, ISLAND, address(buyer), address(0)), PRICE);
        assertEq(settlement.purse(), 0);
        on(ISLAND);
        buyer.call(address(settlement), 0, abi.encodeCall(settlement.withdraw, (address(0), carol)));
        assertEq(carol.balance, PRICE);
    }

    function test_aBuyerWhomTheTokenBars_isCreditedAndWithdrawsElsewhere() public {
        BarringERC20 token = new BarringERC20();
        token.mint(bob, PRICE);
        vm.prank(bob);
        token.approve(address(settlementOf(ISLAND)), PRICE);
        ISettlement.Purchase memory order = anOrder(address(token));
        order.signature = "";
        bytes32 id = buy(order);
        token.bar(bob, true);

        relay();

        assertRefunded(ISLAND, id);
        assertEq(creditOf(ISLAND, ISLAND, bob, address(token)), PRICE);
        on(ISLAND);
        Settlement settlement = settlementOf(ISLAND);
        vm.startPrank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.PaymentRefused.selector, token, bob));
        settlement.withdraw(address(token), bob);
        settlement.withdraw(address(token), carol);
        assertEq(token.balanceOf(carol), PRICE);
    }

    /* DELIVERIES THAT COME BACK */

    function pauseOnLagoon() private {
        on(LAGOON);
        vm.prank(governance);
        assetsOf(LAGOON).pauseRemote(HARBOUR);
    }

    function bounceParcel() private {
        uint64 nonce = uint64(sent[HARBOUR][LAGOON].length);
        assertTrue(outcomeOf(HARBOUR, LAGOON, nonce) == IGateway.Outcome.Failed);
        vm.warp(vm.getBlockTimestamp() + 1 days + 1);
        bounce(HARBOUR, LAGOON, nonce);
        relay();
    }

    function test_anItemThatItsDeliveryChainRefuses_waitsInItsBox() public {
        pauseOnLagoon();
        ISettlement.Purchase memory order = anOrder(address(silver));
        (order.deliveryChain, order.recipient, order.returnTo) = (LAGOON, bob, carol);
        bytes32 id = buy(order);
        relay();
        bounceParcel();

        assertSettled(ISLAND, id);
        IDeliveryBox box = IDeliveryBox(herons.ownerOf(2));
        assertEq(box.owner(), carol);
        bytes memory taking = abi.encodeCall(IERC721.transferFrom, (address(box), carol, 2));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IDeliveryBox.NotOwner.selector, bob));
        box.call(address(herons), taking);
        vm.prank(carol);
        box.call(address(herons), taking);
        assertEq(herons.ownerOf(2), carol);
    }

    function test_shellsThatTheirDeliveryChainRefuses_waitInTheirBox() public {
        pauseOnLagoon();
        Listing memory listing = someShells(3, 10, ISLAND, address(silver));
        ISettlement.Purchase memory order = anOrder(listing, LAGOON);
        order.units = 4;
        bytes32 id = buy(order);
        relay();
        bounceParcel();

        assertSettled(ISLAND, id);
        address box = boxOf();
        assertEq(shells.balanceOf(box, 3), 4);
        vm.deal(box, 5);
        uint256 before = bob.balance;
        vm.prank(bob);
        IDeliveryBox(box).call{value: 0}(
            address(shells), abi.encodeCall(IERC1155.safeTransferFrom, (box, bob, 3, 4, ""))
        );
        assertEq(shells.balanceOf(bob, 3), 4);
        assertEq(bob.balance, before + 5);
    }

    /// @dev The refund address in the payload of the parcel that was sent last to lagoon.
    function boxOf() private view returns (address box) {
        uint256 count = sent[HARBOUR][LAGOON].length;
        bytes memory payload = sent[HARBOUR][LAGOON][count - 1].payload;
        assembly ("memory-safe") {
            box := shr(96, mload(add(payload, 73)))
        }
    }
}
