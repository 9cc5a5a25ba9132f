// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {AssetReading} from "../../src/assets/AssetReading.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {CallingHolder, MoodyHolder} from "./support/Tokens.sol";

contract ReceivingTest is Assets {
    /* WHO MAY TELL */

    function test_receive_refusesEverybodyButTheGateway() public {
        on(ISLAND);
        AssetGateway island = assetsOf(ISLAND);
        bytes memory from = format(HARBOUR, address(assetsOf(HARBOUR)));
        bytes memory payload = abi.encodePacked(AssetMessages.ERC20, address(coins), bob, uint8(1));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.NotGateway.selector, alice));
        vm.prank(alice);
        island.receiveMessage(0, from, payload);
    }

    function test_receive_refusesEverySenderButTheRemoteOfItsChain() public {
        address remote = address(assetsOf(HARBOUR));
        refuseSender(format(HARBOUR, alice));
        refuseSender(format(LAGOON, remote));
        refuseSender(format(ISLAND, remote));
        refuseSender(bytes.concat(format(HARBOUR, remote), hex"00"));
        refuseSender("");
    }

    function refuseSender(bytes memory from) private {
        on(ISLAND);
        AssetGateway island = assetsOf(ISLAND);
        bytes memory payload = abi.encodePacked(AssetMessages.ERC20, address(coins), bob, uint8(1));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.NotRemote.selector, from));
        vm.prank(address(places[ISLAND].gateway));
        island.receiveMessage(0, from, payload);
    }

    /// @dev Anyone can send messages over the gateway; this one looks like a return.
    function test_receive_refusesAMessageThatAnApplicationForged() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();

        on(ISLAND);
        bytes memory to = format(HARBOUR, address(assetsOf(HARBOUR)));
        bytes memory payload =
            abi.encodePacked(AssetMessages.ERC20 | AssetMessages.RETURN, address(coins), alice, uint8(100));
        vm.prank(alice);
        places[ISLAND].gateway.sendMessage(to, payload, new bytes[](0));
        relay();

        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 100);
    }

    function test_receive_refusesValue() public {
        on(ISLAND);
        AssetGateway island = assetsOf(ISLAND);
        address gateway = address(places[ISLAND].gateway);
        bytes memory from = format(HARBOUR, address(assetsOf(HARBOUR)));
        vm.deal(gateway, 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ValueUnexpected.selector, 1));
        vm.prank(gateway);
        island.receiveMessage{value: 1}(0, from, "");
    }

    /* HOW MUCH */

    function test_release_refusesMoreThanWasSentThere() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC20(HARBOUR, alice, address(coins), LAGOON, bob, 100);
        sendERC1155(HARBOUR, alice, address(shells), one(2), one(10), ISLAND, bob);

        bytes memory begun = abi.encodePacked(uint8(9), address(coins), alice);
        expectExceeded(address(coins), 101, 100);
        this.handOverFromIsland(bytes.concat(begun, hex"65"));

        begun = abi.encodePacked(uint8(17), address(coins), alice, uint64(31339));
        expectExceeded(address(coins), 101, 100);
        this.handOverFromIsland(bytes.concat(begun, hex"65"));

        begun = abi.encodePacked(uint8(11), address(shells), alice);
        expectExceeded(address(shells), 11, 10);
        this.handOverFromIsland(bytes.concat(begun, hex"0102010b"));

        begun = abi.encodePacked(uint8(19), address(shells), alice, uint64(31339));
        expectExceeded(address(shells), 11, 10);
        this.handOverFromIsland(bytes.concat(begun, hex"0102010b"));
    }

    function expectExceeded(address token, uint256 asked, uint256 held) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.OutstandingExceeded.selector, token, ISLAND, asked, held)
        );
    }

    /// @dev One call to the outside, which `expectRevert` takes.
    function handOverFromIsland(bytes calldata payload) external {
        handOver(ISLAND, address(assetsOf(ISLAND)), HARBOUR, payload);
    }

    function test_release_refusesAnItemThatIsElsewhere() public {
        sendERC721(HARBOUR, alice, address(herons), one(1), LAGOON, bob);

        bytes memory begun = abi.encodePacked(uint8(10), address(herons), alice);
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, address(herons), 1, LAGOON)
        );
        this.handOverFromIsland(bytes.concat(begun, hex"0101"));

        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, address(herons), 2, ChainId.wrap(0))
        );
        this.handOverFromIsland(bytes.concat(begun, hex"0102"));

        begun = abi.encodePacked(uint8(18), address(herons), alice, uint64(31339));
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, address(herons), 1, LAGOON)
        );
        this.handOverFromIsland(bytes.concat(begun, hex"0101"));
    }

    function test_wrap_refusesATokenThatWasNotDescribed() public {
        bytes memory payload = abi.encodePacked(AssetMessages.ERC20, address(coins), bob, uint8(1));
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.TokenNotDescribed.selector, ISLAND, address(coins))
        );
        this.handOverFromIsland(payload);
    }

    function test_wrap_takesASecondDescriptionQuietly() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        relay();
        bytes memory again = sent[HARBOUR][ISLAND][0].payload;
        again[23] = "X";
        handOver(HARBOUR, address(assetsOf(HARBOUR)), ISLAND, again);
        assertEq(coinsOn(ISLAND).name(), "Coins");
        assertEq(coinsOn(ISLAND).balanceOf(bob), 1);
    }

    /* WHO TAKES */

    function test_aHolderThatRefuses_canTakeItLater() public {
        MoodyHolder holder = new MoodyHolder();
        sendERC721(HARBOUR, alice, address(herons), two(1, 2), ISLAND, address(holder));
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(5), ISLAND, address(holder));
        sendERC721(HARBOUR, alice, address(herons), one(3), ISLAND, bob);
        relay();
        assertTrue(outcomeOf(HARBOUR, ISLAND, 2) == IGateway.Outcome.Failed);
        assertTrue(outcomeOf(HARBOUR, ISLAND, 4) == IGateway.Outcome.Failed);
        assertEq(heronsOn(ISLAND).ownerOf(3), bob);
        assertEq(herons.ownerOf(1), address(assetsOf(HARBOUR)));

        holder.relent();
        retry(HARBOUR, ISLAND, 2);
        retry(HARBOUR, ISLAND, 4);
        assertEq(heronsOn(ISLAND).ownerOf(1), address(holder));
        assertEq(heronsOn(ISLAND).ownerOf(2), address(holder));
        assertEq(shellsOn(ISLAND).balanceOf(address(holder), 1), 5);
    }

    function test_aHolderThatRefusesAtHome_canTakeItLater() public {
        MoodyHolder holder = new MoodyHolder();
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        relay();
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(1), HARBOUR, address(holder));
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(herons.ownerOf(1), address(assetsOf(HARBOUR)));
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 1)), 31338);

        holder.relent();
        retry(ISLAND, HARBOUR, 1);
        assertEq(herons.ownerOf(1), address(holder));
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 1)), 0);
    }

    function test_aForwardToAnUnknownChain_failsAndStaysRetryable() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 10);
        relay();
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), ChainId.wrap(99), bob, 10);
        relay();
        assertTrue(lastFailed(ISLAND, HARBOUR));
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 10);

        on(HARBOUR);
        IGateway.Outcome failed = outcomeOf(ISLAND, HARBOUR, 1);
        assertTrue(failed == IGateway.Outcome.Failed);
    }

    /// @dev A holder sends the item home from within its arrival.
    function test_aHolderMaySendOnAtOnce_whatItGets() public {
        CallingHolder holder = new CallingHolder();
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, address(holder));
        AssetGateway island = assetsOf(ISLAND);
        holder.prepare(
            address(island),
            abi.encodeCall(island.sendERC721, (address(heronsOn(ISLAND)), one(1), HARBOUR, bob))
        );
        relay();
        assertTrue(holder.succeeded());
        assertEq(heronsOn(ISLAND).balanceOf(address(holder)), 0);
        assertEq(herons.ownerOf(1), bob);
    }

    /// @dev A holder tries to have the item released a second time from within its release.
    function test_aHolderCannotBeGivenAnItemTwice() public {
        CallingHolder holder = new CallingHolder();
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        relay();
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(1), HARBOUR, address(holder));
        catchMessages();
        IGateway gateway = places[HARBOUR].gateway;
        holder.prepare(address(gateway), abi.encodeCall(gateway.retry, (ISLAND, 1, sent[ISLAND][HARBOUR][0])));
        relay();
        assertTrue(holder.called());
        assertFalse(holder.succeeded());
        assertEq(herons.ownerOf(1), address(holder));
    }

    /* WHAT IS MALFORMED */

    function testFuzz_receive_refusesGarbage(bytes calldata garbage) public {
        vm.assume(garbage.length < 22 || uint8(garbage[0]) > 3 || uint8(garbage[0]) == 0);
        vm.expectRevert();
        this.handOverFromIsland(garbage);
    }

    function test_anItemsMessageWithTrailingBytes_isRefused() public {
        sendERC721(HARBOUR, alice, address(herons), two(1, 2), ISLAND, bob);
        bytes memory begun = abi.encodePacked(uint8(10), address(herons), alice);
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 1, 0));
        this.handOverFromIsland(bytes.concat(begun, hex"010100"));
        assertEq(IERC721(address(herons)).ownerOf(1), address(assetsOf(HARBOUR)));
    }
}
