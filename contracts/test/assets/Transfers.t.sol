// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {AssetReading} from "../../src/assets/AssetReading.sol";
import {WrappedERC1155} from "../../src/assets/WrappedERC1155.sol";
import {WrappedERC721} from "../../src/assets/WrappedERC721.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {ISpecialTokens} from "../../src/interfaces/ISpecialTokens.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {FakeERC1155, FakeERC721} from "./support/FakeCollections.sol";
import {SampleSoulbound} from "./support/samples/SampleSoulbound.sol";

/// @notice Items sent by transferring them to the asset gateway.
contract TransfersTest is Assets {
    AssetGateway private gate;
    bytes private toBobOnIsland;

    function setUp() public override {
        super.setUp();
        gate = assetsOf(HARBOUR);
        toBobOnIsland = abi.encode(ISLAND, bob);
    }

    /* FROM HOME */

    function test_anERC721_isSentByATransfer() public {
        vm.prank(alice);
        herons.safeTransferFrom(alice, address(gate), 2, toBobOnIsland);
        relay();

        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
        assertEq(heronsOn(ISLAND).tokenURI(2), "ipfs://heron");
        assertEq(herons.ownerOf(2), address(gate));
        assertEq(ChainId.unwrap(gate.whereabouts(address(herons), 2)), ChainId.unwrap(ISLAND));
    }

    function test_anERC1155_isSentByATransfer() public {
        vm.startPrank(alice);
        shells.safeTransferFrom(alice, address(gate), 2, 7, toBobOnIsland);
        shells.safeBatchTransferFrom(alice, address(gate), two(2, 3), two(1, 5), toBobOnIsland);
        vm.stopPrank();
        relay();

        assertEq(shellsOn(ISLAND).balanceOf(bob, 2), 8);
        assertEq(shellsOn(ISLAND).balanceOf(bob, 3), 5);
        assertEq(shellsOn(ISLAND).uri(3), "ipfs://shell");
        assertEq(gate.outstandingERC1155(address(shells), 2, ISLAND), 8);
    }

    function test_itemsOfAnOperator_areSentByATransfer() public {
        vm.prank(alice);
        herons.setApprovalForAll(bob, true);
        vm.prank(bob);
        herons.safeTransferFrom(alice, address(gate), 2, toBobOnIsland);
        relay();
        assertEq(heronsOn(ISLAND).ownerOf(2), bob);
    }

    /* FROM ABROAD */

    function test_wrappedItems_goHomeAndOnByATransfer() public {
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), two(2, 3), two(10, 10), ISLAND, bob);
        relay();
        (WrappedERC721 abroad, WrappedERC1155 shellsAbroad) = (heronsOn(ISLAND), shellsOn(ISLAND));
        address island = address(assetsOf(ISLAND));

        on(ISLAND);
        vm.startPrank(bob);
        abroad.safeTransferFrom(bob, island, 2, abi.encode(HARBOUR, bob));
        abroad.safeTransferFrom(bob, island, 3, abi.encode(LAGOON, bob));
        shellsAbroad.safeTransferFrom(bob, island, 2, 4, abi.encode(HARBOUR, bob));
        shellsAbroad.safeBatchTransferFrom(bob, island, two(2, 3), two(1, 2), abi.encode(LAGOON, bob));
        vm.stopPrank();
        relay();

        assertEq(herons.ownerOf(2), bob);
        assertEq(heronsOn(LAGOON).ownerOf(3), bob);
        assertEq(shells.balanceOf(bob, 2), 4);
        assertEq(shellsOn(LAGOON).balanceOf(bob, 3), 2);
        assertEq(shellsAbroad.balanceOf(bob, 2), 5);
        assertEq(shellsAbroad.balanceOf(island, 2), 0);
    }

    /* WHAT IS REFUSED */

    function test_transfersWithOtherData_areRefused() public {
        bytes[3] memory data = [bytes(""), hex"01", abi.encode(ISLAND, bob, 1)];
        bytes memory reason = abi.encodeWithSelector(IAssetGateway.TransferUnexpected.selector, herons);
        vm.startPrank(alice);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(reason);
            herons.safeTransferFrom(alice, address(gate), 2, data[i]);
        }
        reason = abi.encodeWithSelector(IAssetGateway.TransferUnexpected.selector, shells);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(reason);
            shells.safeTransferFrom(alice, address(gate), 2, 1, data[i]);
            vm.expectRevert(reason);
            shells.safeBatchTransferFrom(alice, address(gate), two(2, 3), two(1, 1), data[i]);
        }
    }

    function test_transfersToNowhere_areRefused() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ChainUnknown.selector, HARBOUR));
        herons.safeTransferFrom(alice, address(gate), 2, abi.encode(HARBOUR, bob));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.RecipientInvalid.selector, address(0)));
        herons.safeTransferFrom(alice, address(gate), 2, abi.encode(ISLAND, address(0)));
        vm.expectRevert();
        herons.safeTransferFrom(alice, address(gate), 2, abi.encode(type(uint256).max, bob));
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 3, 2));
        shells.safeBatchTransferFrom(alice, address(gate), two(3, 2), two(1, 1), toBobOnIsland);
        vm.expectRevert(IAssetGateway.AmountZero.selector);
        shells.safeTransferFrom(alice, address(gate), 2, 0, toBobOnIsland);
    }

    /// @dev A transfer brings no value.
    function test_onALaneWithFees_transfersAreRefused() public {
        FeeSchedule memory schedule = FeeSchedule(1, 0, 0, 0);
        vm.startPrank(governance);
        places[HARBOUR].gateway.setFeeBounds(ISLAND, schedule);
        places[HARBOUR].gateway.setFees(ISLAND, schedule);
        vm.stopPrank();
        vm.deal(address(gate), 1 ether);

        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, 0, 1 gwei));
        herons.safeTransferFrom(alice, address(gate), 2, toBobOnIsland);
        vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, 0, 1 gwei));
        shells.safeTransferFrom(alice, address(gate), 2, 1, toBobOnIsland);
    }

    function test_tiedItems_areRefusedAlsoWhenTheyAreHandedOver() public {
        SampleSoulbound badges = new SampleSoulbound();
        badges.declare(0xb45a3c0e, true);
        badges.mint(alice, 1);
        badges.lock(1, true);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.ItemLocked.selector, badges, 1));
        vm.prank(alice);
        badges.safeTransferFrom(alice, address(gate), 1, toBobOnIsland);
    }

    /* COLLECTIONS THAT LIE */

    function test_aCollectionThatHandsOverNothing_isRefused() public {
        FakeERC721 fake = new FakeERC721();
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenNotReceived.selector, fake, 1));
        fake.pretend(gate, alice, 1, toBobOnIsland);

        FakeERC1155 fakes = new FakeERC1155();
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenNotReceived.selector, fakes, 1));
        fakes.pretend(gate, alice, 1, 5, toBobOnIsland);
    }

    /// @dev What is in custody already is not sent a second time.
    function test_aCollectionThatHandsOverWhatIsOut_isRefused() public {
        FakeERC721 fake = new FakeERC721();
        fake.mint(address(gate), 1);
        fake.pretend(gate, alice, 1, toBobOnIsland);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ItemElsewhere.selector, fake, 1, ISLAND));
        fake.pretend(gate, alice, 1, abi.encode(LAGOON, bob));

        FakeERC1155 fakes = new FakeERC1155();
        fakes.give(address(gate), 1, 5);
        fakes.pretend(gate, alice, 1, 3, toBobOnIsland);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenNotReceived.selector, fakes, 1));
        fakes.pretend(gate, alice, 1, 3, abi.encode(LAGOON, bob));
        fakes.pretend(gate, alice, 1, 2, abi.encode(LAGOON, bob));
    }

    /// @dev A collection that sends another item while the gateway fetches one.
    function test_aTransferWithinASend_isRefused() public {
        FakeERC1155 fakes = new FakeERC1155();
        fakes.give(alice, 1, 10);
        fakes.pretendWithin(alice, 1, 5, toBobOnIsland);
        vm.prank(alice);
        gate.sendERC1155(address(fakes), one(1), one(5), ISLAND, bob);
        assertEq(bytes4(fakes.failure()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(gate.outstandingERC1155(address(fakes), 1, ISLAND), 5);
    }

    function test_interfaces_areDeclared() public view {
        assertTrue(gate.supportsInterface(type(IERC1155Receiver).interfaceId));
    }
}
