// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ExecutionHeader} from "../proofs/ExecutionHeader.sol";
import {TrustedHeader} from "./TrustedHeaders.sol";

/// @title Clique rules
/// @notice Who sealed a header, and when a majority of the signers stands on it. The Python twin is
///         `light_clients/clique`.
/// @dev An update is `n (2) ‖ signers (20·n) ‖ header RLP, once or more`: the first header is the target, those after it
///      are its confirmations. Signers are 1 to 256 addresses in strictly ascending order, stored as their hash.
///      Source: EIP-225. Turns and votes are not checked: they need every header since the last epoch.
library Clique {
    using Calldata for bytes;

    /// @notice Where the parts of an update stand.
    struct Update {
        /// @dev How many signers it lists.
        uint256 signers;
        /// @dev Where the target begins.
        uint256 start;
        /// @dev What the target says.
        ExecutionHeader.Fields target;
    }

    /// @notice What an update is held against.
    struct Policy {
        /// @dev The trusted signers.
        bytes32 signersHash;
        /// @dev Blocks between two lists of the signers.
        uint256 epochLength;
        /// @dev The least number of confirmations by trusted signers.
        uint256 confirmations;
        /// @dev The present time, in Unix seconds.
        uint256 present;
    }

    /// @dev Who stands on the target.
    struct Tally {
        /// @dev Of each trusted signer, one more than the index of the header it sealed last.
        uint256[] last;
        /// @dev How many confirmations trusted signers have sealed.
        uint256 depth;
        /// @dev How many different trusted signers have.
        uint256 signed;
    }

    /// @notice The bytes are too short for what they say they hold.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @notice A set without signers.
    error SignersEmpty();

    /// @notice A set of more than 256 signers.
    error SignersTooMany(uint256 count);

    /// @notice The signers do not ascend strictly from above the zero address, or one occurs twice.
    error SignersUnsorted(uint256 index);

    /// @notice The signers given are not those trusted.
    error SignersMismatch(bytes32 given, bytes32 expected);

    /// @notice The header's extra data is not vanity, signers (at an epoch and only there) and seal.
    error ExtraDataMalformed();

    /// @notice The header's difficulty is neither 1 nor 2.
    error DifficultyInvalid(uint256 index, uint256 difficulty);

    /// @notice The header is not the child of the one before it.
    error HeadersUnlinked(uint256 index);

    /// @notice The header's seal is nobody's: v is not 0 or 1, s is high, or no key is behind it.
    error SealInvalid(uint256 index);

    /// @notice A signer may seal one of floor(n / 2) + 1 consecutive blocks.
    error SignedRecently(uint256 index, address signer);

    /// @notice Too few headers of trusted signers stand on the target.
    error DepthNotReached(uint256 depth, uint256 needed);

    /// @notice Too few of the trusted signers have sealed the confirmations.
    error QuorumNotReached(uint256 signed, uint256 needed);

    /// @dev The most signers.
    uint256 internal constant MAXIMUM_SIGNERS = 256;

    /// @dev Seconds that a header's time may lie ahead.
    uint256 internal constant CLOCK_DRIFT = 60;

    /// @dev The greatest `s` of a seal: half of secp256k1's order, rounded down. Nodes take a high one too, but no
    ///      signer's software makes one.
    uint256 internal constant GREATEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @dev The length of the vanity.
    uint256 private constant VANITY = 32;

    /// @dev The length of the seal: r, s, v.
    uint256 private constant SEAL = 65;

    /// @notice How many signers are more than half. Of so many consecutive blocks a signer may seal one.
    function majority(uint256 signers) internal pure returns (uint256 needed) {
        return signers / 2 + 1;
    }

    /// @notice The hash of a set of signers, which must be well-formed.
    function hash(address[] memory signers) internal pure returns (bytes32) {
        check(signers);
        bytes memory words;
        for (uint256 i = 0; i < signers.length; ++i) {
            words = abi.encodePacked(words, signers[i]);
        }
        return keccak256(words);
    }

    /// @notice Refuses signers that are no set.
    function check(address[] memory signers) internal pure {
        require(signers.length != 0, SignersEmpty());
        require(signers.length <= MAXIMUM_SIGNERS, SignersTooMany(signers.length));
        address previous = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            require(signers[i] > previous, SignersUnsorted(i));
            previous = signers[i];
        }
    }

    /// @notice Reads an update as far as its target.
    function read(bytes calldata data) internal pure returns (Update memory update) {
        require(data.length >= 2, UpdateMalformed(data.length, 2));
        update.signers = uint256(data.word(0)) >> 240;
        update.start = 2 + 20 * update.signers;
        require(data.length >= update.start, UpdateMalformed(data.length, update.start));
        update.target = ExecutionHeader.read(data, update.start);
    }

    /// @notice What is to be trusted if the update verifies.
    function target(bytes calldata data, Update memory update) internal pure returns (TrustedHeader memory) {
        ExecutionHeader.Fields memory fields = update.target;
        return TrustedHeader(
            fields.number,
            fields.timestamp,
            data.hash(update.start, fields.end - update.start),
            fields.stateRoot,
            fields.receiptsRoot
        );
    }

    /// @notice Verifies that a majority of the trusted signers stands on the target, whose hash is `parent`.
    /// @return listed The signers that the target lists, if it is an epoch's; otherwise none.
    function verify(bytes calldata data, Update memory update, bytes32 parent, Policy memory policy)
        internal
        pure
        returns (address[] memory listed)
    {
        bytes32 given = data.hash(2, update.start - 2);
        require(given == policy.signersHash, SignersMismatch(given, policy.signersHash));
        Tally memory tally = Tally(new uint256[](update.signers), 0, 0);
        ExecutionHeader.Fields memory header = update.target;
        _checkFields(header, 0, policy);
        _count(data, tally, sealer(data, header, 0), 0);
        for (uint256 index = 1; header.end != data.length; ++index) {
            uint256 start = header.end;
            uint256 number = uint256(header.number) + 1;
            header = ExecutionHeader.read(data, start);
            _checkFields(header, index, policy);
            require(header.number == number && header.parentHash == parent, HeadersUnlinked(index));
            _count(data, tally, sealer(data, header, index), index);
            parent = data.hash(start, header.end - start);
        }
        require(tally.depth >= policy.confirmations, DepthNotReached(tally.depth, policy.confirmations));
        uint256 needed = majority(update.signers);
        require(tally.signed >= needed, QuorumNotReached(tally.signed, needed));
        listed = _listed(data, update.target);
    }

    /// @notice Who sealed the header, which has room for a seal.
    function sealer(bytes calldata data, ExecutionHeader.Fields memory header, uint256 index)
        internal
        pure
        returns (address signer)
    {
        uint256 seal = header.extraEnd - SEAL;
        bytes32 digest = ExecutionHeader.hashWithExtra(data, header, header.extra, seal, "", false);
        uint256 s = uint256(data.word(seal + 32));
        uint8 v = uint8(bytes1(data.word(seal + 64)));
        require(v < 2 && s <= GREATEST_S, SealInvalid(index));
        signer = ecrecover(digest, 27 + v, data.word(seal), bytes32(s));
        require(signer != address(0), SealInvalid(index));
    }

    /// @dev The rules of one header by itself.
    function _checkFields(ExecutionHeader.Fields memory header, uint256 index, Policy memory policy)
        private
        pure
    {
        require(
            header.timestamp <= policy.present + CLOCK_DRIFT,
            ILightClient.HeaderFromFuture(header.timestamp, policy.present)
        );
        require(header.difficulty == 1 || header.difficulty == 2, DifficultyInvalid(index, header.difficulty));
        uint256 length = header.extraEnd - header.extra;
        require(length >= VANITY + SEAL, ExtraDataMalformed());
        length -= VANITY + SEAL;
        bool isEpoch = header.number % policy.epochLength == 0;
        require(isEpoch ? length != 0 && length % 20 == 0 : length == 0, ExtraDataMalformed());
    }

    /// @dev Notes that `signer` has sealed the header `index`. Anybody can put headers on top, so a stranger's is no depth.
    function _count(bytes calldata data, Tally memory tally, address signer, uint256 index) private pure {
        uint256 signers = tally.last.length;
        uint256 place = _find(data, signers, signer);
        if (place == signers) return;
        uint256 before = tally.last[place];
        require(before == 0 || index + 1 - before >= majority(signers), SignedRecently(index, signer));
        tally.last[place] = index + 1;
        if (index == 0) return;
        ++tally.depth;
        if (before <= 1) ++tally.signed;
    }

    /// @dev The place of a signer among the `count` that the update lists, or `count` for a stranger.
    function _find(bytes calldata data, uint256 count, address signer) private pure returns (uint256) {
        uint256 low = 0;
        uint256 high = count;
        unchecked {
            while (low < high) {
                uint256 middle = (low + high) / 2;
                address candidate = address(bytes20(data.word(2 + 20 * middle)));
                if (candidate == signer) return middle;
                if (candidate < signer) low = middle + 1;
                else high = middle;
            }
        }
        return count;
    }

    /// @dev The signers that a header lists, which must be a set unless there are none.
    function _listed(bytes calldata data, ExecutionHeader.Fields memory header)
        private
        pure
        returns (address[] memory signers)
    {
        uint256 start = header.extra + VANITY;
        signers = new address[]((header.extraEnd - SEAL - start) / 20);
        if (signers.length == 0) return signers;
        for (uint256 i = 0; i < signers.length; ++i) {
            signers[i] = address(bytes20(data.word(start + 20 * i)));
        }
        check(signers);
    }
}
