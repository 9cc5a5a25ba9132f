// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Calldata} from "../proofs/Calldata.sol";
import {Description, Item, Royalty} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Asset messages
/// @notice What one asset gateway tells another, in as few bytes as it takes, because each is paid for on both chains.
///         Every message has one encoding, and everything else is refused.
/// @dev Layout (lengths in bytes; numbers are big-endian):
///
///      kind (1) ‖ home token (20) ‖ recipient (20) ‖ assets                       wraps, or with RETURN releases
///      kind (1) ‖ home token (20) ‖ recipient (20) ‖ final chain (8) ‖ assets     with FORWARD
///      kind (1) ‖ home token (20) ‖ description                                   with DESCRIBE
///
///      kind: ERC20, ERC721 or ERC1155 in bits 0–1, and at most one of
///        –         the token's home is the source: wrap it
///        DESCRIBE  the same, about to travel this lane for the first time: create its wrapped token
///        RETURN    its home is the destination: release it
///        FORWARD   its home is the destination, from where it goes on to the final chain
///
///      assets:      amount (1…32, to the end) of an ERC-20; item ‖ item ‖ … (to the end, at least one) of a collection
///      item:        head (1) ‖ id ‖ [length (1) ‖ amount] of an ERC-1155 ‖ [length (2) ‖ URI] ‖ [royalty]
///      head:        length of the id in bits 0–5, WITH_URI, WITH_ROYALTY; both only where the item is to be wrapped
///      description: [decimals (1)] of an ERC-20 ‖ length (1) ‖ name ‖ length (1) ‖ symbol ‖ [royalty] of a collection
///      royalty:     receiver (20) ‖ basis points (2), both zero or neither
///
///      Ids and amounts have no leading zero bytes, amounts are never zero, an id of zero has length zero, ids ascend.
library AssetMessages {
    using Calldata for bytes;

    /* TYPES */

    uint8 internal constant ERC20 = 1;
    uint8 internal constant ERC721 = 2;
    uint8 internal constant ERC1155 = 3;
    uint8 internal constant DESCRIBE = 0x04;
    uint8 internal constant RETURN = 0x08;
    uint8 internal constant FORWARD = 0x10;

    /// @notice Longer names and symbols are cut at the source.
    uint256 internal constant MAXIMUM_NAME_LENGTH = 64;
    uint256 internal constant MAXIMUM_SYMBOL_LENGTH = 32;

    /// @notice Items with longer URIs are refused at the source.
    uint256 internal constant MAXIMUM_URI_LENGTH = 2048;

    /// @notice Where the assets begin, and where they begin in a message that forwards.
    uint256 internal constant ASSETS = 41;
    uint256 internal constant FORWARDED_ASSETS = 49;

    /// @dev A bit for each way that there is, at its place.
    uint256 private constant KNOWN_WAYS = 1 | 1 << DESCRIBE | 1 << RETURN | 1 << FORWARD;

    uint8 private constant STANDARD_MASK = 0x03;
    uint8 private constant WITH_URI = 0x40;
    uint8 private constant WITH_ROYALTY = 0x80;
    uint8 private constant ID_LENGTH_MASK = 0x3f;
    uint256 private constant TOKEN_END = 21;
    uint256 private constant FULL_PRICE = 10_000;

    /// @notice The payload ends before what it announces.
    error PayloadTruncated(uint256 length, uint256 needed);

    /// @notice The payload goes on after its end.
    error PayloadTrailing(uint256 length, uint256 end);

    /// @notice No message begins with this byte.
    error KindUnknown(uint8 kind);

    /// @notice Neither token nor recipient can be the zero address.
    error AddressZero();

    /// @notice A number with leading zeros, with more than 32 bytes, or an amount of zero.
    error NumberNonCanonical(uint256 offset);

    /// @notice An item's head has bits that this kind of message cannot have, or announces a URI that is empty.
    error ItemMalformed(uint256 offset);

    /// @notice Ids come in ascending order, each once.
    error IdsNotAscending(uint256 previous, uint256 next);

    /// @notice A royalty above the price, or a receiver of nothing, or basis points for nobody.
    error RoyaltyMalformed(address receiver, uint16 basisPoints);

    /// @notice A name, symbol or URI longer than a source would send.
    error TextTooLong(uint256 length, uint256 maximum);

    /* WRITING */

    /// @notice An ERC-20 on its way out of its home.
    function erc20(address token, address recipient, uint256 amount) internal pure returns (bytes memory) {
        (uint256 length, bytes32 digits) = _number(amount);
        return _cut(abi.encodePacked(ERC20, token, recipient, digits), ASSETS + length);
    }

    /// @notice What a message about a wrapped token begins with that goes home, or by way of home to `finalChain`.
    function homeward(uint8 standard, address token, address recipient, ChainId homeChain, ChainId finalChain)
        internal
        pure
        returns (bytes memory)
    {
        if (finalChain == homeChain) return abi.encodePacked(standard | RETURN, token, recipient);
        return abi.encodePacked(standard | FORWARD, token, recipient, finalChain);
    }

    /// @notice An amount of an ERC-20, which ends a message.
    function amount(uint256 value) internal pure returns (bytes memory) {
        (uint256 length, bytes32 digits) = _number(value);
        return _cut(abi.encodePacked(digits), length);
    }

    /// @notice An item without URI and royalty.
    function item(uint8 standard, uint256 id, uint256 amount_) internal pure returns (bytes memory encoded) {
        (uint256 idLength, bytes32 idDigits) = _number(id);
        encoded = _cut(abi.encodePacked(uint8(idLength), idDigits), 1 + idLength);
        if (standard == ERC1155) {
            (uint256 length, bytes32 digits) = _number(amount_);
            encoded = _cut(abi.encodePacked(encoded, uint8(length), digits), 2 + idLength + length);
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

    /* READING */

    /// @notice What is to be done with which token of which standard. A payload too short for that is of no known kind,
    ///         or is refused when the rest is read.
    function readHead(bytes calldata payload)
        internal
        pure
        returns (uint8 standard, uint8 way, address token)
    {
        uint256 head = uint256(payload.word(0)) >> 88;
        uint8 kind = uint8(head >> 160);
        (standard, token) = (kind & STANDARD_MASK, address(uint160(head)));
        way = kind ^ standard;
        require(standard != 0 && (KNOWN_WAYS >> way) & 1 == 1, KindUnknown(kind));
        require(token != address(0), AddressZero());
    }

    /// @notice Whom the assets are for, of which something must follow.
    function readRecipient(bytes calldata payload) internal pure returns (address recipient) {
        require(payload.length > ASSETS, PayloadTruncated(payload.length, ASSETS + 1));
        recipient = address(bytes20(payload.word(TOKEN_END)));
        require(recipient != address(0), AddressZero());
    }

    /// @notice The chain that forwarded assets are for, of which something must follow.
    function readFinalChain(bytes calldata payload) internal pure returns (ChainId) {
        require(payload.length > FORWARDED_ASSETS, PayloadTruncated(payload.length, FORWARDED_ASSETS + 1));
        return ChainId.wrap(uint64(bytes8(payload.word(ASSETS))));
    }

    /// @notice An amount of an ERC-20, to the end.
    function readAmount(bytes calldata payload, uint256 offset) internal pure returns (uint256) {
        return _readNumber(payload, offset, payload.length - offset);
    }

    /// @notice An item of a message whose assets begin at `begin`.
    /// @param wrapping Whether it is to be wrapped, and so may bring a URI or a royalty.
    /// @param offset Where it begins.
    /// @param previous The id of the item before it, if there is one.
    /// @return id Its id.
    /// @return amount_ How many of it.
    /// @return bringing Whether it brings something, which {readBrought} reads.
    /// @return end Where it ends, or where what it brings begins.
    function readItem(
        uint8 standard,
        bool wrapping,
        bytes calldata payload,
        uint256 begin,
        uint256 offset,
        uint256 previous
    ) internal pure returns (uint256 id, uint256 amount_, bool bringing, uint256 end) {
        uint256 head = uint256(payload.word(offset)) >> 248;
        bringing = head > ID_LENGTH_MASK;
        require(wrapping || !bringing, ItemMalformed(offset));
        unchecked {
            uint256 length = head & ID_LENGTH_MASK;
            end = offset + 1 + length;
            if (length > 0) id = _readNumber(payload, offset + 1, length);
            amount_ = 1;
            if (standard == ERC1155) {
                length = uint256(payload.word(end)) >> 248;
                amount_ = _readNumber(payload, end + 1, length);
                end += 1 + length;
            }
        }
        _requireLength(payload, end);
        require(offset == begin || id > previous, IdsNotAscending(previous, id));
    }

    /// @notice What the item brings whose head stands at `head` and whose id and amount end at `offset`.
    function readBrought(bytes calldata payload, uint256 head, uint256 offset)
        internal
        pure
        returns (string memory uri, bool ownRoyalty, Royalty memory royalty, uint256 end)
    {
        uint8 bits = uint8(bytes1(payload.word(head)));
        end = offset;
        if (bits & WITH_URI != 0) {
            uint256 length = uint16(bytes2(payload.word(end)));
            require(length > 0, ItemMalformed(head));
            (uri, end) = _readText(payload, end + 2, length, MAXIMUM_URI_LENGTH);
        }
        ownRoyalty = bits & WITH_ROYALTY != 0;
        if (ownRoyalty) (royalty, end) = _readRoyalty(payload, end);
    }

    /// @notice A description, to the end.
    function readDescription(uint8 standard, bytes calldata payload)
        internal
        pure
        returns (Description memory d)
    {
        uint256 offset = TOKEN_END;
        if (standard == ERC20) d.decimals = uint8(bytes1(payload.word(offset++)));
        (d.name, offset) = _readShortText(payload, offset, MAXIMUM_NAME_LENGTH);
        (d.symbol, offset) = _readShortText(payload, offset, MAXIMUM_SYMBOL_LENGTH);
        if (standard != ERC20) (d.royalty, offset) = _readRoyalty(payload, offset);
        require(payload.length == offset, PayloadTrailing(payload.length, offset));
    }

    /* RULES */

    /// @notice Ids come in ascending order, each once.
    function requireAscending(uint256 index, uint256 previous, uint256 next) internal pure {
        require(index == 0 || next > previous, IdsNotAscending(previous, next));
    }

    function _requireLength(bytes calldata payload, uint256 needed) private pure {
        require(payload.length >= needed, PayloadTruncated(payload.length, needed));
    }

    /// @dev A number of so many bytes, which lie within the payload.
    function _readNumber(bytes calldata payload, uint256 offset, uint256 length)
        private
        pure
        returns (uint256)
    {
        uint256 digits = uint256(payload.word(offset));
        require(length > 0 && length <= 32 && digits >> 248 != 0, NumberNonCanonical(offset));
        return digits >> (8 * (32 - length));
    }

    function _readShortText(bytes calldata payload, uint256 offset, uint256 maximum)
        private
        pure
        returns (string memory, uint256)
    {
        return _readText(payload, offset + 1, uint8(bytes1(payload.word(offset))), maximum);
    }

    function _readText(bytes calldata payload, uint256 offset, uint256 length, uint256 maximum)
        private
        pure
        returns (string memory text, uint256 end)
    {
        require(length <= maximum, TextTooLong(length, maximum));
        end = offset + length;
        _requireLength(payload, end);
        text = string(payload[offset:end]);
    }

    function _readRoyalty(bytes calldata payload, uint256 offset)
        private
        pure
        returns (Royalty memory royalty, uint256 end)
    {
        end = offset + 22;
        _requireLength(payload, end);
        uint256 word = uint256(payload.word(offset)) >> 80;
        royalty = Royalty(address(uint160(word >> 16)), uint16(word));
        bool sound = (royalty.receiver == address(0)) == (royalty.basisPoints == 0)
            && royalty.basisPoints <= FULL_PRICE;
        require(sound, RoyaltyMalformed(royalty.receiver, royalty.basisPoints));
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
