// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {ChainId, Height, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {
    MoodyRecipient,
    QuietRecipient,
    ReenteringRecipient,
    ReturnRecipient
} from "../support/Recipients.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

/// @notice Who earns what by delivering, and how it is paid.
contract ClaimingTest is BothWays {
    address private immutable rival = makeAddr("rival");

    MoodyRecipient private moody;
    address private quiet;
    ReturnRecipient private sender;
    uint256 private fee;

    function setUp() public override {
        super.setUp();
        (moody, quiet, sender) = (new MoodyRecipient(), address(new QuietRecipient()), new ReturnRecipient());
        vm.warp(1_700_000_000);
        setPrices(somePrices());
        fee = harbour.quote(ISLAND, 200_000, 33, true);
        assertEq(fee % 2, 1);
        on(ISLAND);
    }

    function deliverAs(address who, uint64 first, uint64 last) private {
        IGateway.Delivery memory delivery = deliveryOf(first, last);
        vm.recordLogs();
        vm.prank(who);
        island.deliver(delivery);
        noteReturns();
    }

    function assertEarned(address who, uint256 expected) private view {
        assertEq(island.earned(HARBOUR, who), expected);
    }

    function collected() private view returns (uint256 amount) {
        (,, amount) = harbour.fees(ISLAND);
    }

    /// @dev A claim of what a header of island says, true or not, that the relayer has earned.
    function claimOf(address who, uint256 amount) private returns (Height at, bytes memory proof) {
        bytes32 root;
        (root, proof) = TinyTrie.prove(address(island), slotOfEarned(who), bytes32(amount));
        at = Height.wrap(++height);
        islandOnHarbour.trust(at, root);
        on(HARBOUR);
    }

    /* EARNED */

    function test_deliver_eachRelayerEarnsWhatItDelivered() public {
        for (uint256 i = 0; i < 5; ++i) {
            post(alice, quiet, 0, Messages.BOUNCE);
        }

        deliverAs(relayer, 1, 2);
        deliverAs(rival, 1, 5);
        deliverAs(relayer, 1, 5);

        assertEarned(relayer, 2 * fee);
        assertEarned(rival, 3 * fee);
    }

    function test_deliver_earnsAllOfAMessageThatFailsWithoutAWayBack() public {
        post(alice, address(moody), 0, 0);
        post(alice, quiet, time() + 1, 0);
        vm.warp(time() + 2);

        deliverAs(relayer, 1, 2);

        assertOutcome(1, IGateway.Outcome.Failed);
        assertOutcome(2, IGateway.Outcome.Expired);
        assertEarned(relayer, uint256(sent[0].fee) + sent[1].fee);
        moody.relent();
        vm.prank(rival);
        island.retry(HARBOUR, 1, sent[0]);
        assertEarned(rival, 0);
    }

    function test_retry_earnsTheOtherHalf() public {
        post(alice, address(moody), 0, Messages.BOUNCE);
        deliverAs(relayer, 1, 1);
        assertEarned(relayer, fee - fee / 2);
        moody.relent();

        vm.prank(rival);
        island.retry(HARBOUR, 1, sent[0]);

        assertEarned(relayer, fee - fee / 2);
        assertEarned(rival, fee / 2);
    }

    function test_deliver_paysTheOtherHalfToWhoBringsAReturnHome() public {
        post(address(sender), address(moody), time() + 1, Messages.BOUNCE);
        post(address(sender), quiet, time() + 1, Messages.BOUNCE);
        deliverAs(rival, 1, 1);
        vm.warp(time() + 2);
        deliverAs(rival, 2, 2);
        sendBack(1);
        assertEarned(rival, 2 * (fee - fee / 2));
        IGateway.Delivery memory delivery = homewards(1, 2);
        on(HARBOUR);

        vm.expectEmit(address(harbour));
        emit IFees.BouncesPaid(ISLAND, relayer, 2 * (fee / 2));
        vm.prank(relayer);
        harbour.deliver(delivery);

        assertEq(sender.count(), 2);
        assertEq(relayer.balance, 2 * (fee / 2));
        assertEq(collected(), 2 * (fee - fee / 2));
        claim(rival);
        assertEq(rival.balance, 2 * (fee - fee / 2));
        assertEq(address(harbour).balance, 0);
    }

    /// @dev A return is paid for once, even if its application refuses it at first.
    function test_retry_ofAReturnEarnsNothing() public {
        post(address(sender), quiet, time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);
        deliverAs(rival, 1, 1);
        sender.refuse(true);
        bringHome(1, 1);
        sender.refuse(false);
        on(HARBOUR);

        vm.prank(rival);
        harbour.retry(ISLAND, 1, returned[0]);

        assertEq(relayer.balance, fee / 2);
        assertEq(rival.balance, 0);
        assertEq(harbour.earned(ISLAND, rival), 0);
    }

    function test_express_earnsTheFeeOnce() public {
        post(alice, quiet, 0, Messages.BOUNCE);
        post(alice, quiet, 0, Messages.BOUNCE);
        IGateway.Delivery memory delivery = deliveryOf(2, 2);
        bytes32[] memory preceding = new bytes32[](1);
        preceding[0] = idOf(1);

        vm.prank(rival);
        island.express(delivery, preceding);
        deliverAs(relayer, 1, 2);

        assertEarned(rival, fee);
        assertEarned(relayer, fee);
    }

    /// @dev A chain that once proved too much keeps nothing at home that it has to return.
    function test_deliver_bringsReturnsHomeThoughTheirFeesAreGone() public {
        post(address(sender), quiet, time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);
        deliverAs(rival, 1, 1);
        (Height at, bytes memory proof) = claimOf(rival, fee - 1);
        harbour.claim(ISLAND, rival, at, proof);

        bringHome(1, 1);

        assertEq(sender.count(), 1);
        assertEq(relayer.balance, 1);
        assertEq(collected(), 0);
    }

    /* CLAIMED */

    function test_claim_paysWhatWasEarnedSinceTheLastOne() public {
        post(alice, quiet, 0, Messages.BOUNCE);
        post(alice, quiet, 0, Messages.BOUNCE);
        deliverAs(relayer, 1, 1);
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(relayer));
        on(HARBOUR);
        vm.expectEmit(address(harbour));
        emit IFees.FeesClaimed(ISLAND, relayer, fee);
        vm.prank(rival);
        harbour.claim(ISLAND, relayer, at, proof);
        assertEq(relayer.balance, fee);
        assertEq(collected(), fee);

        vm.expectRevert(abi.encodeWithSelector(IFees.NothingEarned.selector, relayer, fee));
        harbour.claim(ISLAND, relayer, at, proof);
        on(ISLAND);
        deliverAs(relayer, 2, 2);
        claim(relayer);

        assertEq(relayer.balance, 2 * fee);
        assertEq(harbour.claimed(ISLAND, relayer), 2 * fee);
        assertEq(collected(), 0);
        on(HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(IFees.NothingEarned.selector, relayer, fee));
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function test_claim_refusesTheProofOfAnotherRelayer() public {
        post(alice, quiet, 0, 0);
        deliverAs(relayer, 1, 1);
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(relayer));
        on(HARBOUR);

        vm.expectRevert(StorageProof.SlotAbsent.selector);
        harbour.claim(ISLAND, rival, at, proof);
    }

    /// @dev What was earned at island by delivering from another source is in that source's coin.
    function test_claim_refusesTheProofOfAnotherSource() public {
        bytes32 ofLagoon = keccak256(abi.encode(31339, uint256(GATEWAY_STORAGE) + 2));
        bytes32 slot = keccak256(abi.encode(relayer, ofLagoon));
        vm.store(address(island), slot, bytes32(fee));
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slot);
        on(HARBOUR);

        vm.expectRevert(StorageProof.SlotAbsent.selector);
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function test_claim_refusesTheStorageOfAnotherContract() public {
        Height at = Height.wrap(++height);
        (bytes32 root, bytes memory proof) =
            TinyTrie.prove(address(0xbad), slotOfEarned(relayer), bytes32(fee));
        islandOnHarbour.trust(at, root);
        on(HARBOUR);

        vm.expectRevert(MerklePatricia.TrieKeyAbsent.selector);
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function testFuzz_claim_refusesAnyOtherProof(uint256 place, uint8 change) public {
        post(alice, quiet, 0, 0);
        deliverAs(relayer, 1, 1);
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(relayer));
        proof[place % proof.length] ^= bytes1(change == 0 ? 1 : change);
        on(HARBOUR);

        vm.expectRevert();
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function test_claim_refusesAHeaderThatIsNotHeldAndAFrozenClient() public {
        post(alice, quiet, 0, 0);
        deliverAs(relayer, 1, 1);
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(relayer));
        on(HARBOUR);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 99));
        harbour.claim(ISLAND, relayer, Height.wrap(99), proof);

        islandOnHarbour.freeze();
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        harbour.claim(ISLAND, relayer, at, proof);
    }

    /// @dev P18: what was earned for this chain is paid on no fork of it.
    function test_claim_onAForkPaysNothing() public {
        post(alice, quiet, 0, 0);
        deliverAs(relayer, 1, 1);
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(relayer));
        on(ChainId.wrap(99));

        vm.expectRevert(StorageProof.SlotAbsent.selector);
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function test_claim_refusesAnUnknownLane() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        harbour.claim(ChainId.wrap(5), relayer, Height.wrap(1), "");
    }

    /// @dev P22: a light client that is deceived costs what was paid in for its lane, and no other.
    function testFuzz_claim_paysNoLaneFromAnother(uint256 asked) public {
        ChainId lagoon = ChainId.wrap(31339);
        post(alice, quiet, 0, 0);
        asked = bound(asked, uint256(sent[0].fee) + 1, type(uint256).max);
        FakeLightClient lagoonOnHarbour = new FakeLightClient(lagoon);
        vm.startPrank(governance);
        harbour.configureLane(lagoon, address(7), lagoonOnHarbour);
        harbour.setFeeBounds(lagoon, somePrices());
        harbour.setFees(lagoon, somePrices());
        vm.stopPrank();
        on(HARBOUR);
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        harbour.sendMessage{value: 1 ether}(
            abi.encodePacked(hex"00010000027a6b14", quiet), "", new bytes[](0)
        );
        (Height at, bytes memory proof) = claimOf(relayer, asked);

        vm.expectRevert(abi.encodeWithSelector(IFees.FeesExceeded.selector, asked, sent[0].fee));
        harbour.claim(ISLAND, relayer, at, proof);
    }

    function test_claim_keepsWhatIsRefused() public {
        post(alice, quiet, 0, Messages.BOUNCE);
        ReturnRecipient proud = new ReturnRecipient();
        deliverAs(address(proud), 1, 1);
        proud.refuseCoins();
        (Height at, bytes memory proof) =
            proofOf(islandOnHarbour, address(island), slotOfEarned(address(proud)));
        on(HARBOUR);

        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, proud, fee));
        harbour.claim(ISLAND, address(proud), at, proof);

        assertEq(harbour.claimed(ISLAND, address(proud)), 0);
        assertEq(collected(), fee);
    }

    function test_claim_cannotBeReentered() public {
        post(alice, quiet, 0, Messages.BOUNCE);
        post(alice, quiet, 0, Messages.BOUNCE);
        ReenteringRecipient mallory = new ReenteringRecipient();
        deliverAs(address(mallory), 1, 1);
        (Height at, bytes memory proof) =
            proofOf(islandOnHarbour, address(island), slotOfEarned(address(mallory)));
        mallory.prepare(abi.encodeCall(harbour.claim, (ISLAND, address(mallory), at, proof)));
        on(HARBOUR);

        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, mallory, fee));
        harbour.claim(ISLAND, address(mallory), at, proof);

        assertEq(address(harbour).balance, 2 * fee);
    }

    function test_deliver_ofReturnsToARelayerThatTakesNoCoinsIsForOthers() public {
        post(address(sender), quiet, time() + 1, Messages.BOUNCE);
        vm.warp(time() + 2);
        deliverAs(rival, 1, 1);
        ReturnRecipient proud = new ReturnRecipient();
        proud.refuseCoins();
        IGateway.Delivery memory delivery = homewards(1, 1);
        on(HARBOUR);
        vm.prank(address(proud));
        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, proud, fee / 2));
        harbour.deliver(delivery);

        bringHome(1, 1);

        assertEq(sender.count(), 1);
    }
}
