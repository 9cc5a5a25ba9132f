// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Markets} from "../marketplace/support/Markets.sol";
import {Attesters} from "../support/Attesters.sol";
import {DevnetTrie} from "../support/DevnetTrie.sol";

/// @notice What a purchase costs on its way: whole transactions with calldata, verification included, in the steady state
///         (a purchase went before, everybody has been credited once, the clients' rings have gone round), storage cold,
///         a committee of 3 of 4. An ERC-721 with a royalty and one payee, paid with an ERC-20.
/// forge-config: default.isolate = true
contract MarketplaceGasTest is Markets, Attesters {
    uint64 private constant HEIGHT = 300;

    Attester[] private attesters;
    mapping(ChainId source => CommitteeLightClient) private committees;

    function setUp() public override {
        super.setUp();
        Attester[] memory all = someAttesters(4, "harbour");
        for (uint256 i = 0; i < all.length; ++i) {
            attesters.push(all[i]);
        }
        trustCommittee(HARBOUR, ISLAND, all);
        trustCommittee(ISLAND, HARBOUR, all);
        buy(anOrder(aHeron(2, ISLAND, address(silver)), HARBOUR));
        deliverPending(ISLAND, HARBOUR, HEIGHT - 256);
        deliverPending(HARBOUR, ISLAND, HEIGHT - 256);
        buy(anOrder(aHeron(3, HARBOUR, address(silver)), HARBOUR));
    }

    function trustCommittee(ChainId source, ChainId destination, Attester[] memory all) private {
        on(destination);
        CommitteeLightClient client = new CommitteeLightClient(source, wordsOf(all));
        committees[source] = client;
        vm.prank(governance);
        places[destination].gateway.configureLane(source, address(places[source].gateway), client);
    }

    /// @dev Delivers the one message that is pending in a transaction that updates the client.
    function deliverPending(ChainId source, ChainId destination, uint64 at) private returns (uint256 gas) {
        catchMessages();
        assertEq(pending(source, destination), 1);
        IGateway.Delivery memory delivery = batchOf(source, destination, 1);
        delivery.height = Height.wrap(at);
        TrustedHeader memory header = aHeader(at);
        address gateway = address(places[source].gateway);
        bytes32 slot = slotOfLaneTo(destination);
        (header.stateRoot, delivery.proof) = DevnetTrie.prove(gateway, slot, vm.load(gateway, slot));
        on(destination);
        delivery.headerUpdate = anUpdate(committees[source], header, attesters, 0x7);
        gas = gasOf(relayer, address(places[destination].gateway), abi.encodeCall(IGateway.deliver, delivery));
        ++delivered[source][destination];
        assertFalse(lastFailed(source, destination));
    }

    function gasOf(address who, address to, bytes memory data) private returns (uint256 gas) {
        vm.startPrank(who);
        (bool succeeded,) = to.call(data);
        vm.stopPrank();
        gas = vm.lastCallGas().gasTotalUsed;
        assertTrue(succeeded);
    }

    function gasOfBuying(ChainId paymentChain) private returns (uint256) {
        ISettlement.Purchase memory order = anOrder(aHeron(4, paymentChain, address(silver)), HARBOUR);
        on(paymentChain);
        bytes memory data = abi.encodeCall(ISettlement.buy, (order));
        return gasOf(bob, address(settlementOf(paymentChain)), data);
    }

    function test_buy() public {
        vm.snapshotValue("marketplace", "buy", gasOfBuying(ISLAND));
    }

    function test_buy_on_one_chain() public {
        vm.snapshotValue("marketplace", "buy_on_one_chain", gasOfBuying(HARBOUR));
        assertEq(herons.ownerOf(4), bob);
    }

    function test_fulfil_b1() public {
        gasOfBuying(ISLAND);
        vm.snapshotValue("marketplace", "fulfil_b1", deliverPending(ISLAND, HARBOUR, HEIGHT));
        assertEq(herons.ownerOf(4), bob);
    }

    function test_settle_b1() public {
        gasOfBuying(ISLAND);
        deliverPending(ISLAND, HARBOUR, HEIGHT);
        vm.snapshotValue("marketplace", "settle_b1", deliverPending(HARBOUR, ISLAND, HEIGHT));
        assertEq(creditOf(ISLAND, HARBOUR, artist, address(silver)), 2 * (PRICE / 20));
    }

    function test_withdraw() public {
        on(ISLAND);
        bytes memory data = abi.encodeCall(ISettlement.withdraw, (address(silver), alice));
        vm.snapshotValue("marketplace", "withdraw", gasOf(alice, address(settlementOf(ISLAND)), data));
    }
}
