// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBftLightClient} from "../interfaces/IBftLightClient.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {ExecutionHeader} from "../proofs/ExecutionHeader.sol";
import {ChainId, Height} from "../types/Message.sol";
import {Bft} from "./Bft.sol";
import {TrustedHeader, TrustedHeaders} from "./TrustedHeaders.sol";

/// @title BFT light client
/// @notice The client of chains whose validators seal every block: what QBFT and IBFT 2.0 have in common.
abstract contract BftLightClient is TrustedHeaders, IBftLightClient {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.BftLightClient
    struct Listed {
        /// @dev Of the trusted list.
        bytes32 validatorsHash;
        /// @dev When each former list was replaced.
        mapping(bytes32 validatorsHash => uint64) retired;
    }

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.BftLightClient")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant LISTED_SLOT =
        0x969a45f573e2829c3211b48980545b528402257029c3d6bb3e6a6762b422c600;

    /* CONSTRUCTION */

    /// @dev How far the source's clock may be ahead, in seconds.
    uint256 internal constant CLOCK_DRIFT = 60;

    /// @dev How long validators are believed, in seconds.
    uint64 internal immutable TRUSTING_PERIOD;

    /// @dev Whether one honest trusted validator is enough to skip to another list.
    bool internal immutable ONE_THIRD_OVERLAP;

    /// @dev The height of the header that whoever deployed the client trusts. It is not served: its roots are unknown.
    uint64 internal immutable ANCHOR_HEIGHT;

    /// @dev The first half of its hash.
    bytes16 internal immutable ANCHOR_HASH;

    /// @param sourceChain_ The chain whose headers are verified.
    /// @param height The height of a header that is trusted from the start.
    /// @param timestamp Its time.
    /// @param blockHash Its hash.
    /// @param validators The payload of its list of validators: `0x94 ‖ address` each.
    /// @param trustingPeriod_ How long validators are believed, in seconds.
    /// @param oneThirdOverlap_ Whether one honest trusted validator is enough to skip to another list.
    constructor(
        ChainId sourceChain_,
        uint64 height,
        uint64 timestamp,
        bytes32 blockHash,
        bytes memory validators,
        uint64 trustingPeriod_,
        bool oneThirdOverlap_
    ) TrustedHeaders(sourceChain_) {
        require(trustingPeriod_ != 0, TrustingPeriodZero());
        require(timestamp != 0 && blockHash != 0, HeaderIncomplete());
        TRUSTING_PERIOD = trustingPeriod_;
        ONE_THIRD_OVERLAP = oneThirdOverlap_;
        ANCHOR_HEIGHT = height;
        ANCHOR_HASH = bytes16(blockHash);
        Trust storage $ = _trusted();
        $.latestHeight = height;
        $.latestTimestamp = timestamp;
        bytes32 list = Bft.hash(validators);
        _listed().validatorsHash = list;
        emit ValidatorsTrusted(Height.wrap(height), list);
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev `proof` is one step or more as {Bft} describes them, each verified against what the one before has left. One
    ///      whose header is held already is not verified again. Returns the height of the last.
    function update(bytes calldata proof) external override returns (Height height, bool trusted) {
        uint256 offset = 0;
        do {
            (Bft.Step memory step, ExecutionHeader.Fields memory fields) = Bft.read(proof, offset, _dialect());
            trusted = _accept(proof, step, fields);
            height = Height.wrap(fields.number);
            offset = step.end;
        } while (offset < proof.length);
    }

    /// @inheritdoc ILightClient
    /// @dev `evidence` is two steps, one after the other, of lists that are trusted or were within the trusting period.
    ///      Quiet if the client is frozen already.
    function submitMisbehaviour(bytes calldata evidence) external override {
        if (_trusted().frozen) return;
        (Bft.Step memory one, ExecutionHeader.Fields memory first) = Bft.read(evidence, 0, _dialect());
        (Bft.Step memory other, ExecutionHeader.Fields memory second) =
            Bft.read(evidence, one.end, _dialect());
        require(other.end == evidence.length, Bft.UpdateMalformed(evidence.length, other.end));
        _requireUnexpired();
        bytes32 blockHash = _incriminate(evidence, one, first);
        bytes32 another = _incriminate(evidence, other, second);
        require(first.number == second.number && blockHash != another, EvidenceInvalid());
        _freeze(first.number);
    }

    /// @dev Verifies the header of a step and stores it, unless it is held already or shows misbehaviour.
    /// @return Whether the client still serves headers.
    function _accept(bytes calldata proof, Bft.Step memory step, ExecutionHeader.Fields memory fields)
        private
        returns (bool)
    {
        if (_trusted().frozen) return false;
        TrustedHeader memory header_ = _header(proof, step, fields);
        Standing standing = _standing(header_);
        if (standing == Standing.Held) return true;
        bytes32 list = _verify(proof, step, fields);
        if (standing == Standing.Conflicting) {
            _freeze(header_.height);
            return false;
        }
        _trust(header_);
        Listed storage $ = _listed();
        bytes32 former = $.validatorsHash;
        if (list != former) {
            $.retired[former] = uint64(block.timestamp);
            $.validatorsHash = list;
            emit ValidatorsTrusted(Height.wrap(header_.height), list);
        }
        return true;
    }

    /// @dev Verifies that the header is final.
    /// @return list The hash of its validators, which are the trusted ones from now on.
    function _verify(bytes calldata proof, Bft.Step memory step, ExecutionHeader.Fields memory fields)
        private
        view
        returns (bytes32 list)
    {
        require(fields.mixHash == Bft.ISTANBUL_DIGEST, Bft.MixHashMismatch());
        _requireUnexpired();
        require(
            fields.timestamp <= block.timestamp + CLOCK_DRIFT,
            HeaderFromFuture(fields.timestamp, block.timestamp)
        );
        bytes32 trusted = _listed().validatorsHash;
        list = Bft.validatorsHash(proof, step);
        if (list == trusted) {
            Bft.requireQuorum(step);
            require(step.trusted == step.end, Bft.UpdateMalformed(step.end, step.trusted));
        } else {
            Bft.requireOrdered(proof, step);
            Bft.requireQuorum(step);
            _requireFollows(proof, step, fields, list, trusted);
        }
        Bft.requireSeals(proof, step, Bft.digest(proof, step, fields));
    }

    /// @dev Verifies that the trusted validators agree to another list.
    function _requireFollows(
        bytes calldata proof,
        Bft.Step memory step,
        ExecutionHeader.Fields memory fields,
        bytes32 list,
        bytes32 trusted
    ) private view {
        uint64 latest = _trusted().latestHeight;
        require(fields.number > latest, Bft.ValidatorsMismatch(list, trusted));
        bytes32 given = keccak256(proof[step.trusted:step.end]);
        require(given == trusted, Bft.ValidatorsMismatch(given, trusted));
        uint256 count = (step.end - step.trusted) / Bft.ITEM;
        bool isChild = fields.number - 1 == latest && bytes16(fields.parentHash) == latestBlockHash();
        uint256 needed = isChild || ONE_THIRD_OVERLAP ? Bft.oneHonest(count) : Bft.quorum(count);
        uint256 signed = Bft.overlap(proof, step);
        require(signed >= needed, Bft.OverlapNotReached(signed, needed));
    }

    /// @dev Verifies one half of the evidence.
    function _incriminate(bytes calldata evidence, Bft.Step memory step, ExecutionHeader.Fields memory fields)
        private
        view
        returns (bytes32)
    {
        require(step.trusted == step.end, Bft.UpdateMalformed(step.end, step.trusted));
        TrustedHeader memory header_ = _header(evidence, step, fields);
        _requireComplete(header_);
        require(fields.mixHash == Bft.ISTANBUL_DIGEST, Bft.MixHashMismatch());
        Listed storage $ = _listed();
        bytes32 list = Bft.validatorsHash(evidence, step);
        bool isKnown = list == $.validatorsHash || block.timestamp < _end($.retired[list]);
        require(isKnown, Bft.ValidatorsMismatch(list, $.validatorsHash));
        Bft.requireQuorum(step);
        Bft.requireSeals(evidence, step, Bft.digest(evidence, step, fields));
        return header_.blockHash;
    }

    /// @dev Refuses to believe validators after the trusting period.
    function _requireUnexpired() private view {
        uint64 newest = _trusted().latestTimestamp;
        require(block.timestamp <= uint256(newest) + TRUSTING_PERIOD, TrustExpired(newest, block.timestamp));
    }

    /* VIEWS */

    /// @inheritdoc IBftLightClient
    function validatorsHash() external view override returns (bytes32) {
        return _listed().validatorsHash;
    }

    /// @inheritdoc IBftLightClient
    function trustingPeriod() external view override returns (uint64) {
        return TRUSTING_PERIOD;
    }

    /// @inheritdoc IBftLightClient
    function oneThirdOverlap() external view override returns (bool) {
        return ONE_THIRD_OVERLAP;
    }

    /// @inheritdoc IBftLightClient
    function latestTimestamp() external view override returns (uint64) {
        return _trusted().latestTimestamp;
    }

    /// @inheritdoc IBftLightClient
    function latestBlockHash() public view override returns (bytes16) {
        uint64 latest = _trusted().latestHeight;
        return latest == ANCHOR_HEIGHT ? ANCHOR_HASH : bytes16(uint128(_entry(latest).tag));
    }

    /// @inheritdoc IBftLightClient
    function retiredAt(bytes32 validatorsHash_) external view override returns (uint64) {
        return _listed().retired[validatorsHash_];
    }

    /// @dev How the source writes its extra data.
    function _dialect() internal pure virtual returns (Bft.Dialect);

    /// @dev What is kept of the header of a step.
    function _header(bytes calldata proof, Bft.Step memory step, ExecutionHeader.Fields memory fields)
        private
        pure
        returns (TrustedHeader memory)
    {
        bytes32 blockHash = Bft.blockHash(proof, step, fields, _dialect());
        return
            TrustedHeader(fields.number, fields.timestamp, blockHash, fields.stateRoot, fields.receiptsRoot);
    }

    /// @dev Until when a list is good for evidence that was replaced at this time; of one that never was, it is not.
    function _end(uint64 replaced) private view returns (uint256) {
        return replaced == 0 ? 0 : uint256(replaced) + TRUSTING_PERIOD;
    }

    /// @dev The namespace of this contract's storage.
    function _listed() private pure returns (Listed storage $) {
        assembly ("memory-safe") {
            $.slot := LISTED_SLOT
        }
    }
}
