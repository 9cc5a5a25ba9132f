// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {VmSafe} from "forge-std/Vm.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {Height, Message, Messages} from "../../src/types/Message.sol";
import {BothWays} from "../support/BothWays.sol";
import {QuietRecipient} from "../support/Recipients.sol";
import {TinyReceipts} from "../support/TinyReceipts.sol";

/// @notice Makes valid deliveries of every shape.
abstract contract ValidDeliveries is BothWays {
    /// @dev How many messages had been delivered before; how many there are in all.
    uint64 internal before;
    uint64 internal total;

    /// @dev What was logged while the newest message was sent, if that is what proves the delivery.
    VmSafe.Log[] internal said;
    bool internal byReceipt;

    address private quiet;

    function setUp() public virtual override {
        super.setUp();
        quiet = address(new QuietRecipient());
        vm.warp(1_700_000_000);
        setPrices(somePrices());
        on(ISLAND);
    }

    /// @dev A delivery that goes through: some messages that were delivered before, some that were not, perhaps a tail,
    ///      by storage or by receipt, with or without an update of the light client.
    function aValidDelivery(uint256 seed) internal returns (IGateway.Delivery memory delivery) {
        before = uint64(seed % 3);
        uint64 last = before + 1 + uint64((seed >> 8) % 4);
        total = last + uint64((seed >> 16) % 3);
        byReceipt = (seed >> 24) % 2 == 1;
        for (uint64 nonce = 1; nonce <= total; ++nonce) {
            vm.recordLogs();
            postSome(uint256(keccak256(abi.encode(seed, nonce))));
        }
        VmSafe.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(harbour)) said.push(logs[i]);
        }

        if (before > 0) deliver(deliveryOf(1, before));
        delivery = deliveryOf(before + 1 - uint64((seed >> 32) % (before + 1)), last);
        if (byReceipt) proveByReceipt(delivery, said.length - 1);
        if ((seed >> 40) % 2 == 1) carryUpdate(delivery);
    }

    function postSome(uint256 seed) private {
        bytes memory payload = new bytes(seed % 100);
        for (uint256 i = 0; i < payload.length; ++i) {
            payload[i] = bytes1(uint8(seed >> (8 * (i % 32))));
        }
        uint64 deadline = (seed >> 16) % 2 == 0 ? 0 : time() + 1 + uint64((seed >> 24) % 1000);
        uint32 gasLimit = (seed >> 40) % 2 == 0 ? 100_000 : 3_000_000;
        uint8 flags = (seed >> 48) % 2 == 0 ? 0 : Messages.BOUNCE;
        post(Message(alice, quiet, 0, gasLimit, deadline, flags, payload));
    }

    /// @dev Gives the delivery a new header, with log `index` of a receipt of its block.
    function proveByReceipt(IGateway.Delivery memory delivery, uint256 index) internal {
        bytes32 root;
        (root, delivery.proof) = TinyReceipts.prove(TinyReceipts.receipt(said), index, 3);
        delivery.height = Height.wrap(++height);
        harbourOnIsland.trustReceipts(delivery.height, root);
    }

    /// @dev Lets the delivery itself bring the header that it needs.
    function carryUpdate(IGateway.Delivery memory delivery) private {
        (bytes32 root,,) = harbourOnIsland.header(delivery.height);
        harbourOnIsland.forget(delivery.height);
        delivery.headerUpdate = abi.encode(delivery.height, root);
    }

    /// @dev Where a delivery leads, plainly: from what was delivered over its new messages and its tail.
    function reachedBy(IGateway.Delivery memory delivery) internal view returns (bytes32 accumulator) {
        accumulator = accumulatorAfter(before);
        for (uint64 i = before + 1 - delivery.firstNonce; i < delivery.messages.length; ++i) {
            Message memory message = delivery.messages[i];
            bytes32 leaf = Messages.leaf(lane(), delivery.firstNonce + i, message, keccak256(message.payload));
            accumulator = Messages.fold(accumulator, leaf);
        }
        for (uint256 i = 0; i < delivery.tail.length; ++i) {
            accumulator = Messages.fold(accumulator, delivery.tail[i]);
        }
    }
}
