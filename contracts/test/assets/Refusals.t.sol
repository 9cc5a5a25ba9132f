// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {ISpecialTokens} from "../../src/interfaces/ISpecialTokens.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {SampleRebasingERC20} from "./support/samples/SampleRebasingERC20.sol";
import {SampleRentable} from "./support/samples/SampleRentable.sol";
import {SampleSoulbound} from "./support/samples/SampleSoulbound.sol";

contract RefusalsTest is Assets {
    bytes4 private constant LOCKABLE = 0xb45a3c0e;
    bytes4 private constant SOULBOUND = 0x0489b56f;

    AssetGateway private gate;
    SampleSoulbound private badges;
    SampleRentable private boats;

    function setUp() public override {
        super.setUp();
        gate = assetsOf(HARBOUR);
        (badges, boats) = (new SampleSoulbound(), new SampleRentable());
        for (uint256 id = 1; id <= 3; ++id) {
            badges.mint(alice, id);
            boats.mint(alice, id);
        }
        badges.declare(LOCKABLE, true);
        vm.startPrank(alice);
        badges.setApprovalForAll(address(gate), true);
        boats.setApprovalForAll(address(gate), true);
        vm.stopPrank();
    }

    /* SOULBOUND ITEMS */

    function test_aLockedItem_isRefused() public {
        badges.lock(2, true);

        assertLocked(2);
        vm.prank(alice);
        gate.sendERC721(address(badges), one(1), ISLAND, bob);
        assertLocked(2);
    }

    function test_aLockThatCannotBeRead_isALock() public {
        badges.fallSilent();
        assertLocked(1);
    }

    function test_aSoulboundItem_isRefusedWhateverItsLockSays() public {
        badges.declare(LOCKABLE, false);
        badges.declare(SOULBOUND, true);
        assertLocked(1);
    }

    function test_anItemLockedInCustody_goesOnAndComesHomeWhenItIsUnlocked() public {
        vm.prank(alice);
        gate.sendERC721(address(badges), one(1), ISLAND, bob);
        relay();
        badges.lock(1, true);

        sendERC721(ISLAND, bob, assetsOf(ISLAND).wrappedERC721(HARBOUR, address(badges)), one(1), LAGOON, bob);
        relay();
        assertEq(ChainId.unwrap(gate.whereabouts(address(badges), 1)), ChainId.unwrap(LAGOON));
    }

    /// @dev Whether a collection declares locks is noted when it is described; a refresh looks again.
    function test_locksDeclaredLater_areSeenFromTheNextRefreshOn() public {
        badges.declare(LOCKABLE, false);
        sendERC721(HARBOUR, alice, address(badges), one(1), ISLAND, bob);
        badges.declare(LOCKABLE, true);
        badges.lock(2, true);
        badges.lock(3, true);
        sendERC721(HARBOUR, alice, address(badges), one(2), ISLAND, bob);

        gate.refresh(address(badges), one(1), ISLAND);
        assertLocked(3);
    }

    function test_ordinaryCollections_areNotAsked() public {
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        vm.expectCall(address(herons), abi.encodeWithSignature("locked(uint256)", 2), 0);
        vm.expectCall(address(herons), abi.encodeWithSignature("supportsInterface(bytes4)"), 0);
        sendERC721(HARBOUR, alice, address(herons), one(2), ISLAND, bob);
    }

    /* RENTED ITEMS */

    function test_aRentedItem_isRefusedUntilItsTimeIsOver() public {
        vm.warp(1000);
        boats.setUser(1, bob, 2000);

        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.ItemRented.selector, boats, 1, 2000));
        vm.prank(alice);
        gate.sendERC721(address(boats), one(1), ISLAND, bob);
        vm.warp(2001);
        sendERC721(HARBOUR, alice, address(boats), one(1), ISLAND, bob);
        assertEq(boats.ownerOf(1), address(gate));
    }

    function test_anItemForRentThatNobodyHas_travels() public {
        boats.setUser(1, address(0), type(uint64).max);
        sendERC721(HARBOUR, alice, address(boats), one(1), ISLAND, bob);
        assertEq(boats.ownerOf(1), address(gate));
    }

    /* REBASING TOKENS */

    function test_aRebasingToken_isRefused() public {
        SampleRebasingERC20 shares = new SampleRebasingERC20();
        shares.mint(alice, 100);
        vm.startPrank(alice);
        shares.approve(address(gate), 100);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.TokenRebasing.selector, shares));
        gate.sendERC20(address(shares), ISLAND, bob, 100);
    }

    function test_everyKnownKindOfShares_isSeen() public {
        string[5] memory questions = [
            "sharesOf(address)",
            "getPooledEthByShares(uint256)",
            "scaledBalanceOf(address)",
            "rebasingCreditsPerToken()",
            "gonsForBalance(uint256)"
        ];
        for (uint256 i = 0; i < questions.length; ++i) {
            bytes memory question = abi.encodeWithSignature(questions[i]);
            vm.mockCall(address(coins), question, abi.encode(1));
            vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.TokenRebasing.selector, coins));
            vm.prank(alice);
            gate.sendERC20(address(coins), ISLAND, bob, 1);
            vm.clearMockedCalls();
        }
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
    }

    /* GOVERNANCE */

    function test_aRefusedToken_staysAndComesHome() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        relay();

        refuse(address(coins), true);
        refuse(address(herons), true);

        bytes memory reason = abi.encodeWithSelector(ISpecialTokens.TokenRefused.selector, coins);
        vm.expectRevert(reason);
        vm.prank(alice);
        gate.sendERC20(address(coins), ISLAND, bob, 1);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.TokenRefused.selector, herons));
        vm.prank(alice);
        gate.sendERC721(address(herons), one(2), ISLAND, bob);
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), HARBOUR, bob, 100);
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(1), HARBOUR, bob);
        relay();
        assertEq(coins.balanceOf(bob), 100);
        assertEq(herons.ownerOf(1), bob);
    }

    function test_aRefusal_canBeTakenBack() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        refuse(address(coins), true);
        assertTrue(gate.isRefused(address(coins)));
        refuse(address(coins), false);

        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), 101);
    }

    function test_refuseToken_isForGovernance() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        vm.prank(alice);
        gate.refuseToken(address(coins), true);
    }

    function test_refusals_areStoredInTheirNamespace() public {
        refuse(address(coins), true);
        bytes32 slot = keccak256(abi.encode(coins, namespace("lockkeeper.storage.Refusals")));
        assertEq(vm.load(address(gate), slot), bytes32(uint256(1)));
    }

    function namespace(string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(name))) - 1)) & ~bytes32(uint256(0xff));
    }

    function refuse(address token, bool refused) private {
        on(HARBOUR);
        vm.prank(governance);
        gate.refuseToken(token, refused);
    }

    function assertLocked(uint256 id) private {
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.ItemLocked.selector, badges, id));
        vm.prank(alice);
        gate.sendERC721(address(badges), one(id), ISLAND, bob);
    }
}
