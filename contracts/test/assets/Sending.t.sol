// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {AssetReading} from "../../src/assets/AssetReading.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {
    CallingERC20,
    LeakyERC1155,
    LyingERC20,
    OddERC20,
    SilentERC20,
    StuckERC721,
    TithingERC20
} from "./support/Tokens.sol";

contract SendingTest is Assets {
    ChainId private constant NOWHERE = ChainId.wrap(99);

    AssetGateway private gate;

    function setUp() public override {
        super.setUp();
        gate = assetsOf(HARBOUR);
        vm.startPrank(alice);
    }

    /* WHAT IS REFUSED */

    function test_send_refusesRecipientsThatCannotHoldAssets() public {
        address remote = address(assetsOf(ISLAND));
        address[3] memory refused = [address(0), address(gate), remote];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory reason = abi.encodeWithSelector(IAssetGateway.RecipientInvalid.selector, refused[i]);
            vm.expectRevert(reason);
            gate.sendERC20(address(coins), ISLAND, refused[i], 1);
            vm.expectRevert(reason);
            gate.sendERC721(address(herons), one(1), ISLAND, refused[i]);
            vm.expectRevert(reason);
            gate.sendERC1155(address(shells), one(1), one(1), ISLAND, refused[i]);
        }
    }

    function test_send_refusesChainsThatAreUnknown() public {
        ChainId[2] memory unknown = [NOWHERE, HARBOUR];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason = abi.encodeWithSelector(IAssetGateway.ChainUnknown.selector, unknown[i]);
            vm.expectRevert(reason);
            gate.sendERC20(address(coins), unknown[i], bob, 1);
            vm.expectRevert(reason);
            gate.sendERC721(address(herons), one(1), unknown[i], bob);
            vm.expectRevert(reason);
            gate.sendERC1155(address(shells), one(1), one(1), unknown[i], bob);
        }
    }

    function test_send_refusesTokensWithoutCode() public {
        address[2] memory tokens = [address(0), address(0xc0de)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory reason = abi.encodeWithSelector(IAssetGateway.TokenWithoutCode.selector, tokens[i]);
            vm.expectRevert(reason);
            gate.sendERC20(tokens[i], ISLAND, bob, 1);
            vm.expectRevert(reason);
            gate.sendERC721(tokens[i], one(1), ISLAND, bob);
            vm.expectRevert(reason);
            gate.sendERC1155(tokens[i], one(1), one(1), ISLAND, bob);
        }
    }

    function test_send_refusesTokensOfAnotherKind() public {
        bytes memory reason =
            abi.encodeWithSelector(IAssetGateway.TokenKindMismatch.selector, address(herons));
        vm.expectRevert(reason);
        gate.sendERC20(address(herons), ISLAND, bob, 1);
        vm.expectRevert(reason);
        gate.sendERC1155(address(herons), one(1), one(1), ISLAND, bob);

        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenKindMismatch.selector, address(coins)));
        gate.sendERC721(address(coins), one(1), ISLAND, bob);
    }

    function test_send_refusesNothing() public {
        vm.expectRevert(IAssetGateway.AmountZero.selector);
        gate.sendERC20(address(coins), ISLAND, bob, 0);
        vm.expectRevert(IAssetGateway.AmountZero.selector);
        gate.sendERC1155(address(shells), two(1, 2), two(1, 0), ISLAND, bob);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ArraysMalformed.selector, 0, 0));
        gate.sendERC721(address(herons), new uint256[](0), ISLAND, bob);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ArraysMalformed.selector, 0, 0));
        gate.sendERC1155(address(shells), new uint256[](0), new uint256[](0), ISLAND, bob);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ArraysMalformed.selector, 1, 2));
        gate.sendERC1155(address(shells), one(1), two(1, 1), ISLAND, bob);
    }

    function test_send_refusesIdsTwiceOrOutOfOrder() public {
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 2, 2));
        gate.sendERC721(address(herons), two(2, 2), ISLAND, bob);
        vm.expectRevert(abi.encodeWithSelector(AssetReading.IdsNotAscending.selector, 2, 1));
        gate.sendERC1155(address(shells), two(2, 1), two(1, 1), ISLAND, bob);
    }

    function test_send_givesBackWhatNoMessageCosts() public {
        vm.deal(alice, 1 ether);
        vm.deal(address(gate), 3);
        gate.sendERC20{value: 1 ether}(address(coins), ISLAND, bob, 1);
        gate.sendERC721{value: 1 ether}(address(herons), one(1), ISLAND, bob);
        gate.sendERC1155{value: 1 ether}(address(shells), one(1), one(1), ISLAND, bob);
        assertEq(alice.balance, 1 ether);
        assertEq(address(gate).balance, 3);
    }

    function test_send_refusesUrisThatAreTooLong() public {
        herons.mint(alice, 77, string(new bytes(2049)));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenURITooLong.selector, 2049, 2048));
        gate.sendERC721(address(herons), one(77), ISLAND, bob);

        herons.mint(alice, 78, string(abi.encodePacked(new bytes(2047), "x")));
        gate.sendERC721(address(herons), one(78), ISLAND, bob);
    }

    function test_send_takesWrappedItemsFromTheirOwnerOnly() public {
        gate.sendERC20(address(coins), ISLAND, bob, 10);
        gate.sendERC721(address(herons), one(1), ISLAND, bob);
        vm.stopPrank();
        relay();

        (address wrappedCoins, address wrappedHerons) = (address(coinsOn(ISLAND)), address(heronsOn(ISLAND)));
        on(ISLAND);
        AssetGateway island = assetsOf(ISLAND);
        vm.startPrank(alice);
        vm.expectRevert();
        island.sendERC20(wrappedCoins, HARBOUR, alice, 1);
        vm.expectRevert();
        island.sendERC721(wrappedHerons, one(1), HARBOUR, alice);
    }

    function test_send_refusesToSendAWrappedTokenToItsOwnChain() public {
        gate.sendERC20(address(coins), ISLAND, bob, 10);
        vm.stopPrank();
        relay();
        on(ISLAND);
        (address token, AssetGateway island) = (address(coinsOn(ISLAND)), assetsOf(ISLAND));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.ChainUnknown.selector, ISLAND));
        island.sendERC20(token, ISLAND, bob, 1);
    }

    function test_custody_refusesTransfersThatNobodySent() public {
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TransferUnexpected.selector, address(herons)));
        herons.safeTransferFrom(alice, address(gate), 1);
        bytes memory reason =
            abi.encodeWithSelector(IAssetGateway.TransferUnexpected.selector, address(shells));
        vm.expectRevert(reason);
        shells.safeTransferFrom(alice, address(gate), 1, 1, "");
        vm.expectRevert(reason);
        shells.safeBatchTransferFrom(alice, address(gate), two(1, 2), two(1, 1), "");
    }

    /* STRANGE TOKENS */

    function test_aTithingToken_arrivesAsWhatCameIn() public {
        TithingERC20 token = new TithingERC20();
        token.mint(alice, 100);
        token.approve(address(gate), 100);
        gate.sendERC20(address(token), ISLAND, bob, 100);
        vm.stopPrank();
        relay();

        assertEq(token.balanceOf(address(gate)), 90);
        assertEq(gate.outstandingERC20(address(token), ISLAND), 90);
    }

    function test_aTokenThatAnswersNothing_travels() public {
        SilentERC20 token = new SilentERC20();
        token.mint(alice, 100);
        gate.sendERC20(address(token), ISLAND, bob, 100);
        vm.stopPrank();
        relay();
        address wrapped = assetsOf(ISLAND).wrappedERC20(HARBOUR, address(token));
        sendERC20(ISLAND, bob, wrapped, HARBOUR, bob, 100);
        relay();
        assertEq(token.balanceOf(bob), 100);
    }

    function test_aTokenThatLies_isRefused() public {
        LyingERC20 token = new LyingERC20(false);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token));
        gate.sendERC20(address(token), ISLAND, bob, 100);

        token = new LyingERC20(true);
        vm.expectRevert(IAssetGateway.AmountZero.selector);
        gate.sendERC20(address(token), ISLAND, bob, 100);
    }

    function test_itemsThatDoNotCome_areRefused() public {
        StuckERC721 stuck = new StuckERC721();
        stuck.mint(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenNotReceived.selector, stuck, 1));
        gate.sendERC721(address(stuck), one(1), ISLAND, bob);

        LeakyERC1155 leaky = new LeakyERC1155();
        leaky.mint(alice, 1, 10);
        leaky.setApprovalForAll(address(gate), true);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.TokenNotReceived.selector, leaky, 1));
        gate.sendERC1155(address(leaky), one(1), one(5), ISLAND, bob);
    }

    /// @dev What is sent from within a transfer would be counted twice.
    function test_aTokenThatReenters_countsOnce() public {
        CallingERC20 token = new CallingERC20();
        token.mint(alice, 100);
        token.mint(address(token), 100);
        token.approve(address(gate), 100);
        bytes memory inner = abi.encodeCall(gate.sendERC20, (address(token), ISLAND, bob, 50));
        token.prepare(address(gate), inner);

        gate.sendERC20(address(token), ISLAND, bob, 100);
        assertEq(bytes4(token.failure()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(gate.outstandingERC20(address(token), ISLAND), 100);
        assertEq(token.balanceOf(address(gate)), 100);
    }

    /* STRANGE DESCRIPTIONS */

    function test_aDescriptionThatFails_isLeftEmpty() public {
        for (uint256 mode = 2; mode <= 4; ++mode) {
            OddERC20 token = odd("", mode);
            assertDescribed(token, "", "", 18);
        }
    }

    function test_aDescriptionInBytes32_isRead() public {
        OddERC20 token = odd("", 0);
        token.set(token.name.selector, 1, abi.encode(bytes32("Maker")));
        token.set(token.symbol.selector, 1, abi.encode(bytes32("MKR")));
        assertDescribed(token, "Maker", "MKR", 6);
    }

    function test_aDescriptionThatIsTooLong_isCutBetweenCharacters() public {
        OddERC20 token = odd("", 0);
        string memory sixtyThree = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg";
        token.set(token.name.selector, 1, abi.encode(string.concat(sixtyThree, unicode"é and more")));
        token.set(token.decimals.selector, 1, abi.encode(uint256(256)));
        assertDescribed(token, sixtyThree, "ODD", 18);
    }

    function odd(bytes memory raw, uint256 mode) private returns (OddERC20 token) {
        token = new OddERC20();
        token.mint(alice, 10);
        token.approve(address(gate), 10);
        if (mode == 0) return token;
        token.set(token.name.selector, mode, raw);
        token.set(token.symbol.selector, mode, raw);
        token.set(token.decimals.selector, mode, raw);
    }

    function assertDescribed(OddERC20 token, string memory name, string memory symbol, uint8 decimals)
        private
    {
        on(HARBOUR);
        vm.startPrank(alice);
        gate.sendERC20(address(token), ISLAND, bob, 10);
        vm.stopPrank();
        relay();
        OddERC20 wrapped = OddERC20(assetsOf(ISLAND).wrappedERC20(HARBOUR, address(token)));
        assertEq(wrapped.name(), name);
        assertEq(wrapped.symbol(), symbol);
        assertEq(wrapped.decimals(), decimals);
        assertEq(wrapped.balanceOf(bob), 10);
        vm.startPrank(alice);
    }
}
