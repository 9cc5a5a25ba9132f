// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssetClaims} from "../../src/interfaces/IAssetClaims.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {ChainId} from "../../src/types/Message.sol";
import {BarringERC20, Refusing} from "./support/Refusing.sol";
import {MoodyHolder, TithingERC20} from "./support/Tokens.sol";

/// @notice What cannot arrive comes back: each standard, on each leg of its way.
contract BouncesTest is Refusing {
    address private immutable carol = makeAddr("carol");

    /* OUT OF ITS HOME */

    function test_anERC20ThatCannotArrive_comesBackToItsSender() public {
        pause(ISLAND, HARBOUR);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        bounceLast(HARBOUR, ISLAND);

        assertEq(coins.balanceOf(alice), 1000);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 0);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 0);
    }

    function test_itemsThatCannotArrive_comeBackToTheirSender() public {
        MoodyHolder holder = new MoodyHolder();
        sendERC721(HARBOUR, alice, address(herons), two(1, 2), ISLAND, address(holder));
        relay();
        bounceLast(HARBOUR, ISLAND);
        sendERC1155(HARBOUR, alice, address(shells), two(1, 2), two(10, 20), ISLAND, address(holder));
        relay();
        // Two items at once are a batch, which this holder takes; one is not.
        sendERC1155(HARBOUR, alice, address(shells), one(3), one(30), ISLAND, address(holder));
        relay();
        bounceLast(HARBOUR, ISLAND);

        assertEq(herons.ownerOf(1), alice);
        assertEq(herons.ownerOf(2), alice);
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 2)), 0);
        assertEq(shells.balanceOf(alice, 3), 100);
        assertEq(assetsOf(HARBOUR).outstandingERC1155(address(shells), 3, ISLAND), 0);
        assertEq(shellsOn(ISLAND).balanceOf(address(holder), 2), 20);
    }

    function test_aTithingToken_comesBackAsWhatIsLeft() public {
        TithingERC20 token = new TithingERC20();
        token.mint(alice, 100);
        vm.prank(alice);
        token.approve(address(assetsOf(HARBOUR)), 100);
        pause(ISLAND, HARBOUR);
        sendERC20(HARBOUR, alice, address(token), ISLAND, bob, 100);
        relay();
        bounceLast(HARBOUR, ISLAND);

        assertEq(token.balanceOf(alice), 81);
        assertEq(token.balanceOf(address(assetsOf(HARBOUR))), 0);
    }

    /* ON THE WAY HOME */

    function test_wrappedTokensThatCannotComeHome_areThereAgain() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), one(2), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), one(2), one(10), ISLAND, bob);
        relay();
        pause(HARBOUR, ISLAND);

        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), HARBOUR, alice, 60);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), 40);
        bounceLast(ISLAND, HARBOUR);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(2), HARBOUR, alice);
        relay();
        bounceLast(ISLAND, HARBOUR);
        sendERC1155(ISLAND, bob, address(shellsOn(ISLAND)), one(2), one(4), HARBOUR, alice);
        relay();
        bounceLast(ISLAND, HARBOUR);

        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(shellsOn(ISLAND).balanceOf(bob, 2), 10);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 100);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 100);
    }

    function test_aForwardToAnUnknownChain_comesBack() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), one(2), ISLAND, bob);
        relay();
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), ChainId.wrap(99), carol, 100);
        relay();
        bounceLast(ISLAND, HARBOUR);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(2), ChainId.wrap(99), carol);
        relay();
        bounceLast(ISLAND, HARBOUR);

        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
    }

    /* BY WAY OF HOME */

    /// @dev island ──▶ harbour ──▶ lagoon, which refuses ──▶ harbour ──▶ island
    function test_whatWasForwardedAndCannotArrive_goesBackToWhereItCameFrom() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), two(1, 2), two(10, 20), ISLAND, bob);
        relay();
        pause(LAGOON, HARBOUR);

        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), LAGOON, carol, 100);
        relay();
        bounceLast(HARBOUR, LAGOON);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), two(2, 3), LAGOON, carol);
        relay();
        bounceLast(HARBOUR, LAGOON);
        sendERC1155(ISLAND, bob, address(shellsOn(ISLAND)), two(1, 2), two(10, 20), LAGOON, carol);
        relay();
        bounceLast(HARBOUR, LAGOON);

        assertEq(coinsOn(ISLAND).balanceOf(bob), 100);
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(heronsOn(ISLAND).tokenURI(3), "ipfs://heron");
        assertEq(shellsOn(ISLAND).balanceOf(bob, 2), 20);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), LAGOON), 0);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 100);
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 2)), 31338);
    }

    function test_whatCannotEvenGoBackToWhereItCameFrom_canBeClaimedAtHome() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        pause(LAGOON, HARBOUR);
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), LAGOON, carol, 100);
        relay();
        pause(ISLAND, HARBOUR);
        bounceLast(HARBOUR, LAGOON);
        bounceLast(HARBOUR, ISLAND);

        on(HARBOUR);
        IAssetGateway harbour = assetsOf(HARBOUR);
        assertEq(harbour.claimable(1, address(coins), 0, ISLAND, bob), 100);
        assertEq(coins.balanceOf(bob), 0);
        vm.prank(bob);
        harbour.claimTo(1, address(coins), 0, ISLAND, carol);
        assertEq(coins.balanceOf(carol), 100);
        assertEq(harbour.outstandingERC20(address(coins), ISLAND), 0);
    }

    /* WHO DOES NOT TAKE IT BACK */

    function test_whatATokenRefusesToGiveBack_canBeClaimed() public {
        BarringERC20 token = new BarringERC20();
        token.mint(alice, 100);
        vm.prank(alice);
        token.approve(address(assetsOf(HARBOUR)), 100);
        pause(ISLAND, HARBOUR);
        sendERC20(HARBOUR, alice, address(token), ISLAND, bob, 100);
        relay();
        token.bar(alice, true);
        bounceLast(HARBOUR, ISLAND);

        on(HARBOUR);
        IAssetGateway harbour = assetsOf(HARBOUR);
        assertEq(harbour.claimable(1, address(token), 0, ISLAND, alice), 100);
        vm.expectRevert(abi.encodeWithSelector(BarringERC20.Barred.selector, alice));
        harbour.claim(1, address(token), 0, ISLAND, alice);

        vm.expectRevert(IAssetClaims.NothingWaits.selector);
        vm.prank(bob);
        harbour.claimTo(1, address(token), 0, ISLAND, bob);

        vm.prank(alice);
        harbour.claimTo(1, address(token), 0, ISLAND, carol);
        assertEq(token.balanceOf(carol), 100);
        vm.expectRevert(IAssetClaims.NothingWaits.selector);
        harbour.claim(1, address(token), 0, ISLAND, alice);
    }

    function test_itemsThatNobodyTakesBack_canBeClaimed() public {
        MoodyHolder holder = new MoodyHolder();
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        relay();
        pause(ISLAND, HARBOUR);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(10), ISLAND, bob);
        relay();
        pause(HARBOUR, ISLAND);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(1), HARBOUR, carol);
        relay();
        resume(HARBOUR, ISLAND);
        resume(ISLAND, HARBOUR);
        vm.etch(alice, address(holder).code);
        vm.etch(bob, address(holder).code);
        bounceFailed(ISLAND, HARBOUR, 1);
        bounceFailed(HARBOUR, ISLAND, 4);

        (IAssetGateway harbour, IAssetGateway island) = (assetsOf(HARBOUR), assetsOf(ISLAND));
        assertEq(harbour.claimable(3, address(shells), 1, ISLAND, alice), 10);
        assertEq(island.claimable(2, address(heronsOn(ISLAND)), 1, HARBOUR, bob), 1);
        MoodyHolder(alice).relent();
        on(HARBOUR);
        harbour.claim(3, address(shells), 1, ISLAND, alice);
        assertEq(shells.balanceOf(alice, 1), 100);
        address wrapped = address(heronsOn(ISLAND));
        on(ISLAND);
        vm.prank(bob);
        island.claimTo(2, wrapped, 1, HARBOUR, carol);
        assertEq(heronsOn(ISLAND).ownerOf(1), carol);
    }

    /* WHO MAY TELL */

    function test_messageBounced_refusesEverybodyButTheGateway() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        catchMessages();
        bytes memory to = format(ISLAND, address(assetsOf(ISLAND)));
        bytes memory payload = sent[HARBOUR][ISLAND][1].payload;
        IAssetGateway harbour = assetsOf(HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.NotGateway.selector, alice));
        vm.prank(alice);
        harbour.messageBounced(0, to, payload);
    }

    /// @dev An application sends to an asset gateway what looks like a return of a message, and has it bounced to itself.
    function test_aBounceOfSomebodyElsesMessage_givesNobodyAnything() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        bytes[] memory back = new bytes[](1);
        back[0] = abi.encodeWithSignature("bounce()");
        bytes memory to = format(ISLAND, address(assetsOf(ISLAND)));
        bytes memory payload = sent[HARBOUR][ISLAND][1].payload;
        on(HARBOUR);
        vm.prank(carol);
        places[HARBOUR].gateway.sendMessage(to, payload, back);
        relay();
        bounceLast(HARBOUR, ISLAND);
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(coins.balanceOf(alice), 900);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 100);
    }

    function test_whatComesBackFromAPausedChain_waitsInItsMessage() public {
        pause(ISLAND, HARBOUR);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        pause(HARBOUR, ISLAND);
        bounceLast(HARBOUR, ISLAND);
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(coins.balanceOf(alice), 900);

        resume(HARBOUR, ISLAND);
        retry(ISLAND, HARBOUR, 1);
        assertEq(coins.balanceOf(alice), 1000);
    }
}
