// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title RLP, read strictly
/// @notice Finds the items of an RLP encoding in calldata. Every item has exactly one accepted encoding; an encoding
///         with a superfluous prefix, a length with leading zeros or a long form where the short one fits is refused.
/// @dev Offsets count from the start of `data`.
library Rlp {
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
        require(offset < end, RlpTruncated());
        uint256 prefix = uint8(data[offset]);
        if (prefix < 0x80) return (false, offset, offset + 1);
        isList = prefix >= 0xc0;
        payload = offset + 1;
        uint256 length = prefix - (isList ? 0xc0 : 0x80);
        if (length > 55) {
            uint256 width = length - 55;
            require(width <= end - payload, RlpTruncated());
            length = uint256(bytes32(data[payload:payload + width])) >> (256 - 8 * width);
            require(length > 55 && data[payload] != 0, RlpNonCanonical());
            payload += width;
        }
        require(length <= end - payload, RlpTruncated());
        require(isList || length != 1 || uint8(data[payload]) >= 0x80, RlpNonCanonical());
        next = payload + length;
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

    /// @notice Reads the header of an item that must be a string of bytes.
    function string_(bytes calldata data, uint256 offset, uint256 end)
        internal
        pure
        returns (uint256 payload, uint256 next)
    {
        bool isList;
        (isList, payload, next) = item(data, offset, end);
        require(!isList, RlpUnexpectedKind());
    }
}
