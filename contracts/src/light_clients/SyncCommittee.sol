// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {LibBit} from "solady/utils/LibBit.sol";

import {Network} from "../interfaces/ISyncCommitteeLightClient.sol";
import {Bls} from "../proofs/Bls.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {Ssz} from "../proofs/Ssz.sol";
import {SyncUpdate, SyncUpdates} from "./SyncUpdates.sol";

/// @title Sync committee rules
/// @notice What an update says, and whether a sync committee and Merkle branches vouch for it. The Python twin is
///         `light_clients/sync_committee`.
/// @dev An update is as {SyncUpdates} describes it.
///      Source: ethereum/consensus-specs, light-client/sync-protocol.md of Altair and later forks. No optimistic header
///      and no forced update is ever accepted.
library SyncCommittee {
    using Calldata for bytes;

    /// @notice The epoch lies before the first fork of the table.
    error ForkUnknown(uint256 epoch);

    /// @notice The signature must come after the attested header, and that not before the finalized one.
    error SlotsUnordered(uint256 signature, uint256 attested, uint256 finalized);

    /// @notice No committee is trusted for the period of the signature.
    error CommitteeUnknown(uint256 period);

    /// @notice The committee given is not the one trusted for its period.
    error CommitteeMismatch(bytes32 given, bytes32 expected);

    /// @notice Too few have signed.
    error QuorumNotReached(uint256 signed, uint256 needed);

    /// @notice The attested state does not hold the finalized header as its finalized checkpoint.
    error FinalityBranchInvalid();

    /// @notice The finalized block does not hold the hash of the execution header.
    error ExecutionBranchInvalid();

    /// @notice The attested state does not hold the committee as its next.
    error NextCommitteeBranchInvalid();

    /// @notice Finalized and attested header lie in two periods: the attested one's next committee is not final yet.
    error HandoverMisplaced(uint256 finalized, uint256 attested);

    /// @notice The keys of those who did not sign are not the committee's.
    error KeysProofInvalid();

    /// @notice The signature is by others, or of something else.
    error SignatureInvalid(uint256 index);

    /// @dev The domain type of sync committees, `DOMAIN_SYNC_COMMITTEE`.
    bytes32 private constant DOMAIN_TYPE = bytes32(bytes4(0x07000000));

    /// @notice The commitment of the committee whose root and sum of keys begin at `offset`.
    function commitmentAt(bytes calldata data, uint256 offset) internal pure returns (bytes32) {
        return data.hash(offset, SyncUpdates.COMMITTEE);
    }

    /// @notice The period of a slot: the generation of the sync committee that signs in it.
    function periodOf(Network memory network, uint64 slot) internal pure returns (uint64) {
        unchecked {
            return slot / network.slotsPerEpoch / network.epochsPerPeriod;
        }
    }

    /// @notice When a slot begins, in Unix seconds.
    function timeOf(Network memory network, uint64 slot) internal pure returns (uint256) {
        unchecked {
            return network.genesisTime + uint256(slot) * network.secondsPerSlot;
        }
    }

    /// @notice Verifies that the slots are in order.
    function requireOrdered(SyncUpdate memory update) internal pure {
        (uint256 signature, uint256 attested, uint256 finalized) =
            (update.signatureSlot, update.attestedSlot, update.finalizedSlot);
        require(signature > attested && attested >= finalized, SlotsUnordered(signature, attested, finalized));
    }

    /// @notice Verifies the committee, branches and signature of an update whose slots are in order.
    /// @param commitment What is trusted of the signature's period; zero if nothing is.
    /// @param version The version of the fork in force one slot before the signature.
    function verify(
        bytes calldata data,
        SyncUpdate memory update,
        Network memory network,
        bytes32 commitment,
        bytes4 version
    ) internal view {
        require(commitment != 0, CommitteeUnknown(periodOf(network, update.signatureSlot)));
        bytes32 given = commitmentAt(data, update.committee);
        require(given == commitment, CommitteeMismatch(given, commitment));
        _requireQuorum(update, network.committeeSize);
        update.attestedRoot = Ssz.beaconHeader(data, SyncUpdates.ATTESTED);
        update.finalizedRoot = Ssz.beaconHeader(data, SyncUpdates.FINALIZED);
        _verifyBranches(data, update);
        if (update.handover != 0) _verifyHandover(data, update, network);
        bytes32[8] memory key = _signers(data, update, network.committeeSize);
        bytes32 root = signingRoot(update.attestedRoot, version, network.genesisValidatorsRoot);
        require(Bls.verify(key, root, data, update.signature), SignatureInvalid(0));
    }

    /// @notice What a sync committee signs of a beacon header.
    function signingRoot(bytes32 headerRoot, bytes4 version, bytes32 genesisValidatorsRoot)
        internal
        view
        returns (bytes32)
    {
        bytes32 forkData = Ssz.parent(version, genesisValidatorsRoot);
        return Ssz.parent(headerRoot, DOMAIN_TYPE | forkData >> 32);
    }

    /// @notice Whether two verified updates cannot both be true: of one finalized slot, attested slot or period they say
    ///         two things.
    function contradict(
        bytes calldata one,
        SyncUpdate memory first,
        bytes calldata other,
        SyncUpdate memory second,
        Network memory network
    ) internal pure returns (bool) {
        if (first.finalizedSlot == second.finalizedSlot && first.finalizedRoot != second.finalizedRoot) {
            return true;
        }
        if (first.attestedSlot == second.attestedSlot && first.attestedRoot != second.attestedRoot) {
            return true;
        }
        if (first.handover == 0 || second.handover == 0) return false;
        return periodOf(network, first.attestedSlot) == periodOf(network, second.attestedSlot)
            && commitmentAt(one, first.handover) != commitmentAt(other, second.handover);
    }

    /// @dev Two thirds of the committee, rounded up.
    function _requireQuorum(SyncUpdate memory update, uint256 size) private pure {
        unchecked {
            uint256 signed = size - update.absent;
            require(3 * signed >= 2 * size, QuorumNotReached(signed, (2 * size + 2) / 3));
        }
    }

    /// @dev Verifies that the attested state holds the finalized header, and this the execution block.
    function _verifyBranches(bytes calldata data, SyncUpdate memory update) private view {
        bytes32 root =
            Ssz.branch(data, SyncUpdates.BRANCHES, update.attestedFork.finality, update.finalizedRoot);
        require(root == data.word(SyncUpdates.ATTESTED + SyncUpdates.STATE_ROOT), FinalityBranchInvalid());
        root = Ssz.branch(
            data, update.executionBranch, update.finalizedFork.executionBlockHash, update.blockHash
        );
        require(root == data.word(SyncUpdates.FINALIZED + SyncUpdates.BODY_ROOT), ExecutionBranchInvalid());
    }

    /// @dev Verifies that the attested state holds the next committee. The root of a committee is that of its keys over
    ///      that of their sum, compressed.
    function _verifyHandover(bytes calldata data, SyncUpdate memory update, Network memory network)
        private
        view
    {
        uint256 finalized = periodOf(network, update.finalizedSlot);
        uint256 attested = periodOf(network, update.attestedSlot);
        require(finalized == attested, HandoverMisplaced(finalized, attested));
        unchecked {
            uint256 offset = update.handover;
            bytes32[8] memory sum;
            bytes32 leaf = Bls.add(sum, data, offset + 32);
            bytes32 root = Ssz.branch(
                data,
                offset + SyncUpdates.COMMITTEE,
                update.attestedFork.nextCommittee,
                Ssz.parent(data.word(offset), leaf)
            );
            require(
                root == data.word(SyncUpdates.ATTESTED + SyncUpdates.STATE_ROOT), NextCommitteeBranchInvalid()
            );
        }
    }

    /// @dev The sum of the keys that signed: the committee's without those that did not, which must be the committee's.
    function _signers(bytes calldata data, SyncUpdate memory update, uint256 size)
        private
        view
        returns (bytes32[8] memory sum)
    {
        unchecked {
            uint256 committee = update.committee;
            if (update.absent != 0) {
                uint256[] memory leaves = new uint256[](2 * update.absent + 1);
                uint256 low = update.absentLow;
                uint256 high = update.absentHigh;
                uint256 key = committee + SyncUpdates.COMMITTEE;
                for (uint256 i = 0; low | high != 0; i += 2) {
                    if (low != 0) {
                        leaves[i] = LibBit.ffs(low);
                        low &= low - 1;
                    } else {
                        leaves[i] = 256 + LibBit.ffs(high);
                        high &= high - 1;
                    }
                    leaves[i + 1] = uint256(Bls.add(sum, data, key));
                    key += SyncUpdates.KEY;
                }
                bytes32 root = Ssz.multiproof(data, update.nodes, leaves, Ssz.depth(size));
                require(root == data.word(committee), KeysProofInvalid());
            }
            require(Bls.subtractFrom(sum, data, committee + 32), SignatureInvalid(0));
        }
    }
}
