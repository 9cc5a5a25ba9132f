// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Description, Item} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Asset messages
/// @notice What one asset gateway tells another, in as few bytes as it takes, because each is paid for on both chains.
///         Every message has one encoding, and everything else is refused.
/// @dev Layout (lengths in bytes; numbers are big-endian):
///
///      kind (1) ‖ home token (20) ‖ recipient (20) ‖ [refund (20)] ‖ [final chain (8)] ‖ assets
///      kind (1) ‖ home token (20) ‖ description                                   with DESCRIBE
///      kind (1) ‖ home token (20) ‖ items (to the end, at least one)              with REFRESH
///
///      kind: ERC20, ERC721 or ERC1155 in bits 0–1, and at most one of
///        –         the token's home is the source: wrap it
///        DESCRIBE  the same, about to travel this lane for the first time: create its wrapped token
///        RETURN    its home is the destination: release it
///        FORWARD   its home is the destination, from where it goes on to the final chain, which is named
///        REFRESH   the token's home is the source: take over what these items of a collection, one of each, bring
///      and REFUND, except with DESCRIBE and REFRESH: who gets the assets back if they cannot arrive is named, because he is not who
///      is called the recipient here
///
///      assets:      amount (1…32, to the end) of an ERC-20; item ‖ item ‖ … (to the end, at least one) of a collection
///      item:        head (1) ‖ id ‖ [length (1) ‖ amount] of an ERC-1155 ‖ [length (2) ‖ URI] ‖ [royalty]
///      head:        length of the id in bits 0–5, WITH_URI, WITH_ROYALTY; both only where the item is to be wrapped
///      description: [decimals (1)] of an ERC-20 ‖ length (1) ‖ name ‖ length (1) ‖ symbol ‖ [royalty] of a collection
///      royalty:     receiver (20) ‖ basis points (2), both zero or neither
///
///      Ids and amounts have no leading zero bytes, amounts are never zero, an id of zero has length zero, ids ascend.
library AssetMessages {
    /* TYPES */

    uint8 internal constant ERC20 = 1;
    uint8 internal constant ERC721 = 2;
    uint8 internal constant ERC1155 = 3;
    uint8 internal constant DESCRIBE = 0x04;
    uint8 internal constant RETURN = 0x08;
    uint8 internal constant FORWARD = 0x10;
    uint8 internal constant REFRESH = 0x20;
    uint8 internal constant REFUND = 0x40;

    /// @notice Longer names and symbols are cut at the source.
    uint256 internal constant MAXIMUM_NAME_LENGTH = 64;
    uint256 internal constant MAXIMUM_SYMBOL_LENGTH = 32;

    /// @notice Items with longer URIs are refused at the source.
    uint256 internal constant MAXIMUM_URI_LENGTH = 2048;

    /// @notice Where the assets begin in a message that names neither a refund address nor a final chain.
    uint256 internal constant ASSETS = 41;
    uint256 internal constant REFUND_LENGTH = 20;
    uint256 internal constant FINAL_CHAIN_LENGTH = 8;

    /// @dev A bit for each way that there is, at its place.
    uint256 internal constant KNOWN_WAYS = 1 | 1 << DESCRIBE | 1 << RETURN | 1 << FORWARD | 1 << REFRESH | 1
        << REFUND | 1 << (RETURN | REFUND) | 1 << (FORWARD | REFUND);

    /// @dev A bit for each kind that carries no assets, at its place.
    uint256 internal constant TELLING_KINDS = 1 << (ERC20 | DESCRIBE) | 1 << (ERC721 | DESCRIBE) | 1
        << (ERC1155 | DESCRIBE) | 1 << (ERC721 | REFRESH) | 1 << (ERC1155 | REFRESH);

    uint8 internal constant STANDARD_MASK = 0x03;
    uint8 internal constant WITH_URI = 0x40;
    uint8 internal constant WITH_ROYALTY = 0x80;
    uint8 internal constant ID_LENGTH_MASK = 0x3f;
    uint256 internal constant TOKEN_END = 21;
    uint256 internal constant FULL_PRICE = 10_000;

    /* WRITING */

    /// @notice What a message about a token begins with that leaves its home.
    /// @param refund Who gets the assets back if they cannot arrive.
    function outward(uint8 standard, address token, address recipient, address refund)
        internal
        pure
        returns (bytes memory begun)
    {
        assembly ("memory-safe") {
            begun := mload(0x40)
            let named := iszero(eq(recipient, refund))
            mstore(begun, add(ASSETS, mul(REFUND_LENGTH, named)))
            let kind := or(standard, mul(REFUND, named))
            // The recipient's first 11 bytes end one word, and its last 9 begin the next.
            mstore(add(begun, 0x20), or(or(shl(248, kind), shl(88, token)), shr(72, recipient)))
            mstore(add(begun, 0x40), or(shl(184, recipient), shl(24, mul(refund, named))))
            mstore(0x40, add(begun, 0x60))
        }
    }

    /// @notice What a message about a wrapped token begins with that goes home, or by way of home to `finalChain`.
    function homeward(
        uint8 standard,
        address token,
        address recipient,
        address refund,
        ChainId homeChain,
        ChainId finalChain
    ) internal pure returns (bytes memory begun) {
        bool home = finalChain == homeChain;
        begun = outward(standard | (home ? RETURN : FORWARD), token, recipient, refund);
        if (!home) begun = bytes.concat(begun, bytes8(ChainId.unwrap(finalChain)));
    }

    /// @notice An amount of an ERC-20, which ends a message.
    function erc20Amount(uint256 value) internal pure returns (bytes memory) {
        (uint256 length, bytes32 digits) = _number(value);
        return _cut(abi.encodePacked(digits), length);
    }

    /// @notice An item without URI and royalty.
    function item(uint8 standard, uint256 id, uint256 amount) internal pure returns (bytes memory encoded) {
        (uint256 length, bytes32 digits) = _number(id);
        uint256 end;
        assembly ("memory-safe") {
            encoded := mload(0x40)
            end := add(encoded, 0x20)
            mstore8(end, length)
            mstore(add(end, 1), digits)
            end := add(end, add(1, length))
        }
        if (standard == ERC1155) {
            (length, digits) = _number(amount);
            assembly ("memory-safe") {
                mstore8(end, length)
                mstore(add(end, 1), digits)
                end := add(end, add(1, length))
            }
        }
        assembly ("memory-safe") {
            mstore(encoded, sub(end, add(encoded, 0x20)))
            mstore(0x40, and(add(end, 63), not(31)))
        }
    }

    /// @notice An item with what it brings.
    function item(uint8 standard, Item memory i) internal pure returns (bytes memory encoded) {
        encoded = item(standard, i.id, i.amount);
        uint256 uriLength = bytes(i.uri).length;
        if (uriLength > 0) {
            encoded[0] |= bytes1(WITH_URI);
            encoded = abi.encodePacked(encoded, uint16(uriLength), i.uri);
        }
        if (i.ownRoyalty) {
            encoded[0] |= bytes1(WITH_ROYALTY);
            encoded = abi.encodePacked(encoded, i.royalty.receiver, i.royalty.basisPoints);
        }
    }

    /// @notice The message that describes a token.
    function description(uint8 standard, address token, Description memory d)
        internal
        pure
        returns (bytes memory)
    {
        (bytes memory name, bytes memory symbol) = (bytes(d.name), bytes(d.symbol));
        bytes memory texts = abi.encodePacked(uint8(name.length), name, uint8(symbol.length), symbol);
        return standard == ERC20
            ? abi.encodePacked(standard | DESCRIBE, token, d.decimals, texts)
            : abi.encodePacked(standard | DESCRIBE, token, texts, d.royalty.receiver, d.royalty.basisPoints);
    }

    /// @dev How many bytes a number takes, and these bytes, left-aligned. Zero takes none.
    function _number(uint256 value) private pure returns (uint256 length, bytes32 digits) {
        length = value == 0 ? 0 : Math.log256(value) + 1;
        digits = bytes32(value << (256 - 8 * length));
    }

    /// @dev The first `length` bytes of `data`, which is used up.
    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory) {
        assembly ("memory-safe") {
            mstore(data, length)
        }
        return data;
    }
}
