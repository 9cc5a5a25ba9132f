// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "../proofs/Calldata.sol";
import {ExecutionHeader} from "../proofs/ExecutionHeader.sol";
import {Rlp} from "../proofs/Rlp.sol";

/// @title BFT rules
/// @notice What QBFT and IBFT 2.0 headers say, who may seal them, and how many must. The Python twin is
///         `light_clients/bft`.
/// @dev A step is `header ‖ bitmap (32) ‖ seals (64 each) ‖ t (2) ‖ trusted list (21·t)`. The header is RLP, its extra
///      data in the form that validators sign: QBFT `[vanity, list, vote, round, []]`, IBFT 2.0
///      `[vanity, list, vote, round]`. Bit i of the bitmap, counted from the least significant, says that the i-th
///      validator of the list has sealed; seals are EIP-2098 and stand in the order of the list. A list is known by the
///      hash of its RLP payload, `0x94 ‖ address` of each validator.
///      Source: Besu `QbftExtraDataCodec`, `IbftExtraDataCodec`, `BftBlockHashing`, `BftCommitSealsValidationRule`.
library Bft {
    using Calldata for bytes;

    /// @notice How the extra data is written; all other rules are the same.
    enum Dialect {
        Qbft,
        Ibft2
    }

    /// @notice Where the parts of a step stand.
    struct Step {
        /// @dev Where the header begins.
        uint256 start;
        /// @dev Where the first item of the extra data begins.
        uint256 extra;
        /// @dev Where the round begins, its RLP prefix included.
        uint256 round;
        /// @dev Where the validators begin.
        uint256 validators;
        /// @dev How many they are.
        uint256 count;
        /// @dev Who of them has sealed.
        uint256 bitmap;
        /// @dev How many have.
        uint256 signed;
        /// @dev Where the seals begin.
        uint256 seals;
        /// @dev Where the trusted list begins, which is empty where the header's own is the trusted one.
        uint256 trusted;
        /// @dev Where the step ends.
        uint256 end;
    }

    /// @notice The bytes are too short, too long, or not in the format.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @notice The bitmap names validators beyond the last.
    error BitmapOutOfRange(uint256 bitmap, uint256 members);

    /// @notice Too few validators of the header's own list have sealed it.
    error QuorumNotReached(uint256 signed, uint256 needed);

    /// @notice The seal of the validator at `index` is not a canonical signature.
    error SignatureInvalid(uint256 index);

    /// @notice The seal of the validator at `index` is by somebody else, or of something else.
    error SignerMismatch(uint256 index, address recovered, address expected);

    /// @notice The extra data is not in the form that validators sign.
    error ExtraDataMalformed();

    /// @notice The mix hash is not the one of this family.
    error MixHashMismatch();

    /// @notice The header lists nobody: where a contract names the validators, nothing in the header says who they are.
    error ValidatorsEmpty();

    /// @notice More validators than a bitmap has bits.
    error ValidatorsTooMany(uint256 count);

    /// @notice The validators are not in strictly ascending order of their addresses, or one occurs twice.
    error ValidatorsUnsorted(uint256 index);

    /// @notice The list is neither the trusted one nor may it follow it here.
    error ValidatorsMismatch(bytes32 given, bytes32 expected);

    /// @notice Too few of the trusted validators have sealed the header that brings a new list.
    error OverlapNotReached(uint256 signed, uint256 needed);

    /// @dev The mix hash of every header of this family.
    bytes32 internal constant ISTANBUL_DIGEST =
        0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365;

    /// @dev The most validators: the bits of a bitmap.
    uint256 internal constant MAXIMUM_VALIDATORS = 256;

    /// @dev The length of a validator in a list: `0x94 ‖ address`.
    uint256 internal constant ITEM = 21;

    /// @dev The greatest `s` of a signature in its canonical form: half of secp256k1's order, rounded down.
    uint256 internal constant GREATEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice How many of `count` must seal a block: two thirds, rounded up.
    function quorum(uint256 count) internal pure returns (uint256) {
        return (2 * count + 2) / 3;
    }

    /// @notice How many of `count` include an honest one: one more than may be Byzantine. `count` is not zero.
    function oneHonest(uint256 count) internal pure returns (uint256) {
        return (count - 1) / 3 + 1;
    }

    /// @notice The hash of a list, which must be well-formed.
    function hash(bytes memory list) internal pure returns (bytes32) {
        _requireLength(list.length);
        address previous = address(0);
        for (uint256 i = 0; i < list.length / ITEM; ++i) {
            uint160 account = 0;
            require(list[ITEM * i] == 0x94, ExtraDataMalformed());
            for (uint256 j = 1; j < ITEM; ++j) {
                account = account << 8 | uint8(list[ITEM * i + j]);
            }
            require(address(account) > previous, ValidatorsUnsorted(i));
            previous = address(account);
        }
        return keccak256(list);
    }

    /// @notice Reads the step that begins at `offset`.
    function read(bytes calldata data, uint256 offset, Dialect dialect)
        internal
        pure
        returns (Step memory step, ExecutionHeader.Fields memory fields)
    {
        fields = ExecutionHeader.read(data, offset);
        step.start = offset;
        _readExtra(data, fields, step, dialect);
        unchecked {
            uint256 next = fields.end + 32;
            require(next <= data.length, UpdateMalformed(data.length, next));
            uint256 bitmap = uint256(data.word(fields.end));
            require(bitmap >> step.count == 0, BitmapOutOfRange(bitmap, step.count));
            step.bitmap = bitmap;
            step.seals = next;
            step.signed = _count(bitmap);
            next += 64 * step.signed + 2;
            require(next <= data.length, UpdateMalformed(data.length, next));
            step.trusted = next;
            next += ITEM * (uint256(data.word(next - 2)) >> 240);
            require(next <= data.length, UpdateMalformed(data.length, next));
            step.end = next;
        }
    }

    /// @notice What a seal signs.
    function digest(bytes calldata data, Step memory step, ExecutionHeader.Fields memory fields)
        internal
        pure
        returns (bytes32)
    {
        return data.hash(step.start, fields.end - step.start);
    }

    /// @notice The hash that the chain knows the block by: QBFT's covers the round as zero, IBFT 2.0's leaves it out.
    function blockHash(
        bytes calldata data,
        Step memory step,
        ExecutionHeader.Fields memory fields,
        Dialect dialect
    ) internal pure returns (bytes32) {
        if (dialect == Dialect.Ibft2) {
            return ExecutionHeader.hashWithExtra(data, fields, step.extra, step.round, "", true);
        }
        if (bytes1(data.word(step.round)) == 0x80) return digest(data, step, fields);
        return ExecutionHeader.hashWithExtra(data, fields, step.extra, step.round, hex"80c0", true);
    }

    /// @notice The hash of the header's own list, whatever is on it.
    function validatorsHash(bytes calldata data, Step memory step) internal pure returns (bytes32) {
        return data.hash(step.validators, ITEM * step.count);
    }

    /// @notice Verifies that the header's own list, of which {read} has seen the length, is well-formed.
    function requireOrdered(bytes calldata data, Step memory step) internal pure {
        unchecked {
            address previous = address(0);
            uint256 offset = step.validators;
            for (uint256 i = 0; i < step.count; ++i) {
                address account = _account(data, offset);
                require(bytes1(data.word(offset)) == 0x94, ExtraDataMalformed());
                require(account > previous, ValidatorsUnsorted(i));
                previous = account;
                offset += ITEM;
            }
        }
    }

    /// @notice Verifies that a quorum of the header's own list is said to have sealed it.
    function requireQuorum(Step memory step) internal pure {
        uint256 needed = quorum(step.count);
        require(step.signed >= needed, QuorumNotReached(step.signed, needed));
    }

    /// @notice How many of those who are said to have sealed are on the trusted list. Both lists are in order.
    function overlap(bytes calldata data, Step memory step) internal pure returns (uint256 signed) {
        unchecked {
            uint256 trusted = step.trusted;
            uint256 validator = step.validators;
            for (uint256 left = step.bitmap; left != 0; left >>= 1) {
                if (left & 1 == 1) {
                    address account = _account(data, validator);
                    while (trusted != step.end && _account(data, trusted) < account) trusted += ITEM;
                    if (trusted != step.end && _account(data, trusted) == account) ++signed;
                }
                validator += ITEM;
            }
        }
    }

    /// @notice Verifies every seal of the step.
    function requireSeals(bytes calldata data, Step memory step, bytes32 digest_) internal pure {
        unchecked {
            uint256 seal = step.seals;
            uint256 index = 0;
            for (uint256 left = step.bitmap; left != 0; left >>= 1) {
                if (left & 1 == 1) {
                    address expected = _account(data, step.validators + ITEM * index);
                    _requireSeal(data, seal, digest_, index, expected);
                    seal += 64;
                }
                ++index;
            }
        }
    }

    /// @dev Finds the parts of the extra data.
    function _readExtra(
        bytes calldata data,
        ExecutionHeader.Fields memory fields,
        Step memory step,
        Dialect dialect
    ) private pure {
        unchecked {
            uint256 end = fields.extraEnd;
            (bool isList, uint256 payload, uint256 next) = Rlp.item(data, fields.extra, end);
            require(isList && next == end, ExtraDataMalformed());
            step.extra = payload;
            (isList,, next) = Rlp.item(data, payload, end); // vanity
            require(!isList, ExtraDataMalformed());
            (isList, payload, next) = Rlp.item(data, next, end);
            require(isList, ExtraDataMalformed());
            step.validators = payload;
            step.count = (next - payload) / ITEM;
            uint256 length = next - payload;
            (,, next) = Rlp.item(data, next, end); // vote
            step.round = next;
            _requireRound(data, next, end, dialect);
            _requireLength(length);
        }
    }

    /// @dev The round is the last item, but for QBFT's empty list of seals.
    function _requireRound(bytes calldata data, uint256 offset, uint256 end, Dialect dialect) private pure {
        unchecked {
            (bool isList, uint256 payload, uint256 next) = Rlp.item(data, offset, end);
            uint256 length = next - payload;
            require(!isList && length <= 4, ExtraDataMalformed());
            if (dialect == Dialect.Ibft2) {
                require(length == 4 && next == end, ExtraDataMalformed());
            } else {
                require(length == 0 || bytes1(data.word(payload)) != 0, ExtraDataMalformed());
                require(next + 1 == end && bytes1(data.word(next)) == 0xc0, ExtraDataMalformed());
            }
        }
    }

    /// @dev Refuses lists that cannot be one of 1 to 256 validators.
    function _requireLength(uint256 length) private pure {
        require(length % ITEM == 0, ExtraDataMalformed());
        require(length != 0, ValidatorsEmpty());
        require(length <= ITEM * MAXIMUM_VALIDATORS, ValidatorsTooMany(length / ITEM));
    }

    /// @dev Verifies the one seal that begins at `offset`.
    function _requireSeal(
        bytes calldata data,
        uint256 offset,
        bytes32 digest_,
        uint256 index,
        address expected
    ) private pure {
        uint256 parityAndS = uint256(data.word(offset + 32));
        uint256 s = parityAndS & type(uint256).max >> 1;
        require(s <= GREATEST_S, SignatureInvalid(index));
        address recovered = ecrecover(digest_, uint8(27 + (parityAndS >> 255)), data.word(offset), bytes32(s));
        require(recovered != address(0), SignatureInvalid(index));
        require(recovered == expected, SignerMismatch(index, recovered, expected));
    }

    /// @dev The validator whose item begins at `offset`.
    function _account(bytes calldata data, uint256 offset) private pure returns (address) {
        return address(bytes20(data.word(offset + 1)));
    }

    /// @dev How many bits are set.
    function _count(uint256 bits) private pure returns (uint256 n) {
        unchecked {
            for (; bits != 0; bits &= bits - 1) {
                ++n;
            }
        }
    }
}
