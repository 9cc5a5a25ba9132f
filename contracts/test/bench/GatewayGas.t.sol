// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {Height, Message} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";
import {BothWays} from "../support/BothWays.sol";
import {DevnetTrie} from "../support/DevnetTrie.sol";
import {QuietRecipient} from "../support/Recipients.sol";
import {StorageProofHarness} from "../support/StorageProofHarness.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What sending and delivering cost: whole transactions with calldata, in the steady state (the lane has been
///         used, the client's ring has gone round), storage cold, a committee of 3 of 4, proofs of the shape they have on
///         the devnet (see {DevnetTrie}), payloads of 32 bytes none of which is zero, to a recipient that does nothing
///         but return the selector.
/// forge-config: default.isolate = true
contract GatewayGasTest is BothWays, Attesters {
    CommitteeLightClient private client;
    Attester[] private attesters;
    address private recipient;

    bytes private send32;
    bytes private single;
    bytes private batch10;
    bytes private batch11;
    bytes private batch10WithoutUpdate;
    bytes private update;
    bytes private proof;
    bytes32 private stateRoot;

    function setUp() public override {
        super.setUp();
        recipient = address(new QuietRecipient());
        Attester[] memory all = someAttesters(4, "harbour");
        for (uint256 i = 0; i < all.length; ++i) {
            attesters.push(all[i]);
        }
        on(ISLAND);
        client = new CommitteeLightClient(HARBOUR, wordsOf(all));
        vm.prank(governance);
        island.configureLane(HARBOUR, address(harbour), client);

        sendOne();
        vm.prank(relayer);
        (bool succeeded,) = address(island).call(deliveryData(1, 1, 300 - 256));
        assertTrue(succeeded);

        bytes memory payload = abi.encode(keccak256("payload"));
        send32 = abi.encodeCall(harbour.sendMessage, (atIsland(recipient), payload, new bytes[](0)));
        sendOne();
        single = deliveryData(2, 2, 300);
        for (uint256 i = 0; i < 9; ++i) {
            sendOne();
        }
        batch10 = deliveryData(2, 11, 300);
        IGateway.Delivery memory delivery;
        (delivery, update) = provenDelivery(2, 11, 300);
        proof = delivery.proof;
        batch10WithoutUpdate = abi.encodeCall(island.deliver, delivery);
        bytes32 root = stateRoot;
        sendOne();
        batch11 = deliveryData(2, 12, 300);
        stateRoot = root;
    }

    function sendOne() private {
        send(recipient, abi.encode(keccak256(abi.encode(sent.length))), 200_000);
    }

    function deliveryData(uint64 first, uint64 last, uint64 at) private returns (bytes memory) {
        (IGateway.Delivery memory delivery, bytes memory update_) = provenDelivery(first, last, at);
        delivery.headerUpdate = update_;
        return abi.encodeCall(island.deliver, delivery);
    }

    function provenDelivery(uint64 first, uint64 last, uint64 at)
        private
        returns (IGateway.Delivery memory delivery, bytes memory update_)
    {
        delivery = deliveryOf(first, last);
        delivery.height = Height.wrap(at);
        TrustedHeader memory header = aHeader(at);
        bytes32 slot = slotOfLaneTo(ISLAND);
        (header.stateRoot, delivery.proof) =
            DevnetTrie.prove(address(harbour), slot, vm.load(address(harbour), slot));
        assertGe(delivery.proof.length, 754);
        stateRoot = header.stateRoot;
        update_ = anUpdate(client, header, attesters, 0x7);
    }

    /// @dev What a transaction with this data is charged on a chain that has Prague's floor for calldata.
    function chargeOf(address to, bytes memory data) private returns (uint256) {
        return TransactionGas.whole(data, gasOf(to, data) - TransactionGas.intrinsic(data));
    }

    /// @dev The gas of a transaction with this data, under Cancun's rules.
    function gasOf(address to, bytes memory data) private returns (uint256 gas) {
        return gasOf(to, 0, data);
    }

    function gasOf(address to, uint256 value, bytes memory data) private returns (uint256 gas) {
        vm.startPrank(alice);
        (bool succeeded,) = to.call{value: value}(data);
        vm.stopPrank();
        assertTrue(succeeded);
        gas = vm.lastCallGas().gasTotalUsed;
        assertGt(gas, TransactionGas.intrinsic(data));
    }

    function test_send_message_32() public {
        on(HARBOUR);
        uint256 gas = chargeOf(address(harbour), send32);

        vm.snapshotValue("gateway", "send_message_32", gas);
        assertLe(gas, 48_000);
    }

    function test_message_single() public {
        uint256 gas = chargeOf(address(island), single);

        assertEq(island.outcome(idOf(2)) == IGateway.Outcome.Ordinary, true);
        vm.snapshotValue("gateway", "message_single", gas);
    }

    function test_message_batch10() public {
        uint256 gas = chargeOf(address(island), batch10);

        assertDelivered(11);
        vm.snapshotValue("gateway", "message_batch10", gas / 10);
        assertLe(gas, 180_000);
    }

    function test_marginal_message_32() public {
        uint256 state = vm.snapshotState();
        uint256 ten = chargeOf(address(island), batch10);
        vm.revertToState(state);
        uint256 eleven = chargeOf(address(island), batch11);

        vm.snapshotValue("gateway", "marginal_message_32", eleven - ten);
        assertLe(eleven - ten, 9_000);
    }

    /// @dev What the header update adds to a delivery, its calldata included.
    function test_header_update_share() public {
        uint256 state = vm.snapshotState();
        uint256 withUpdate = gasOf(address(island), batch10);
        vm.revertToState(state);
        gasOf(address(client), abi.encodeCall(client.update, (update)));
        uint256 without = gasOf(address(island), batch10WithoutUpdate);

        vm.snapshotValue("gateway", "header_update_share", withUpdate - without);
    }

    /// @dev What the storage proof adds to a delivery, its calldata included.
    function test_proof_share() public {
        StorageProofHarness harness = new StorageProofHarness();
        bytes32 slot = slotOfLaneTo(ISLAND);
        bytes memory data = abi.encodeCall(harness.slotValue, (stateRoot, address(harbour), slot, proof));
        uint256 execution = gasOf(address(harness), data) - TransactionGas.intrinsic(data);

        vm.snapshotValue("gateway", "proof_share", execution + TransactionGas.intrinsic(proof) - 21_000);
    }

    /* EXPRESS AND FEES */

    /// @dev A message that is executed ahead of 100 others, which have not been delivered. The client holds the header, as
    ///      it does while a backlog is worked off; bringing it along is measured apart.
    function test_express_past_100() public {
        (IGateway.Delivery memory delivery, bytes memory update_, bytes32[] memory preceding) = past100();
        client.update(update_);

        uint256 gas = chargeOf(address(island), abi.encodeCall(island.express, (delivery, preceding)));

        assertOutcome(102, IGateway.Outcome.Expressed);
        vm.snapshotValue("gateway", "express_past_100", gas);
        assertLe(gas, 200_000);
    }

    function test_express_past_100_with_update() public {
        (IGateway.Delivery memory delivery, bytes memory update_, bytes32[] memory preceding) = past100();
        delivery.headerUpdate = update_;

        uint256 gas = chargeOf(address(island), abi.encodeCall(island.express, (delivery, preceding)));

        assertOutcome(102, IGateway.Outcome.Expressed);
        vm.snapshotValue("gateway", "express_past_100_with_update", gas);
    }

    function past100()
        private
        returns (IGateway.Delivery memory delivery, bytes memory update_, bytes32[] memory preceding)
    {
        while (sent.length < 102) {
            sendOne();
        }
        (delivery, update_) = provenDelivery(102, 102, 300);
        preceding = new bytes32[](100);
        for (uint64 i = 0; i < 100; ++i) {
            preceding[i] = idOf(2 + i);
        }
    }

    /// @dev The fee is paid exactly; there has been one before.
    function test_send_message_32_paid() public {
        setPrices(somePrices());
        post(Message(alice, recipient, 0, 200_000, 0, 0, ""));
        on(HARBOUR);
        uint256 fee = harbour.quote(ISLAND, 0, 32, false);
        vm.deal(alice, fee);
        uint256 gas = gasOf(address(harbour), fee, send32);

        assertEq(alice.balance, 0);
        vm.snapshotValue("gateway", "send_message_32_paid", gas);
    }

    /// @dev The relayer has earned something before.
    function test_message_batch10_paid() public {
        earnOnce(300 - 256 + 1);
        for (uint256 i = 0; i < 10; ++i) {
            post(Message(alice, recipient, 0, 200_000, 0, 0, abi.encode(keccak256(abi.encode(i)))));
        }
        uint256 before = island.earned(HARBOUR, alice);

        uint256 gas = chargeOf(address(island), deliveryData(14, 23, 300));

        assertDelivered(23);
        assertEq(island.earned(HARBOUR, alice), before + 10 * uint256(sent[22].fee));
        vm.snapshotValue("gateway", "message_batch10_paid", gas / 10);
    }

    /// @dev Everything so far is delivered, and one message that costs something.
    function earnOnce(uint64 at) private {
        setPrices(somePrices());
        post(Message(alice, recipient, 0, 200_000, 0, 0, ""));
        bytes memory data = deliveryData(2, uint64(sent.length), at);
        vm.prank(alice);
        (bool succeeded,) = address(island).call(data);
        assertTrue(succeeded);
    }

    /// @dev Island pays what has been earned by delivering at harbour, whose storage all the other figures prove, too. The
    ///      client holds the header, as a claim has it; the relayer has claimed before.
    function test_fee_claim() public {
        FeeSchedule memory prices = somePrices();
        vm.startPrank(governance);
        island.setFeeBounds(HARBOUR, prices);
        island.setFees(HARBOUR, prices);
        vm.stopPrank();
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        island.sendMessage{value: 1 ether}(abi.encodePacked(hex"00010000027a6914", alice), "", new bytes[](0));
        gasOf(address(island), claimData(1e13 + 1, 300 - 255));
        bytes memory data = claimData(2e14 + 1, 300);
        uint256 before = alice.balance;

        uint256 gas = chargeOf(address(island), data);

        assertEq(alice.balance, before + 19e13);
        vm.snapshotValue("gateway", "fee_claim", gas);
        assertLe(gas, 90_000);
    }

    /// @dev A claim of what alice has earned, proven by a header that the client has been given.
    function claimData(uint256 amount, uint64 at) private returns (bytes memory) {
        bytes32 slot =
            keccak256(abi.encode(alice, keccak256(abi.encode(ISLAND, uint256(GATEWAY_STORAGE) + 2))));
        vm.store(address(harbour), slot, bytes32(amount));
        TrustedHeader memory header = aHeader(at);
        bytes memory proof_;
        (header.stateRoot, proof_) = DevnetTrie.prove(address(harbour), slot, bytes32(amount));
        assertGe(proof_.length, 754);
        client.update(anUpdate(client, header, attesters, 0x7));
        return abi.encodeCall(island.claim, (HARBOUR, alice, Height.wrap(at), proof_));
    }
}
