// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {VmSafe} from "forge-std/Vm.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {Height, Message, Messages} from "../../src/types/Message.sol";
import {FakeLightClient} from "./FakeLightClient.sol";
import {TinyTrie} from "./TinyTrie.sol";
import {TwoChains} from "./TwoChains.sol";

/// @notice Two chains whose messages may cost something, have deadlines and go back; harbour can be shown what stands in
///         the storage of island's gateway as well.
abstract contract BothWays is TwoChains {
    /// @dev What island has sent back to harbour; the message of nonce n stands at n − 1.
    Message[] internal returned;

    /* SENDING */

    /// @dev Prices of which a message of 33 bytes costs an odd number of wei.
    function somePrices() internal pure returns (FeeSchedule memory) {
        return
            FeeSchedule({perMessage: 30_000, perGas: 2_000_000_000, perByte: 1_000_000_001, bounce: 50_000});
    }

    function setPrices(FeeSchedule memory schedule) internal {
        vm.startPrank(governance);
        harbour.setFeeBounds(ISLAND, schedule);
        harbour.setFees(ISLAND, schedule);
        vm.stopPrank();
    }

    function attributesOf(Message memory message) internal pure returns (bytes[] memory attributes) {
        bool bounces = message.flags == Messages.BOUNCE;
        attributes = new bytes[](1 + (message.deadline == 0 ? 0 : 1) + (bounces ? 1 : 0));
        attributes[0] = abi.encodeWithSignature("gasLimit(uint256)", message.gasLimit);
        if (message.deadline > 0) {
            attributes[1] = abi.encodeWithSignature("deadline(uint256)", message.deadline);
        }
        if (bounces) attributes[attributes.length - 1] = abi.encodeWithSignature("bounce()");
    }

    /// @dev Its sender sends a message from harbour for what that costs, and the test remembers.
    function post(Message memory message) internal returns (uint64 nonce) {
        on(HARBOUR);
        bool bounces = message.flags == Messages.BOUNCE;
        message.fee = uint128(harbour.quote(ISLAND, message.gasLimit, message.payload.length, bounces));
        vm.deal(message.sender, message.sender.balance + message.fee);
        vm.prank(message.sender);
        harbour.sendMessage{value: message.fee}(
            atIsland(message.recipient), message.payload, attributesOf(message)
        );
        sent.push(message);
        on(ISLAND);
        return uint64(sent.length);
    }

    function post(address sender, address recipient, uint64 deadline, uint8 flags)
        internal
        returns (uint64 nonce)
    {
        bytes memory payload = abi.encodePacked(sent.length + 1, uint8(7));
        return post(Message(sender, recipient, 0, 200_000, deadline, flags, payload));
    }

    /// @dev Unlike `block.timestamp`, which the compiler may read too early.
    function time() internal view returns (uint64) {
        return uint64(vm.getBlockTimestamp());
    }

    /* RETURNS */

    /// @dev What goes back of a message of harbour.
    function returnOf(uint64 nonce) internal view returns (Message memory) {
        Message memory message = sent[nonce - 1];
        bytes memory payload = bytes.concat(idOf(nonce), message.payload);
        return Message(
            message.recipient,
            message.sender,
            message.fee / 2,
            message.gasLimit,
            0,
            Messages.RETURNED,
            payload
        );
    }

    function laneHome() internal view returns (bytes32) {
        return Messages.laneId(ISLAND, address(island), HARBOUR, address(harbour));
    }

    function returnIdOf(uint64 nonce) internal view returns (bytes32) {
        Message memory message = returned[nonce - 1];
        return Messages.leaf(laneHome(), nonce, message, keccak256(message.payload));
    }

    /// @dev Remembers what island's gateway says that it has sent back since logs are recorded.
    function noteReturns() internal {
        VmSafe.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bool isReturn = logs[i].topics[0] == IGateway.MessageBounced.selector;
            if (!isReturn || logs[i].emitter != address(island)) continue;
            returned.push(returnOf(uint64(uint256(logs[i].topics[2]))));
            assertEq(bytes32(logs[i].data), returnIdOf(uint64(returned.length)));
        }
    }

    /// @dev Delivers at island, and remembers what goes back.
    function take(IGateway.Delivery memory delivery) internal {
        vm.recordLogs();
        deliver(delivery);
        noteReturns();
    }

    function sendBack(uint64 nonce) internal {
        vm.recordLogs();
        island.bounce(HARBOUR, nonce, sent[nonce - 1]);
        noteReturns();
    }

    /// @dev The returns `first … last`, proven by a new header of island, with all later ones as tail.
    function homewards(uint64 first, uint64 last) internal returns (IGateway.Delivery memory delivery) {
        delivery.sourceChain = ISLAND;
        delivery.firstNonce = first;
        delivery.messages = new Message[](last + 1 - first);
        for (uint64 i = 0; i < delivery.messages.length; ++i) {
            delivery.messages[i] = returned[first - 1 + i];
        }
        delivery.tail = new bytes32[](returned.length - last);
        for (uint64 i = 0; i < delivery.tail.length; ++i) {
            delivery.tail[i] = returnIdOf(last + 1 + i);
        }
        bytes32 slot = slotOfLaneTo(HARBOUR);
        (delivery.height, delivery.proof) = proofOf(islandOnHarbour, address(island), slot);
    }

    /// @dev A relayer brings the returns `first … last` home.
    function bringHome(uint64 first, uint64 last) internal {
        IGateway.Delivery memory delivery = homewards(first, last);
        on(HARBOUR);
        vm.prank(relayer);
        harbour.deliver(delivery);
        on(ISLAND);
    }

    function assertReturnOutcome(uint64 nonce, IGateway.Outcome expected) internal view {
        assertEq(uint256(harbour.outcome(returnIdOf(nonce))), uint256(expected));
    }

    /* PROOFS */

    /// @dev Makes a client trust a new header, in whose state this slot has the value that it has now.
    function proofOf(FakeLightClient client, address account, bytes32 slot)
        internal
        returns (Height at, bytes memory proof)
    {
        bytes32 root;
        (root, proof) = TinyTrie.prove(account, slot, vm.load(account, slot));
        at = Height.wrap(++height);
        client.trust(at, root);
    }

    /// @dev Where island's gateway notes what somebody has earned by delivering from harbour.
    function slotOfEarned(address who) internal pure returns (bytes32) {
        bytes32 ofSource = keccak256(abi.encode(HARBOUR, uint256(GATEWAY_STORAGE) + 2));
        return keccak256(abi.encode(who, ofSource));
    }

    /// @dev Claims at harbour what a relayer has earned at island until now.
    function claim(address who) internal {
        (Height at, bytes memory proof) = proofOf(islandOnHarbour, address(island), slotOfEarned(who));
        on(HARBOUR);
        harbour.claim(ISLAND, who, at, proof);
        on(ISLAND);
    }
}
