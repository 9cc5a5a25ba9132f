// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICliqueLightClient} from "../interfaces/ICliqueLightClient.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {ChainId, Height} from "../types/Message.sol";
import {Clique} from "./Clique.sol";
import {TrustedHeader, TrustedHeaders} from "./TrustedHeaders.sol";

/// @title Clique light client
/// @notice The client for proof-of-authority chains: it believes what a majority of the signers has built on.
contract CliqueLightClient is TrustedHeaders, ICliqueLightClient {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.CliqueLightClient
    struct Authority {
        bytes32 signersHash;
        uint64 signersHeight;
    }

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.CliqueLightClient")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant AUTHORITY_SLOT =
        0xb4a1ff0417b2cd036b8957910473648383b2a3a7d3d693ad18c756aca002b300;

    /* CONSTRUCTION */

    /// @dev The time of the block that the client was started from.
    uint64 private immutable START_TIMESTAMP;

    /// @dev Blocks between two lists of the signers.
    uint64 private immutable EPOCH_LENGTH;

    /// @dev The least number of headers on top of a target.
    uint64 private immutable CONFIRMATIONS;

    /// @dev Seconds for which the newest trusted header keeps the signers trusted.
    uint64 private immutable TRUSTING_PERIOD;

    /// @param sourceChain_ The chain whose headers are verified.
    /// @param height A block whose signers are known to be `signers`, best the last epoch's. Its header is not served.
    /// @param timestamp The time of that block.
    /// @param signers The signers, ascending.
    /// @param epochLength_ Blocks between two lists of the signers.
    /// @param confirmations_ The least number of headers on top of one that is trusted.
    /// @param trustingPeriod_ Seconds for which the newest trusted header keeps the signers trusted.
    constructor(
        ChainId sourceChain_,
        uint64 height,
        uint64 timestamp,
        address[] memory signers,
        uint64 epochLength_,
        uint64 confirmations_,
        uint64 trustingPeriod_
    ) TrustedHeaders(sourceChain_) {
        require(epochLength_ != 0, EpochLengthZero());
        require(trustingPeriod_ != 0, TrustingPeriodZero());
        START_TIMESTAMP = timestamp;
        EPOCH_LENGTH = epochLength_;
        CONFIRMATIONS = confirmations_;
        TRUSTING_PERIOD = trustingPeriod_;
        _install(height, signers);
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev `proof` is an update as {Clique} describes it. One whose target is held already is not verified again.
    function update(bytes calldata proof) external override returns (Height, bool) {
        Clique.Update memory update_ = Clique.read(proof);
        TrustedHeader memory header_ = Clique.target(proof, update_);
        Height height = Height.wrap(header_.height);
        if (_trusted().frozen) return (height, false);
        Standing standing = _standing(header_);
        if (standing == Standing.Held) return (height, true);
        _requireFresh();
        address[] memory listed = Clique.verify(proof, update_, header_.blockHash, _policy());
        if (standing == Standing.Conflicting) {
            _freeze(header_.height);
            return (height, false);
        }
        _trust(header_);
        if (listed.length != 0 && header_.height > _authority().signersHeight) {
            _install(header_.height, listed);
        }
        return (height, true);
    }

    /// @inheritdoc ILightClient
    /// @dev `evidence` is the length of the first update (4 bytes), and two updates, by the signers trusted now. Quiet if
    ///      the client is frozen already.
    function submitMisbehaviour(bytes calldata evidence) external override {
        if (_trusted().frozen) return;
        require(evidence.length >= 4, Clique.UpdateMalformed(evidence.length, 4));
        uint256 middle = 4 + uint256(uint32(bytes4(evidence)));
        require(evidence.length >= middle, Clique.UpdateMalformed(evidence.length, middle));
        _requireFresh();
        TrustedHeader memory one = _verified(evidence[4:middle]);
        TrustedHeader memory other = _verified(evidence[middle:]);
        require(one.height == other.height, EvidenceInvalid());
        require(one.blockHash != other.blockHash, EvidenceInvalid());
        _freeze(one.height);
    }

    /* VIEWS */

    /// @inheritdoc ICliqueLightClient
    function signersHash() external view override returns (bytes32) {
        return _authority().signersHash;
    }

    /// @inheritdoc ICliqueLightClient
    function signersHeight() external view override returns (Height) {
        return Height.wrap(_authority().signersHeight);
    }

    /// @inheritdoc ICliqueLightClient
    function epochLength() external view override returns (uint64) {
        return EPOCH_LENGTH;
    }

    /// @inheritdoc ICliqueLightClient
    function confirmations() external view override returns (uint64) {
        return CONFIRMATIONS;
    }

    /// @inheritdoc ICliqueLightClient
    function trustingPeriod() external view override returns (uint64) {
        return TRUSTING_PERIOD;
    }

    /// @inheritdoc ICliqueLightClient
    function startTimestamp() external view override returns (uint64) {
        return START_TIMESTAMP;
    }

    /// @inheritdoc ICliqueLightClient
    function latestTimestamp() external view override returns (uint64) {
        return _trusted().latestTimestamp;
    }

    /// @dev The header that an update proves, for evidence.
    function _verified(bytes calldata proof) private view returns (TrustedHeader memory header_) {
        Clique.Update memory update_ = Clique.read(proof);
        header_ = Clique.target(proof, update_);
        _requireComplete(header_);
        Clique.verify(proof, update_, header_.blockHash, _policy());
    }

    /// @dev Refuses when the newest trusted header is too old for its signers to be believed.
    function _requireFresh() private view {
        uint256 newest = _trusted().latestTimestamp;
        if (newest < START_TIMESTAMP) newest = START_TIMESTAMP;
        require(block.timestamp <= newest + TRUSTING_PERIOD, TrustExpired(newest, block.timestamp));
    }

    /// @dev What updates are held against now.
    function _policy() private view returns (Clique.Policy memory) {
        return Clique.Policy(_authority().signersHash, EPOCH_LENGTH, CONFIRMATIONS, block.timestamp);
    }

    /// @dev Trusts `signers`, whom the block at `height` lists.
    function _install(uint64 height, address[] memory signers) private {
        bytes32 hash = Clique.hash(signers);
        _authority().signersHash = hash;
        _authority().signersHeight = height;
        emit SignersTrusted(Height.wrap(height), hash, signers);
    }

    /// @dev The namespace of this contract's storage.
    function _authority() private pure returns (Authority storage $) {
        assembly ("memory-safe") {
            $.slot := AUTHORITY_SLOT
        }
    }
}
