// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "./Calldata.sol";
import {MerklePatricia} from "./MerklePatricia.sol";
import {Rlp} from "./Rlp.sol";
import {StorageProof} from "./StorageProof.sol";

/// @title Receipt proofs
/// @notice Proves what a contract logged in a transaction, under the receipts root of its block.
/// @dev A proof is 0x00 ‖ place of the log in its receipt, 2 bytes ‖ length of the key, 1 byte ‖ the key, which is the RLP
///      of the transaction's place in its block ‖ the nodes of the key's path in the receipts trie, concatenated, with
///      nothing behind. No storage proof begins with 0x00: a list's encoding begins with 0xc0 at least.
/// @dev Reads strictly what leads to the log; the logs beside it are covered by the hash and only stepped over.
///      Sources: Ethereum Yellow Paper, sections 4.3.1 and 4.4.1; EIP-658 (status), EIP-2718 (types).
library ReceiptProof {
    using Calldata for bytes;

    /// @notice The proof does not begin with 0x00, the place of a log and the canonical number of a transaction.
    error ReceiptProofMalformed();

    /// @notice The receipt is not exactly status, gas, bloom and logs of a known transaction type.
    error ReceiptMalformed();

    /// @notice The receipt is from before Byzantium: a state root stands where the status should.
    error ReceiptWithoutStatus();

    /// @notice The receipt is of a transaction that failed, which has no logs.
    error ReceiptFailed();

    /// @notice The receipt has fewer logs.
    error LogIndexOutOfRange(uint256 index, uint256 count);

    /// @notice Another contract emitted the log.
    error LogEmitterMismatch(address emitter, address expected);

    /// @notice The log is of another event (topic 0) or about something else (topic 1). A missing topic shows as zero.
    error LogTopicMismatch(uint256 index, bytes32 topic, bytes32 expected);

    /// @notice The log's data has not even one word.
    error LogDataTooShort(uint256 length);

    /// @dev What stands before the key: 0x00, the log's place, the key's length.
    uint256 private constant PREFIX = 4;

    /// @dev The greatest EIP-2718 type known: legacy has no type byte, 1 EIP-2930, 2 EIP-1559, 3 EIP-4844, 4 EIP-7702.
    uint256 private constant LAST_TYPE = 4;

    /// @notice Whether `proof` begins as receipt proofs do.
    function begins(bytes calldata proof) internal pure returns (bool) {
        return proof.length != 0 && bytes1(proof.word(0)) == 0;
    }

    /// @notice The first word of the data of the log proven, which `emitter` must have emitted with these two topics
    ///         first. Reverts unless the proof is valid and exact.
    function loggedWord(
        bytes32 receiptsRoot,
        address emitter,
        bytes32 topic0,
        bytes32 topic1,
        bytes calldata proof
    ) internal pure returns (bytes32 value) {
        (uint256 start, uint256 end, uint256 index) = _receipt(receiptsRoot, proof);
        start = _logs(proof, start, end);
        (start, end) = _log(proof, start, end, index);
        value = _word(proof, start, end, emitter, topic0, topic1);
    }

    /// @dev Finds the receipt, and which of its logs is meant.
    function _receipt(bytes32 receiptsRoot, bytes calldata proof)
        private
        pure
        returns (uint256 start, uint256 end, uint256 index)
    {
        unchecked {
            uint256 prefix = uint256(proof.word(0)) >> 224;
            uint256 length = uint8(prefix);
            uint256 nodes = PREFIX + length;
            index = uint16(prefix >> 8);
            require(
                prefix >> 24 == 0 && length != 0 && proof.length >= PREFIX && nodes <= proof.length,
                ReceiptProofMalformed()
            );
            (bool isList, uint256 number, uint256 next) = Rlp.item(proof, PREFIX, nodes);
            require(!isList && next == nodes && _isNumber(proof, number, next), ReceiptProofMalformed());

            bool found;
            (found, start, end, next) =
                MerklePatricia.get(receiptsRoot, proof.word(PREFIX), 2 * length, proof, nodes);
            require(next == proof.length, StorageProof.ProofTrailingBytes());
            require(found, MerklePatricia.TrieKeyAbsent());
        }
    }

    /// @dev Reads a receipt up to its logs, which are the last thing in it.
    /// @return start Where the first log begins; the last one ends where the receipt does.
    function _logs(bytes calldata proof, uint256 offset, uint256 end) private pure returns (uint256 start) {
        unchecked {
            uint256 kind = uint8(bytes1(proof.word(offset)));
            bool typed = kind < 0x80;
            if (typed) {
                require(kind != 0 && kind <= LAST_TYPE, ReceiptMalformed());
                ++offset;
            }
            uint256 next = offset;
            (offset, next) = _item(proof, offset, end, true);
            require(next == end, ReceiptMalformed());

            (offset, next) = _item(proof, offset, end, false);
            require(typed || next - offset != 32, ReceiptWithoutStatus());
            require(next != offset, ReceiptFailed());
            require(next - offset == 1 && bytes1(proof.word(offset)) == 0x01, ReceiptMalformed());
            (offset, next) = _item(proof, next, end, false);
            require(_isNumber(proof, offset, next), ReceiptMalformed());
            (offset, next) = _item(proof, next, end, false);
            require(next - offset == 256, ReceiptMalformed());
            (start, next) = _item(proof, next, end, true);
            require(next == end, ReceiptMalformed());
        }
    }

    /// @dev Steps over the logs before the one that is meant.
    function _log(bytes calldata proof, uint256 offset, uint256 logsEnd, uint256 index)
        private
        pure
        returns (uint256 start, uint256 end)
    {
        unchecked {
            uint256 count;
            while (offset < logsEnd) {
                (start, end) = _item(proof, offset, logsEnd, true);
                if (count == index) return (start, end);
                offset = end;
                ++count;
            }
            revert LogIndexOutOfRange(index, count);
        }
    }

    /// @dev Reads a log, all of it, and returns the first word of its data.
    function _word(
        bytes calldata proof,
        uint256 offset,
        uint256 end,
        address emitter,
        bytes32 topic0,
        bytes32 topic1
    ) private pure returns (bytes32) {
        unchecked {
            uint256 next;
            (offset, next) = _item(proof, offset, end, false);
            require(next - offset == 20, ReceiptMalformed());
            address actual = address(bytes20(proof.word(offset)));
            (uint256 topics, uint256 topicsEnd) = _item(proof, next, end, true);
            (offset, next) = _item(proof, topicsEnd, end, false);
            require(next == end, ReceiptMalformed());
            (uint256 count, bytes32 first, bytes32 second) = _topics(proof, topics, topicsEnd);

            require(actual == emitter, LogEmitterMismatch(actual, emitter));
            require(count > 0 && first == topic0, LogTopicMismatch(0, first, topic0));
            require(count > 1 && second == topic1, LogTopicMismatch(1, second, topic1));
            require(next - offset >= 32, LogDataTooShort(next - offset));
            return proof.word(offset);
        }
    }

    /// @dev Reads the topics of a log, all of them; a topic that is not there is zero.
    function _topics(bytes calldata proof, uint256 offset, uint256 end)
        private
        pure
        returns (uint256 count, bytes32 first, bytes32 second)
    {
        unchecked {
            for (; offset < end; ++count) {
                uint256 topic;
                (topic, offset) = _item(proof, offset, end, false);
                require(offset - topic == 32 && count < 4, ReceiptMalformed());
                if (count == 0) first = proof.word(topic);
                if (count == 1) second = proof.word(topic);
            }
        }
    }

    /// @dev Reads the header of an item that must be there, and a list or a string as said.
    function _item(bytes calldata proof, uint256 offset, uint256 end, bool list)
        private
        pure
        returns (uint256 payload, uint256 next)
    {
        require(offset < end, ReceiptMalformed());
        bool isList;
        (isList, payload, next) = Rlp.item(proof, offset, end);
        require(isList == list, ReceiptMalformed());
    }

    /// @dev A number has at most eight bytes here, the first of which is not zero.
    function _isNumber(bytes calldata proof, uint256 payload, uint256 next) private pure returns (bool) {
        unchecked {
            return next - payload <= 8 && (payload == next || bytes1(proof.word(payload)) != 0);
        }
    }
}
