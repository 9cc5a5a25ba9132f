// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IDeliveryBox} from "../../src/interfaces/IDeliveryBox.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {ChainId} from "../../src/types/Message.sol";
import {BurningRecipient} from "../support/Recipients.sol";
import {Markets} from "./support/Markets.sol";

/// @notice Whatever comes between, a purchase ends with the item or with the money, never with both and never with
///         neither; and what was said twice changes nothing.
contract PurchaseInvariantTest is Markets {
    enum Obstacle {
        NONE,
        UNSIGNED,
        SOLD_ALREADY,
        TOO_LATE,
        PURSE_EMPTY,
        PURSE_EMPTY_FOR_A_WHILE,
        DELIVERY_REFUSED,
        RECIPIENT_BURNS_GAS,
        ANSWER_FAILS
    }

    function test_invariant_aPurchaseEndsSettledOrRefundedOnce(
        uint8 which,
        uint8 where,
        bool inCoins,
        bool costly
    ) public {
        Obstacle obstacle = Obstacle(bound(which, 0, uint8(type(Obstacle).max)));
        address token = inCoins ? address(0) : address(silver);
        ISettlement.Purchase memory order = anOrder(aHeron(2, ISLAND, token), chains[where % 3]);
        bool poor = obstacle == Obstacle.PURSE_EMPTY || obstacle == Obstacle.PURSE_EMPTY_FOR_A_WHILE;
        if (costly || poor) setPrices(somePrices(), poor ? 0 : 1 ether);
        uint256 spending = token == address(0) ? PRICE : 0;
        uint256 coins = bob.balance;
        uint256 tokens = silver.balanceOf(bob);
        if (obstacle == Obstacle.UNSIGNED) order.signature = "";
        if (obstacle == Obstacle.SOLD_ALREADY) sellToCarol();
        if (obstacle == Obstacle.RECIPIENT_BURNS_GAS) order.recipient = address(new BurningRecipient());

        bytes32 id = buy(order);
        uint256 fees = coins - bob.balance - spending;
        overcome(obstacle, order);

        bool settled = assertEnded(id, token, coins - fees, tokens);
        if (settled) assertDelivered(order, obstacle);
        else if (obstacle != Obstacle.SOLD_ALREADY) assertEq(herons.ownerOf(2), alice);
        replayAll();
        assertEq(assertEnded(id, token, coins - fees, tokens), settled);
    }

    /// @dev Somebody else is quicker.
    function sellToCarol() private {
        vm.prank(alice);
        herons.transferFrom(alice, carol, 2);
    }

    function overcome(Obstacle obstacle, ISettlement.Purchase memory order) private {
        if (obstacle == Obstacle.TOO_LATE) vm.warp(vm.getBlockTimestamp() + 1 hours + 1);
        if (obstacle == Obstacle.DELIVERY_REFUSED) pause(order.deliveryChain);
        if (obstacle == Obstacle.ANSWER_FAILS) forget();
        relay();
        if (obstacle == Obstacle.PURSE_EMPTY) bounceLast(ISLAND, HARBOUR);
        if (obstacle == Obstacle.PURSE_EMPTY_FOR_A_WHILE) {
            settlementOf(HARBOUR).fund{value: 1 ether}();
            retry(ISLAND, HARBOUR, 1);
        }
        if (obstacle == Obstacle.DELIVERY_REFUSED && order.deliveryChain != HARBOUR) {
            vm.warp(vm.getBlockTimestamp() + 1 days + 1);
            bounce(
                HARBOUR, order.deliveryChain, uint64(sent[HARBOUR][order.deliveryChain].length) - late(order)
            );
        }
        if (obstacle == Obstacle.ANSWER_FAILS) remember();
        relay();
    }

    /// @dev To island the answer goes after the parcel.
    function late(ISettlement.Purchase memory order) private pure returns (uint64) {
        return order.deliveryChain == ISLAND ? 1 : 0;
    }

    function pause(ChainId chain) private {
        if (chain == HARBOUR) return;
        on(chain);
        vm.prank(governance);
        assetsOf(chain).pauseRemote(HARBOUR);
    }

    function forget() private {
        on(ISLAND);
        vm.prank(governance);
        settlementOf(ISLAND).registerRemote(HARBOUR, carol);
    }

    function remember() private {
        on(ISLAND);
        vm.prank(governance);
        settlementOf(ISLAND).registerRemote(HARBOUR, address(settlementOf(HARBOUR)));
        retry(HARBOUR, ISLAND, uint64(sent[HARBOUR][ISLAND].length));
    }

    /// @return settled Everybody is credited, together what was paid; or Bob has what he had.
    function assertEnded(bytes32 id, address token, uint256 coins, uint256 tokens)
        private
        view
        returns (bool settled)
    {
        ISettlement.Status status = statusOf(ISLAND, id);
        settled = status == ISettlement.Status.Settled;
        assertTrue(settled || status == ISettlement.Status.Refunded, "has not ended");
        Settlement settlement = settlementOf(ISLAND);
        uint256 credits = settlement.credit(HARBOUR, artist, token) + settlement.credit(ISLAND, alice, token);
        assertEq(credits, settled ? PRICE : 0);
        assertEq(bob.balance, token == address(0) && settled ? coins - PRICE : coins);
        assertEq(silver.balanceOf(bob), token == address(0) || !settled ? tokens : tokens - PRICE);
        assertEq(silver.balanceOf(address(settlement)), token == address(0) ? 0 : credits);
        assertEq(address(settlement).balance - settlement.purse(), token == address(0) ? credits : 0);
    }

    function assertDelivered(ISettlement.Purchase memory order, Obstacle obstacle) private view {
        ChainId chain = order.deliveryChain;
        if (chain == HARBOUR) {
            assertEq(herons.ownerOf(2), order.recipient);
        } else if (obstacle == Obstacle.DELIVERY_REFUSED) {
            assertEq(IDeliveryBox(herons.ownerOf(2)).owner(), order.returnTo);
        } else if (obstacle == Obstacle.RECIPIENT_BURNS_GAS) {
            assertEq(herons.ownerOf(2), address(assetsOf(HARBOUR)));
        } else {
            assertEq(IERC721(address(heronsOn(chain))).ownerOf(2), order.recipient);
        }
    }

    /// @dev Delivers everything once more; nothing is executed again.
    function replayAll() private {
        for (uint256 i = 0; i < 9; ++i) {
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            if (i % 3 == i / 3 || sent[source][destination].length == 0) continue;
            on(destination);
            IGateway gateway = places[destination].gateway;
            for (uint64 nonce = 1; nonce <= sent[source][destination].length; ++nonce) {
                if (outcomeOf(source, destination, nonce) == IGateway.Outcome.Failed) continue;
                bytes32 id = idOf(source, destination, nonce);
                vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, id));
                gateway.retry(source, nonce, sent[source][destination][nonce - 1]);
            }
        }
    }
}
