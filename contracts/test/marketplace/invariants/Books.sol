// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Vm} from "forge-std/Vm.sol";

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {IMarketplace} from "../../../src/interfaces/IMarketplace.sol";
import {ISettlement} from "../../../src/interfaces/ISettlement.sol";
import {ItemType, ShareKind} from "../../../src/types/Listings.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {Assets} from "../../assets/support/Assets.sol";
import {Flights} from "../../assets/support/Flights.sol";
import {Markets} from "../support/Markets.sol";

/// @notice What the contracts of three markets have said about every purchase, written down from their events alone.
abstract contract Books is Markets, Flights {
    struct Entry {
        ChainId paymentChain;
        ChainId itemChain;
        ChainId deliveryChain;
        bytes32 listing;
        address buyer;
        address recipient;
        address token;
        uint128 paid;
        uint128 units;
        /// @dev How often each was said.
        uint8 fulfilled;
        uint8 refused;
        uint8 settled;
        uint8 refunded;
        /// @dev The buyer did not take the money back, and was credited it.
        bool kept;
        uint256 credited;
        /// @dev What was handed over.
        ItemType itemType;
        address collection;
        uint256 identifier;
        address box;
    }

    /// @notice Whom a settlement owes what it has credited.
    struct Creditor {
        ChainId paymentChain;
        ChainId homeChain;
        address account;
        address token;
        uint256 credit;
    }

    struct Failure {
        ChainId source;
        ChainId destination;
        uint64 nonce;
    }

    bytes32[] internal purchases;
    mapping(bytes32 purchaseId => Entry) internal entries;
    Creditor[] internal creditors;
    mapping(bytes32 key => uint256) private creditorNumbers;
    Failure[] internal failures;

    /// @dev By chain, and token: what purchases that are open hold.
    mapping(ChainId => mapping(address token => uint256)) internal escrowed;
    mapping(bytes32 listing => uint256) internal unitsSold;

    /// @dev What somebody should have of a token, as far as it moves through the market.
    mapping(address token => mapping(address account => uint256)) internal pockets;

    /// @dev Who has bought a heron last.
    mapping(uint256 id => bytes32 purchaseId) internal lastSaleOf;

    /// @dev On which chain something stands that speaks.
    mapping(address => ChainId) internal standsOn;

    function setUp() public virtual override(Assets, Markets) {
        super.setUp();
        for (uint256 i = 0; i < 3; ++i) {
            ChainId chain = chains[i];
            standsOn[address(places[chain].gateway)] = chain;
            standsOn[address(marketplaceOf(chain))] = chain;
            standsOn[address(settlementOf(chain))] = chain;
        }
    }

    /* WRITING */

    /// @dev What a call has said that reverted then is among the logs too. So nothing is believed that was said while a
    ///      message failed, except about a purchase that was opened meanwhile; messages are delivered one by one for that.
    function notice(Vm.Log[] memory logs) internal override {
        bytes32 opened = 0;
        bool failed = false;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (ChainId.unwrap(standsOn[logs[i].emitter]) == 0) continue;
            if (logs[i].topics[0] == ISettlement.PurchaseOpened.selector) opened = logs[i].topics[1];
            if (logs[i].topics[0] != IGateway.MessageFailed.selector) continue;
            noteFailed(logs[i]);
            failed = true;
        }
        for (uint256 i = 0; i < logs.length; ++i) {
            ChainId here = standsOn[logs[i].emitter];
            if (ChainId.unwrap(here) == 0) continue;
            if (!failed || (opened != 0 && isAbout(logs[i], opened))) note(here, logs[i]);
        }
    }

    function isAbout(Vm.Log memory log, bytes32 purchaseId) private pure returns (bool) {
        for (uint256 i = 1; i < log.topics.length; ++i) {
            if (log.topics[i] == purchaseId) return true;
        }
        return false;
    }

    function note(ChainId here, Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        if (topic == ISettlement.PurchaseOpened.selector) {
            noteOpened(here, log);
        } else if (topic == IMarketplace.ListingFulfilled.selector) {
            noteFulfilled(here, log);
        } else if (topic == ISettlement.PurchaseRefused.selector) {
            ++entries[log.topics[1]].refused;
        } else if (topic == ISettlement.PurchaseSettled.selector) {
            ++entries[log.topics[1]].settled;
            close(entries[log.topics[1]]);
        } else if (topic == ISettlement.PurchaseRefunded.selector) {
            noteRefunded(entries[log.topics[1]], log.data);
        } else if (topic == ISettlement.Credited.selector) {
            noteCredited(here, log);
        } else if (topic == ISettlement.Withdrawn.selector) {
            noteWithdrawn(here, log);
        }
    }

    function noteFailed(Vm.Log memory log) private {
        failures.push(
            Failure(chainFrom(log.topics[1]), standsOn[log.emitter], uint64(uint256(log.topics[2])))
        );
    }

    function noteOpened(ChainId here, Vm.Log memory log) private {
        Entry storage entry = entries[log.topics[1]];
        assertEq(entry.paid, 0, "opened twice");
        purchases.push(log.topics[1]);
        (entry.buyer, entry.listing, entry.paymentChain) = (addressFrom(log.topics[2]), log.topics[3], here);
        (entry.itemChain, entry.token, entry.paid, entry.units, entry.recipient, entry.deliveryChain,,) =
            abi.decode(log.data, (ChainId, address, uint128, uint128, address, ChainId, uint64, bytes32));
        escrowed[here][entry.token] += entry.paid;
        pockets[entry.token][entry.buyer] -= entry.paid;
    }

    function noteFulfilled(ChainId here, Vm.Log memory log) private {
        Entry storage entry = entries[log.topics[2]];
        assertTrue(entry.itemChain == here && entry.listing == log.topics[1], "fulfilled what was not asked");
        ++entry.fulfilled;
        unitsSold[log.topics[1]] += entry.units;
        uint128 units;
        address recipient;
        (entry.itemType, entry.collection, entry.identifier, units, recipient,, entry.box) =
            abi.decode(log.data, (ItemType, address, uint256, uint128, address, ChainId, address));
        assertEq(units, entry.units);
        assertEq(recipient, entry.recipient);
        if (entry.collection == address(heronsAt(here))) lastSaleOf[entry.identifier] = log.topics[2];
    }

    function noteCredited(ChainId here, Vm.Log memory log) private {
        (ChainId home, uint128 amount,) = abi.decode(log.data, (ChainId, uint128, ShareKind));
        entries[log.topics[1]].credited += amount;
        creditorOf(here, home, addressFrom(log.topics[2]), addressFrom(log.topics[3])).credit += amount;
    }

    function noteRefunded(Entry storage entry, bytes memory data) private {
        ++entry.refunded;
        (, entry.kept) = abi.decode(data, (bytes4, bool));
        if (!entry.kept) pockets[entry.token][entry.buyer] += entry.paid;
        close(entry);
    }

    function noteWithdrawn(ChainId here, Vm.Log memory log) private {
        (address to, uint256 amount) = abi.decode(log.data, (address, uint256));
        (address account, address token) = (addressFrom(log.topics[1]), addressFrom(log.topics[2]));
        creditorOf(here, chainFrom(log.topics[3]), account, token).credit -= amount;
        pockets[token][to] += amount;
    }

    function close(Entry storage entry) private {
        escrowed[entry.paymentChain][entry.token] -= entry.paid;
    }

    function creditorOf(ChainId paymentChain, ChainId homeChain, address account, address token)
        private
        returns (Creditor storage)
    {
        bytes32 key = keccak256(abi.encode(paymentChain, homeChain, account, token));
        if (creditorNumbers[key] == 0) {
            creditors.push(Creditor(paymentChain, homeChain, account, token, 0));
            creditorNumbers[key] = creditors.length;
        }
        return creditors[creditorNumbers[key] - 1];
    }

    function addressFrom(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }

    function chainFrom(bytes32 topic) private pure returns (ChainId) {
        return ChainId.wrap(uint64(uint256(topic)));
    }
}
