// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Bft} from "../../src/light_clients/Bft.sol";
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
        bytes4 found = _ofProofs(rule) | _ofClients(rule) | _ofCommittees(rule) | _ofBft(rule);
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
        if (rule == keccak256("TrustExpired")) return ILightClient.TrustExpired.selector;
        if (rule == keccak256("HeaderFromFuture")) return ILightClient.HeaderFromFuture.selector;
        if (rule == keccak256("HeaderMalformed")) return ExecutionHeader.HeaderMalformed.selector;
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

    function _ofBft(bytes32 rule) private pure returns (bytes4 found) {
        if (rule == keccak256("ExtraDataMalformed")) return Bft.ExtraDataMalformed.selector;
        if (rule == keccak256("MixHashMismatch")) return Bft.MixHashMismatch.selector;
        if (rule == keccak256("ValidatorsEmpty")) return Bft.ValidatorsEmpty.selector;
        if (rule == keccak256("ValidatorsTooMany")) return Bft.ValidatorsTooMany.selector;
        if (rule == keccak256("ValidatorsUnsorted")) return Bft.ValidatorsUnsorted.selector;
        if (rule == keccak256("ValidatorsMismatch")) return Bft.ValidatorsMismatch.selector;
        if (rule == keccak256("OverlapNotReached")) return Bft.OverlapNotReached.selector;
    }
}
