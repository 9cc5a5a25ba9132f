// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Gateway} from "../../src/Gateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {InteroperableAddresses} from "../../src/types/InteroperableAddresses.sol";
import {ChainId, Height, Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {
    AnsweringRecipient,
    BurningRecipient,
    MoodyRecipient,
    OrderedRecipient,
    ReturnRecipient
} from "../support/Recipients.sol";

/// @notice Everything that can happen to the messages and fees of two lanes, by two relayers, among recipients of any kind.
///         What is valid must not revert: nobody blocks anybody else.
contract OutcomeHandler is BothWays {
    uint256 private constant MOST = 60;

    struct Claim {
        bool atHarbour;
        address who;
        Height at;
        bytes proof;
    }

    address private immutable rival = makeAddr("rival");

    OrderedRecipient public bob;
    ReturnRecipient public sender;
    MoodyRecipient private moody;
    address private burning;
    address private wrong;
    Claim[] private claims;

    /// @dev All fees of both gateways, whether paid with the message or in advance.
    uint256 private paidIn;
    uint64 private clock = 1_700_000_000;

    /// @dev How often each thing has come about, so that a test can tell that all of them do.
    mapping(IGateway.Outcome => uint256) public seen;
    uint256 public claimed;
    uint256 public refusedClaims;
    uint256 public broughtHome;

    constructor() {
        setUp();
        (bob, sender, moody) = (new OrderedRecipient(), new ReturnRecipient(), new MoodyRecipient());
        (burning, wrong) = (address(new BurningRecipient()), address(new AnsweringRecipient("done")));
        FeeSchedule memory prices = somePrices();
        setPrices(prices);
        vm.startPrank(governance);
        island.setFeeBounds(HARBOUR, prices);
        island.setFees(HARBOUR, prices);
        vm.stopPrank();
    }

    modifier at(ChainId chain) {
        on(chain);
        vm.warp(clock);
        _;
    }

    function someone(uint256 seed) private view returns (address) {
        return seed % 2 == 0 ? relayer : rival;
    }

    function least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /* SENDING */

    function sendOne(uint256 seed) external at(HARBOUR) {
        if (sent.length >= MOST) return;
        address sulking = address(moody);
        address[8] memory recipients =
            [address(bob), address(bob), sulking, sulking, sulking, burning, alice, wrong];
        Message memory message;
        (message.gasLimit, message.payload) = (200_000, abi.encode(sent.length + 1));
        message.recipient = recipients[(seed >> 8) % 8];
        message.sender = (seed >> 16) % 4 == 0 ? alice : address(sender);
        message.flags = (seed >> 24) % 3 == 0 ? 0 : Messages.BOUNCE;
        message.deadline = (seed >> 32) % 2 == 0 ? 0 : clock + 1 + uint64((seed >> 40) % 1 days);
        pay(harbour, ISLAND, message, seed >> 64);
        sent.push(message);
    }

    /// @dev An ordinary message of island, on the lane of the returns.
    function answer(uint256 seed) external at(ISLAND) {
        if (returned.length >= MOST) return;
        Message memory message;
        (message.gasLimit, message.payload) = (200_000, abi.encode(seed));
        (message.sender, message.recipient) = (alice, seed % 3 == 0 ? burning : address(bob));
        message.deadline = (seed >> 32) % 2 == 0 ? 0 : clock + 1 + uint64((seed >> 40) % 1 days);
        pay(island, HARBOUR, message, seed >> 64);
        returned.push(message);
    }

    /// @dev Pays a fee with the message, with some surplus, or as much as is missing from what was prepaid.
    function pay(Gateway gateway, ChainId to, Message memory message, uint256 seed) private {
        bool bounces = message.flags == Messages.BOUNCE;
        uint256 fee = gateway.quote(to, message.gasLimit, message.payload.length, bounces);
        uint256 value = fee + seed % 3;
        uint256 prepaid = gateway.prepaid(message.sender);
        if (prepaid > 0 && seed % 2 == 0) value = fee - least(fee, prepaid);
        message.fee = uint128(fee);
        paidIn += fee;

        bytes memory recipient = InteroperableAddresses.format(to, message.recipient);
        bytes[] memory attributes = attributesOf(message);
        vm.deal(message.sender, message.sender.balance + value);
        vm.prank(message.sender);
        gateway.sendMessage{value: value}(recipient, message.payload, attributes);
    }

    function prepay(uint256 seed) external at(HARBOUR) {
        vm.deal(address(this), seed % 1 ether);
        harbour.prepay{value: seed % 1 ether}(seed % 2 == 0 ? alice : address(sender));
    }

    function changePrices(uint256 seed) external at(HARBOUR) {
        FeeSchedule memory prices = somePrices();
        prices.perMessage = uint48(seed % 30_001);
        if (seed % 4 == 0) prices = FeeSchedule(0, 0, 0, 0);
        vm.prank(governance);
        harbour.setFees(ISLAND, prices);
    }

    /* RECEIVING */

    function deliverSome(uint256 seed) external at(ISLAND) {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        if (delivered == sent.length) return;
        uint64 last = delivered + 1 + uint64(seed % least(8, sent.length - delivered));
        uint64 first = delivered + 1 - uint64((seed >> 8) % (least(3, delivered) + 1));
        IGateway.Delivery memory delivery = deliveryOf(first, last);
        vm.recordLogs();
        vm.prank(someone(seed >> 16));
        island.deliver(delivery);
        noteReturns();
    }

    function expressSome(uint256 seed) external at(ISLAND) {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        if (delivered == sent.length) return;
        uint64 first = delivered + 1 + uint64(seed % (sent.length - delivered));
        uint64 last = first + uint64((seed >> 8) % least(2, sent.length + 1 - first));
        bytes32[] memory preceding = new bytes32[](first - delivered - 1);
        for (uint64 i = 0; i < preceding.length; ++i) {
            preceding[i] = idOf(delivered + 1 + i);
        }
        IGateway.Delivery memory delivery = deliveryOf(first, last);
        vm.recordLogs();
        vm.prank(someone(seed >> 16));
        island.express(delivery, preceding);
        noteReturns();
    }

    /// @dev With so much gas: a recipient that burns it gets all.
    function retrySome(uint256 seed) external at(ISLAND) {
        for (uint64 nonce = 1; nonce <= sent.length; ++nonce) {
            if ((nonce + seed % 3) % 3 == 0) continue;
            vm.prank(someone(seed >> 16));
            try island.retry{gas: 1_000_000}(HARBOUR, nonce, sent[nonce - 1]) {} catch {}
        }
    }

    function bounceSome(uint256) external at(ISLAND) {
        vm.recordLogs();
        for (uint64 nonce = 1; nonce <= sent.length; ++nonce) {
            try island.bounce(HARBOUR, nonce, sent[nonce - 1]) {} catch {}
        }
        noteReturns();
    }

    function bringSomeHome(uint256 seed) external at(HARBOUR) {
        (, uint64 delivered,) = harbour.inbound(ISLAND);
        if (delivered == returned.length) return;
        uint64 last = delivered + 1 + uint64(seed % least(8, returned.length - delivered));
        IGateway.Delivery memory delivery = homewards(delivered + 1, last);
        vm.prank(someone(seed >> 16));
        harbour.deliver(delivery);
        ++broughtHome;
    }

    function retryAtHome(uint256 seed) external at(HARBOUR) {
        if (returned.length == 0) return;
        uint64 nonce = 1 + uint64(seed % returned.length);
        try harbour.retry{gas: 1_000_000}(ISLAND, nonce, returned[nonce - 1]) {} catch {}
    }

    /* CLAIMING */

    function claimSome(uint256 seed) external at(HARBOUR) {
        Claim memory claim_;
        (claim_.atHarbour, claim_.who) = (seed % 3 != 0, someone(seed >> 16));
        bytes32 ofSource = claim_.atHarbour
            ? keccak256(abi.encode(HARBOUR, uint256(GATEWAY_STORAGE) + 2))
            : keccak256(abi.encode(ISLAND, uint256(GATEWAY_STORAGE) + 2));
        bytes32 slot = keccak256(abi.encode(claim_.who, ofSource));
        FakeLightClient client = claim_.atHarbour ? islandOnHarbour : harbourOnIsland;
        address other = claim_.atHarbour ? address(island) : address(harbour);
        if (vm.load(other, slot) == 0) return;
        (claim_.at, claim_.proof) = proofOf(client, other, slot);
        claims.push(claim_);
        submit(claim_);
    }

    /// @dev What was proven once is claimed again.
    function claimAgain(uint256 seed) external {
        if (claims.length > 0) submit(claims[seed % claims.length]);
    }

    function submit(Claim memory claim_) private {
        Gateway gateway = claim_.atHarbour ? harbour : island;
        on(claim_.atHarbour ? HARBOUR : ISLAND);
        ChainId other = claim_.atHarbour ? ISLAND : HARBOUR;
        try gateway.claim(other, claim_.who, claim_.at, claim_.proof) {
            ++claimed;
        } catch {
            ++refusedClaims;
        }
    }

    /* THE WORLD */

    function passTime(uint256 seed) external {
        clock += uint64(seed % 1 days);
    }

    function changeMoods(uint256 seed) external {
        if ((seed >> 8) % 3 > 0) moody.relent();
        else moody = new MoodyRecipient();
        sender.refuse((seed >> 16) % 2 == 0);
    }

    /* INVARIANTS */

    /// @dev Invariant 1, on both lanes; and the counter of those ahead is right.
    function assertPrefixes() external {
        on(ISLAND);
        (, uint64 delivered,) = island.inbound(HARBOUR);
        assertDelivered(delivered);
        uint256 ahead;
        for (uint64 nonce = delivered + 1; nonce <= sent.length; ++nonce) {
            if (island.outcome(idOf(nonce)) != IGateway.Outcome.Ordinary) ++ahead;
        }
        assertEq(island.ahead(HARBOUR), ahead);

        on(HARBOUR);
        bytes32 expected = laneHome();
        (bytes32 accumulator, uint64 deliveredHome,) = harbour.inbound(ISLAND);
        assertLe(deliveredHome, returned.length);
        for (uint64 nonce = 1; nonce <= deliveredHome; ++nonce) {
            expected = Messages.fold(expected, returnIdOf(nonce));
        }
        assertEq(accumulator, expected);
    }

    /// @dev Every message is executed once or not at all, and comes back only if it was not and will not be.
    function assertEachOnce() external {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        for (uint64 nonce = 1; nonce <= sent.length; ++nonce) {
            bytes32 id = idOf(nonce);
            IGateway.Outcome outcome = island.outcome(id);
            if (outcome != IGateway.Outcome.Bounced) assertEq(sender.timesReturned(id), 0);
            if (sent[nonce - 1].recipient == wrong) assertTrue(outcome != IGateway.Outcome.Retried);
            if (sent[nonce - 1].recipient != address(bob)) continue;
            bool executed = outcome == IGateway.Outcome.Expressed || outcome == IGateway.Outcome.Retried
                || (outcome == IGateway.Outcome.Ordinary && nonce <= delivered);
            assertEq(bob.timesReceived(id), executed ? 1 : 0);
        }
        (, delivered,) = harbour.inbound(ISLAND);
        for (uint64 nonce = 1; nonce <= returned.length; ++nonce) {
            Message memory message = returned[nonce - 1];
            if (message.flags != Messages.RETURNED || message.recipient != address(sender)) continue;
            IGateway.Outcome outcome = harbour.outcome(returnIdOf(nonce));
            bool executed = nonce <= delivered && outcome != IGateway.Outcome.Failed;
            assertEq(sender.timesReturned(bytes32(message.payload)), executed ? 1 : 0);
        }
    }

    /// @dev Invariant 6: no more is paid out than was paid in, nothing twice, and what is owed is there.
    function assertFees() external view {
        uint256 left = feesLeft(harbour, island, HARBOUR, ISLAND) + feesLeft(island, harbour, ISLAND, HARBOUR);
        assertEq(relayer.balance + rival.balance, paidIn - left);
    }

    function feesLeft(Gateway gateway, Gateway other, ChainId here, ChainId there)
        private
        view
        returns (uint256 collected)
    {
        (,, collected) = gateway.fees(there);
        uint256 owed = other.earned(here, relayer) - gateway.claimed(there, relayer);
        owed += other.earned(here, rival) - gateway.claimed(there, rival);
        assertLe(owed, collected);
        uint256 prepaid = gateway.prepaid(alice) + gateway.prepaid(address(sender));
        assertEq(address(gateway).balance, collected + prepaid);
    }

    /// @dev Counts what the messages of harbour have come to.
    function count() external {
        for (uint64 nonce = 1; nonce <= sent.length; ++nonce) {
            ++seen[island.outcome(idOf(nonce))];
        }
    }
}
