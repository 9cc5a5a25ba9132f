// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {
    IERC7786GatewaySource,
    IERC7786Recipient
} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Vm} from "forge-std/Vm.sol";

import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {AnsweringRecipient, MoodyRecipient, OrderedRecipient} from "../support/Recipients.sol";
import {TwoChains} from "../support/TwoChains.sol";

/// @notice What ERC-7786 demands of gateways, each MUST and SHOULD of its text by a test, in its order.
contract ERC7786BehaviourTest is TwoChains {
    bytes[] private none;
    OrderedRecipient private bob;

    /// @dev Every attribute that the gateway supports, with a valid value.
    function supported() private view returns (bytes[] memory attributes) {
        attributes = new bytes[](3);
        attributes[0] = abi.encodeWithSignature("gasLimit(uint256)", 150_000);
        attributes[1] = abi.encodeWithSignature("deadline(uint256)", block.timestamp + 1 hours);
        attributes[2] = abi.encodeWithSignature("bounce()");
    }

    function setUp() public override {
        super.setUp();
        bob = new OrderedRecipient();
        on(HARBOUR);
    }

    /* SENDER AND RECIPIENT: "MUST be input in an Interoperable Address binary format" */

    function testFuzz_sender_isTheInteroperableAddressOfWhoCalled(address sender) public {
        vm.recordLogs();
        vm.prank(sender);
        harbour.sendMessage(atIsland(address(bob)), "", none);

        (, bytes memory from, bytes memory to,,,) = announced();
        (uint256 chain, address account) = InteroperableAddress.parseEvmV1(from);
        assertEq(chain, 31_337);
        assertEq(account, sender);
        assertEq(to, InteroperableAddress.formatEvmV1(31_338, address(bob)));
    }

    /// @dev "Gateways SHOULD reject non-canonical encodings": a leading zero of the chain id, and bytes at the end.
    function test_recipient_isRefusedInEveryEncodingButTheCanonicalOne() public {
        bytes memory zero = abi.encodePacked(hex"0001000003", uint24(31_338), uint8(20), bob);
        bytes memory more = abi.encodePacked(atIsland(address(bob)), uint8(0));

        vm.expectRevert(abi.encodeWithSelector(IGateway.RecipientInvalid.selector, zero));
        harbour.sendMessage(zero, "", none);
        vm.expectRevert(abi.encodeWithSelector(IGateway.RecipientInvalid.selector, more));
        harbour.sendMessage(more, "", none);
    }

    /* ATTRIBUTES */

    /// @dev "A message with no attributes MUST be considered a valid message."
    function test_attributes_mayBeNone() public {
        assertNotEq(harbour.sendMessage(atIsland(address(bob)), "", none), 0);
    }

    function test_supportsAttribute_saysYesToWhatSendMessageTakes() public {
        bytes[] memory all = supported();
        for (uint256 i = 0; i < all.length; ++i) {
            bytes[] memory alone = new bytes[](1);
            alone[0] = all[i];

            assertTrue(harbour.supportsAttribute(bytes4(all[i])));
            assertNotEq(harbour.sendMessage(atIsland(address(bob)), "", alone), 0);
        }
        assertNotEq(harbour.sendMessage(atIsland(address(bob)), "", all), 0);
    }

    /// @dev "MUST revert with `UnsupportedAttribute` if an unsupported attribute is included", wherever in the list.
    function testFuzz_sendMessage_refusesWhatSupportsAttributeSaysNoTo(
        bytes4 key,
        bytes memory value,
        uint256 place
    ) public {
        bytes[] memory good = supported();
        for (uint256 i = 0; i < good.length; ++i) {
            vm.assume(key != bytes4(good[i]));
        }
        bytes[] memory attributes = new bytes[](good.length + 1);
        place = bound(place, 0, good.length);
        for (uint256 i = 0; i < good.length; ++i) {
            attributes[i < place ? i : i + 1] = good[i];
        }
        attributes[place] = abi.encodePacked(key, value);

        assertFalse(harbour.supportsAttribute(key));
        vm.expectRevert(abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, key));
        harbour.sendMessage(atIsland(address(bob)), "", attributes);
    }

    function test_sendMessage_refusesAnAttributeWithoutAKey() public {
        bytes[] memory attributes = new bytes[](1);

        vm.expectRevert(
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0))
        );
        harbour.sendMessage(atIsland(address(bob)), "", attributes);
    }

    /// @dev "MAY revert if an attribute value is not valid for the key": one byte more than the value has.
    function test_sendMessage_refusesAttributesWithAnInvalidValue() public {
        bytes[] memory all = supported();
        for (uint256 i = 0; i < all.length; ++i) {
            bytes[] memory alone = new bytes[](1);
            alone[0] = abi.encodePacked(all[i], uint8(0));

            vm.expectRevert(abi.encodeWithSelector(IGateway.AttributeInvalid.selector, alone[0]));
            harbour.sendMessage(atIsland(address(bob)), "", alone);
        }
    }

    /* SENDING */

    /// @dev "MUST emit a `MessageSent` event, including the optional send identifier that is returned."
    function testFuzz_sendMessage_announcesWhatItReturns(bytes memory payload) public {
        bytes[] memory attributes = supported();

        vm.recordLogs();
        bytes32 returned = harbour.sendMessage(atIsland(address(bob)), payload, attributes);

        (bytes32 id,,, bytes memory said, uint256 value, bytes[] memory asked) = announced();
        assertEq(id, returned);
        assertNotEq(id, 0);
        assertEq(said, payload);
        assertEq(value, 0);
        assertEq(abi.encode(asked), abi.encode(attributes));
    }

    /// @dev "MUST revert if call value is included but it is not a feature supported": value pays the fee, here none, and
    ///      all the rest is back with the sender before the call ends. A sender that does not take it back is refused.
    function test_sendMessage_carriesNoValue() public {
        vm.deal(alice, 1 ether);
        vm.recordLogs();
        vm.prank(alice);
        harbour.sendMessage{value: 1 ether}(atIsland(address(bob)), "", none);

        (,,,, uint256 value,) = announced();
        assertEq(value, 0);
        assertEq(alice.balance, 1 ether);

        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IFees.PaymentRefused.selector, this, 1 ether));
        harbour.sendMessage{value: 1 ether}(atIsland(address(bob)), "", none);
    }

    /* RECEIVING */

    /// @dev "The gateway MUST invoke `receiveMessage` with the message identifier and contents." No value comes along.
    function testFuzz_receiveMessage_isCalledWithWhatWasSent(bytes memory payload) public {
        address recipient =
            address(new AnsweringRecipient(abi.encode(IERC7786Recipient.receiveMessage.selector)));
        bytes32 id = send(recipient, payload, 1_000_000);
        bytes memory sender = InteroperableAddress.formatEvmV1(31_337, alice);
        on(ISLAND);

        vm.expectCall(
            recipient, 0, abi.encodeCall(IERC7786Recipient.receiveMessage, (id, sender, payload)), 1
        );
        deliver(deliveryOf(1, 1));

        assertOutcome(1, IGateway.Outcome.Ordinary);
    }

    /// @dev "There can be multiple messages with identical parameters that must be delivered separately", and "the
    ///      `receiveId` MUST be either empty or unique".
    function test_receiveId_tellsMessagesApartThatAreOtherwiseEqual() public {
        bytes32 first = send(address(bob), abi.encode(7), 200_000);
        bytes32 second = send(address(bob), abi.encode(7), 200_000);
        on(ISLAND);

        deliver(deliveryOf(1, 2));

        assertNotEq(first, second);
        assertEq(bob.timesReceived(first), 1);
        assertEq(bob.timesReceived(second), 1);
        assertEq(bob.count(), 2);
    }

    /// @dev "The gateway MUST verify that `receiveMessage` returns the correct value." What does not is failed, however
    ///      it failed, and a retry reverts as long as it does.
    function test_receiveMessage_isFailedUnlessItReturnsItsSelector() public {
        bytes4 selector = IERC7786Recipient.receiveMessage.selector;
        bytes[6] memory wrong = [
            bytes(""),
            abi.encode(bytes4(0)),
            abi.encode(IERC7786GatewaySource.sendMessage.selector),
            abi.encode(true),
            abi.encodePacked(selector),
            abi.encode(bytes32(selector) | bytes32(uint256(1)))
        ];
        for (uint64 i = 0; i < wrong.length; ++i) {
            send(address(new AnsweringRecipient(wrong[i])));
        }
        on(ISLAND);
        deliver(deliveryOf(1, uint64(wrong.length)));

        for (uint64 i = 0; i < wrong.length; ++i) {
            assertOutcome(i + 1, IGateway.Outcome.Failed);
            vm.expectRevert(abi.encodeWithSelector(IGateway.RetryFailed.selector, idOf(i + 1)));
            island.retry(HARBOUR, i + 1, sent[i]);
        }
    }

    /* SAFETY: "delivered at the destination if and only if it was sent at the source … not … more than once" */

    function test_aMessage_isDeliveredOnce() public {
        bytes32 id = send(address(bob));
        on(ISLAND);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        deliver(delivery);

        deliver(delivery);
        deliver(deliveryOf(1, 1));
        send(address(bob));
        deliver(deliveryOf(1, 2));
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, id));
        island.retry(HARBOUR, 1, sent[0]);

        assertEq(bob.timesReceived(id), 1);
        assertEq(bob.count(), 2);
    }

    function test_aMessage_isDeliveredOnlyIfItWasSent() public {
        send(address(bob));
        on(ISLAND);
        IGateway.Delivery memory delivery = deliveryOf(1, 1);
        delivery.messages[0].payload = abi.encode(8);

        vm.expectPartialRevert(IGateway.AccumulatorMismatch.selector);
        deliver(delivery);

        assertEq(bob.count(), 0);
    }

    /* LIVENESS: "A sent message is eventually delivered" */

    function test_aMessage_isDeliveredOnceItsRecipientTakesIt() public {
        MoodyRecipient moody = new MoodyRecipient();
        bytes32 id = send(address(moody));
        on(ISLAND);
        deliver(deliveryOf(1, 1));
        moody.relent();

        island.retry(HARBOUR, 1, sent[0]);

        assertEq(moody.received(), 1);
        vm.expectRevert(abi.encodeWithSelector(IGateway.MessageNotFailed.selector, id));
        island.retry(HARBOUR, 1, sent[0]);
    }

    /* MAKERS */

    /// @dev The one `MessageSent` since the recording began.
    function announced()
        private
        returns (
            bytes32 id,
            bytes memory sender,
            bytes memory recipient,
            bytes memory payload,
            uint256 value,
            bytes[] memory attributes
        )
    {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs[0].topics[0], IERC7786GatewaySource.MessageSent.selector);
        assertEq(logs[0].emitter, address(harbour));
        id = logs[0].topics[1];
        (sender, recipient, payload, value, attributes) =
            abi.decode(logs[0].data, (bytes, bytes, bytes, uint256, bytes[]));
    }
}
