// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {AssetReading} from "../../src/assets/AssetReading.sol";
import {WrappedERC1155} from "../../src/assets/WrappedERC1155.sol";
import {WrappedERC721} from "../../src/assets/WrappedERC721.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {ISpecialTokens} from "../../src/interfaces/ISpecialTokens.sol";
import {IWrappedToken} from "../../src/interfaces/IWrappedToken.sol";
import {Item, Royalty} from "../../src/types/Assets.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";

contract RefreshingTest is Assets {
    AssetGateway private gate;
    AssetGateway private island;

    function setUp() public override {
        super.setUp();
        (gate, island) = (assetsOf(HARBOUR), assetsOf(ISLAND));
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), two(2, 3), two(10, 10), ISLAND, bob);
        relay();
        on(HARBOUR);
    }

    /* WHAT IS TOLD */

    function test_refresh_tellsTheUriAndTheRoyaltyOfNow() public {
        changeUri(address(herons), "tokenURI(uint256)", 2, "ipfs://crane");
        herons.setRoyalty(2, bob, 100);

        gate.refresh(address(herons), two(2, 3), ISLAND);
        address abroad = address(heronsOn(ISLAND));
        bytes memory payload = lastPayload();
        vm.expectEmit(abroad);
        emit IERC4906.MetadataUpdate(2);
        vm.expectEmit(abroad);
        emit IERC4906.MetadataUpdate(3);
        handOver(HARBOUR, address(gate), ISLAND, payload);

        assertEq(heronsOn(ISLAND).tokenURI(2), "ipfs://crane");
        assertEq(heronsOn(ISLAND).tokenURI(3), "ipfs://heron");
        (address receiver, uint256 share) = heronsOn(ISLAND).royaltyInfo(2, 10_000);
        assertEq(receiver, bob);
        assertEq(share, 100);
        assertTrue(heronsOn(ISLAND).supportsInterface(0x49064906));
    }

    function test_refresh_tellsTheUriOfAnERC1155() public {
        changeUri(address(shells), "uri(uint256)", 3, "ipfs://whelk");

        gate.refresh(address(shells), one(3), ISLAND);
        address abroad = address(shellsOn(ISLAND));
        bytes memory payload = lastPayload();
        vm.expectEmit(abroad);
        emit IERC1155.URI("ipfs://whelk", 3);
        handOver(HARBOUR, address(gate), ISLAND, payload);

        assertEq(shellsOn(ISLAND).uri(3), "ipfs://whelk");
        assertEq(shellsOn(ISLAND).balanceOf(bob, 3), 10);
    }

    function test_refresh_forgetsWhatIsNotSaidAnyMore() public {
        changeUri(address(herons), "tokenURI(uint256)", 2, "");
        gate.refresh(address(herons), one(2), ISLAND);
        relay();
        assertEq(heronsOn(ISLAND).tokenURI(2), "");
    }

    function test_refresh_takesTheLongestUris() public {
        string memory long = string(abi.encodePacked(new bytes(2047), "x"));
        changeUri(address(herons), "tokenURI(uint256)", 2, long);
        gate.refresh(address(herons), two(2, 3), ISLAND);
        relay();
        assertFalse(lastFailed(HARBOUR, ISLAND));
        assertEq(heronsOn(ISLAND).tokenURI(2), long);
    }

    /* WHAT IS NOT THERE */

    function test_refresh_isForItemsOnThatChain() public {
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, herons, 4, ChainId.wrap(0))
        );
        gate.refresh(address(herons), two(2, 4), ISLAND);
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.OutstandingExceeded.selector, shells, ISLAND, 1, 0)
        );
        gate.refresh(address(shells), one(4), ISLAND);
        vm.expectRevert(
            abi.encodeWithSelector(ISpecialTokens.CollectionNotDescribed.selector, herons, LAGOON)
        );
        gate.refresh(address(herons), one(2), LAGOON);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.CollectionNotDescribed.selector, coins, ISLAND));
        gate.refresh(address(coins), one(2), ISLAND);
    }

    function test_refresh_takesIdsInOrderAndAtLeastOne() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 3, 2));
        gate.refresh(address(herons), two(3, 2), ISLAND);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ArraysMalformed.selector, 0, 0));
        gate.refresh(address(herons), new uint256[](0), ISLAND);
    }

    function test_anItemThatHasLeft_isPassedOver() public {
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(2), HARBOUR, bob);
        on(HARBOUR);
        changeUri(address(herons), "tokenURI(uint256)", 3, "ipfs://crane");
        gate.refresh(address(herons), two(2, 3), ISLAND);

        deliver(HARBOUR, ISLAND);

        assertFalse(lastFailed(HARBOUR, ISLAND));
        assertEq(heronsOn(ISLAND).tokenURI(3), "ipfs://crane");
        WrappedERC721 abroad = heronsOn(ISLAND);
        vm.expectRevert();
        abroad.tokenURI(2);
        relay();
        assertEq(herons.ownerOf(2), bob);
    }

    /* WHAT IS REFUSED ON ARRIVAL */

    function test_noOtherChain_refreshesACollection() public {
        address lagoon = address(assetsOf(LAGOON));
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.TokenNotDescribed.selector, LAGOON, address(herons))
        );
        this.handOverNow(LAGOON, lagoon, refreshing(AssetMessages.ERC721));
    }

    function test_aMalformedRefresh_isRefused() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.KindUnknown.selector, 0x21));
        this.handOverNow(HARBOUR, address(gate), refreshing(AssetMessages.ERC20));
        vm.expectRevert(abi.encodeWithSelector(AssetReading.PayloadTruncated.selector, 21, 22));
        this.handOverNow(HARBOUR, address(gate), abi.encodePacked(uint8(0x22), herons));
        vm.expectRevert(abi.encodeWithSelector(AssetReading.ItemMalformed.selector, 21));
        bytes memory two_ = AssetMessages.item(AssetMessages.ERC1155, 2, 2);
        this.handOverNow(HARBOUR, address(gate), abi.encodePacked(uint8(0x23), shells, two_));
    }

    function test_wrappedCollections_areRefreshedByTheirGatewayOnly() public {
        Item memory item = Item(2, 1, "ipfs://forged", false, Royalty(address(0), 0));
        bytes memory reason = abi.encodeWithSelector(IWrappedToken.NotAssetGateway.selector, address(this));
        (address wrappedHerons, address wrappedShells) =
            (address(heronsOn(ISLAND)), address(shellsOn(ISLAND)));
        vm.expectRevert(reason);
        WrappedERC721(wrappedHerons).refresh(item);
        vm.expectRevert(reason);
        WrappedERC1155(wrappedShells).refresh(item);
    }

    /// @dev Of what harbour has sent to island last.
    function lastPayload() private returns (bytes memory) {
        catchMessages();
        return sent[HARBOUR][ISLAND][sent[HARBOUR][ISLAND].length - 1].payload;
    }

    function handOverNow(ChainId source, address sender, bytes calldata payload) external {
        handOver(source, sender, ISLAND, payload);
    }

    /// @dev A refresh of item 2 of the herons.
    function refreshing(uint8 standard) private view returns (bytes memory) {
        Item memory item = Item(2, 1, "", false, Royalty(address(0), 0));
        return abi.encodePacked(
            standard | AssetMessages.REFRESH, address(herons), AssetMessages.item(AssetMessages.ERC721, item)
        );
    }

    function changeUri(address token, string memory question, uint256 id, string memory uri) private {
        vm.mockCall(token, abi.encodeWithSignature(question, id), abi.encode(uri));
    }
}
