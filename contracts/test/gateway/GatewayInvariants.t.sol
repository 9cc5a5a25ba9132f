// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {OrderedRecipient} from "../support/Recipients.sol";
import {TwoChains} from "../support/TwoChains.sol";

/// @notice Senders and racing relayers, honest and not, in any order.
contract LaneHandler is TwoChains {
    OrderedRecipient public bob;
    IGateway.Delivery[] private prepared;

    constructor() {
        setUp();
        bob = new OrderedRecipient();
        on(ISLAND);
    }

    function sendSome(uint8 count) external {
        if (sent.length < 200) sendMany(address(bob), 1 + count % 5);
    }

    /// @dev A relayer makes up its mind now and submits later.
    function prepare(uint256 firstSeed, uint256 lastSeed) external {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        uint64 newest = uint64(sent.length);
        if (newest == 0) return;
        uint64 first = uint64(
            bound(
                firstSeed, delivered > 6 ? delivered - 6 : 1, delivered + 2 < newest ? delivered + 2 : newest
            )
        );
        uint64 last = uint64(bound(lastSeed, first, first + 12 < newest ? first + 12 : newest));
        prepared.push(deliveryOf(first, last));
    }

    function submit(uint256 seed) external {
        on(ISLAND);
        if (prepared.length == 0) return;
        try island.deliver(prepared[seed % prepared.length]) {} catch {}
    }

    /// @dev A relayer shifts nonces, drops, repeats or swaps messages, or cuts the tail.
    function forge(uint256 seed, uint8 kind) external {
        on(ISLAND);
        if (prepared.length == 0) return;
        IGateway.Delivery memory delivery = prepared[seed % prepared.length];
        uint256 count = delivery.messages.length;
        if (kind % 4 == 0) delivery.firstNonce += uint64(1 + seed % 3);
        if (kind % 4 == 1) delivery.messages[seed % count] = sent[seed % sent.length];
        if (kind % 4 == 2) delivery.tail = new bytes32[](0);
        if (kind % 4 == 3) delivery.messages[count - 1].payload = abi.encode(seed);
        try island.deliver(delivery) {} catch {}
    }

    function assertPrefix() external view {
        (, uint64 delivered,) = island.inbound(HARBOUR);
        assertLe(delivered, sent.length);
        assertDelivered(delivered);
        assertEq(bob.count(), delivered);
        for (uint64 nonce = 1; nonce <= delivered; ++nonce) {
            assertEq(bob.numbers(nonce - 1), nonce);
            assertEq(bob.timesReceived(idOf(nonce)), 1);
        }
    }
}

contract GatewayInvariants is TwoChains {
    LaneHandler private handler;

    function setUp() public override {
        handler = LaneHandler(deployCode("GatewayInvariants.t.sol:LaneHandler"));
        bytes4[] memory selectors = new bytes4[](4);
        selectors[0] = LaneHandler.sendSome.selector;
        selectors[1] = LaneHandler.prepare.selector;
        selectors[2] = LaneHandler.submit.selector;
        selectors[3] = LaneHandler.forge.selector;
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), selectors));
    }

    /// @dev Invariant 1 of the protocol.
    function invariant_deliveredIsAPrefixOfSent() public view {
        handler.assertPrefix();
    }
}
