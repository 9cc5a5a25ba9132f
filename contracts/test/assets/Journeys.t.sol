// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WrappedERC1155} from "../../src/assets/WrappedERC1155.sol";
import {WrappedERC20} from "../../src/assets/WrappedERC20.sol";
import {WrappedERC721} from "../../src/assets/WrappedERC721.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";

/// @notice Assets cross, go on by way of home, and come back. Alice's are of harbour.
///
///      harbour ──▶ island ──(by way of harbour)──▶ lagoon ──▶ harbour
contract JourneysTest is Assets {
    function test_anERC20_crossesTravelsAndComesHome() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 300);
        relay();
        WrappedERC20 onIsland = coinsOn(ISLAND);
        assertEq(onIsland.balanceOf(bob), 300);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 300);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 300);

        sendERC20(ISLAND, bob, address(onIsland), LAGOON, alice, 200);
        relay();
        WrappedERC20 onLagoon = coinsOn(LAGOON);
        assertEq(onIsland.totalSupply(), 100);
        assertEq(onLagoon.balanceOf(alice), 200);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 300);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), ISLAND), 100);
        assertEq(assetsOf(HARBOUR).outstandingERC20(address(coins), LAGOON), 200);

        sendERC20(ISLAND, bob, address(onIsland), HARBOUR, bob, 100);
        sendERC20(LAGOON, alice, address(onLagoon), HARBOUR, alice, 200);
        relay();
        assertEq(onIsland.totalSupply() + onLagoon.totalSupply(), 0);
        assertEq(coins.balanceOf(bob), 100);
        assertEq(coins.balanceOf(alice), 900);
        assertEq(coins.balanceOf(address(assetsOf(HARBOUR))), 0);
    }

    function test_anERC721_crossesTravelsAndComesHome() public {
        herons.setRoyalty(3, bob, 1000);
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        relay();
        WrappedERC721 onIsland = heronsOn(ISLAND);
        assertEq(onIsland.ownerOf(2), bob);
        assertEq(onIsland.ownerOf(3), bob);
        assertEq(onIsland.name(), "Herons");
        assertEq(onIsland.symbol(), "HERON");
        assertEq(onIsland.tokenURI(2), "ipfs://heron");
        assertRoyalty(onIsland, 2, artist, 500);
        assertRoyalty(onIsland, 3, bob, 1000);
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 2)), 31338);

        sendERC721(ISLAND, bob, address(onIsland), two(2, 3), LAGOON, alice);
        relay();
        WrappedERC721 onLagoon = heronsOn(LAGOON);
        assertEq(onIsland.balanceOf(bob), 0);
        assertEq(onLagoon.balanceOf(alice), 2);
        assertEq(onLagoon.tokenURI(3), "ipfs://heron");
        assertRoyalty(onLagoon, 3, bob, 1000);
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 3)), 31339);

        sendERC721(LAGOON, alice, address(onLagoon), two(2, 3), HARBOUR, bob);
        relay();
        assertEq(herons.ownerOf(2), bob);
        assertEq(herons.ownerOf(3), bob);
        assertEq(onLagoon.balanceOf(alice), 0);
        assertEq(ChainId.unwrap(assetsOf(HARBOUR).whereabouts(address(herons), 3)), 0);
    }

    function test_anERC1155_crossesTravelsAndComesHome() public {
        shells.setRoyalty(1, bob, 1000);
        sendERC1155(HARBOUR, alice, address(shells), two(1, 2), two(10, 20), ISLAND, bob);
        relay();
        WrappedERC1155 onIsland = shellsOn(ISLAND);
        assertEq(onIsland.balanceOf(bob, 1), 10);
        assertEq(onIsland.balanceOf(bob, 2), 20);
        assertEq(onIsland.name(), "Shells");
        assertEq(onIsland.uri(1), "");
        assertEq(onIsland.uri(2), "ipfs://shell");
        assertEq(assetsOf(HARBOUR).outstandingERC1155(address(shells), 2, ISLAND), 20);

        sendERC1155(ISLAND, bob, address(onIsland), two(1, 2), two(10, 5), LAGOON, alice);
        relay();
        WrappedERC1155 onLagoon = shellsOn(LAGOON);
        assertEq(onIsland.balanceOf(bob, 2), 15);
        assertEq(onLagoon.balanceOf(alice, 1), 10);
        assertEq(onLagoon.balanceOf(alice, 2), 5);
        assertEq(assetsOf(HARBOUR).outstandingERC1155(address(shells), 2, ISLAND), 15);
        assertEq(assetsOf(HARBOUR).outstandingERC1155(address(shells), 2, LAGOON), 5);

        sendERC1155(ISLAND, bob, address(onIsland), one(2), one(15), HARBOUR, alice);
        sendERC1155(LAGOON, alice, address(onLagoon), two(1, 2), two(10, 5), HARBOUR, alice);
        relay();
        assertEq(shells.balanceOf(alice, 1), 100);
        assertEq(shells.balanceOf(alice, 2), 100);
        assertEq(assetsOf(HARBOUR).outstandingERC1155(address(shells), 2, ISLAND), 0);
    }

    /// @dev What brings nothing is minted at once, between what brings a URI.
    function test_manyItemsOfAnERC1155_arriveInOneMessage() public {
        uint256[] memory ids = new uint256[](7);
        uint256[] memory amounts = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) {
            (ids[i], amounts[i]) = (10 + i, 300 + i);
            shells.mint(alice, 10 + i, 1000, i == 2 || i == 6 ? "ipfs://shell" : "");
        }
        sendERC1155(HARBOUR, alice, address(shells), ids, amounts, ISLAND, bob);
        relay();
        for (uint256 i = 0; i < 7; ++i) {
            assertEq(shellsOn(ISLAND).balanceOf(bob, 10 + i), 300 + i);
            assertEq(shellsOn(ISLAND).uri(10 + i), i == 2 || i == 6 ? "ipfs://shell" : "");
        }
    }

    /// @dev The royalty of the first item that left stands for the collection; where it changes at home, items carry it.
    function test_aRoyaltyThatChangedAtHome_arrivesWithTheNextTransfer() public {
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(1), ISLAND, bob);
        relay();
        (address receiver, uint256 share) = shellsOn(ISLAND).royaltyInfo(1, 10_000);
        assertEq(receiver, artist);
        assertEq(share, 250);

        shells.setRoyalty(1, bob, 1000);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(1), ISLAND, bob);
        relay();
        (receiver, share) = shellsOn(ISLAND).royaltyInfo(1, 10_000);
        assertEq(receiver, bob);
        assertEq(share, 1000);

        shells.setRoyalty(1, artist, 250);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(1), ISLAND, bob);
        relay();
        (receiver, share) = shellsOn(ISLAND).royaltyInfo(1, 10_000);
        assertEq(receiver, artist);
        assertEq(share, 250);
    }

    function test_anItemThatComesBack_hasNothingOfItsFormerLife() public {
        herons.setRoyalty(3, bob, 1000);
        sendERC721(HARBOUR, alice, address(herons), two(2, 3), ISLAND, bob);
        relay();
        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(3), HARBOUR, alice);
        relay();

        herons.setRoyalty(3, artist, 500);
        sendERC721(HARBOUR, alice, address(herons), one(3), ISLAND, alice);
        relay();
        assertRoyalty(heronsOn(ISLAND), 3, artist, 500);
        assertEq(heronsOn(ISLAND).ownerOf(3), alice);
    }

    function test_aTokenIsDescribedOncePerLane() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 1);
        sendERC20(HARBOUR, alice, address(coins), LAGOON, bob, 1);
        catchMessages();
        assertEq(pending(HARBOUR, ISLAND), 3);
        assertEq(pending(HARBOUR, LAGOON), 2);
    }

    function testFuzz_anAmount_arrivesWhole(uint256 amount) public {
        amount = bound(amount, 1, type(uint248).max - 1000);
        coins.mint(alice, amount);
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, amount);
        relay();
        assertEq(coinsOn(ISLAND).balanceOf(bob), amount);

        sendERC20(ISLAND, bob, address(coinsOn(ISLAND)), LAGOON, bob, amount);
        relay();
        sendERC20(LAGOON, bob, address(coinsOn(LAGOON)), HARBOUR, bob, amount);
        relay();
        assertEq(coins.balanceOf(bob), amount);
    }

    function testFuzz_anId_arrivesWhole(uint256 id) public {
        vm.assume(id > 5);
        herons.mint(alice, id, "ipfs://x");
        sendERC721(HARBOUR, alice, address(herons), one(id), ISLAND, bob);
        relay();
        assertEq(heronsOn(ISLAND).ownerOf(id), bob);

        sendERC721(ISLAND, bob, address(heronsOn(ISLAND)), one(id), HARBOUR, bob);
        relay();
        assertEq(herons.ownerOf(id), bob);
    }

    function assertRoyalty(WrappedERC721 token, uint256 id, address receiver, uint256 basisPoints)
        private
        view
    {
        (address actual, uint256 share) = token.royaltyInfo(id, 10_000);
        assertEq(actual, receiver);
        assertEq(share, basisPoints);
    }
}
