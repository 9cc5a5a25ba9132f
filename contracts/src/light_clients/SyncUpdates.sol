// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LibBit} from "solady/utils/LibBit.sol";

import {Fork} from "../interfaces/ISyncCommitteeLightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {Rlp} from "../proofs/Rlp.sol";
import {Ssz} from "../proofs/Ssz.sol";

/// @notice An update, and where its parts stand.
struct SyncUpdate {
    uint64 signatureSlot;
    uint64 attestedSlot;
    uint64 finalizedSlot;
    /// @dev The forks in force at these two slots.
    Fork attestedFork;
    Fork finalizedFork;
    uint256 executionBranch;
    uint256 executionHeader;
    uint256 executionEnd;
    uint256 signature;
    /// @dev Where root and sum of the keys begin.
    uint256 committee;
    /// @dev Who did not sign: bit i says that member i, or 256 + i, did not.
    uint256 absentLow;
    uint256 absentHigh;
    uint256 absent;
    /// @dev Where the multiproof's nodes begin, after the keys.
    uint256 nodes;
    /// @dev Where root and sum of the next committee's keys begin, or zero.
    uint256 handover;
    bytes32 blockHash;
    /// @dev Known once verified.
    bytes32 attestedRoot;
    bytes32 finalizedRoot;
}

/// @title Sync committee updates
/// @notice Where the parts of an update stand. The Python twin is `light_clients/sync_committee/wire.py`.
/// @dev An update is `signature slot (8) ‖ attested beacon header (112) ‖ finalized beacon header (112) ‖ finality branch ‖
///      execution branch ‖ execution header RLP ‖ sync bits (committee's size / 8, SSZ order) ‖ signature (192) ‖ root of
///      the committee's keys (32) ‖ their sum (96) ‖ the keys that did not sign, ascending (96 each) ‖ nodes of their
///      multiproof (32 each) ‖ 0, or 1 ‖ next root of keys (32) ‖ next sum (96) ‖ next committee branch`.
///      A beacon header is `slot (8) ‖ proposer index (8) ‖ parent root ‖ state root ‖ body root`; numbers are big-endian.
///      The attested slot's fork says how long finality and next committee branch are, the finalized slot's fork how long
///      the execution branch is.
library SyncUpdates {
    using Calldata for bytes;

    /// @notice The bytes are too short, too long, or not in the format.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @dev Where the first branch begins: after the signature slot and two beacon headers.
    uint256 internal constant BRANCHES = 232;

    /// @dev Where the headers begin, and what of them is read.
    uint256 internal constant ATTESTED = 8;
    uint256 internal constant FINALIZED = 120;
    uint256 internal constant STATE_ROOT = 48;
    uint256 internal constant BODY_ROOT = 80;

    /// @dev The length of a key, and of root and sum of a committee's keys.
    uint256 internal constant KEY = 96;
    uint256 internal constant COMMITTEE = 128;

    /// @notice The three slots of an update.
    function slots(bytes calldata data)
        internal
        pure
        returns (uint64 signature, uint64 attested, uint64 finalized)
    {
        require(data.length >= BRANCHES, UpdateMalformed(data.length, BRANCHES));
        signature = uint64(bytes8(data.word(0)));
        attested = uint64(bytes8(data.word(ATTESTED)));
        finalized = uint64(bytes8(data.word(FINALIZED)));
    }

    /// @notice Reads an update, which is all of `data`.
    function read(
        bytes calldata data,
        uint256 committeeSize,
        Fork memory attestedFork,
        Fork memory finalizedFork
    ) internal pure returns (SyncUpdate memory update) {
        (update.signatureSlot, update.attestedSlot, update.finalizedSlot) = slots(data);
        update.attestedFork = attestedFork;
        update.finalizedFork = finalizedFork;
        unchecked {
            uint256 next = BRANCHES + 32 * Ssz.depth(attestedFork.finality);
            update.executionBranch = next;
            next += 32 * Ssz.depth(finalizedFork.executionBlockHash);
            require(data.length > next, UpdateMalformed(data.length, next + 1));
            update.executionHeader = next;
            (, next) = Rlp.list(data, next, data.length);
            update.executionEnd = next;
            update.blockHash = data.hash(update.executionHeader, next - update.executionHeader);
            update.signature = next + committeeSize / 8;
            update.committee = update.signature + 192;
        }
        _readRest(data, committeeSize, update);
    }

    /// @dev Reads from the sync bits on. The end only grows, so that the one comparison with it at last says of all that was
    ///      read before that it stands in the data.
    function _readRest(bytes calldata data, uint256 committeeSize, SyncUpdate memory update) private pure {
        unchecked {
            uint256 next = update.committee + COMMITTEE;
            uint256 unused = committeeSize < 256 ? 256 - committeeSize : 0;
            uint256 low = ~LibBit.reverseBytes(uint256(data.word(update.executionEnd))) << unused >> unused;
            uint256 high =
                committeeSize > 256 ? ~LibBit.reverseBytes(uint256(data.word(update.executionEnd + 32))) : 0;
            (update.absentLow, update.absentHigh) = (low, high);
            if (low | high != 0) {
                update.absent = LibBit.popCount(low) + LibBit.popCount(high);
                next += KEY * update.absent;
                update.nodes = next;
                next += 32 * Ssz.multiproofLength(low, high, Ssz.depth(committeeSize));
            }
            uint256 flag = uint8(bytes1(data.word(next)));
            ++next;
            require(flag < 2, UpdateMalformed(data.length, next));
            if (flag == 1) {
                update.handover = next;
                next += COMMITTEE + 32 * Ssz.depth(update.attestedFork.nextCommittee);
            }
            require(data.length == next, UpdateMalformed(data.length, next));
        }
    }
}
