// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Message, Messages} from "../../src/types/Message.sol";
import {
    AnsweringRecipient,
    BombRecipient,
    BurningRecipient,
    DemandingRecipient,
    MoodyRecipient,
    OrderedRecipient,
    QuietRecipient,
    RecordingRecipient,
    ReenteringRecipient
} from "../support/Recipients.sol";
import {TwoChains} from "../support/TwoChains.sol";

contract ExecutionTest is TwoChains {
    OrderedRecipient private bob;

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
        on(ISLAND);
    }

    /// @dev Sends one message between two of Bob's, delivers all, and expects it to fail and Bob's to arrive.
    function assertFailsAlone(address recipient, bytes memory payload, uint32 gasLimit) private {
        send(address(bob));
        send(recipient, payload, gasLimit);
        send(address(bob));
        IGateway.Delivery memory delivery = deliveryOf(1, 3);

        vm.expectEmit(address(island));
        emit IGateway.MessageFailed(HARBOUR, 2, idOf(2));
        vm.expectEmit(address(island));
        emit IGateway.BatchDelivered(HARBOUR, 1, 3, accumulatorAfter(3), relayer);
        deliver(delivery);

        assertOutcome(1, IGateway.Outcome.Ordinary);
        assertOutcome(2, IGateway.Outcome.Failed);
        assertOutcome(3, IGateway.Outcome.Ordinary);
        assertEq(bob.count(), 2);
        assertDelivered(3);
    }

    /* WHAT A RECIPIENT GETS */

    function testFuzz_deliver_callsReceiveMessageAndNothingElse(bytes calldata payload) public {
        RecordingRecipient recipient = new RecordingRecipient();
        send(address(recipient), payload, 5_000_000);

        deliver(deliveryOf(1, 1));

        bytes memory sender = InteroperableAddress.formatEvmV1(31337, alice);
        assertEq(recipient.count(), 1);
        assertEq(
            recipient.calls(0), abi.encodeCall(IERC7786Recipient.receiveMessage, (idOf(1), sender, payload))
        );
    }

    /// @dev P1: a message for the contracts that keep the bridge is a call they do not have.
    function test_deliver_reachesNeitherGatewayNorClientNorAuthority() public {
        bytes memory coup =
            abi.encodeCall(island.configureLane, (ChainId.wrap(5), address(7), harbourOnIsland));
        send(address(island), coup, 1_000_000);
        send(address(authority), coup, 1_000_000);
        send(address(harbourOnIsland), coup, 1_000_000);

        deliver(deliveryOf(1, 3));

        for (uint64 nonce = 1; nonce <= 3; ++nonce) {
            assertOutcome(nonce, IGateway.Outcome.Failed);
        }
        (,, address remoteGateway) = island.outbound(ChainId.wrap(5));
        assertEq(remoteGateway, address(0));
    }

    function test_deliver_givesARecipientItsWholeGasLimit() public {
        send(address(new DemandingRecipient(150_000 - 200)), "", 150_000);

        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Ordinary);
    }

    function test_deliver_givesARecipientNoMoreThanItsGasLimit() public {
        send(address(new DemandingRecipient(150_000)), "", 150_000);

        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Failed);
    }

    /* HOSTILE RECIPIENTS */

    function test_deliver_aRevertingRecipientFailsAlone() public {
        assertFailsAlone(address(new MoodyRecipient()), "", 100_000);
    }

    function test_deliver_aBurningRecipientFailsAlone() public {
        assertFailsAlone(address(new BurningRecipient()), "", 1_000_000);
    }

    function test_deliver_aRecipientWithoutCodeFailsAlone() public {
        assertFailsAlone(makeAddr("nobody"), "", 100_000);
    }

    function test_deliver_aPrecompileThatEchoesFailsAlone() public {
        assertFailsAlone(address(4), "", 100_000);
    }

    function test_deliver_aMegabyteInReturnFailsAlone() public {
        assertFailsAlone(address(new BombRecipient(false)), "", 5_000_000);
    }

    function test_deliver_aMegabyteInRevertFailsAlone() public {
        assertFailsAlone(address(new BombRecipient(true)), "", 5_000_000);
    }

    function test_deliver_copiesNoMegabyte() public {
        send(address(new BombRecipient(true)), "", 3_000_000);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        uint256 before = gasleft();
        deliver(delivery);

        assertLt(before - gasleft(), 3_000_000 + 200_000);
    }

    function test_deliver_anyOtherAnswerFailsAlone() public {
        bytes4 selector = IERC7786Recipient.receiveMessage.selector;
        bytes[5] memory answers = [
            bytes(""),
            abi.encodePacked(selector),
            abi.encodePacked(selector, new bytes(27)),
            abi.encode(bytes4(0)),
            abi.encodePacked(selector, new bytes(27), uint8(1))
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            send(address(new AnsweringRecipient(answers[i])), "", 100_000);
        }

        deliver(deliveryOf(1, 5));

        for (uint64 nonce = 1; nonce <= 5; ++nonce) {
            assertOutcome(nonce, IGateway.Outcome.Failed);
        }
    }

    function test_deliver_anAnswerLongerThanTheSelectorExecutes() public {
        bytes memory answer = abi.encodePacked(abi.encode(IERC7786Recipient.receiveMessage.selector), "more");
        send(address(new AnsweringRecipient(answer)), "", 100_000);

        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Ordinary);
    }

    /* RE-ENTRANCE */

    function test_deliver_aRecipientThatDeliversFailsAlone() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        sendMany(address(bob), 1);
        send(address(mallory), "", 5_000_000);
        sendMany(address(bob), 1);
        mallory.prepare(abi.encodeCall(island.deliver, deliveryOf(1, 3)));

        deliver(deliveryOf(1, 3));

        assertOutcome(2, IGateway.Outcome.Failed);
        assertEq(bob.count(), 2);
        assertDelivered(3);
    }

    function test_deliver_aRecipientThatRetriesFailsAlone() public {
        ReenteringRecipient mallory = new ReenteringRecipient();
        MoodyRecipient moody = new MoodyRecipient();
        send(address(moody));
        send(address(mallory), "", 1_000_000);
        mallory.prepare(abi.encodeCall(island.retry, (HARBOUR, 1, sent[0])));
        deliver(deliveryOf(1, 1));
        moody.relent();

        deliver(deliveryOf(2, 2));

        assertOutcome(1, IGateway.Outcome.Failed);
        assertOutcome(2, IGateway.Outcome.Failed);
    }

    function test_deliver_aRecipientMaySendOn() public {
        ReenteringRecipient forwarder = new ReenteringRecipient();
        bytes memory home = InteroperableAddress.formatEvmV1(31337, address(bob));
        forwarder.prepare(abi.encodeCall(island.sendMessage, (home, "on and on", new bytes[](0))));
        send(address(forwarder));
        sendMany(address(bob), 1);

        deliver(deliveryOf(1, 2));

        assertOutcome(1, IGateway.Outcome.Ordinary);
        (, uint64 nonce,) = island.outbound(HARBOUR);
        assertEq(nonce, 1);
        assertDelivered(2);
    }

    /* GAS */

    function test_deliver_refusesToStarveAMessage() public {
        send(address(new DemandingRecipient(299_000)), "", 300_000);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        vm.expectPartialRevert(IGateway.GasInsufficient.selector);
        island.deliver{gas: 330_000}(delivery);
    }

    /// @dev P19: whatever gas a relayer sends, and however long the payload: it executes or nothing happens.
    function testFuzz_deliver_neverFailsAMessageByStarvingIt(uint256 gasSent, uint16 length, uint8 place)
        public
    {
        address demanding = address(new DemandingRecipient(300_000 - 14_000));
        address quiet = address(new QuietRecipient());
        for (uint256 i = 0; i < 3; ++i) {
            send(i == place % 3 ? demanding : quiet, new bytes(length % 20_000), 300_000);
        }
        IGateway.Delivery memory delivery = deliveryOf(1, 3);

        try island.deliver{gas: bound(gasSent, 50_000, 900_000)}(delivery) {
            assertDelivered(3);
        } catch {
            assertDelivered(0);
        }
        for (uint64 nonce = 1; nonce <= 3; ++nonce) {
            assertOutcome(nonce, IGateway.Outcome.Ordinary);
        }
    }

    /// @dev The gas at which a message gets its limit and the gas at which it is refused are neighbours.
    function testFuzz_deliver_drawsTheLineAtTheGasLimit(uint256 gasSent) public {
        send(address(new DemandingRecipient(300_000 - 200)), "", 300_000);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);

        try island.deliver{gas: bound(gasSent, 330_000, 360_000)}(delivery) {
            assertOutcome(1, IGateway.Outcome.Ordinary);
            assertDelivered(1);
        } catch {
            assertDelivered(0);
        }
    }

    /// @dev Invariant 5: among any hostile recipients, everybody else's messages execute, in order, within a gas bound
    ///      that is the sum of the limits and a fixed cost a message.
    function test_invariant_nobodyBlocksOrDelaysAnybodyElse(uint256 seed) public {
        address[6] memory hostile = [
            address(new MoodyRecipient()),
            address(new BurningRecipient()),
            address(new BombRecipient(false)),
            address(new BombRecipient(true)),
            makeAddr("nobody"),
            address(island)
        ];
        uint256 limits;
        uint256 honest;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 dice = (seed >> (8 * i)) % 12;
            if (dice < 6) send(hostile[dice], "", 300_000);
            else send(address(bob), abi.encode(++honest), 300_000);
            limits += 300_000;
        }
        IGateway.Delivery memory delivery = deliveryOf(1, 8);

        uint256 before = gasleft();
        deliver(delivery);

        assertLt(before - gasleft(), limits + 100_000 + 8 * 40_000);
        assertDelivered(8);
        assertEq(bob.count(), honest);
        for (uint256 i = 0; i < honest; ++i) {
            assertEq(bob.numbers(i), i + 1);
        }
    }
}
