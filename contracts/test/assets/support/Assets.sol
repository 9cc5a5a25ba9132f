// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {WrappedERC1155} from "../../../src/assets/WrappedERC1155.sol";
import {WrappedERC20} from "../../../src/assets/WrappedERC20.sol";
import {WrappedERC721} from "../../../src/assets/WrappedERC721.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {ThreeChains} from "./ThreeChains.sol";
import {SampleERC1155} from "./samples/SampleERC1155.sol";
import {SampleERC20} from "./samples/SampleERC20.sol";
import {SampleERC721} from "./samples/SampleERC721.sol";

/// @notice Three chains, and Alice with tokens of each kind on harbour.
abstract contract Assets is ThreeChains {
    address internal immutable artist = makeAddr("artist");

    SampleERC20 internal coins;
    SampleERC721 internal herons;
    SampleERC1155 internal shells;

    function setUp() public virtual override {
        super.setUp();
        coins = new SampleERC20("Coins", "COIN", 6);
        herons = new SampleERC721("Herons", "HERON", artist, 500);
        shells = new SampleERC1155("Shells", "SHELL", artist, 250);
        coins.mint(alice, 1000);
        for (uint256 id = 1; id <= 5; ++id) {
            herons.mint(alice, id, id == 1 ? "" : "ipfs://heron");
            shells.mint(alice, id, 100, id == 1 ? "" : "ipfs://shell");
        }
        vm.startPrank(alice);
        coins.approve(address(assetsOf(HARBOUR)), type(uint256).max);
        herons.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        shells.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        vm.stopPrank();
        on(HARBOUR);
    }

    /// @dev Somebody sends from a chain what he has there.
    function sendERC20(
        ChainId from,
        address who,
        address token,
        ChainId to,
        address recipient,
        uint256 amount
    ) internal {
        on(from);
        vm.prank(who);
        assetsOf(from).sendERC20(token, to, recipient, amount);
    }

    function sendERC721(
        ChainId from,
        address who,
        address token,
        uint256[] memory ids,
        ChainId to,
        address recipient
    ) internal {
        on(from);
        vm.prank(who);
        assetsOf(from).sendERC721(token, ids, to, recipient);
    }

    function sendERC1155(
        ChainId from,
        address who,
        address token,
        uint256[] memory ids,
        uint256[] memory amounts,
        ChainId to,
        address recipient
    ) internal {
        on(from);
        vm.prank(who);
        assetsOf(from).sendERC1155(token, ids, amounts, to, recipient);
    }

    /// @dev What stands on a chain for Alice's tokens of harbour.
    function coinsOn(ChainId chain) internal view returns (WrappedERC20) {
        return WrappedERC20(assetsOf(chain).wrappedERC20(HARBOUR, address(coins)));
    }

    function heronsOn(ChainId chain) internal view returns (WrappedERC721) {
        return WrappedERC721(assetsOf(chain).wrappedERC721(HARBOUR, address(herons)));
    }

    function shellsOn(ChainId chain) internal view returns (WrappedERC1155) {
        return WrappedERC1155(assetsOf(chain).wrappedERC1155(HARBOUR, address(shells)));
    }

    /// @dev Makes the gateway of a chain hand over a payload as if it had proven it to be from that sender.
    function handOver(ChainId source, address sender, ChainId destination, bytes memory payload) internal {
        on(destination);
        bytes memory from = format(source, sender);
        vm.prank(address(places[destination].gateway));
        assetsOf(destination).receiveMessage(0, from, payload);
    }
}
