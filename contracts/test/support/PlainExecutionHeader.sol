// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ExecutionHeader} from "../../src/proofs/ExecutionHeader.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";

/// @notice ExecutionHeader once more, in memory and with every check of the compiler, as plainly as it can be written.
library PlainExecutionHeader {
    function read(bytes memory data, uint256 offset)
        internal
        pure
        returns (ExecutionHeader.Fields memory fields)
    {
        bool isList;
        (isList, fields.start, fields.end) = item(data, offset, data.length);
        if (!isList) revert Rlp.RlpUnexpectedKind();
        if (fields.end - fields.start <= 445) revert ExecutionHeader.HeaderMalformed();
        uint256 next = fields.start;
        (fields.parentHash, next) = fixedWidth(data, next, hex"a0", 32);
        (, next) = fixedWidth(data, next, hex"a0", 32);
        bytes32 word;
        (word, next) = fixedWidth(data, next, hex"94", 20);
        fields.beneficiary = address(bytes20(word));
        (fields.stateRoot, next) = fixedWidth(data, next, hex"a0", 32);
        (, next) = fixedWidth(data, next, hex"a0", 32);
        (fields.receiptsRoot, next) = fixedWidth(data, next, hex"a0", 32);
        (, next) = fixedWidth(data, next, hex"b90100", 256);
        uint256[5] memory numbers;
        for (uint256 i = 0; i < 5; ++i) {
            (numbers[i], next) = number(data, next, fields.end, i == 0 ? 32 : 8);
        }
        (fields.difficulty, fields.number) = (numbers[0], uint64(numbers[1]));
        fields.timestamp = uint64(numbers[4]);
        fields.extraItem = next;
        (isList, fields.extra, fields.extraEnd) = item(data, next, fields.end);
        if (isList) revert ExecutionHeader.HeaderMalformed();
        if (fields.extraEnd + 42 > fields.end) revert ExecutionHeader.HeaderMalformed();
        (fields.mixHash, next) = fixedWidth(data, fields.extraEnd, hex"a0", 32);
        (word,) = fixedWidth(data, next, hex"88", 8);
        fields.nonce = bytes8(word);
    }

    function item(bytes memory data, uint256 at, uint256 limit)
        internal
        pure
        returns (bool isList, uint256 payload, uint256 next)
    {
        if (at >= limit) revert Rlp.RlpTruncated();
        uint256 prefix = uint8(data[at]);
        if (prefix < 0x80) return (false, at, at + 1);
        isList = prefix >= 0xc0;
        uint256 length = prefix - (isList ? 0xc0 : 0x80);
        payload = at + 1;
        if (length > 55) {
            uint256 width = length - 55;
            if (payload + width > limit) revert Rlp.RlpTruncated();
            length = big(data, payload, width);
            if (length <= 55 || data[payload] == 0) revert Rlp.RlpNonCanonical();
            payload += width;
        }
        next = payload + length;
        if (next > limit) revert Rlp.RlpTruncated();
        if (prefix == 0x81 && uint8(data[payload]) < 0x80) revert Rlp.RlpNonCanonical();
    }

    function number(bytes memory data, uint256 at, uint256 limit, uint256 width)
        private
        pure
        returns (uint256, uint256)
    {
        (bool isList, uint256 payload, uint256 next) = item(data, at, limit);
        if (isList || next - payload > width) revert ExecutionHeader.HeaderMalformed();
        if (next != payload && data[payload] == 0) revert ExecutionHeader.HeaderMalformed();
        return (big(data, payload, next - payload), next);
    }

    /// @dev The item with this prefix; of its payload, the first 32 bytes at most, left-aligned.
    function fixedWidth(bytes memory data, uint256 at, bytes memory prefix, uint256 width)
        private
        pure
        returns (bytes32, uint256)
    {
        for (uint256 i = 0; i < prefix.length; ++i) {
            if (data[at + i] != prefix[i]) revert ExecutionHeader.HeaderMalformed();
        }
        uint256 payload = at + prefix.length;
        uint256 taken = width < 32 ? width : 32;
        return (bytes32(big(data, payload, taken) << (256 - 8 * taken)), payload + width);
    }

    function big(bytes memory data, uint256 at, uint256 width) private pure returns (uint256 value) {
        for (uint256 i = 0; i < width; ++i) {
            value = value << 8 | uint8(data[at + i]);
        }
    }
}
