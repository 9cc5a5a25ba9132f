// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDerivedLightClient} from "../../src/interfaces/IDerivedLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {IOpStackLightClient} from "../../src/interfaces/IOpStackLightClient.sol";
import {IQuorumLightClient} from "../../src/interfaces/IQuorumLightClient.sol";
import {IRelayChainLightClient} from "../../src/interfaces/IRelayChainLightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {ExecutionHeader} from "../../src/proofs/ExecutionHeader.sol";
import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";

/// @notice The errors by the names that shared vectors give them.
library Rules {
    error RuleUnknown(string name);

    function selector(string memory name) internal pure returns (bytes4) {
        bytes32 rule = keccak256(bytes(name));
        bytes4 found = _ofProofs(rule) | _ofClients(rule) | _ofCommittees(rule) | _ofDerived(rule)
            | _ofQuorums(rule) | _ofOpStack(rule);
        require(found != 0, RuleUnknown(name));
        return found;
    }

    function _ofProofs(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("RlpTruncated")) return Rlp.RlpTruncated.selector;
        if (rule == keccak256("RlpNonCanonical")) return Rlp.RlpNonCanonical.selector;
        if (rule == keccak256("RlpUnexpectedKind")) return Rlp.RlpUnexpectedKind.selector;
        if (rule == keccak256("TrieRootEmpty")) return MerklePatricia.TrieRootEmpty.selector;
        if (rule == keccak256("TrieNodeHashMismatch")) return MerklePatricia.TrieNodeHashMismatch.selector;
        if (rule == keccak256("TrieNodeMalformed")) return MerklePatricia.TrieNodeMalformed.selector;
        if (rule == keccak256("TrieKeyAbsent")) return MerklePatricia.TrieKeyAbsent.selector;
        if (rule == keccak256("ProofTrailingBytes")) return StorageProof.ProofTrailingBytes.selector;
        if (rule == keccak256("AccountMalformed")) return StorageProof.AccountMalformed.selector;
        if (rule == keccak256("SlotValueMalformed")) return StorageProof.SlotValueMalformed.selector;
        if (rule == keccak256("SlotAbsent")) return StorageProof.SlotAbsent.selector;
    }

    function _ofClients(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("HeaderIncomplete")) return ILightClient.HeaderIncomplete.selector;
        if (rule == keccak256("HeaderTooOld")) return ILightClient.HeaderTooOld.selector;
        if (rule == keccak256("HeaderUnknown")) return ILightClient.HeaderUnknown.selector;
        if (rule == keccak256("ClientFrozen")) return ILightClient.ClientFrozen.selector;
    }

    function _ofCommittees(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("UpdateMalformed")) return Committee.UpdateMalformed.selector;
        if (rule == keccak256("CommitteeEmpty")) return Committee.CommitteeEmpty.selector;
        if (rule == keccak256("CommitteeTooLarge")) return Committee.CommitteeTooLarge.selector;
        if (rule == keccak256("MembersUnsorted")) return Committee.MembersUnsorted.selector;
        if (rule == keccak256("MemberZero")) return Committee.MemberZero.selector;
        if (rule == keccak256("WeightZero")) return Committee.WeightZero.selector;
        if (rule == keccak256("CommitteeMismatch")) return Committee.CommitteeMismatch.selector;
        if (rule == keccak256("BitmapOutOfRange")) return Committee.BitmapOutOfRange.selector;
        if (rule == keccak256("QuorumNotReached")) return Committee.QuorumNotReached.selector;
        if (rule == keccak256("SignatureInvalid")) return Committee.SignatureInvalid.selector;
        if (rule == keccak256("SignerMismatch")) return Committee.SignerMismatch.selector;
        if (rule == keccak256("EvidenceInvalid")) return ILightClient.EvidenceInvalid.selector;
    }

    function _ofDerived(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("HubIsSource")) return IDerivedLightClient.HubIsSource.selector;
        if (rule == keccak256("HubHeightMismatch")) return IDerivedLightClient.HubHeightMismatch.selector;
        if (rule == keccak256("SourceClientFrozen")) {
            return IRelayChainLightClient.SourceClientFrozen.selector;
        }
        if (rule == keccak256("HeaderFromFuture")) return ILightClient.HeaderFromFuture.selector;
    }

    function _ofOpStack(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("SourceHeightMismatch")) {
            return IOpStackLightClient.SourceHeightMismatch.selector;
        }
        if (rule == keccak256("OutputRootMismatch")) return IOpStackLightClient.OutputRootMismatch.selector;
        if (rule == keccak256("GameUnknown")) return IOpStackLightClient.GameUnknown.selector;
        if (rule == keccak256("GameNotWon")) return IOpStackLightClient.GameNotWon.selector;
        if (rule == keccak256("GameDelayNotPassed")) return IOpStackLightClient.GameDelayNotPassed.selector;
        if (rule == keccak256("GameTypeNotRespected")) {
            return IOpStackLightClient.GameTypeNotRespected.selector;
        }
        if (rule == keccak256("GameRetired")) return IOpStackLightClient.GameRetired.selector;
        if (rule == keccak256("GameBlacklisted")) return IOpStackLightClient.GameBlacklisted.selector;
        if (rule == keccak256("HeaderMalformed")) return ExecutionHeader.HeaderMalformed.selector;
    }

    function _ofQuorums(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("ThresholdTooLow")) return IQuorumLightClient.ThresholdTooLow.selector;
        if (rule == keccak256("ThresholdTooHigh")) return IQuorumLightClient.ThresholdTooHigh.selector;
        if (rule == keccak256("ClientsTooMany")) return IQuorumLightClient.ClientsTooMany.selector;
        if (rule == keccak256("ClientSourceMismatch")) {
            return IQuorumLightClient.ClientSourceMismatch.selector;
        }
        if (rule == keccak256("ClientRepeated")) return IQuorumLightClient.ClientRepeated.selector;
        if (rule == keccak256("AgreementNotReached")) return IQuorumLightClient.AgreementNotReached.selector;
    }
}
