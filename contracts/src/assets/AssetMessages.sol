// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Description, Item, Royalty} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Asset messages
/// @notice What one asset gateway tells another, in as few bytes as it takes, because each is paid for on both chains.
///         Every message has one encoding, and everything else is refused.
/// @dev Layout (bytes; numbers are big-endian):
///
///      kind (1) ‖ home token (20) ‖ description                    if the kind has DESCRIBE
///      kind (1) ‖ home token (20) ‖ recipient (20) ‖ assets        otherwise
///      kind (1) ‖ home token (20) ‖ recipient (20) ‖ final chain (8) ‖ assets        if the kind has FORWARD
///
///      assets: amount (1…32, to the end) of an ERC-20; item ‖ item ‖ … (to the end, at least one, ids ascending) of
///      a collection
///
///      kind: ERC20, ERC721 or ERC1155 in bits 0–1, and at most one of
///        –          the token's home is the source: wrap it
///        DESCRIBE   the same, about to travel this lane for the first time: create its wrapped token
///        RETURN     its home is the destination: release it
///        FORWARD    its home is the destination, from where it goes on to the final chain
///
///      description: [decimals (1)] of an ERC-20 ‖ length (1) ‖ name ‖ length (1) ‖ symbol ‖ [royalty] of a collection
///      royalty:     receiver (20) ‖ basis points (2); without a receiver there are no basis points
///      item:        head (1) ‖ id ‖ [length (1) ‖ amount] of an ERC-1155 ‖ [length (2) ‖ URI] ‖ [royalty]
///      head:        length of the id in bits 0–5, WITH_URI, WITH_ROYALTY; both only where the item is to be wrapped
///
///      Ids and amounts have no leading zero bytes, amounts are never zero, an id of zero has length zero.
library AssetMessages {
    /* TYPES */

    uint8 internal constant ERC20 = 1;
    uint8 internal constant ERC721 = 2;
    uint8 internal constant ERC1155 = 3;
    uint8 internal constant DESCRIBE = 0x04;
    uint8 internal constant RETURN = 0x08;
    uint8 internal constant FORWARD = 0x10;

    uint8 private constant STANDARD_MASK = 0x03;
    uint8 private constant WITH_URI = 0x40;
    uint8 private constant WITH_ROYALTY = 0x80;
    uint8 private constant ID_LENGTH_MASK = 0x3f;

    /// @notice Longer names and symbols are cut at the source.
    uint256 internal constant MAXIMUM_NAME_LENGTH = 64;
    uint256 internal constant MAXIMUM_SYMBOL_LENGTH = 32;

    /// @notice Items with longer URIs are refused at the source.
    uint256 internal constant MAXIMUM_URI_LENGTH = 2048;

    uint256 private constant TOKEN_END = 21;
    uint256 private constant FULL_PRICE = 10_000;

    /// @notice The payload ends before what it announces.
    error PayloadTruncated(uint256 length, uint256 needed);

    /// @notice The payload goes on after its end.
    error PayloadTrailing(uint256 length);

    /// @notice No message begins with this byte.
    error KindUnknown(uint8 kind);

    /// @notice Neither token nor recipient can be the zero address.
    error AddressZero();

    /// @notice A number with leading zeros, with more than 32 bytes, or an amount of zero.
    error NumberNonCanonical(uint256 offset);

    /// @notice An item's head has bits that this kind of message cannot have.
    error ItemMalformed(uint256 offset);

    /// @notice Ids come in ascending order, each once.
    error IdsNotAscending(uint256 previous, uint256 next);

    /// @notice A royalty above the price, or basis points for nobody.
    error RoyaltyMalformed(address receiver, uint16 basisPoints);

    /// @notice A name, symbol or URI longer than a source would send.
    error TextTooLong(uint256 length, uint256 maximum);

    /// @notice A message about a collection without an item.
    error ItemsMissing();

    /* WRITING */

    /// @notice The beginning of a message that wraps or releases.
    function head(uint8 kind, address token, address recipient) internal pure returns (bytes memory) {
        return abi.encodePacked(kind, token, recipient);
    }

    /// @notice The beginning of a message about a wrapped token that goes home, or by way of home to `finalChain`.
    function homewardHead(
        uint8 standard,
        address token,
        address recipient,
        ChainId homeChain,
        ChainId finalChain
    ) internal pure returns (bytes memory) {
        if (finalChain == homeChain) return head(standard | RETURN, token, recipient);
        return abi.encodePacked(standard | FORWARD, token, recipient, finalChain);
    }

    /// @notice The message that describes a token of this standard.
    function description(uint8 standard, address token, Description memory d)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory texts = abi.encodePacked(
            uint8(bytes(d.name).length), d.name, uint8(bytes(d.symbol).length), d.symbol
        );
        if (standard == ERC20) return abi.encodePacked(standard | DESCRIBE, token, d.decimals, texts);
        return abi.encodePacked(standard | DESCRIBE, token, texts, d.royalty.receiver, d.royalty.basisPoints);
    }

    /// @notice An item, as a message of this standard carries it.
    function item(uint8 standard, Item memory i) internal pure returns (bytes memory encoded) {
        bytes memory id = number(i.id);
        uint256 uriLength = bytes(i.uri).length;
        uint8 bits = uint8(id.length);
        if (uriLength > 0) bits |= WITH_URI;
        if (i.ownRoyalty) bits |= WITH_ROYALTY;

        encoded = abi.encodePacked(bits, id);
        if (standard == ERC1155) {
            bytes memory amount = number(i.amount);
            encoded = abi.encodePacked(encoded, uint8(amount.length), amount);
        }
        if (uriLength > 0) encoded = abi.encodePacked(encoded, uint16(uriLength), i.uri);
        if (i.ownRoyalty) encoded = abi.encodePacked(encoded, i.royalty.receiver, i.royalty.basisPoints);
    }

    /// @notice A number in as few bytes as it takes; zero in none.
    function number(uint256 value) internal pure returns (bytes memory) {
        if (value == 0) return "";
        return Bytes.slice(abi.encodePacked(value), 31 - Math.log256(value));
    }

    /* READING */

    /// @notice The kind and home token that every message begins with, and what follows them.
    function readHead(bytes calldata payload)
        internal
        pure
        returns (uint8 kind, address token, bytes calldata rest)
    {
        require(payload.length >= TOKEN_END, PayloadTruncated(payload.length, TOKEN_END));
        (kind, token, rest) = (uint8(payload[0]), address(bytes20(payload[1:])), payload[TOKEN_END:]);
        require(token != address(0), AddressZero());
    }

    /// @notice The recipient, which follows the head wherever assets move.
    function readRecipient(bytes calldata data)
        internal
        pure
        returns (address recipient, bytes calldata rest)
    {
        require(data.length >= 20, PayloadTruncated(data.length, 20));
        (recipient, rest) = (address(bytes20(data)), data[20:]);
        require(recipient != address(0), AddressZero());
    }

    /// @notice What is to be done with a token of which standard.
    function readKind(uint8 kind) internal pure returns (uint8 standard, uint8 way) {
        standard = kind & STANDARD_MASK;
        way = kind ^ standard;
        bool wayKnown = way == 0 || way == DESCRIBE || way == RETURN || way == FORWARD;
        require(standard != 0 && wayKnown, KindUnknown(kind));
    }

    /// @notice The chain that a forwarded asset is for.
    function readChain(bytes calldata data) internal pure returns (ChainId chain, bytes calldata rest) {
        require(data.length >= 8, PayloadTruncated(data.length, 8));
        return (ChainId.wrap(uint64(bytes8(data))), data[8:]);
    }

    /// @notice An amount that fills all the rest of a message.
    function readAmount(bytes calldata data) internal pure returns (uint256) {
        require(data.length > 0 && data.length <= 32 && data[0] != 0, NumberNonCanonical(0));
        return uint256(bytes32(data)) >> (8 * (32 - data.length));
    }

    /// @notice A description of this standard, to the end.
    function readDescription(uint8 standard, bytes calldata data)
        internal
        pure
        returns (Description memory d)
    {
        bytes calldata rest = data;
        if (standard == ERC20) {
            require(rest.length > 0, PayloadTruncated(0, 1));
            (d.decimals, rest) = (uint8(rest[0]), rest[1:]);
        }
        (d.name, rest) = _readText(rest, 1, MAXIMUM_NAME_LENGTH);
        (d.symbol, rest) = _readText(rest, 1, MAXIMUM_SYMBOL_LENGTH);
        if (standard != ERC20) (d.royalty, rest) = _readRoyalty(rest);
        require(rest.length == 0, PayloadTrailing(rest.length));
    }

    /// @notice Whether another item follows; a message about a collection has at least one.
    function hasItem(bytes calldata data, uint256 itemsRead) internal pure returns (bool) {
        require(data.length > 0 || itemsRead > 0, ItemsMissing());
        return data.length > 0;
    }

    /// @notice An item that has to come with an id greater than `previous`, unless it is the first.
    function readItem(uint8 standard, bool wrapping, bytes calldata data)
        internal
        pure
        returns (Item memory i, bytes calldata rest)
    {
        uint8 bits = uint8(data[0]);
        bool withUri = bits & WITH_URI != 0;
        i.ownRoyalty = bits & WITH_ROYALTY != 0;
        require(wrapping || !(withUri || i.ownRoyalty), ItemMalformed(data.length));

        (i.id, rest) = _readNumber(data[1:], bits & ID_LENGTH_MASK);
        i.amount = 1;
        if (standard == ERC1155) {
            require(rest.length > 0, PayloadTruncated(0, 1));
            (i.amount, rest) = _readNumber(rest[1:], uint8(rest[0]));
            require(i.amount > 0, NumberNonCanonical(rest.length));
        }
        if (withUri) {
            (i.uri, rest) = _readText(rest, 2, MAXIMUM_URI_LENGTH);
            require(bytes(i.uri).length > 0, ItemMalformed(data.length));
        }
        if (i.ownRoyalty) (i.royalty, rest) = _readRoyalty(rest);
    }

    /* RULES */

    /// @notice Ids come in ascending order, each once.
    function requireAscending(uint256 index, uint256 previous, uint256 next) internal pure {
        require(index == 0 || next > previous, IdsNotAscending(previous, next));
    }

    function _readNumber(bytes calldata data, uint256 length)
        private
        pure
        returns (uint256 value, bytes calldata rest)
    {
        require(data.length >= length, PayloadTruncated(data.length, length));
        rest = data[length:];
        if (length > 0) value = readAmount(data[:length]);
    }

    function _readText(bytes calldata data, uint256 lengthBytes, uint256 maximum)
        private
        pure
        returns (string memory text, bytes calldata rest)
    {
        require(data.length >= lengthBytes, PayloadTruncated(data.length, lengthBytes));
        uint256 length = uint16(bytes2(data)) >> (16 - 8 * lengthBytes);
        require(length <= maximum, TextTooLong(length, maximum));
        uint256 end = lengthBytes + length;
        require(data.length >= end, PayloadTruncated(data.length, end));
        return (string(data[lengthBytes:end]), data[end:]);
    }

    function _readRoyalty(bytes calldata data)
        private
        pure
        returns (Royalty memory royalty, bytes calldata rest)
    {
        require(data.length >= 22, PayloadTruncated(data.length, 22));
        royalty = Royalty(address(bytes20(data)), uint16(bytes2(data[20:])));
        bool sound = royalty.receiver == address(0)
            ? royalty.basisPoints == 0
            : royalty.basisPoints > 0 && royalty.basisPoints <= FULL_PRICE;
        require(sound, RoyaltyMalformed(royalty.receiver, royalty.basisPoints));
        rest = data[22:];
    }
}
