// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {ReceiptProof} from "../../src/proofs/ReceiptProof.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";
import {ChainId, Height, Message} from "../../src/types/Message.sol";
import {FakeLightClient} from "../support/FakeLightClient.sol";
import {TinyTrie} from "../support/TinyTrie.sol";
import {ValidDeliveries} from "./ValidDeliveries.sol";

/// @notice Takes a valid delivery, breaks it in one named way, and expects exactly the error that names it.
contract DeliveryFailuresTest is ValidDeliveries {
    enum Failure {
        // the delivery
        SourceUnknown,
        SourceOther,
        Empty,
        NonceZero,
        Skipped,
        NonceShifted,
        // its messages
        SenderChanged,
        RecipientChanged,
        FeeChanged,
        GasLimitChanged,
        DeadlineChanged,
        FlagsChanged,
        PayloadByteChanged,
        PayloadExtended,
        PayloadCut,
        MessagesReordered,
        MessageDropped,
        MessageRepeated,
        MessageInvented,
        TailCut,
        TailExtended,
        TailChanged,
        // its proof
        ProofByteChanged,
        ProofExtended,
        ProofCut,
        ProofEmpty,
        ProofOfAnotherHeader,
        ProofOfAnEarlierState,
        ProofOfAnotherSlot,
        ProofOfAnotherAccount,
        ProofOfNothing,
        LogOfAnotherContract,
        LogOfAnotherEvent,
        LogToAnotherDestination,
        LogBeyondTheLast,
        // where it arrives
        HeaderUnknown,
        ClientFrozen,
        UpdateFreezes,
        LanePaused,
        GasTooLittle
    }

    /// @dev So many deliveries are tried for each failure, until one can be broken so.
    uint256 private constant TRIES = 20;

    ChainId private constant LAGOON = ChainId.wrap(31339);

    function testFuzz_deliver_namesWhatIsWrong(uint8 failure, uint256 seed) public {
        attempt(Failure(failure % (uint256(type(Failure).max) + 1)), seed);
    }

    function test_deliver_namesEveryFailureAtLeastOnce() public {
        for (uint256 i = 0; i <= uint256(type(Failure).max); ++i) {
            bool applied;
            for (uint256 j = 0; j < TRIES && !applied; ++j) {
                uint256 state = vm.snapshotState();
                applied = this.attempt(Failure(i), uint256(keccak256(abi.encode(i, j))));
                vm.revertToState(state);
            }
            assertTrue(applied, string.concat("failure ", vm.toString(i), " was never applied"));
        }
    }

    /// @dev Breaks the delivery of this seed, if it can be broken so, and expects the failure's error and no effect.
    function attempt(Failure failure, uint256 seed) public returns (bool applied) {
        IGateway.Delivery memory delivery = aValidDelivery(seed);
        assertGoesThrough(delivery);
        bytes memory reason;
        (applied, reason) = breakIt(failure, delivery, seed >> 64);
        if (!applied) return false;

        uint256 gas = failure == Failure.GasTooLittle ? 2_000_000 : 30_000_000;
        (bool succeeded, bytes memory answer) =
            address(island).call{gas: gas}(abi.encodeCall(island.deliver, delivery));

        assertEq(succeeded, failure == Failure.UpdateFreezes);
        if (reason.length == 4) assertEq(bytes4(answer), bytes4(reason));
        else assertEq(answer, reason);
        assertDelivered(before);
    }

    function assertGoesThrough(IGateway.Delivery memory delivery) private {
        uint256 state = vm.snapshotState();
        island.deliver(delivery);
        assertDelivered(delivery.firstNonce + uint64(delivery.messages.length) - 1);
        vm.revertToState(state);
    }

    /// @return Whether the failure applies to this delivery.
    /// @return The error, or its selector.
    function breakIt(Failure failure, IGateway.Delivery memory delivery, uint256 seed)
        private
        returns (bool, bytes memory)
    {
        if (failure < Failure.SenderChanged) return breakDelivery(failure, delivery);
        bytes32 proven = accumulatorAfter(total);
        if (failure < Failure.TailCut) {
            if (!breakMessages(failure, delivery, seed)) return (false, "");
        } else if (failure < Failure.ProofByteChanged) {
            if (!breakTail(failure, delivery, seed)) return (false, "");
        } else if (failure < Failure.HeaderUnknown) {
            return breakProof(failure, delivery);
        } else {
            return breakArrival(failure, delivery);
        }
        return (true, mismatch(reachedBy(delivery), proven));
    }

    function mismatch(bytes32 reached, bytes32 proven) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGateway.AccumulatorMismatch.selector, reached, proven);
    }

    function breakDelivery(Failure failure, IGateway.Delivery memory delivery)
        private
        returns (bool, bytes memory)
    {
        if (failure == Failure.SourceUnknown) {
            delivery.sourceChain = ChainId.wrap(5);
            return (true, abi.encodeWithSelector(IGateway.LaneUnknown.selector, 5));
        }
        if (failure == Failure.SourceOther) {
            if (delivery.firstNonce != 1 || delivery.headerUpdate.length > 0 || byReceipt) {
                return (false, "");
            }
            FakeLightClient lagoon = new FakeLightClient(LAGOON);
            (bytes32 root,,) = harbourOnIsland.header(delivery.height);
            lagoon.trust(delivery.height, root);
            vm.prank(governance);
            island.configureLane(LAGOON, address(harbour), lagoon);
            delivery.sourceChain = LAGOON;
            return (true, abi.encodePacked(IGateway.AccumulatorMismatch.selector));
        }
        if (failure == Failure.Empty) delivery.messages = new Message[](0);
        if (failure == Failure.NonceZero) delivery.firstNonce = 0;
        if (failure < Failure.Skipped) return (true, abi.encodePacked(IGateway.DeliveryEmpty.selector));
        if (failure == Failure.Skipped) {
            delivery.firstNonce = before + 2;
            return (true, abi.encodeWithSelector(IGateway.MessagesSkipped.selector, before + 2, before + 1));
        }
        if (delivery.firstNonce == before + 1) return (false, "");
        delivery.firstNonce = before + 1;
        return (true, mismatch(reachedBy(delivery), accumulatorAfter(total)));
    }

    function breakMessages(Failure failure, IGateway.Delivery memory delivery, uint256 seed)
        private
        view
        returns (bool)
    {
        Message[] memory messages = delivery.messages;
        // those that were delivered before are never read
        uint256 fresh = delivery.firstNonce + messages.length - (before + 1);
        uint256 place = messages.length - 1 - seed % fresh;
        if (failure < Failure.MessagesReordered) return breakMessage(failure, messages[place], seed >> 8);
        if (failure == Failure.MessageInvented) {
            delivery.messages = resized(messages, messages.length + 1);
            delivery.messages[messages.length] = messages[place];
            return true;
        }
        if (fresh < 2) return false;
        if (place == messages.length - 1) --place;
        bool same = keccak256(abi.encode(messages[place])) == keccak256(abi.encode(messages[place + 1]));
        if (same) return false;
        if (failure == Failure.MessagesReordered) {
            (messages[place], messages[place + 1]) = (messages[place + 1], messages[place]);
        } else if (failure == Failure.MessageRepeated) {
            messages[place + 1] = messages[place];
        } else {
            for (uint256 i = place; i + 1 < messages.length; ++i) {
                messages[i] = messages[i + 1];
            }
            delivery.messages = resized(messages, messages.length - 1);
        }
        return true;
    }

    function breakMessage(Failure failure, Message memory message, uint256 seed) private pure returns (bool) {
        bytes memory payload = message.payload;
        if (failure == Failure.SenderChanged) {
            message.sender = address(uint160(message.sender) ^ uint160(1 << (seed % 160)));
        } else if (failure == Failure.RecipientChanged) {
            message.recipient = address(uint160(message.recipient) ^ uint160(1 << (seed % 160)));
        } else if (failure == Failure.FeeChanged) {
            message.fee ^= uint128(1 << (seed % 128));
        } else if (failure == Failure.GasLimitChanged) {
            message.gasLimit ^= uint32(1 << (seed % 32));
        } else if (failure == Failure.DeadlineChanged) {
            message.deadline ^= uint64(1 << (seed % 64));
        } else if (failure == Failure.FlagsChanged) {
            message.flags ^= uint8(1 << (seed % 8));
        } else if (failure == Failure.PayloadExtended) {
            message.payload = abi.encodePacked(payload, uint8(0));
        } else {
            if (payload.length == 0) return false;
            if (failure == Failure.PayloadByteChanged) payload[seed % payload.length] ^= 0x20;
            else message.payload = cut(payload);
        }
        return true;
    }

    function breakTail(Failure failure, IGateway.Delivery memory delivery, uint256 seed)
        private
        pure
        returns (bool)
    {
        bytes32[] memory tail = delivery.tail;
        if (failure == Failure.TailExtended) {
            delivery.tail = new bytes32[](tail.length + 1);
            for (uint256 i = 0; i < tail.length; ++i) {
                delivery.tail[i] = tail[i];
            }
            return true;
        }
        if (tail.length == 0) return false;
        if (failure == Failure.TailChanged) {
            tail[seed % tail.length] ^= bytes32(uint256(1) << ((seed >> 8) % 256));
            return true;
        }
        delivery.tail = new bytes32[](tail.length - 1);
        for (uint256 i = 1; i < tail.length; ++i) {
            delivery.tail[i - 1] = tail[i];
        }
        return true;
    }

    function breakProof(Failure failure, IGateway.Delivery memory delivery)
        private
        returns (bool, bytes memory)
    {
        bytes memory proof = delivery.proof;
        if (failure == Failure.ProofByteChanged) {
            proof[proof.length - 1] ^= 0x01;
            return (true, abi.encodePacked(MerklePatricia.TrieNodeHashMismatch.selector));
        }
        if (failure == Failure.ProofExtended) {
            delivery.proof = abi.encodePacked(proof, uint8(0));
            return (true, abi.encodePacked(StorageProof.ProofTrailingBytes.selector));
        }
        if (failure == Failure.ProofEmpty) {
            delivery.proof = "";
            return (true, abi.encodePacked(Rlp.RlpTruncated.selector));
        }
        if (failure == Failure.ProofCut) {
            delivery.proof = cut(proof);
            return (true, abi.encodePacked(Rlp.RlpTruncated.selector));
        }
        if (failure == Failure.ProofOfAnotherHeader) {
            IGateway.Delivery memory other = deliveryOf(before + 1, before + 1);
            (delivery.height, delivery.headerUpdate) = (other.height, "");
            harbourOnIsland.trustReceipts(other.height, keccak256("the receipts of that block"));
            return (true, abi.encodePacked(MerklePatricia.TrieNodeHashMismatch.selector));
        }
        if (failure >= Failure.LogOfAnotherContract) return breakReceipt(failure, delivery);
        if (byReceipt) return (false, "");
        return breakStorageProof(failure, delivery);
    }

    function breakStorageProof(Failure failure, IGateway.Delivery memory delivery)
        private
        returns (bool, bytes memory)
    {
        delivery.headerUpdate = "";
        address account = address(harbour);
        bytes32 slot = slotOfLaneTo(ISLAND);
        bytes32 value = accumulatorAfter(total);
        bytes memory reason = abi.encodePacked(StorageProof.SlotAbsent.selector);
        if (failure == Failure.ProofOfAnEarlierState) {
            value = accumulatorAfter(total - 1);
            reason = mismatch(reachedBy(delivery), value);
        } else if (failure == Failure.ProofOfAnotherSlot) {
            slot = slotOfLaneTo(LAGOON);
        } else if (failure == Failure.ProofOfNothing) {
            value = 0;
        } else {
            account = address(0xbad);
            reason = abi.encodePacked(MerklePatricia.TrieKeyAbsent.selector);
        }
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(account, slot, value);
        harbourOnIsland.trust(delivery.height, root);
        return (true, reason);
    }

    function breakReceipt(Failure failure, IGateway.Delivery memory delivery)
        private
        returns (bool, bytes memory reason)
    {
        if (!byReceipt) return (false, "");
        delivery.headerUpdate = "";
        uint256 index = said.length - 1;
        if (failure == Failure.LogOfAnotherContract) {
            said[index].emitter = address(0xbad);
            reason = abi.encodeWithSelector(ReceiptProof.LogEmitterMismatch.selector, 0xbad, harbour);
        } else if (failure == Failure.LogOfAnotherEvent) {
            bytes32 expected = said[index].topics[0];
            reason = abi.encodeWithSelector(
                ReceiptProof.LogTopicMismatch.selector, 0, said[--index].topics[0], expected
            );
        } else if (failure == Failure.LogToAnotherDestination) {
            said[index].topics[1] = bytes32(uint256(31339));
            reason = abi.encodeWithSelector(ReceiptProof.LogTopicMismatch.selector, 1, 31339, 31338);
        } else {
            ++index;
            reason = abi.encodeWithSelector(ReceiptProof.LogIndexOutOfRange.selector, index, said.length);
        }
        proveByReceipt(delivery, index);
        return (true, reason);
    }

    function breakArrival(Failure failure, IGateway.Delivery memory delivery)
        private
        returns (bool, bytes memory)
    {
        if (failure == Failure.HeaderUnknown) {
            (delivery.height, delivery.headerUpdate) = (Height.wrap(7777), "");
            return (true, abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 7777));
        }
        if (failure == Failure.ClientFrozen) {
            delivery.headerUpdate = "";
            harbourOnIsland.freeze();
            return (true, abi.encodePacked(ILightClient.ClientFrozen.selector));
        }
        if (failure == Failure.UpdateFreezes) {
            if (delivery.headerUpdate.length > 0) return (false, "");
            delivery.headerUpdate = abi.encode(delivery.height, keccak256("another root of this height"));
            return (true, "");
        }
        if (failure == Failure.LanePaused) {
            vm.prank(governance);
            island.pauseLane(HARBOUR);
            return (true, abi.encodeWithSelector(IGateway.LaneIsPaused.selector, HARBOUR));
        }
        bool demanding;
        for (uint256 i = before + 1 - delivery.firstNonce; i < delivery.messages.length; ++i) {
            if (delivery.messages[i].gasLimit > 2_000_000) demanding = true;
        }
        return (demanding, abi.encodePacked(IGateway.GasInsufficient.selector));
    }

    function resized(Message[] memory messages, uint256 length) private pure returns (Message[] memory copy) {
        copy = new Message[](length);
        for (uint256 i = 0; i < length && i < messages.length; ++i) {
            copy[i] = messages[i];
        }
    }

    function cut(bytes memory data) private pure returns (bytes memory shorter) {
        shorter = new bytes(data.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = data[i];
        }
    }
}
