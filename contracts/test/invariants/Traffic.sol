// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Messages} from "../../src/types/Message.sol";
import {Flights} from "../assets/support/Flights.sol";
import {MoodyHolder} from "../assets/support/Tokens.sol";

/// @notice What people and relayers do with harbour's tokens on three chains, at random: send what they have from where
///         they have it to anywhere, deliver some or all of what waits on a lane, retry what failed or send it back.
contract Traffic is Flights {
    uint256 private constant ITEMS = 5;

    address[2] private people;
    MoodyHolder private moody;

    /// @notice How often something really happened.
    uint256 public sends;
    uint256 public deliveries;
    uint256 public retries;
    uint256 public bounces;

    constructor() {
        setUp();
        moody = new MoodyHolder();
        people = [alice, bob];
        vm.startPrank(bob);
        coins.approve(address(assetsOf(HARBOUR)), type(uint256).max);
        herons.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        shells.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        vm.stopPrank();
    }

    /* WHAT HAPPENS */

    function sendSomeCoins(uint256 from, uint256 to, uint256 who, uint256 recipient, uint256 amount)
        external
    {
        (ChainId source, ChainId destination) = aLane(from, to);
        IERC20 token = coinsAt(source);
        address holder = people[who % 2];
        if (address(token).code.length == 0 || token.balanceOf(holder) == 0) return;
        amount = bound(amount, 1, token.balanceOf(holder));
        sendERC20(source, holder, address(token), destination, aRecipient(recipient), amount);
        settle();
    }

    function sendAHeron(uint256 from, uint256 to, uint256 id, uint256 recipient) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        id = id % ITEMS + 1;
        address holder = ownerAt(source, id);
        if (holder != alice && holder != bob) return;
        address token = address(heronsAt(source));
        sendERC721(source, holder, token, one(id), destination, aRecipient(recipient));
        settle();
    }

    function sendSomeShells(uint256 from, uint256 to, uint256 who, uint256 recipient, uint256 amount)
        external
    {
        (ChainId source, ChainId destination) = aLane(from, to);
        IERC1155 token = shellsAt(source);
        address holder = people[who % 2];
        if (address(token).code.length == 0) return;
        (uint256 first, uint256 second) = (token.balanceOf(holder, 1), token.balanceOf(holder, 2));
        if (first == 0 || second == 0) return;
        uint256[] memory amounts = two(bound(amount, 1, first), bound(amount, 1, second));
        sendERC1155(source, holder, address(token), two(1, 2), amounts, destination, aRecipient(recipient));
        settle();
    }

    function deliverSome(uint256 from, uint256 to, uint256 count) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        uint64 waiting = pending(source, destination);
        if (waiting == 0) return;
        deliver(source, destination, uint64(bound(count, 1, waiting)));
        ++deliveries;
    }

    function deliverAll() external {
        relay();
        ++deliveries;
    }

    function retryOne(uint256 from, uint256 to, uint256 index) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        uint64 arrived = delivered[source][destination];
        for (uint64 nonce = 1; nonce <= arrived; ++nonce) {
            if (outcomeOf(source, destination, nonce) != IGateway.Outcome.Failed) continue;
            if (index % 2 == 0) moody.relent();
            if (!moody.willing()) return;
            retry(source, destination, nonce);
            ++retries;
            return;
        }
    }

    /// @dev Sends one back that failed more than a day ago.
    function bounceOne(uint256 from, uint256 to) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        uint64 arrived = delivered[source][destination];
        for (uint64 nonce = 1; nonce <= arrived; ++nonce) {
            if (outcomeOf(source, destination, nonce) != IGateway.Outcome.Failed) continue;
            if (sent[source][destination][nonce - 1].flags != Messages.BOUNCE) continue;
            vm.warp(vm.getBlockTimestamp() + 1 days + 1);
            bounce(source, destination, nonce);
            ++bounces;
            return;
        }
    }

    function settle() private {
        catchMessages();
        ++sends;
    }

    /* WHAT IS */

    /// @notice Coins on their way to a chain: sent, and neither executed nor failed for good.
    function coinsInFlight(uint8 way) external view returns (uint256 total) {
        for (uint256 i = 0; i < 9; ++i) {
            total += coinsOnLane(chains[i / 3], chains[i % 3], way);
        }
    }

    /// @notice Coins in custody.
    function coinsLocked() external view returns (uint256) {
        return coins.balanceOf(address(assetsOf(HARBOUR)));
    }

    /// @notice Coins wrapped on a chain.
    function coinsWrapped(ChainId chain) external view returns (uint256) {
        address token = address(coinsOn(chain));
        return token.code.length == 0 ? 0 : IERC20(token).totalSupply();
    }

    function coinsOutstanding(ChainId chain) external view returns (uint256) {
        return assetsOf(HARBOUR).outstandingERC20(address(coins), chain);
    }

    /// @notice What of an item of shells is with its holders on a chain.
    function shellsHeld(ChainId chain, uint256 id) external view returns (uint256) {
        IERC1155 token = shellsAt(chain);
        if (address(token).code.length == 0) return 0;
        return token.balanceOf(alice, id) + token.balanceOf(bob, id) + token.balanceOf(address(moody), id);
    }

    /// @notice What of an item is on its way.
    function itemsInFlight(uint8 standard, uint256 id) external view returns (uint256 total) {
        for (uint256 i = 0; i < 9; ++i) {
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            for (uint64 nonce = 1; nonce <= sent[source][destination].length; ++nonce) {
                if (!inFlight(source, destination, nonce)) continue;
                total += this.amountIn(carriedBy(source, destination, nonce), standard, id);
            }
        }
    }

    /// @notice On how many chains an item of herons stands with a holder.
    function heronsAlive(uint256 id) external view returns (uint256 alive) {
        for (uint256 i = 0; i < 3; ++i) {
            address owner = ownerAt(chains[i], id);
            if (owner != address(0) && owner != address(assetsOf(HARBOUR))) ++alive;
        }
    }

    function coinsOnLane(ChainId source, ChainId destination, uint8 way)
        private
        view
        returns (uint256 total)
    {
        for (uint64 nonce = 1; nonce <= sent[source][destination].length; ++nonce) {
            if (!inFlight(source, destination, nonce)) continue;
            bytes memory payload = carriedBy(source, destination, nonce);
            if (uint8(payload[0]) & ~AssetMessages.REFUND == AssetMessages.ERC20 | way) {
                total += this.coinsIn(payload);
            }
        }
    }

    function aLane(uint256 from, uint256 to) private view returns (ChainId, ChainId) {
        (from, to) = (from % 3, to % 2);
        return (chains[from], chains[(from + 1 + to) % 3]);
    }

    function aRecipient(uint256 seed) private view returns (address) {
        return seed % 8 == 0 ? address(moody) : people[seed % 2];
    }
}
