// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {stdError} from "forge-std/Test.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Message, Messages} from "../../src/types/Message.sol";
import {TwoChains} from "../support/TwoChains.sol";

contract SendingTest is TwoChains {
    address private immutable bob = makeAddr("bob");
    bytes[] private none;

    function setUp() public override {
        super.setUp();
        on(HARBOUR);
    }

    function test_sendMessage_returnsTheLeafAndFoldsItIntoTheLane() public {
        Message memory message = Message(alice, bob, 0, 200_000, 0, 0, "hello");
        bytes32 leaf = Messages.leaf(lane(), 1, message, keccak256("hello"));

        vm.prank(alice);
        bytes32 id = harbour.sendMessage(atIsland(bob), "hello", none);

        assertEq(id, leaf);
        (bytes32 accumulator, uint64 nonce, address remoteGateway) = harbour.outbound(ISLAND);
        assertEq(accumulator, Messages.fold(lane(), leaf));
        assertEq(nonce, 1);
        assertEq(remoteGateway, address(island));
    }

    function test_sendMessage_emitsWhatARelayerNeeds() public {
        bytes[] memory attributes = withGas(70_000);
        Message memory message = Message(alice, bob, 0, 70_000, 0, 0, "hello");
        bytes32 leaf = Messages.leaf(lane(), 1, message, keccak256("hello"));
        bytes memory sender = InteroperableAddress.formatEvmV1(31337, alice);

        vm.expectEmit(address(harbour));
        emit IERC7786GatewaySource.MessageSent(leaf, sender, atIsland(bob), "hello", 0, attributes);
        vm.expectEmit(address(harbour));
        emit IGateway.MessageAccumulated(ISLAND, 1, Messages.fold(lane(), leaf), 0, 70_000, 0, 0);

        vm.prank(alice);
        harbour.sendMessage(atIsland(bob), "hello", attributes);
    }

    function testFuzz_sendMessage_accumulatesInTheProvenSlot(bytes[] calldata payloads) public {
        for (uint256 i = 0; i < payloads.length; ++i) {
            send(bob, payloads[i], 200_000);
        }

        (bytes32 accumulator,,) = harbour.outbound(ISLAND);
        assertEq(accumulator, accumulatorAfter(payloads.length));
        assertEq(
            vm.load(address(harbour), slotOfLaneTo(ISLAND)), payloads.length == 0 ? bytes32(0) : accumulator
        );
    }

    function test_storage_standsAtItsErc7201Slot() public pure {
        uint256 namespace = uint256(keccak256("lockkeeper.storage.Gateway"));

        bytes32 base = keccak256(abi.encode(namespace - 1)) & ~bytes32(uint256(0xff));

        assertEq(base, GATEWAY_STORAGE);
    }

    function test_storage_keepsALaneInFourSlots() public {
        send(bob);
        sendMany(bob, 2);
        on(ISLAND);
        deliver(deliveryOf(1, 3));

        uint256 base = uint256(slotOfLaneTo(ISLAND));
        bytes32 second = vm.load(address(harbour), bytes32(base + 1));
        assertEq(vm.load(address(harbour), bytes32(base)), accumulatorAfter(3));
        assertEq(second, bytes32(uint256(3) << 160 | uint160(address(island))));

        base = uint256(slotOfLaneTo(HARBOUR));
        bytes32 fourth = vm.load(address(island), bytes32(base + 3));
        assertEq(vm.load(address(island), bytes32(base + 2)), accumulatorAfter(3));
        assertEq(fourth, bytes32(uint256(3) << 160 | uint160(address(harbourOnIsland))));
    }

    function test_sendMessage_refusesTheZeroRecipient() public {
        vm.expectRevert(IGateway.RecipientZero.selector);
        harbour.sendMessage(atIsland(address(0)), "", none);
    }

    function test_sendMessage_refusesAnUnknownLane() public {
        bytes memory recipient = InteroperableAddress.formatEvmV1(5, bob);

        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        harbour.sendMessage(recipient, "", none);
    }

    function test_sendMessage_refusesItsOwnChain() public {
        bytes memory recipient = InteroperableAddress.formatEvmV1(31337, bob);

        vm.expectRevert(abi.encodeWithSelector(IGateway.LaneUnknown.selector, HARBOUR));
        harbour.sendMessage(recipient, "", none);
    }

    function test_sendMessage_refusesEveryOtherFormOfRecipient() public {
        bytes memory good = atIsland(bob);
        bytes[] memory bad = new bytes[](13);
        bad[0] = "";
        bad[1] = abi.encodePacked(good, uint8(0));
        bad[2] = abi.encodePacked(hex"0002000002", uint16(31338), uint8(20), bob);
        bad[3] = abi.encodePacked(hex"0001000202", uint16(31338), uint8(20), bob);
        bad[4] = abi.encodePacked(hex"0001000003", uint24(31338), uint8(20), bob);
        bad[5] = abi.encodePacked(hex"0001000000", uint8(20), bob);
        bad[6] = abi.encodePacked(hex"0001000002", uint16(31338), uint8(19), bytes19(bytes20(bob)));
        bad[7] = abi.encodePacked(hex"0001000002", uint16(31338), uint8(21), bob, uint8(1));
        bad[8] = abi.encodePacked(hex"0001000009", uint72(1 << 64 | 31338), uint8(20), bob);
        bad[9] = abi.encodePacked(hex"0001000002", uint16(31338), uint8(0));
        bad[10] = abi.encodePacked(hex"0001000001", uint16(31338), uint8(20), bob);
        bad[11] = abi.encodePacked(hex"0001000003", uint16(31338), uint8(20), bob);
        bad[12] = abi.encodePacked(hex"0001000002", uint16(31338), uint8(19), bob);

        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IGateway.RecipientInvalid.selector, bad[i]));
            harbour.sendMessage(bad[i], "", none);
        }
    }

    function test_sendMessage_takesPayloadsUpToTheMaximum() public {
        bytes memory longest = new bytes(32_768);
        bytes memory tooLong = new bytes(32_769);

        harbour.sendMessage(atIsland(bob), longest, none);

        vm.expectRevert(abi.encodeWithSelector(IGateway.PayloadTooLong.selector, 32_769, 32_768));
        harbour.sendMessage(atIsland(bob), tooLong, none);
    }

    function test_sendMessage_refusesAttributesItDoesNotKnow() public {
        bytes[] memory attributes = new bytes[](1);
        attributes[0] = abi.encodeWithSignature("requestRelay(uint256)", 1);

        vm.expectRevert(
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(attributes[0]))
        );
        harbour.sendMessage(atIsland(bob), "", attributes);
    }

    function test_sendMessage_refusesAnAttributeShorterThanASelector() public {
        bytes[] memory attributes = new bytes[](1);
        attributes[0] = hex"abcd";

        vm.expectRevert(
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0xabcd0000))
        );
        harbour.sendMessage(atIsland(bob), "", attributes);
    }

    function test_sendMessage_refusesAnUnknownAttributeAfterAKnownOne() public {
        bytes[] memory attributes = new bytes[](2);
        attributes[0] = withGas(1)[0];
        attributes[1] = hex"12345678";

        vm.expectRevert(
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0x12345678))
        );
        harbour.sendMessage(atIsland(bob), "", attributes);
    }

    function test_sendMessage_refusesAttributesOfAnyOtherLength() public {
        bytes[] memory attributes = withGas(1);
        bytes[4] memory bad = [
            abi.encodePacked(attributes[0], uint8(0)),
            abi.encodePacked(bytes4(attributes[0])),
            abi.encodePacked(bytes4(attributes[0]), new bytes(31)),
            abi.encodePacked(attributes[0], uint256(0))
        ];

        for (uint256 i = 0; i < bad.length; ++i) {
            attributes[0] = bad[i];
            vm.expectRevert(abi.encodeWithSelector(IGateway.AttributeInvalid.selector, bad[i]));
            harbour.sendMessage(atIsland(bob), "", attributes);
        }
    }

    function test_sendMessage_refusesASecondGasLimit() public {
        bytes[] memory attributes = new bytes[](2);
        attributes[0] = attributes[1] = withGas(1)[0];

        vm.expectRevert(abi.encodeWithSelector(IGateway.AttributeRepeated.selector, bytes4(attributes[0])));
        harbour.sendMessage(atIsland(bob), "", attributes);
    }

    function testFuzz_sendMessage_takesGasLimitsFromOneToTheMaximum(uint256 gasLimit) public {
        vm.assume(gasLimit > 10_000_000);

        vm.expectRevert(abi.encodeWithSelector(IGateway.GasLimitOutOfRange.selector, gasLimit, 10_000_000));
        harbour.sendMessage(atIsland(bob), "", withGas(gasLimit));
        vm.expectRevert(abi.encodeWithSelector(IGateway.GasLimitOutOfRange.selector, 0, 10_000_000));
        harbour.sendMessage(atIsland(bob), "", withGas(0));

        harbour.sendMessage(atIsland(bob), "", withGas(1));
        harbour.sendMessage(atIsland(bob), "", withGas(10_000_000));
    }

    function test_sendMessage_stopsBeforeItsNonceWrapsAround() public {
        bytes32 slot = bytes32(uint256(slotOfLaneTo(ISLAND)) + 1);
        uint256 word = uint256(type(uint64).max) << 160 | uint160(address(island));
        vm.store(address(harbour), slot, bytes32(word));

        vm.expectRevert(stdError.arithmeticError);
        harbour.sendMessage(atIsland(bob), "", none);
    }

    function test_supportsAttribute_knowsThreeOnly() public view {
        assertTrue(harbour.supportsAttribute(bytes4(keccak256("gasLimit(uint256)"))));
        assertTrue(harbour.supportsAttribute(bytes4(keccak256("deadline(uint256)"))));
        assertTrue(harbour.supportsAttribute(bytes4(keccak256("bounce()"))));
        assertFalse(harbour.supportsAttribute(bytes4(keccak256("gasLimit(uint128)"))));
        assertFalse(harbour.supportsAttribute(0));
    }

    function test_sendMessage_onAForkJoinsAnotherLane() public {
        uint256 before = vm.snapshotState();
        bytes32 id = harbour.sendMessage(atIsland(bob), "hello", none);
        vm.revertToState(before);

        vm.chainId(99);
        bytes32 forkId = harbour.sendMessage(atIsland(bob), "hello", none);

        assertNotEq(id, forkId);
    }
}
