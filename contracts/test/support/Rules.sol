// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The errors by the names that shared vectors give them.
/// @dev By signature rather than by import, so that a test compiles only the contracts it is about. A signature that is
///      not the contract's shows at once: no revert has its selector.
library Rules {
    error RuleUnknown(string name);

    string private constant SIGNATURES = "RlpTruncated() RlpNonCanonical() RlpUnexpectedKind() TrieRootEmpty() "
        "TrieNodeHashMismatch() TrieNodeMalformed() TrieKeyAbsent() ProofTrailingBytes() AccountMalformed() "
        "SlotValueMalformed() SlotAbsent() HeaderMalformed() "
        "ReceiptProofMalformed() ReceiptMalformed() ReceiptWithoutStatus() ReceiptFailed() "
        "LogIndexOutOfRange(uint256,uint256) LogEmitterMismatch(address,address) "
        "LogTopicMismatch(uint256,bytes32,bytes32) LogDataTooShort(uint256) "
        // light clients
        "HeaderIncomplete() HeaderTooOld(uint64,uint64) HeaderUnknown(uint64) ClientFrozen() EvidenceInvalid() "
        "TrustExpired(uint256,uint256) HeaderFromFuture(uint256,uint256) UpdateMalformed(uint256,uint256) "
        "BitmapOutOfRange(uint256,uint256) QuorumNotReached(uint256,uint256) SignatureInvalid(uint256) "
        "SignerMismatch(uint256,address,address) "
        // committee
        "CommitteeEmpty() CommitteeTooLarge(uint256) MembersUnsorted(uint256) MemberZero(uint256) WeightZero(uint256) "
        "CommitteeMismatch(bytes32,bytes32) "
        // BFT
        "ExtraDataMalformed() MixHashMismatch() ValidatorsEmpty() ValidatorsTooMany(uint256) "
        "ValidatorsUnsorted(uint256) ValidatorsMismatch(bytes32,bytes32) OverlapNotReached(uint256,uint256) "
        // Clique
        "DifficultyInvalid(uint256,uint256) SealInvalid(uint256) SignersEmpty() SignersTooMany(uint256) "
        "SignersUnsorted(uint256) SignersMismatch(bytes32,bytes32) HeadersUnlinked(uint256) "
        "SignedRecently(uint256,address) DepthNotReached(uint256,uint256) ";

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
