// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {stdError} from "forge-std/Test.sol";

import {Gateway} from "../../src/Gateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {ChainId, Height, Message, Messages} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {OrderedRecipient} from "../support/Recipients.sol";
import {TinyTrie} from "../support/TinyTrie.sol";
import {TwoChains} from "../support/TwoChains.sol";

contract ReceivingTest is TwoChains {
    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
        on(ISLAND);
    }

    /// @dev Bob has got 1, 2, 3 … `count`, each once.
    function assertReceived(uint64 count) private view {
        assertEq(bob.count(), count);
        for (uint64 nonce = 1; nonce <= count; ++nonce) {
            assertEq(bob.numbers(nonce - 1), nonce);
            assertEq(bob.timesReceived(idOf(nonce)), 1);
        }
        assertDelivered(count);
    }

    function test_deliver_executesABatchInOrder() public {
        sendMany(address(bob), 3);
        IGateway.Delivery memory delivery = deliveryOf(1, 3);

        vm.expectEmit(address(island));
        emit IGateway.BatchDelivered(HARBOUR, 1, 3, accumulatorAfter(3), relayer);
        deliver(delivery);

        assertReceived(3);
    }

    function test_deliver_updatesTheLightClientFirst() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        (bytes32 root,,) = harbourOnIsland.header(delivery.height);
        harbourOnIsland.forget(delivery.height);
        delivery.headerUpdate = abi.encode(delivery.height, root);

        deliver(delivery);

        assertReceived(1);
    }

    /// @dev Invariant 1: delivered is a prefix of sent, however it is cut into batches.
    function test_invariant_deliveredIsAPrefixOfSent(uint8[6] calldata cuts) public {
        sendMany(address(bob), 12);

        uint64 delivered;
        for (uint256 i = 0; i < cuts.length && delivered < 12; ++i) {
            uint64 first = delivered + 1 - uint64(cuts[i] % (delivered + 1));
            uint64 last = first + uint64(cuts[i] / 16) % (13 - first);
            deliver(deliveryOf(first, last));

            if (last > delivered) delivered = last;
            assertReceived(delivered);
        }
    }

    //   relayer 1    1 …………… 10
    //   relayer 2    1 ………………………… 20        both proofs were made before either landed
    function test_deliver_racingRelayersBothSucceed() public {
        sendMany(address(bob), 20);
        IGateway.Delivery memory small = deliveryOf(1, 10);
        IGateway.Delivery memory large = deliveryOf(1, 20);
        deliver(small);

        vm.expectEmit(address(island));
        emit IGateway.BatchDelivered(HARBOUR, 11, 20, accumulatorAfter(20), relayer);
        deliver(large);

        assertReceived(20);
    }

    function test_deliver_isQuietWhenAllWasDelivered() public {
        sendMany(address(bob), 4);
        IGateway.Delivery memory delivery = deliveryOf(1, 4);
        deliver(delivery);
        delivery.headerUpdate = "not even looked at";

        vm.expectEmit(address(island));
        emit IGateway.AlreadyDelivered(HARBOUR, 4);
        deliver(delivery);
        deliver(deliveryOf(2, 3));

        assertReceived(4);
    }

    function test_deliver_takesAnOlderHeaderAsLongAsItIsServed() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory older = deliveryOf(1, 2);
        sendMany(address(bob), 3);
        deliveryOf(1, 5);

        deliver(older);

        assertReceived(2);
    }

    /* REFUSED */

    function test_deliver_refusesAnEmptyBatch() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.messages = new Message[](0);

        vm.expectRevert(IGateway.DeliveryEmpty.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesASkippedMessage() public {
        sendMany(address(bob), 5);
        deliver(deliveryOf(1, 2));
        IGateway.Delivery memory delivery = deliveryOf(4, 5);

        vm.expectRevert(abi.encodeWithSelector(IGateway.MessagesSkipped.selector, 4, 3));
        island.deliver(delivery);
    }

    function test_deliver_refusesASkippedMessageUnderTheNextNonce() public {
        sendMany(address(bob), 5);
        deliver(deliveryOf(1, 2));
        IGateway.Delivery memory delivery = deliveryOf(4, 5);
        delivery.firstNonce = 3;

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesReorderedMessages() public {
        sendMany(address(bob), 3);
        IGateway.Delivery memory delivery = deliveryOf(1, 3);
        (delivery.messages[1], delivery.messages[2]) = (delivery.messages[2], delivery.messages[1]);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesARepeatedMessage() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(1, 2);
        delivery.messages[1] = delivery.messages[0];

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesAReplayUnderTheNextNonce() public {
        sendMany(address(bob), 2);
        deliver(deliveryOf(1, 2));
        IGateway.Delivery memory delivery = deliveryOf(1, 2);
        delivery.firstNonce = 3;

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function testFuzz_deliver_refusesAChangedField(uint256 field, uint256 place) public {
        sendMany(address(bob), 3);
        IGateway.Delivery memory delivery = deliveryOf(1, 3);
        Message memory message = delivery.messages[place % 3];
        field %= 8;
        if (field == 0) message.sender = address(bob);
        else if (field == 1) message.recipient = alice;
        else if (field == 2) message.fee ^= 1;
        else if (field == 3) message.gasLimit ^= 1;
        else if (field == 4) message.deadline ^= 1;
        else if (field == 5) message.flags ^= 1;
        else if (field == 6) message.payload[31] ^= 0x01;
        else message.payload = abi.encodePacked(message.payload, uint8(0));

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesForgedMessagesAfterTheProvenOnes() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(1, 2);
        bytes32 proven = accumulatorAfter(2);
        sent.push(sent[0]);
        delivery.messages = deliveryOf(1, 3).messages;

        vm.expectRevert(
            abi.encodeWithSelector(IGateway.AccumulatorMismatch.selector, accumulatorAfter(3), proven)
        );
        island.deliver(delivery);
    }

    function testFuzz_deliver_refusesAnyOtherTail(uint256 change) public {
        sendMany(address(bob), 4);
        IGateway.Delivery memory delivery = deliveryOf(1, 2);
        bytes32[] memory tail = delivery.tail;
        if (change % 4 == 0) delivery.tail = new bytes32[](1);
        else if (change % 4 == 1) delivery.tail = new bytes32[](3);
        else if (change % 4 == 2) tail[change % 2] ^= bytes32(uint256(1) << (change >> 248));
        else (tail[0], tail[1]) = (tail[1], tail[0]);
        if (change % 4 == 0) delivery.tail[0] = tail[0];
        if (change % 4 == 1) (delivery.tail[0], delivery.tail[1]) = (tail[0], tail[1]);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function testFuzz_deliver_aChangedByteOfTheTransactionDeliversNothingElse(uint256 place, uint8 change)
        public
    {
        sendMany(address(bob), 3);
        deliver(deliveryOf(1, 1));
        bytes memory data = abi.encodeCall(island.deliver, deliveryOf(1, 2));
        data[bound(place, 4, data.length - 1)] ^= bytes1(change);

        (bool succeeded,) = address(island).call(data);

        (, uint64 delivered,) = island.inbound(HARBOUR);
        assertTrue(delivered == 1 || (succeeded && delivered == 2));
        assertReceived(delivered);
    }

    function test_deliver_refusesMessagesOfAnotherLane() public {
        FakeLightClient lagoonClient = new FakeLightClient(ChainId.wrap(31339));
        on(HARBOUR);
        vm.prank(governance);
        harbour.configureLane(ChainId.wrap(31339), address(island), lagoonClient);
        vm.prank(alice);
        harbour.sendMessage(
            hex"0001000002" hex"7a6b14" hex"00000000000000000000000000000000000000b0", "", withGas(1)
        );
        sendMany(address(bob), 1);
        on(ISLAND);

        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.messages[0] = Message(alice, address(0xb0), 0, 1, 0, 0, "");
        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);

        bytes32 root;
        bytes32 slot = slotOfLaneTo(ChainId.wrap(31339));
        (root, delivery.proof) = TinyTrie.prove(address(harbour), slot, vm.load(address(harbour), slot));
        harbourOnIsland.trust(delivery.height, root);
        vm.expectRevert();
        island.deliver(delivery);
    }

    function test_deliver_refusesTheStorageOfAnotherContract() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(address(0xbad), slotOfLaneTo(ISLAND), accumulatorAfter(1));
        harbourOnIsland.trust(delivery.height, root);

        vm.expectRevert();
        island.deliver(delivery);
    }

    function test_deliver_refusesAnotherDeploymentsMessages() public {
        Gateway twin = new Gateway(address(authority));
        on(HARBOUR);
        vm.prank(governance);
        harbour.configureLane(ISLAND, address(twin), islandOnHarbour);
        sendMany(address(bob), 1);
        on(ISLAND);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesAnUnknownSource() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.sourceChain = ChainId.wrap(5);

        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        island.deliver(delivery);
    }

    function test_deliver_refusesAHeaderThatIsNotHeld() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.height = Height.wrap(7);

        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 7));
        island.deliver(delivery);
    }

    function test_deliver_refusesAFrozenClient() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        harbourOnIsland.freeze();

        vm.expectRevert(ILightClient.ClientFrozen.selector);
        island.deliver(delivery);
    }

    function test_deliver_letsAnUpdateFreezeTheClientAndDeliversNothing() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.headerUpdate = abi.encode(delivery.height, keccak256("another root of this height"));

        vm.expectEmit(address(island));
        emit IGateway.DeliveryRefused(HARBOUR, delivery.height);
        deliver(delivery);

        assertTrue(harbourOnIsland.frozen());
        assertReceived(0);
    }

    function test_deliver_refusesAnAccumulatorOfZero() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        prove(delivery, bytes32(0));

        vm.expectRevert(StorageProof.SlotAbsent.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesAFailedProof() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.proof = abi.encodePacked(delivery.proof, uint8(0));

        vm.expectRevert(StorageProof.ProofTrailingBytes.selector);
        island.deliver(delivery);
    }

    function test_deliver_onAForkTakesNothingMeantForTheOtherBranch() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        vm.chainId(99);
        vm.expectRevert();
        island.deliver(delivery);

        bytes32 root;
        bytes32 slot = slotOfLaneTo(ChainId.wrap(99));
        (root, delivery.proof) = TinyTrie.prove(address(harbour), slot, accumulatorAfter(1));
        harbourOnIsland.trust(delivery.height, root);
        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        island.deliver(delivery);
    }

    function test_deliver_refusesNoncesThatWrapAround() public {
        sendMany(address(bob), 2);
        IGateway.Delivery memory delivery = deliveryOf(1, 2);
        delivery.firstNonce = type(uint64).max;

        vm.expectRevert(stdError.arithmeticError);
        island.deliver(delivery);
    }

    function test_deliver_refusesNonceZero() public {
        sendMany(address(bob), 1);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.firstNonce = 0;

        vm.expectRevert(IGateway.DeliveryEmpty.selector);
        island.deliver(delivery);
    }
}
