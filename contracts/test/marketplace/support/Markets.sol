// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {IPriceBreaker} from "../../../src/interfaces/IPriceBreaker.sol";
import {IPriceFeeds} from "../../../src/interfaces/IPriceFeeds.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {Marketplace} from "../../../src/marketplace/Marketplace.sol";
import {Settlement} from "../../../src/marketplace/Settlement.sol";
import {FeeSchedule} from "../../../src/types/Fees.sol";
import {ItemType, Listing, Payee} from "../../../src/types/Listings.sol";
import {ChainId, Height} from "../../../src/types/Message.sol";
import {Assets} from "../../assets/support/Assets.sol";
import {SampleERC20} from "../../assets/support/samples/SampleERC20.sol";
import {TinyTrie} from "../../support/TinyTrie.sol";

/// @notice Three chains with a market on each. Alice sells herons and shells of harbour, Bob pays on island with silver.
///         A purchase's way: {buy} on the payment chain, then {relay}.
abstract contract Markets is Assets {
    struct Market {
        Marketplace marketplace;
        Settlement settlement;
    }

    uint128 internal constant PRICE = 1_000_003;

    address internal immutable treasury = makeAddr("treasury");
    address internal immutable carol = makeAddr("carol");

    mapping(ChainId => Market) internal markets;
    SampleERC20 internal silver;

    uint256 private aliceKey;
    uint256 private salts;

    function setUp() public virtual override {
        super.setUp();
        (, aliceKey) = makeAddrAndKey("alice");
        silver = new SampleERC20("Silver", "SILVER", 6);
        silver.mint(bob, 1e30);
        vm.deal(bob, 1e6 ether);
        for (uint256 i = 0; i < 3; ++i) {
            openMarket(chains[i]);
        }
        for (uint256 i = 0; i < 9; ++i) {
            if (i % 3 == i / 3) continue;
            on(chains[i / 3]);
            vm.prank(governance);
            settlementOf(chains[i / 3]).registerRemote(chains[i % 3], address(settlementOf(chains[i % 3])));
        }
        vm.startPrank(alice);
        herons.setApprovalForAll(address(marketplaceOf(HARBOUR)), true);
        shells.setApprovalForAll(address(marketplaceOf(HARBOUR)), true);
        vm.stopPrank();
        on(HARBOUR);
    }

    function openMarket(ChainId chain) private {
        on(chain);
        Marketplace marketplace = new Marketplace(assetsOf(chain), address(authority));
        Settlement settlement =
            new Settlement(places[chain].gateway, address(authority), marketplace, someFeeds(), treasury);
        markets[chain] = Market(marketplace, settlement);
        vm.prank(governance);
        marketplace.appoint(address(settlement), someBreaker());
        vm.prank(bob);
        silver.approve(address(settlement), type(uint256).max);
    }

    /// @dev What tells what tokens are worth; zero: nothing.
    function someFeeds() internal virtual returns (IPriceFeeds) {
        return IPriceFeeds(address(0));
    }

    /// @dev What guards prices; zero: nothing.
    function someBreaker() internal virtual returns (IPriceBreaker) {
        return IPriceBreaker(address(0));
    }

    function marketplaceOf(ChainId chain) internal view returns (Marketplace) {
        return markets[chain].marketplace;
    }

    function settlementOf(ChainId chain) internal view returns (Settlement) {
        return markets[chain].settlement;
    }

    /* LISTINGS */

    /// @dev Alice's heron, to be paid on a chain; all of the price is hers.
    function aHeron(uint256 id, ChainId paymentChain, address paymentToken)
        internal
        returns (Listing memory listing)
    {
        listing.offerer = alice;
        listing.itemType = ItemType.ERC721;
        (listing.token, listing.identifier, listing.amount) = (address(herons), id, 1);
        (listing.paymentChain, listing.paymentToken, listing.price) = (paymentChain, paymentToken, PRICE);
        listing.endTime = uint64(vm.getBlockTimestamp() + 30 days);
        (listing.maxRoyalty, listing.maxFee) = (1_000, 1_000);
        listing.consideration = new Payee[](1);
        listing.consideration[0] = Payee(alice, 10_000);
        listing.salt = ++salts;
    }

    /// @dev So many of Alice's shells, for a price each.
    function someShells(uint256 id, uint128 amount, ChainId paymentChain, address paymentToken)
        internal
        returns (Listing memory listing)
    {
        listing = aHeron(id, paymentChain, paymentToken);
        (listing.itemType, listing.token, listing.amount) = (ItemType.ERC1155, address(shells), amount);
    }

    /// @dev What Alice signs on the chain of the item.
    function signed(ChainId chain, Listing memory listing) internal view returns (bytes memory) {
        return signedBy(aliceKey, chain, listing);
    }

    function signedBy(uint256 key, ChainId chain, Listing memory listing)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(chain, listing));
        return abi.encodePacked(r, s, v);
    }

    function digestOf(ChainId chain, Listing memory listing) internal view returns (bytes32) {
        Marketplace marketplace = marketplaceOf(chain);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Lockkeeper Marketplace"),
                keccak256("1"),
                ChainId.unwrap(chain),
                marketplace
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, marketplace.listingHash(listing)));
    }

    /* PURCHASES */

    /// @dev Bob wants one of what Alice has listed on harbour, for himself, on some chain.
    function anOrder(Listing memory listing, ChainId deliveryChain)
        internal
        view
        returns (ISettlement.Purchase memory order)
    {
        order.chain = HARBOUR;
        order.listing = listing;
        order.signature = signed(HARBOUR, listing);
        order.units = 1;
        order.maximum = type(uint128).max;
        (order.recipient, order.deliveryChain, order.returnTo) = (bob, deliveryChain, bob);
    }

    /// @dev The same of what Alice has listed on another chain.
    function orderOn(ChainId chain, Listing memory listing, ChainId deliveryChain)
        internal
        view
        returns (ISettlement.Purchase memory order)
    {
        order = anOrder(listing, deliveryChain);
        (order.chain, order.signature) = (chain, signed(chain, listing));
    }

    /// @dev Bob pays what is asked for.
    function buy(ISettlement.Purchase memory order) internal returns (bytes32 purchaseId) {
        return buyAs(bob, order);
    }

    function buyAs(address buyer, ISettlement.Purchase memory order) internal returns (bytes32 purchaseId) {
        Settlement settlement = settlementOf(order.listing.paymentChain);
        on(order.listing.paymentChain);
        (uint256 price, uint256 fee) = settlement.quote(order);
        uint256 value = order.listing.paymentToken == address(0) ? price + fee : fee;
        vm.prank(buyer);
        return settlement.buy{value: value}(order);
    }

    /* MESSAGES */

    /// @dev What messages between all chains cost from now on; each settlement gets coins to pay its answers with.
    function setPrices(FeeSchedule memory schedule, uint256 funds) internal {
        for (uint256 i = 0; i < 9; ++i) {
            if (i % 3 != i / 3) setPrice(chains[i / 3], chains[i % 3], schedule);
        }
        for (uint256 i = 0; i < 3; ++i) {
            settlementOf(chains[i]).fund{value: funds}();
        }
    }

    function setPrice(ChainId source, ChainId destination, FeeSchedule memory schedule) private {
        on(source);
        vm.startPrank(governance);
        places[source].gateway.setFeeBounds(destination, schedule);
        places[source].gateway.setFees(destination, schedule);
        vm.stopPrank();
    }

    function somePrices() internal pure returns (FeeSchedule memory) {
        return FeeSchedule({perMessage: 30_000, perGas: 1e8, perByte: 1_000_001, bounce: 50_000});
    }

    /// @dev Makes the gateway of a chain hand over a payload as if it had proven it to be from that sender.
    function tell(ChainId source, address sender, ChainId destination, bytes memory payload) internal {
        on(destination);
        bytes memory from = format(source, sender);
        Settlement settlement = settlementOf(destination);
        vm.prank(address(places[destination].gateway));
        settlement.receiveMessage(0, from, payload);
    }

    /// @dev The call that brings a chain the first pending message of another, with its proof.
    function aDelivery(ChainId source, ChainId destination) internal returns (bytes memory) {
        catchMessages();
        IGateway.Delivery memory delivery = batchOf(source, destination, 1);
        address gateway = address(places[source].gateway);
        bytes32 slot = slotOfLaneTo(destination);
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(gateway, slot, vm.load(gateway, slot));
        delivery.height = Height.wrap(1_000);
        clients[source][destination].trust(delivery.height, root);
        return abi.encodeCall(IGateway.deliver, (delivery));
    }

    /// @dev The message sent last on a lane is late, and goes back.
    function bounceLast(ChainId source, ChainId destination) internal {
        uint64 nonce = uint64(sent[source][destination].length);
        vm.warp(sent[source][destination][nonce - 1].deadline + 1);
        bounce(source, destination, nonce);
        relay();
    }

    /* OUTCOMES */

    function statusOf(ChainId chain, bytes32 purchaseId) internal view returns (ISettlement.Status status) {
        (status,,,,) = settlementOf(chain).purchase(purchaseId);
    }

    function assertSettled(ChainId chain, bytes32 purchaseId) internal view {
        assertTrue(statusOf(chain, purchaseId) == ISettlement.Status.Settled, "is not settled");
    }

    function assertRefunded(ChainId chain, bytes32 purchaseId) internal view {
        assertTrue(statusOf(chain, purchaseId) == ISettlement.Status.Refunded, "is not refunded");
    }

    function assertOpen(ChainId chain, bytes32 purchaseId) internal view {
        assertTrue(statusOf(chain, purchaseId) == ISettlement.Status.Open, "is not open");
    }

    /// @dev Why harbour refuses what Bob buys with silver of island, who then has his money back.
    function refusalOf(ISettlement.Purchase memory order) internal returns (bytes4 reason) {
        uint256 before = silver.balanceOf(bob);
        bytes32 refused = buy(order);
        deliver(ISLAND, HARBOUR);
        uint256 last = sent[HARBOUR][ISLAND].length;
        bytes memory payload = sent[HARBOUR][ISLAND][last - 1].payload;
        relay();
        assertRefunded(ISLAND, refused);
        assertEq(silver.balanceOf(bob), before);
        assembly ("memory-safe") {
            reason := mload(add(payload, 65))
        }
    }

    /// @dev What an account of some chain can withdraw on another.
    function creditOf(ChainId chain, ChainId homeChain, address account, address token)
        internal
        view
        returns (uint256)
    {
        return settlementOf(chain).credit(homeChain, account, token);
    }
}
