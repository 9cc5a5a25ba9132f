// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AssetMessages} from "../../../src/assets/AssetMessages.sol";
import {AssetReading} from "../../../src/assets/AssetReading.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {ItemType} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {MarketRelaying} from "./MarketRelaying.sol";

/// @notice Holds the books against what the contracts hold: every purchase, every coin, every item.
abstract contract MarketAudit is MarketRelaying {
    /* PURCHASES */

    /// @notice Every purchase is open, or settled after its item was handed over, or refunded and nothing was handed over.
    function auditPurchases() external view {
        for (uint256 i = 0; i < purchases.length; ++i) {
            Entry memory entry = entries[purchases[i]];
            ISettlement.Status status = statusOf(entry.paymentChain, purchases[i]);
            assertLe(entry.fulfilled + entry.refused, 1, "answered twice");
            assertEq(entry.settled, status == ISettlement.Status.Settled ? 1 : 0, "settled");
            assertEq(entry.refunded, status == ISettlement.Status.Refunded ? 1 : 0, "refunded");
            if (status == ISettlement.Status.Settled) {
                assertEq(entry.fulfilled, 1, "paid, and nothing delivered");
                assertEq(entry.credited, entry.paid, "not all is credited");
            } else if (status == ISettlement.Status.Refunded) {
                assertEq(entry.fulfilled, 0, "money back, and delivered");
                assertEq(entry.credited, entry.kept ? entry.paid : 0, "refunded twice");
            } else {
                assertEq(entry.credited, 0, "credited too early");
            }
        }
    }

    /// @notice No listing has sold more than it offered, and exactly what was handed over.
    function auditListings() external view {
        for (uint256 i = 0; i < offers.length; ++i) {
            (,, uint128 filled) = marketplaceOf(offers[i].chain).status(offers[i].hash);
            assertLe(filled, offers[i].amount, "sold more than offered");
            assertEq(filled, unitsSold[offers[i].hash], "not what was handed over");
        }
    }

    /* MONEY */

    /// @notice Each settlement holds, of each token, exactly what is in escrow and what it has credited; its coins beyond
    ///         that are its purse.
    function auditMoney() external view {
        for (uint256 i = 0; i < creditors.length; ++i) {
            Creditor memory owed = creditors[i];
            uint256 credit = creditOf(owed.paymentChain, owed.homeChain, owed.account, owed.token);
            assertEq(credit, owed.credit, "credit");
        }
        for (uint256 i = 0; i < 3; ++i) {
            ISettlement settlement = settlementOf(chains[i]);
            for (uint256 j = 0; j < tokens.length; ++j) {
                uint256 claims = claimsOn(chains[i], tokens[j]);
                if (tokens[j] == address(0)) {
                    assertGe(address(settlement).balance, claims, "escrow was spent");
                    assertEq(settlement.purse(), address(settlement).balance - claims, "purse");
                } else {
                    assertEq(IERC20(tokens[j]).balanceOf(address(settlement)), claims, "holdings");
                }
            }
        }
        auditPockets();
    }

    /// @dev Everybody who buys has what is left to him after what he has paid, got back and withdrawn.
    function auditPockets() private view {
        address[7] memory holders = [alice, bob, carol, stubborn, burner, address(coinCaller), treasury];
        for (uint256 i = 0; i < holders.length; ++i) {
            for (uint256 j = 1; j < 4; ++j) {
                assertEq(IERC20(tokens[j]).balanceOf(holders[i]), pockets[tokens[j]][holders[i]], "pocket");
            }
        }
        assertEq(bob.balance, pockets[address(0)][bob], "Bob's coins");
        assertEq(carol.balance, pockets[address(0)][carol], "Carol's coins");
    }

    function claimsOn(ChainId chain, address token) private view returns (uint256 claims) {
        claims = escrowed[chain][token];
        for (uint256 i = 0; i < creditors.length; ++i) {
            if (creditors[i].paymentChain == chain && creditors[i].token == token) {
                claims += creditors[i].credit;
            }
        }
    }

    /* ITEMS */

    /// @notice Every heron is with who bought it last, in the box that has sent it, or on its way between them; all shells
    ///         of a purchase likewise.
    function auditItems() external view {
        bytes[] memory flying = parcels();
        for (uint256 id = 1; id <= HERONS; ++id) {
            bytes32 sale = lastSaleOf[id];
            if (sale == 0) assertEq(herons.ownerOf(id), alice, "nobody has sold it");
            else assertEq(heronsOf(entries[sale], flying), 1, "a heron");
        }
        for (uint256 i = 0; i < purchases.length; ++i) {
            Entry memory entry = entries[purchases[i]];
            if (entry.fulfilled == 0 || entry.collection != address(shells)) continue;
            assertEq(shellsOf(entry, flying), entry.units, "shells");
        }
    }

    function heronsOf(Entry memory entry, bytes[] memory flying) private view returns (uint256 count) {
        if (ownerAt(entry.deliveryChain, entry.identifier) == entry.recipient) ++count;
        count += carried(flying, AssetMessages.ERC721, address(herons), entry);
        if (entry.box == address(0)) return count;
        if (ownerAt(entry.itemChain, entry.identifier) == entry.box) ++count;
        for (uint256 i = 0; i < 3; ++i) {
            count += waiting(chains[i], AssetMessages.ERC721, address(heronsAt(chains[i])), entry);
        }
    }

    function shellsOf(Entry memory entry, bytes[] memory flying) private view returns (uint256 count) {
        IERC1155 there = shellsAt(entry.deliveryChain);
        if (address(there).code.length > 0) count += there.balanceOf(entry.recipient, entry.identifier);
        count += carried(flying, AssetMessages.ERC1155, address(shells), entry);
        if (entry.box == address(0)) return count;
        count += shells.balanceOf(entry.box, entry.identifier);
        count += waiting(HARBOUR, AssetMessages.ERC1155, address(shells), entry);
    }

    /// @dev What nobody took when it came back, and the box can claim.
    function waiting(ChainId chain, uint8 standard, address token, Entry memory entry)
        private
        view
        returns (uint256 count)
    {
        for (uint256 i = 0; i < 3; ++i) {
            count += assetsOf(chain).claimable(standard, token, entry.identifier, chains[i], entry.box);
        }
    }

    /// @dev How many of a purchase's items fly to its recipient, or back to its box.
    function carried(bytes[] memory flying, uint8 standard, address token, Entry memory entry)
        private
        view
        returns (uint256 count)
    {
        for (uint256 i = 0; i < flying.length; ++i) {
            (address carriedToken, address to) = this.addressed(flying[i]);
            if (carriedToken != token) continue;
            if (to != entry.recipient && (entry.box == address(0) || to != entry.box)) continue;
            count += this.amountIn(flying[i], standard, entry.identifier);
        }
    }

    /// @notice What a parcel is about, and whom it is for.
    function addressed(bytes calldata parcel) external pure returns (address token, address to) {
        (,, token) = AssetReading.readHead(parcel);
        (to,,) = AssetReading.readParties(parcel);
    }

    /// @dev The items that are under way: pending, or delivered in vain.
    function parcels() private view returns (bytes[] memory found) {
        found = new bytes[](allPending() + failures.length);
        uint256 count = 0;
        for (uint256 i = 0; i < 9; ++i) {
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            for (uint64 n = delivered[source][destination]; n < sent[source][destination].length; ++n) {
                if (isParcel(source, destination, n + 1)) {
                    found[count++] = carriedBy(source, destination, n + 1);
                }
            }
        }
        for (uint256 i = 0; i < failures.length; ++i) {
            Failure memory failure = failures[i];
            if (!inFlight(failure.source, failure.destination, failure.nonce)) continue;
            if (!isParcel(failure.source, failure.destination, failure.nonce)) continue;
            found[count++] = carriedBy(failure.source, failure.destination, failure.nonce);
        }
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    function allPending() private view returns (uint256 count) {
        for (uint256 i = 0; i < 9; ++i) {
            count += pending(chains[i / 3], chains[i % 3]);
        }
    }

    /// @dev Between asset gateways, and not a description.
    function isParcel(ChainId source, ChainId destination, uint64 nonce) private view returns (bool) {
        if (sent[source][destination][nonce - 1].sender != address(assetsOf(source))) return false;
        return !this.isDescription(carriedBy(source, destination, nonce));
    }

    /// @notice Whether a message between asset gateways carries nothing.
    function isDescription(bytes calldata parcel) external pure returns (bool) {
        (, uint8 way,) = AssetReading.readHead(parcel);
        return way == AssetMessages.DESCRIBE || way == AssetMessages.REFRESH;
    }
}
