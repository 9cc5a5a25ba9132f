// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The errors by the names that shared vectors give them.
/// @dev By signature rather than by import, so that a test compiles only the contracts it is about. A signature that is
///      not the contract's shows at once: no revert has its selector.
library Rules {
    error RuleUnknown(string name);

    string private constant SIGNATURES = "AccountMalformed() AgreementNotReached(uint256,uint256) BitmapOutOfRange(uint256,uint256) "
        "ClientRepeated(uint256) ClientSourceMismatch(uint256,uint64,uint64) ClientsTooMany(uint256) "
        "CommitteeEmpty() CommitteeMismatch(bytes32,bytes32) CommitteeTooLarge(uint256) "
        "CommitteeUnknown(uint256) DepthNotReached(uint256,uint256) DifficultyInvalid(uint256,uint256) "
        "EvidenceInvalid() ExecutionBranchInvalid() ExtraDataMalformed() FinalityBranchInvalid() "
        "ForkUnknown(uint256) GameBlacklisted(address) GameDelayNotPassed(uint64,uint64) GameNotWon(uint8) "
        "GameRetired(uint64,uint64) GameTypeNotRespected(uint32,uint32) GameUnknown(uint64) "
        "HandoverMisplaced(uint256,uint256) HeaderFromFuture(uint256,uint256) HeaderIncomplete() "
        "HeaderMalformed() HeaderUnknown(uint64) HeadersUnlinked(uint256) HubHeightMismatch(uint64,uint64) "
        "KeysProofInvalid() LogDataTooShort(uint256) LogEmitterMismatch(address,address) "
        "LogIndexOutOfRange(uint256,uint256) LogTopicMismatch(uint256,bytes32,bytes32) MemberZero(uint256) "
        "MembersUnsorted(uint256) MixHashMismatch() NextCommitteeBranchInvalid() "
        "OutputRootMismatch(bytes32,bytes32) OverlapNotReached(uint256,uint256) PointInvalid(uint256) "
        "ProofTrailingBytes() QuorumNotReached(uint256,uint256) ReceiptFailed() ReceiptMalformed() "
        "ReceiptProofMalformed() ReceiptWithoutStatus() RlpNonCanonical() RlpTruncated() "
        "RlpUnexpectedKind() SealInvalid(uint256) SignatureInvalid(uint256) "
        "SignedRecently(uint256,address) SignerMismatch(uint256,address,address) "
        "SignersMismatch(bytes32,bytes32) SignersTooMany(uint256) SignersUnsorted(uint256) SlotAbsent() "
        "SlotValueMalformed() SlotsUnordered(uint256,uint256,uint256) SourceClientFrozen() "
        "SourceHeightMismatch(uint64,uint64) ThresholdTooHigh(uint256,uint256) "
        "ThresholdTooLow(uint256,uint256) TrieKeyAbsent() TrieNodeHashMismatch() TrieNodeMalformed() "
        "TrieRootEmpty() TrustExpired(uint256,uint256) UpdateMalformed(uint256,uint256) ValidatorsEmpty() "
        "ValidatorsMismatch(bytes32,bytes32) ValidatorsTooMany(uint256) ValidatorsUnsorted(uint256) "
        "WeightZero(uint256) ";

    /// @notice The selector of the error of this name.
    function selector(string memory name) internal pure returns (bytes4) {
        bytes memory all = bytes(SIGNATURES);
        bytes memory sought = abi.encodePacked(name, "(");
        uint256 start;
        for (uint256 end = 0; end < all.length; ++end) {
            if (all[end] != " ") continue;
            if (_begins(all, start, sought)) return bytes4(keccak256(_slice(all, start, end)));
            start = end + 1;
        }
        revert RuleUnknown(name);
    }

    function _begins(bytes memory all, uint256 start, bytes memory sought) private pure returns (bool) {
        return all.length >= start + sought.length
            && keccak256(_slice(all, start, start + sought.length)) == keccak256(sought);
    }

    function _slice(bytes memory all, uint256 start, uint256 end) private pure returns (bytes memory slice) {
        slice = new bytes(end - start);
        for (uint256 i = start; i < end; ++i) {
            slice[i - start] = all[i];
        }
    }
}
