// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../../src/interfaces/ILightClient.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {ChainId, Height} from "../../../src/types/Message.sol";
import {FakeLightClient} from "../../support/FakeLightClient.sol";
import {TinyTrie} from "../../support/TinyTrie.sol";
import {MarketWorld} from "./MarketWorld.sol";

/// @notice What relayers and governance do for the messages of three markets: deliver where a lane is open, retry, send
///         back, and mend what is broken.
abstract contract MarketRelaying is MarketWorld {
    uint64 private elsewhere = 1_000_000;

    function aLane(uint256 from, uint256 to) internal view returns (ChainId, ChainId) {
        (from, to) = (from % 3, to % 2);
        return (chains[from], chains[(from + 1 + to) % 3]);
    }

    /// @dev Neither paused nor behind a light client that has frozen.
    function isOpen(ChainId source, ChainId destination) internal view returns (bool) {
        return !clients[source][destination].frozen() && !places[destination].gateway.paused(source);
    }

    function deliverOneByOne(ChainId source, ChainId destination, uint64 count) internal {
        for (uint64 i = 0; i < count; ++i) {
            deliver(source, destination, 1);
        }
    }

    function deliverEverythingOpen() internal {
        catchMessages();
        bool busy = true;
        while (busy) {
            busy = false;
            for (uint256 i = 0; i < 9; ++i) {
                (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
                if (pending(source, destination) == 0 || !isOpen(source, destination)) continue;
                deliverOneByOne(source, destination, pending(source, destination));
                busy = true;
            }
        }
    }

    /// @dev What somebody else than the relayer can deliver.
    function provenBatch(ChainId source, ChainId destination, uint64 count)
        internal
        returns (IGateway.Delivery memory delivery)
    {
        delivery = batchOf(source, destination, count);
        address gateway = address(places[source].gateway);
        bytes32 slot = slotOfLaneTo(destination);
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(gateway, slot, vm.load(gateway, slot));
        delivery.height = Height.wrap(++elsewhere);
        clients[source][destination].trust(delivery.height, root);
    }

    /// @dev Takes note of what others have delivered, and says how much that is.
    function keepUp() internal returns (uint256 count) {
        for (uint256 i = 0; i < 9; ++i) {
            if (i / 3 == i % 3) continue;
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            on(destination);
            (, uint64 arrived,) = places[destination].gateway.inbound(source);
            count += arrived - delivered[source][destination];
            delivered[source][destination] = arrived;
        }
    }

    function retryFailure(Failure memory failure) internal returns (bool done) {
        (ChainId source, ChainId destination) = (failure.source, failure.destination);
        if (outcomeOf(source, destination, failure.nonce) != IGateway.Outcome.Failed) return false;
        on(destination);
        IGateway gateway = places[destination].gateway;
        try gateway.retry{gas: 9_000_000}(
            source, failure.nonce, sent[source][destination][failure.nonce - 1]
        ) {
            done = true;
        } catch {
            forgetLogs();
        }
        catchMessages();
    }

    function bounceFailure(Failure memory failure) internal returns (bool done) {
        (ChainId source, ChainId destination) = (failure.source, failure.destination);
        if (outcomeOf(source, destination, failure.nonce) != IGateway.Outcome.Failed) return false;
        on(destination);
        IGateway gateway = places[destination].gateway;
        try gateway.bounce(source, failure.nonce, sent[source][destination][failure.nonce - 1]) {
            done = true;
        } catch {
            forgetLogs();
        }
        catchMessages();
    }

    function replaceClient(ChainId source, ChainId destination) internal {
        FakeLightClient client = new FakeLightClient(source);
        clients[source][destination] = client;
        on(destination);
        vm.prank(governance);
        places[destination].gateway
            .configureLane(source, address(places[source].gateway), ILightClient(client));
    }

    /* MENDING */

    /// @notice Lets every lane go on that is only paused, pays for what has to be sent, and then delivers, retries and
    ///         sends back all that can be.
    function finishWhatCanBe() public {
        for (uint256 i = 0; i < 9; ++i) {
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            on(destination);
            if (i / 3 == i % 3) {
                vm.deal(address(this), 1 ether);
                settlementOf(source).fund{value: 1 ether}();
            } else if (places[destination].gateway.paused(source)) {
                vm.prank(governance);
                places[destination].gateway.resumeLane(source);
            }
        }
        for (uint256 round = 0; round < 3; ++round) {
            deliverEverythingOpen();
            for (uint256 i = 0; i < failures.length; ++i) {
                retryFailure(failures[i]);
            }
            vm.warp(vm.getBlockTimestamp() + 2 days);
            deliverEverythingOpen();
            for (uint256 i = 0; i < failures.length; ++i) {
                bounceFailure(failures[i]);
            }
        }
        deliverEverythingOpen();
    }

    /// @notice Gives every lane a light client that works.
    function replaceFrozenClients() public {
        for (uint256 i = 0; i < 9; ++i) {
            (ChainId source, ChainId destination) = (chains[i / 3], chains[i % 3]);
            if (i / 3 != i % 3 && clients[source][destination].frozen()) replaceClient(source, destination);
        }
    }

    /* VIEWS */

    /// @notice How many purchases have neither been settled nor refunded.
    /// @param behindFrozen Whether to count those too whose messages wait behind a frozen light client.
    function openPurchases(bool behindFrozen) external view returns (uint256 count) {
        for (uint256 i = 0; i < purchases.length; ++i) {
            Entry storage entry = entries[purchases[i]];
            if (statusOf(entry.paymentChain, purchases[i]) != ISettlement.Status.Open) continue;
            bool frozen = clients[entry.paymentChain][entry.itemChain].frozen()
                || clients[entry.itemChain][entry.paymentChain].frozen();
            if (behindFrozen || !frozen) ++count;
        }
    }
}
