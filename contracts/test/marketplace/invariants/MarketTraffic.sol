// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {ItemType, Listing, Payee} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {MarketAudit} from "./MarketAudit.sol";

/// @notice What sellers, buyers, relayers, guardians and those with bad intentions do on three chains, at random. Nothing
///         that is valid may revert.
contract MarketTraffic is MarketAudit {
    uint256 private constant MOST_PURCHASES = 40;

    /// @dev How often something really happened.
    uint256 public retries;
    uint256 public bounces;
    uint256 public withdrawals;
    uint256 public ambushes;

    constructor() {
        setUp();
    }

    /* SELLING */

    function listAHeron(uint256 seed, uint256 terms) external {
        (seed, terms) = (mixed(seed), mixed(terms));
        uint256 id = seed % HERONS + 1;
        ChainId chain = chains[(seed >> 8) % 3];
        address seller = people[(seed >> 16) % 3];
        for (uint256 i = 0; i < 3; ++i) {
            address owner = ownerAt(chains[i], id);
            if (keyOf(owner) != 0) (chain, seller) = (chains[i], owner);
        }
        address token = address(heronsAt(chain));
        if (token.code.length > 0) {
            vm.prank(seller);
            IERC721(token).setApprovalForAll(address(marketplaceOf(chain)), true);
        }
        offerVaried(chain, aListing(seller, ItemType.ERC721, token, id), terms);
    }

    function listSomeShells(uint256 seed, uint256 terms) external {
        (seed, terms) = (mixed(seed), mixed(terms));
        Listing memory listing = aListing(alice, ItemType.ERC1155, address(shells), seed % 2 + 1);
        listing.amount = uint128((seed >> 8) % 20 + 1);
        offerVaried(HARBOUR, listing, terms);
    }

    function listSomethingHostile(uint256 seed, uint256 terms) external {
        (seed, terms) = (mixed(seed), mixed(terms));
        uint256 id = seed % 12;
        Listing memory listing = aListing(hostile.ownerOf(id), ItemType.ERC721, address(hostile), id);
        if (keyOf(listing.offerer) == 0) return;
        offerVaried(chains[(seed >> 8) % 3], listing, terms);
    }

    function cancelOne(uint256 seed) external {
        if (offers.length == 0 || seed % 4 != 0) return;
        uint256 number = (seed >> 8) % offers.length;
        Listing[] memory listings = new Listing[](1);
        listings[0] = listingOf(number);
        on(offers[number].chain);
        vm.prank(listings[0].offerer);
        marketplaceOf(offers[number].chain).cancel(listings);
    }

    function moveOn(uint256 seed) external {
        if (seed % 8 != 0) return;
        ChainId chain = chains[(seed >> 8) % 3];
        on(chain);
        vm.prank(people[(seed >> 16) % 3]);
        marketplaceOf(chain).incrementCounter();
    }

    /// @dev For another price, on another chain, in another token, for others too.
    function offerVaried(ChainId chain, Listing memory listing, uint256 terms) private {
        listing.paymentChain = chains[(terms >> 8) % 3];
        listing.paymentToken = tokens[(terms >> 16) % 9 % 5];
        listing.price = uint128((terms >> 24) % 700 + 700);
        listing.counter = marketplaceOf(chain).counterOf(listing.offerer);
        if ((terms >> 32) % 16 == 0) ++listing.counter;
        if ((terms >> 40) % 16 == 0) listing.maxRoyalty = 0;
        if ((terms >> 48) % 16 == 0) listing.maxFee = 0;
        if ((terms >> 56) % 16 == 0) listing.taker = carol;
        if ((terms >> 64) % 8 == 0) listing.endTime = uint64(vm.getBlockTimestamp() + 20 minutes);
        if ((terms >> 72) % 2 == 0) {
            listing.consideration = new Payee[](3);
            listing.consideration[0] = Payee(artist, 3_333);
            listing.consideration[1] = Payee(burner, 3_333);
            listing.consideration[2] = Payee(listing.offerer, 3_334);
        }
        offer(chain, listing, terms % 2 == 0);
    }

    /// @dev Fuzzers prefer small numbers, and each of these is asked for many decisions.
    function mixed(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /* BUYING */

    function buyOne(uint256 seed, uint256 whom, uint256 terms) external {
        (seed, whom, terms) = (mixed(seed), mixed(whom), mixed(terms));
        if (offers.length == 0 || purchases.length >= MOST_PURCHASES) return;
        uint256 number = offers.length - 1 - seed % least(offers.length, 8);
        ISettlement.Purchase memory order = aPurchase(number, aRecipient(whom), chains[(seed >> 8) % 3]);
        if (order.listing.itemType == ItemType.ERC1155) {
            order.units = uint128((terms >> 8) % order.listing.amount + 1);
            order.recipient = address(uint160(0x5e11000 + purchases.length));
        }
        order.deadline = uint64(vm.getBlockTimestamp() + (terms >> 16) % 1 days + 10 minutes);
        if ((terms >> 24) % 16 == 0) order.recipient = address(0);
        if ((terms >> 32) % 32 == 0) order.listing.price += 1;
        if ((terms >> 40) % 32 == 0) order.chain = chains[(terms >> 48) % 3];
        address buyer = aBuyer(whom >> 8);
        if (order.listing.paymentToken == address(barring) && barring.barred(buyer)) return;
        arm(order.listing.paymentChain, terms >> 56);
        buyIfPossible(buyer, order);
        ambushes += keepUp();
    }

    function aBuyer(uint256 seed) private view returns (address) {
        address[6] memory buyers = [bob, carol, bob, stubborn, burner, address(coinCaller)];
        return buyers[seed % 6];
    }

    function aRecipient(uint256 seed) private view returns (address) {
        address[6] memory recipients =
            [alice, bob, carol, address(moody), address(moody), address(callingHolder)];
        return recipients[seed % 6];
    }

    /// @dev Has those who call somebody while a purchase goes on deliver a message of the chain just then.
    function arm(ChainId here, uint256 seed) private {
        for (uint256 i = 0; i < 3; ++i) {
            ChainId source = chains[(seed + i) % 3];
            if (source == here || pending(source, here) == 0 || !isOpen(source, here)) continue;
            bytes memory delivering = abi.encodeCall(IGateway.deliver, (provenBatch(source, here, 1)));
            ambush = Ambush(address(places[here].gateway), delivering);
            return;
        }
    }

    /* DELIVERING */

    function deliverSome(uint256 from, uint256 to, uint256 count) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        uint64 waiting = pending(source, destination);
        if (waiting == 0 || !isOpen(source, destination)) return;
        deliverOneByOne(source, destination, uint64(bound(count, 1, waiting)));
    }

    function deliverAll() external {
        deliverEverythingOpen();
    }

    function retrySome(uint256 seed) external {
        if (seed % 8 == 0 && failures.length > 2) moody.relent();
        for (uint256 i = 0; i < failures.length; ++i) {
            if ((i + seed) % 2 == 0 && retryFailure(failures[i])) ++retries;
        }
    }

    function bounceSome(uint256 seed) external {
        for (uint256 i = 0; i < failures.length; ++i) {
            if ((i + seed) % 2 == 0 && bounceFailure(failures[i])) ++bounces;
        }
    }

    function letTimePass(uint256 seed) external {
        vm.warp(vm.getBlockTimestamp() + (seed % 8 == 0 ? 1 days : seed % 30 minutes));
    }

    /* INTERRUPTING */

    /// @dev A guardian pauses a lane, or governance lets it go on.
    function pauseOne(uint256 from, uint256 to) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        IGateway gateway = places[destination].gateway;
        bool paused = gateway.paused(source);
        on(destination);
        vm.prank(governance);
        if (paused) gateway.resumeLane(source);
        else gateway.pauseLane(source);
    }

    /// @dev A light client freezes, or governance gives the lane another.
    function freezeOne(uint256 from, uint256 to) external {
        (ChainId source, ChainId destination) = aLane(from, to);
        if (clients[source][destination].frozen()) replaceClient(source, destination);
        else clients[source][destination].freeze();
    }

    function fundOne(uint256 seed) external {
        ChainId chain = chains[seed % 3];
        on(chain);
        vm.deal(address(this), address(this).balance + 5_000_000);
        settlementOf(chain).fund{value: 5_000_000}();
    }

    function barSomebody(uint256 seed) external {
        barring.bar(seed % 2 == 0 ? bob : carol, seed % 3 == 0);
    }

    function changeFee(uint256 seed) external {
        ChainId chain = chains[seed % 3];
        on(chain);
        vm.prank(governance);
        marketplaceOf(chain).setFee(uint16((seed >> 8) % 1_001));
    }

    /* PAYING */

    function withdrawOne(uint256 seed, uint256 way) external {
        (seed, way) = (mixed(seed), mixed(way));
        if (creditors.length == 0) return;
        Creditor memory owed = creditors[seed % creditors.length];
        if (owed.credit == 0 || owed.account == address(coinCaller)) return;
        if (way % 3 == 0 && owed.homeChain != owed.paymentChain) return withdrawFromHome(owed);
        ISettlement settlement = settlementOf(owed.paymentChain);
        address to = way % 2 == 0 ? treasury : owed.account;
        on(owed.paymentChain);
        vm.prank(owed.account, owed.account);
        try settlement.withdrawAs{gas: 2_000_000}(owed.homeChain, owed.token, to) {
            ++withdrawals;
        } catch {
            forgetLogs();
        }
        catchMessages();
        keepUp();
    }

    function withdrawFromHome(Creditor memory owed) private {
        on(owed.homeChain);
        vm.deal(owed.account, owed.account.balance + 1_000_000);
        vm.prank(owed.account);
        try settlementOf(owed.homeChain).withdrawOn{value: 1_000_000}(
            owed.paymentChain, owed.token, owed.account
        ) {
            ++withdrawals;
        } catch {
            forgetLogs();
        }
        catchMessages();
        pockets[address(0)][owed.account] = owed.account.balance;
    }

    receive() external payable {}

    /* VIEWS */

    /// @notice How many purchases have come to each end so far, and how many items were sent on.
    function tally() external view returns (uint256 settled, uint256 refunded, uint256 kept, uint256 sentOn) {
        for (uint256 i = 0; i < purchases.length; ++i) {
            Entry storage entry = entries[purchases[i]];
            settled += entry.settled;
            refunded += entry.refunded;
            if (entry.kept) ++kept;
            if (entry.box != address(0)) ++sentOn;
        }
    }
}
