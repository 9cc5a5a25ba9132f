// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "./Calldata.sol";

/// @title RLP, read strictly
/// @notice Finds the items of an RLP encoding in calldata. Every item has exactly one accepted encoding; an encoding
///         with a superfluous prefix, a length with leading zeros or a long form where the short one fits is refused.
/// @dev Offsets count from the start of `data`.
library Rlp {
    using Calldata for bytes;

    /// @notice An item reaches beyond the bytes that hold it.
    error RlpTruncated();

    /// @notice The item has a shorter encoding.
    error RlpNonCanonical();

    /// @notice A list stands where a string is expected, or a string where a list is expected.
    error RlpUnexpectedKind();

    /// @notice Reads the header of the item that begins at `offset`.
    /// @param end Where the bytes that may hold the item end.
    /// @return isList Whether the item is a list; otherwise it is a string of bytes.
    /// @return payload Where its payload begins.
    /// @return next Where its payload ends, which is where the item after it begins.
    function item(bytes calldata data, uint256 offset, uint256 end)
        internal
        pure
        returns (bool isList, uint256 payload, uint256 next)
    {
        unchecked {
            require(offset < end, RlpTruncated());
            uint256 word = uint256(data.word(offset));
            uint256 prefix = word >> 248;
            if (prefix < 0x80) return (false, offset, offset + 1);
            isList = prefix >= 0xc0;
            payload = offset + 1;
            uint256 length = prefix & 0x3f;
            if (length > 55) {
                uint256 width = length - 55;
                require(payload + width <= end, RlpTruncated());
                length = (word << 8) >> (256 - 8 * width);
                require(length > 55 && uint8(word >> 240) != 0, RlpNonCanonical());
                payload += width;
            }
            next = payload + length;
            require(next <= end, RlpTruncated());
            require(prefix != 0x81 || uint8(word >> 240) >= 0x80, RlpNonCanonical());
        }
    }

    /// @notice Reads the header of an item that must be a list.
    function list(bytes calldata data, uint256 offset, uint256 end)
        internal
        pure
        returns (uint256 payload, uint256 next)
    {
        bool isList;
        (isList, payload, next) = item(data, offset, end);
        require(isList, RlpUnexpectedKind());
    }
}
