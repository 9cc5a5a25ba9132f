// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "./Calldata.sol";
import {Rlp} from "./Rlp.sol";

/// @title Execution headers
/// @notice Reads the RLP of a block header in calldata, of any fork from Frontier on.
/// @dev The first seven fields have fixed lengths and so stand at fixed places; what a later fork appended after the
///      nonce is covered by the hash and not read. Whoever calls holds the hash against something that vouches for it.
///      Source: Ethereum Yellow Paper, section 4.3.
library ExecutionHeader {
    using Calldata for bytes;

    /// @notice What is read of a header.
    struct Fields {
        uint64 number;
        uint64 timestamp;
        bytes32 parentHash;
        bytes32 stateRoot;
        bytes32 receiptsRoot;
        address beneficiary;
        uint256 difficulty;
        bytes32 mixHash;
        bytes8 nonce;
        /// @dev Where the header's payload begins, after the prefix of its list.
        uint256 start;
        /// @dev Where the item that holds the extra data begins, its prefix included.
        uint256 extraItem;
        /// @dev Where the extra data itself begins.
        uint256 extra;
        /// @dev Where the extra data ends.
        uint256 extraEnd;
        /// @dev Where the header ends.
        uint256 end;
    }

    /// @notice The bytes are no header: a field is missing, of the wrong length, or not canonical.
    error HeaderMalformed();

    /// @dev The length of the seven fields of fixed length: parent, ommers, beneficiary, three roots, bloom.
    uint256 private constant FIXED = 445;

    /// @notice Reads the header that begins at `offset`; bytes may follow it.
    function read(bytes calldata data, uint256 offset) internal pure returns (Fields memory fields) {
        uint256 start;
        (start, fields.end) = Rlp.list(data, offset, data.length);
        fields.start = start;
        unchecked {
            require(fields.end - start > FIXED, HeaderMalformed());
            require(_isFixedPart(data, start), HeaderMalformed());
            fields.parentHash = data.word(start + 1);
            fields.beneficiary = address(bytes20(data.word(start + 67)));
            fields.stateRoot = data.word(start + 88);
            fields.receiptsRoot = data.word(start + 154);
        }
        _readRest(data, fields);
    }

    /// @dev Reads the fields of variable length, and the two after them.
    function _readRest(bytes calldata data, Fields memory fields) private pure {
        unchecked {
            uint256 end = fields.end;
            uint256 next = fields.start + FIXED;
            (fields.difficulty, next) = _number(data, next, end, 32);
            uint256 value;
            (value, next) = _number(data, next, end, 8);
            fields.number = uint64(value);
            (, next) = _number(data, next, end, 8);
            (, next) = _number(data, next, end, 8);
            (value, next) = _number(data, next, end, 8);
            fields.timestamp = uint64(value);
            fields.extraItem = next;
            bool isList;
            (isList, fields.extra, next) = Rlp.item(data, next, end);
            require(!isList, HeaderMalformed());
            fields.extraEnd = next;
            require(next + 42 <= end, HeaderMalformed());
            require(bytes1(data.word(next)) == 0xa0, HeaderMalformed());
            require(bytes1(data.word(next + 33)) == 0x88, HeaderMalformed());
            fields.mixHash = data.word(next + 1);
            fields.nonce = bytes8(data.word(next + 34));
        }
    }

    /// @notice The hash of the header with other extra data: the bytes of it from `extra` to `keptEnd`, then `suffix`.
    ///         The kept bytes are wrapped in a list if `asList`.
    /// @dev BFT and Clique chains seal a header of which the extra data lacks the seals; everything else stays.
    ///      Warning: what becomes the extra data must not be one byte below 0x80, which has no prefix.
    /// @param kept Where the kept part of the extra data begins.
    function hashWithExtra(
        bytes calldata data,
        Fields memory fields,
        uint256 kept,
        uint256 keptEnd,
        bytes memory suffix,
        bool asList
    ) internal pure returns (bytes32) {
        unchecked {
            bytes memory extra = abi.encodePacked(data[kept:keptEnd], suffix);
            if (asList) extra = abi.encodePacked(_prefix(extra.length, 0xc0), extra);
            bytes memory item = abi.encodePacked(_prefix(extra.length, 0x80), extra);
            uint256 length = fields.extraItem - fields.start + item.length + fields.end - fields.extraEnd;
            return keccak256(
                abi.encodePacked(
                    _prefix(length, 0xc0),
                    data[fields.start:fields.extraItem],
                    item,
                    data[fields.extraEnd:fields.end]
                )
            );
        }
    }

    /// @dev The RLP prefix of a payload that is not a single byte. `base` is 0x80 for a string and 0xc0 for a list.
    function _prefix(uint256 length, uint8 base) private pure returns (bytes memory) {
        unchecked {
            if (length < 56) return abi.encodePacked(uint8(base + length));
            if (length < 0x100) return abi.encodePacked(base + 56, uint8(length));
            require(length < 0x10000, HeaderMalformed());
            return abi.encodePacked(base + 57, uint16(length));
        }
    }

    /// @dev Reads a canonical number of at most `width` bytes.
    function _number(bytes calldata data, uint256 offset, uint256 end, uint256 width)
        private
        pure
        returns (uint256 value, uint256 next)
    {
        unchecked {
            bool isList;
            uint256 payload;
            (isList, payload, next) = Rlp.item(data, offset, end);
            uint256 length = next - payload;
            require(!isList && length <= width, HeaderMalformed());
            if (length == 0) return (0, next);
            value = uint256(data.word(payload)) >> (256 - 8 * length);
            require(value >> (8 * (length - 1)) != 0, HeaderMalformed());
        }
    }

    /// @dev Whether each of the seven fields of fixed length has its prefix.
    function _isFixedPart(bytes calldata data, uint256 start) private pure returns (bool) {
        unchecked {
            return bytes1(data.word(start)) == 0xa0 && bytes1(data.word(start + 33)) == 0xa0
                && bytes1(data.word(start + 66)) == 0x94 && bytes1(data.word(start + 87)) == 0xa0
                && bytes1(data.word(start + 120)) == 0xa0 && bytes1(data.word(start + 153)) == 0xa0
                && bytes3(data.word(start + 186)) == 0xb90100;
        }
    }
}
