// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {ICommitteeLightClient} from "../interfaces/ICommitteeLightClient.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {ChainId, Height} from "../types/Message.sol";
import {Committee} from "./Committee.sol";
import {TrustedHeader, TrustedHeaders} from "./TrustedHeaders.sol";

/// @title Committee light client
/// @notice The client for chains whose consensus cannot be verified cheaply: it believes a quorum of a committee.
contract CommitteeLightClient is TrustedHeaders, ICommitteeLightClient, IERC5267 {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.CommitteeLightClient
    struct Sworn {
        bytes32 committeeHash;
    }

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.CommitteeLightClient")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant SWORN_SLOT = 0x2cb1a47ebfdbf64c3e0cd82d19c3d8f88cb4f5f58fc2aa6aef11415ad4e8e300;

    /* CONSTRUCTION */

    /// @param sourceChain_ The chain whose headers are verified.
    /// @param members The member words of the first committee.
    constructor(ChainId sourceChain_, bytes32[] memory members) TrustedHeaders(sourceChain_) {
        _install(1, Committee.hash(members), members);
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev `proof` is an update as {Committee} describes it. One whose header is held already is not verified again.
    function update(bytes calldata proof) external override returns (Height, bool) {
        (TrustedHeader memory header_, Committee.Vote memory vote) = Committee.update(proof, 0);
        require(vote.end == proof.length, Committee.UpdateMalformed(proof.length, vote.end));
        Height height = Height.wrap(header_.height);
        if (_trusted().frozen) return (height, false);
        Standing standing = _standing(header_);
        if (standing == Standing.Held) return (height, true);
        _verify(proof, header_, vote);
        if (standing == Standing.Conflicting) {
            _freeze(header_.height);
            return (height, false);
        }
        _trust(header_);
        return (height, true);
    }

    /// @inheritdoc ILightClient
    /// @dev `evidence` is two updates, one after the other. Quiet if the client is frozen already.
    function submitMisbehaviour(bytes calldata evidence) external override {
        if (_trusted().frozen) return;
        (TrustedHeader memory one, Committee.Vote memory voteOfOne) = Committee.update(evidence, 0);
        (TrustedHeader memory other, Committee.Vote memory voteOfOther) =
            Committee.update(evidence, voteOfOne.end);
        require(
            voteOfOther.end == evidence.length, Committee.UpdateMalformed(evidence.length, voteOfOther.end)
        );
        _requireComplete(one);
        _requireComplete(other);
        _verify(evidence, one, voteOfOne);
        _verify(evidence, other, voteOfOther);
        require(one.height == other.height, EvidenceInvalid());
        require(keccak256(abi.encode(one)) != keccak256(abi.encode(other)), EvidenceInvalid());
        _freeze(one.height);
    }

    /* GOVERNANCE */

    /// @inheritdoc ICommitteeLightClient
    function rotate(bytes calldata proof) external override {
        require(!_trusted().frozen, ClientFrozen());
        (bytes32[] memory members, uint256 offset) = Committee.successors(proof);
        Committee.Vote memory vote = Committee.vote(proof, offset);
        require(vote.end == proof.length, Committee.UpdateMalformed(proof.length, vote.end));
        bytes32 next = Committee.hash(members);
        uint64 epoch_ = _trusted().epoch + 1;
        bytes32 digest = Committee.rotation(_domainSeparator(), SOURCE_CHAIN, epoch_, next);
        Committee.verify(proof, vote, _sworn().committeeHash, digest);
        _install(epoch_, next, members);
    }

    /* VIEWS */

    /// @inheritdoc ICommitteeLightClient
    function epoch() external view override returns (uint64) {
        return _trusted().epoch;
    }

    /// @inheritdoc ICommitteeLightClient
    function committeeHash() external view override returns (bytes32) {
        return _sworn().committeeHash;
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        override
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (hex"0f", "Lockkeeper Committee", "1", block.chainid, address(this), 0, new uint256[](0));
    }

    /// @dev Verifies that a quorum of the present committee has signed the header.
    function _verify(bytes calldata data, TrustedHeader memory header_, Committee.Vote memory vote)
        private
        view
    {
        bytes32 digest = Committee.attestation(_domainSeparator(), SOURCE_CHAIN, _trusted().epoch, header_);
        Committee.verify(data, vote, _sworn().committeeHash, digest);
    }

    /// @dev Read at run time: a fork of this chain is another chain.
    function _domainSeparator() private view returns (bytes32) {
        return Committee.domainSeparator(block.chainid, address(this));
    }

    /// @dev Makes `members` the committee of `epoch_`.
    function _install(uint64 epoch_, bytes32 hash, bytes32[] memory members) private {
        _trusted().epoch = epoch_;
        _sworn().committeeHash = hash;
        emit CommitteeRotated(epoch_, hash, members);
    }

    /// @dev The namespace of this contract's storage.
    function _sworn() private pure returns (Sworn storage $) {
        assembly ("memory-safe") {
            $.slot := SWORN_SLOT
        }
    }
}
