// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {ISpecialTokens} from "../../src/interfaces/ISpecialTokens.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";
import {SampleERC20} from "./support/samples/SampleERC20.sol";
import {SampleLinkedERC20} from "./support/samples/SampleLinkedERC20.sol";

/// @notice Coins of harbour, for which island has a token of its own: OpenZeppelin's ERC20Bridgeable.
contract LinkedTokensTest is Assets {
    AssetGateway private gate;
    AssetGateway private island;
    SampleLinkedERC20 private local;

    function setUp() public override {
        super.setUp();
        (gate, island) = (assetsOf(HARBOUR), assetsOf(ISLAND));
        local = new SampleLinkedERC20(address(island));
    }

    /* CROSSING */

    function test_aLinkedToken_isMintedAndBurnedInPlaceOfAWrappedOne() public {
        link(address(coins), address(local));

        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        assertEq(local.balanceOf(bob), 100);
        assertEq(address(coinsOn(ISLAND)).code.length, 0);

        sendERC20(ISLAND, bob, address(local), HARBOUR, alice, 40);
        relay();
        assertEq(local.balanceOf(bob), 60);
        assertEq(coins.balanceOf(alice), 940);
        assertEq(gate.outstandingERC20(address(coins), ISLAND), 60);
        (ChainId homeChain, address homeToken, uint256 minted) = island.linkOf(address(local));
        assertEq(ChainId.unwrap(homeChain), ChainId.unwrap(HARBOUR));
        assertEq(homeToken, address(coins));
        assertEq(minted, 60);
    }

    function test_aLinkedToken_emitsTheEventsOfERC7802() public {
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        catchMessages();
        bytes memory payload = sent[HARBOUR][ISLAND][1].payload;

        vm.expectEmit(address(local));
        emit IERC7802.CrosschainMint(bob, 100, address(island));
        handOver(HARBOUR, address(gate), ISLAND, payload);
        vm.expectEmit(address(local));
        emit IERC7802.CrosschainBurn(bob, 40, address(island));
        sendERC20(ISLAND, bob, address(local), HARBOUR, alice, 40);
    }

    function test_aLinkedToken_goesOnByWayOfHome() public {
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();

        sendERC20(ISLAND, bob, address(local), LAGOON, bob, 100);
        relay();
        assertEq(coinsOn(LAGOON).balanceOf(bob), 100);
        assertEq(gate.outstandingERC20(address(coins), LAGOON), 100);
        assertEq(gate.outstandingERC20(address(coins), ISLAND), 0);
    }

    function test_otherTokens_areWrappedAsEver() public {
        link(address(coins), address(local));
        SampleERC20 others = new SampleERC20("Others", "OTHER", 18);
        others.mint(alice, 10);
        vm.prank(alice);
        others.approve(address(gate), 10);
        sendERC20(HARBOUR, alice, address(others), ISLAND, bob, 10);
        relay();
        assertEq(SampleERC20(island.wrappedERC20(HARBOUR, address(others))).balanceOf(bob), 10);
    }

    /* TOKENS THAT MISBEHAVE */

    function test_aTokenThatDoesNotMint_leavesTheMessageToBeRetried() public {
        link(address(coins), address(local));
        local.getStuck(true);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        assertMinted(0);

        local.getStuck(false);
        retry(HARBOUR, ISLAND, 2);
        assertEq(local.balanceOf(bob), 100);
        assertMinted(100);
    }

    function test_aTokenThatMintsOrBurnsLess_isRefused() public {
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        local.keep(1);

        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        on(ISLAND);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.LinkedAmountMismatch.selector, local, 100, 99));
        vm.prank(bob);
        island.sendERC20(address(local), HARBOUR, bob, 100);
        assertMinted(100);
    }

    /// @dev Another bridge may mint what it likes; it takes home nothing of what others have sent.
    function test_noMoreGoesHomeThanCame() public {
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        local.mint(bob, 1000);

        on(ISLAND);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.LinkedSupplyExceeded.selector, local, 101, 100));
        vm.prank(bob);
        island.sendERC20(address(local), HARBOUR, bob, 101);
    }

    /* UNLINKING */

    function test_unlinked_whatArrivesIsWrappedAndWhatIsThereGoesHome() public {
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 10);
        sendERC20(ISLAND, bob, address(local), HARBOUR, bob, 30);

        unlink();
        relay();

        assertEq(local.balanceOf(bob), 70);
        assertEq(coinsOn(ISLAND).balanceOf(bob), 10);
        assertEq(coinsOn(ISLAND).decimals(), 6);
        assertEq(coins.balanceOf(bob), 30);
        sendERC20(ISLAND, bob, address(local), HARBOUR, bob, 70);
        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), HARBOUR, bob, 10);
        relay();
        assertEq(coins.balanceOf(bob), 110);
        assertEq(gate.outstandingERC20(address(coins), ISLAND), 0);
    }

    function test_unlinkToken_needsALink() public {
        on(ISLAND);
        vm.expectRevert(abi.encodeWithSelector(ISpecialTokens.LinkUnknown.selector, HARBOUR, coins));
        vm.prank(governance);
        island.unlinkToken(HARBOUR, address(coins));
    }

    /* WHAT CANNOT BE LINKED */

    function test_aTokenThatIsWrapped_isNotLinked() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        relay();
        refuseLink(
            address(coins),
            address(local),
            abi.encodeWithSelector(ISpecialTokens.TokenAlreadyWrapped.selector, HARBOUR, coins)
        );
    }

    function test_aWrappedToken_isLinkedToNothingElse() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        relay();
        address wrapped = address(coinsOn(ISLAND));
        refuseLink(address(0xc0de), wrapped, invalid(address(0xc0de), wrapped));
    }

    function test_onlyTokensWithERC7802_areLinked() public {
        refuseLink(address(coins), address(coins), invalid(address(coins), address(coins)));
        refuseLink(address(coins), address(0xc0de), invalid(address(coins), address(0xc0de)));
        refuseLink(address(0), address(local), invalid(address(0), address(local)));
    }

    function test_aLocalToken_standsForOneToken() public {
        link(address(coins), address(local));
        refuseLink(
            address(0xc0de),
            address(local),
            abi.encodeWithSelector(ISpecialTokens.LinkTaken.selector, local, HARBOUR, coins)
        );
    }

    function test_links_areForGovernance() public {
        on(ISLAND);
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(reason);
        island.linkToken(HARBOUR, address(coins), address(local));
        vm.expectRevert(reason);
        island.unlinkToken(HARBOUR, address(coins));
    }

    /// @dev A token that went out as island's own before it was linked: from then on it goes home, and what is out comes
    ///      back, but is not sent on as if it were island's.
    function test_aTokenThatWasSentAsALocalOne_goesHomeOnceItIsLinked() public {
        local.mint(bob, 50);
        vm.prank(bob);
        local.approve(address(island), 50);
        sendERC20(ISLAND, bob, address(local), HARBOUR, bob, 50);
        relay();
        link(address(coins), address(local));
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        relay();

        sendERC20(ISLAND, bob, address(local), HARBOUR, bob, 100);
        address abroad = gate.wrappedERC20(ISLAND, address(local));
        sendERC20(HARBOUR, bob, abroad, ISLAND, bob, 30);
        sendERC20(HARBOUR, bob, abroad, LAGOON, bob, 20);
        relay();

        assertEq(coins.balanceOf(bob), 100);
        assertEq(local.balanceOf(bob), 30);
        assertTrue(lastFailed(HARBOUR, ISLAND));
        assertEq(island.outstandingERC20(address(local), HARBOUR), 20);
    }

    function test_links_areStoredInTheirNamespace() public {
        link(address(coins), address(local));
        bytes32 locals = namespace("lockkeeper.storage.LinkedTokens");
        bytes32 slot = keccak256(abi.encode(coins, keccak256(abi.encode(HARBOUR, locals))));
        assertEq(vm.load(address(island), slot), bytes32(uint256(uint160(address(local)))));
    }

    function namespace(string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(name))) - 1)) & ~bytes32(uint256(0xff));
    }

    function link(address homeToken, address localToken) private {
        on(ISLAND);
        vm.prank(governance);
        island.linkToken(HARBOUR, homeToken, localToken);
        assertEq(island.linkedToken(HARBOUR, homeToken), localToken);
    }

    function unlink() private {
        on(ISLAND);
        vm.prank(governance);
        island.unlinkToken(HARBOUR, address(coins));
        assertEq(island.linkedToken(HARBOUR, address(coins)), address(0));
    }

    function refuseLink(address homeToken, address localToken, bytes memory reason) private {
        on(ISLAND);
        vm.expectRevert(reason);
        vm.prank(governance);
        island.linkToken(HARBOUR, homeToken, localToken);
    }

    function invalid(address homeToken, address localToken) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISpecialTokens.LinkInvalid.selector, HARBOUR, homeToken, localToken);
    }

    function assertMinted(uint256 expected) private view {
        (,, uint256 minted) = island.linkOf(address(local));
        assertEq(minted, expected);
    }
}
