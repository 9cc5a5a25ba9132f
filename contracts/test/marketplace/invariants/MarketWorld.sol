// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {PriceBreaker} from "../../../src/marketplace/guards/PriceBreaker.sol";
import {FeeSchedule} from "../../../src/types/Fees.sol";
import {ItemType, Listing, Payee} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {CoinCaller, GasBurner} from "../../assets/support/CoinHolders.sol";
import {BarringERC20} from "../../assets/support/Refusing.sol";
import {CallingERC20, CallingHolder, MoodyHolder, TithingERC20} from "../../assets/support/Tokens.sol";
import {Books} from "./Books.sol";
import {HostileERC721, StubbornBuyer} from "./HostileParties.sol";

/// @notice People, tokens and collections on three chains, decent or not, and lanes of which two cost something.
abstract contract MarketWorld is Books {
    uint256 internal constant HERONS = 8;

    /// @notice A listing that somebody has signed or put on-chain.
    struct Offer {
        ChainId chain;
        bytes listing;
        bytes signature;
        bytes32 hash;
        uint128 amount;
    }

    /// @notice What those do who are called while a purchase goes on.
    struct Ambush {
        address target;
        bytes data;
    }

    /// @dev More than any purchase takes on a chain that carries it out at once.
    uint256 private constant PURCHASE_GAS = 8_000_000;

    Offer[] internal offers;
    Ambush internal ambush;

    address[3] internal people;
    mapping(address => uint256) private keys;

    BarringERC20 internal barring;
    CallingERC20 internal calling;
    address[5] internal tokens;
    HostileERC721 internal hostile;

    MoodyHolder internal moody;
    CallingHolder internal callingHolder;
    CoinCaller internal coinCaller;
    address internal stubborn;
    address internal burner;

    function setUp() public virtual override {
        super.setUp();
        vm.warp(1_700_000_000);
        people = [alice, bob, carol];
        (, keys[alice]) = makeAddrAndKey("alice");
        (, keys[bob]) = makeAddrAndKey("bob");
        (, keys[carol]) = makeAddrAndKey("carol");
        engageParties();
        for (uint256 i = 0; i < 3; ++i) {
            guard(chains[i]);
        }
        charge(HARBOUR, LAGOON);
        charge(LAGOON, HARBOUR);
        vm.deal(address(assetsOf(HARBOUR)), 100 ether);
        vm.deal(address(settlementOf(HARBOUR)), 5_000_000);
        catchMessages();
        pockets[address(silver)][bob] = silver.balanceOf(bob);
        pockets[address(0)][bob] = bob.balance;
    }

    function engageParties() private {
        (barring, calling) = (new BarringERC20(), new CallingERC20());
        address tithing = address(new TithingERC20());
        tokens = [address(0), address(silver), address(barring), address(calling), tithing];
        (moody, callingHolder, coinCaller) = (new MoodyHolder(), new CallingHolder(), new CoinCaller());
        (stubborn, burner) = (address(new StubbornBuyer()), address(new GasBurner()));
        hostile = new HostileERC721();
        for (uint256 id = 6; id <= HERONS; ++id) {
            herons.mint(alice, id, "ipfs://heron");
        }
        for (uint256 id = 0; id < 12; ++id) {
            hostile.mint(people[id % 3], id);
        }
        for (uint256 i = 0; i < 9; ++i) {
            vm.startPrank(people[i / 3]);
            address market = address(marketplaceOf(chains[i % 3]));
            hostile.setApprovalForAll(market, true);
            herons.setApprovalForAll(market, true);
            shells.setApprovalForAll(market, true);
            vm.stopPrank();
        }
    }

    function guard(ChainId chain) private {
        PriceBreaker breaker = new PriceBreaker(address(authority), address(marketplaceOf(chain)));
        on(chain);
        vm.startPrank(governance);
        marketplaceOf(chain).appoint(address(settlementOf(chain)), breaker);
        marketplaceOf(chain).setFee(250);
        vm.stopPrank();
    }

    /// @dev From now on messages on this lane cost their gas, and who buys over it pays a toll.
    function charge(ChainId from, ChainId to) private {
        FeeSchedule memory prices = FeeSchedule(0, 1, 1, 0);
        on(from);
        vm.startPrank(governance);
        places[from].gateway.setFeeBounds(to, prices);
        places[from].gateway.setFees(to, prices);
        on(to);
        settlementOf(to).setToll(from, 300_000);
        vm.stopPrank();
    }

    /* OFFERING */

    /// @dev Of one item, for a day, at a price that most sellers would ask.
    function aListing(address seller, ItemType itemType, address token, uint256 identifier)
        internal
        view
        returns (Listing memory listing)
    {
        (listing.offerer, listing.itemType, listing.token) = (seller, itemType, token);
        (listing.identifier, listing.amount, listing.salt) = (identifier, 1, offers.length);
        (listing.paymentChain, listing.paymentToken, listing.price) = (ISLAND, address(silver), 1_000);
        listing.endTime = uint64(vm.getBlockTimestamp() + 1 days);
        (listing.maxRoyalty, listing.maxFee) = (1_000, 1_000);
        listing.consideration = new Payee[](1);
        listing.consideration[0] = Payee(seller, 10_000);
    }

    /// @dev Its seller signs a listing, or puts it on-chain.
    function offer(ChainId chain, Listing memory listing, bool onChain) internal {
        on(chain);
        bytes memory signature;
        if (onChain) {
            Listing[] memory listings = new Listing[](1);
            listings[0] = listing;
            vm.prank(listing.offerer);
            marketplaceOf(chain).validate(listings);
        } else {
            signature = signedBy(keys[listing.offerer], chain, listing);
        }
        bytes32 hash = marketplaceOf(chain).listingHash(listing);
        offers.push(Offer(chain, abi.encode(listing), signature, hash, listing.amount));
    }

    function listingOf(uint256 number) internal view returns (Listing memory) {
        return abi.decode(offers[number].listing, (Listing));
    }

    /* BUYING */

    /// @dev One unit of an offer, for somebody on some chain.
    function aPurchase(uint256 number, address recipient, ChainId deliveryChain)
        internal
        view
        returns (ISettlement.Purchase memory order)
    {
        (order.chain, order.signature) = (offers[number].chain, offers[number].signature);
        (order.listing, order.units, order.maximum) = (listingOf(number), 1, type(uint128).max);
        (order.recipient, order.deliveryChain, order.returnTo) = (recipient, deliveryChain, bob);
    }

    /// @dev Gives a buyer what a purchase costs, and has him buy. Whether that was possible.
    function buyIfPossible(address buyer, ISettlement.Purchase memory order) internal returns (bool bought) {
        ChainId chain = order.listing.paymentChain;
        address token = order.listing.paymentToken;
        on(chain);
        try settlementOf(chain).quote(order) returns (uint256 price, uint256 fee) {
            pockets[token][buyer] += price;
            if (token == address(0)) {
                fee += price;
            } else {
                BarringERC20(token).mint(buyer, price);
                vm.prank(buyer);
                ERC20(token).approve(address(settlementOf(chain)), price);
            }
            vm.deal(buyer, buyer.balance + fee);
            catchMessages();
            layAmbush();
            vm.prank(buyer);
            try settlementOf(chain).buy{value: fee, gas: PURCHASE_GAS}(order) {
                bought = true;
            } catch {
                forgetLogs();
            }
        } catch {}
        catchMessages();
        pockets[address(0)][buyer] = buyer.balance;
    }

    /// @dev A call that has reverted has said nothing.
    function forgetLogs() internal {
        vm.getRecordedLogs();
    }

    function layAmbush() private {
        if (ambush.target == address(0)) return;
        calling.prepare(ambush.target, ambush.data);
        callingHolder.prepare(ambush.target, ambush.data);
        coinCaller.prepare(ambush.target, ambush.data, 0);
        delete ambush;
    }

    function keyOf(address account) internal view returns (uint256) {
        return keys[account];
    }
}
