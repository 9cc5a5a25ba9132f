// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "../proofs/Calldata.sol";
import {Description, Royalty} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";

/// @title Asset messages, read
/// @notice Reads what {AssetMessages} writes, and refuses everything else.
library AssetReading {
    using Calldata for bytes;

    /// @notice The payload ends before what it announces.
    error PayloadTruncated(uint256 length, uint256 needed);

    /// @notice The payload goes on after its end.
    error PayloadTrailing(uint256 length, uint256 end);

    /// @notice No message begins with this byte.
    error KindUnknown(uint8 kind);

    /// @notice Neither token nor recipient nor refund address can be the zero address.
    error AddressZero();

    /// @notice The recipient is the refund address, and must not be named twice.
    error RefundRedundant(address refund);

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

    /* READING */

    /// @notice What is to be done with which token of which standard. A payload too short for that is of no known kind,
    ///         or is refused when the rest is read.
    /// @dev The way comes without REFUND, which {readParties} reads.
    function readHead(bytes calldata payload)
        internal
        pure
        returns (uint8 standard, uint8 way, address token)
    {
        uint256 head = uint256(payload.word(0)) >> 88;
        uint8 kind = uint8(head >> 160);
        (standard, token) = (kind & AssetMessages.STANDARD_MASK, address(uint160(head)));
        way = kind ^ standard;
        require(standard != 0 && (AssetMessages.KNOWN_WAYS >> way) & 1 == 1, KindUnknown(kind));
        require(token != address(0), AddressZero());
        way &= ~AssetMessages.REFUND;
    }

    /// @notice Whom the assets are for, and who gets them back.
    /// @return recipient Whom they are for.
    /// @return refund On the source, who gets them back if they cannot arrive.
    /// @return end What follows, of which there must be something.
    function readParties(bytes calldata payload)
        internal
        pure
        returns (address recipient, address refund, uint256 end)
    {
        bool named = uint8(bytes1(payload.word(0))) & AssetMessages.REFUND != 0;
        end = named ? AssetMessages.ASSETS + AssetMessages.REFUND_LENGTH : AssetMessages.ASSETS;
        require(payload.length > end, PayloadTruncated(payload.length, end + 1));
        recipient = address(bytes20(payload.word(AssetMessages.TOKEN_END)));
        require(recipient != address(0), AddressZero());
        if (!named) return (recipient, recipient, end);
        refund = address(bytes20(payload.word(AssetMessages.ASSETS)));
        require(refund != address(0), AddressZero());
        require(refund != recipient, RefundRedundant(refund));
    }

    /// @notice The chain that forwarded assets are for, and what follows, of which there must be something.
    function readFinalChain(bytes calldata payload, uint256 offset)
        internal
        pure
        returns (ChainId chain, uint256 end)
    {
        end = offset + AssetMessages.FINAL_CHAIN_LENGTH;
        require(payload.length > end, PayloadTruncated(payload.length, end + 1));
        chain = ChainId.wrap(uint64(bytes8(payload.word(offset))));
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
    /// @return amount How many of it.
    /// @return bringing Whether it brings something, which {readBrought} reads.
    /// @return end Where it ends, or where what it brings begins.
    function readItem(
        uint8 standard,
        bool wrapping,
        bytes calldata payload,
        uint256 begin,
        uint256 offset,
        uint256 previous
    ) internal pure returns (uint256 id, uint256 amount, bool bringing, uint256 end) {
        uint256 head = uint256(payload.word(offset)) >> 248;
        bringing = head > AssetMessages.ID_LENGTH_MASK;
        require(wrapping || !bringing, ItemMalformed(offset));
        unchecked {
            uint256 length = head & AssetMessages.ID_LENGTH_MASK;
            end = offset + 1 + length;
            if (length > 0) id = _readNumber(payload, offset + 1, length);
            amount = 1;
            if (standard == AssetMessages.ERC1155) {
                length = uint256(payload.word(end)) >> 248;
                amount = _readNumber(payload, end + 1, length);
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
        if (bits & AssetMessages.WITH_URI != 0) {
            uint256 length = uint16(bytes2(payload.word(end)));
            require(length > 0, ItemMalformed(head));
            (uri, end) = _readText(payload, end + 2, length, AssetMessages.MAXIMUM_URI_LENGTH);
        }
        ownRoyalty = bits & AssetMessages.WITH_ROYALTY != 0;
        if (ownRoyalty) (royalty, end) = _readRoyalty(payload, end);
    }

    /// @notice A description, to the end.
    function readDescription(uint8 standard, bytes calldata payload)
        internal
        pure
        returns (Description memory d)
    {
        uint256 offset = AssetMessages.TOKEN_END;
        if (standard == AssetMessages.ERC20) d.decimals = uint8(bytes1(payload.word(offset++)));
        (d.name, offset) = _readShortText(payload, offset, AssetMessages.MAXIMUM_NAME_LENGTH);
        (d.symbol, offset) = _readShortText(payload, offset, AssetMessages.MAXIMUM_SYMBOL_LENGTH);
        if (standard != AssetMessages.ERC20) (d.royalty, offset) = _readRoyalty(payload, offset);
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
            && royalty.basisPoints <= AssetMessages.FULL_PRICE;
        require(sound, RoyaltyMalformed(royalty.receiver, royalty.basisPoints));
    }
}
