// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {
    Fork,
    ISyncCommitteeLightClient,
    Network,
    Parameters
} from "../interfaces/ISyncCommitteeLightClient.sol";
import {ExecutionHeader} from "../proofs/ExecutionHeader.sol";
import {ChainId, Height} from "../types/Message.sol";
import {SyncCommittee} from "./SyncCommittee.sol";
import {SyncUpdate, SyncUpdates} from "./SyncUpdates.sol";
import {TrustedHeader, TrustedHeaders} from "./TrustedHeaders.sol";

/// @title Sync committee light client
/// @notice The client for Ethereum and chains with its consensus.
/// @dev The epoch that {TrustedHeaders} keeps is the newest period whose committee is known.
contract SyncCommitteeLightClient is TrustedHeaders, ISyncCommitteeLightClient {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.SyncCommitteeLightClient
    struct Beacon {
        /// @dev The commitments of the newest period known and of the one before, by the parity of the period.
        mapping(uint256 parity => bytes32) commitments;
        mapping(uint256 index => Fork) forks;
    }

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.SyncCommitteeLightClient")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant BEACON_SLOT =
        0xaf8a9f866d7ac6603181fdf9d551cbf15754978654aa6f6511313c46c481bb00;

    /* CONSTRUCTION */

    /// @dev How far the source's clock may be ahead, in seconds.
    uint256 internal constant CLOCK_DRIFT = 60;

    /// @dev The fields of {Network}.
    bytes32 internal immutable GENESIS_VALIDATORS_ROOT;
    uint64 internal immutable GENESIS_TIME;
    uint64 internal immutable SECONDS_PER_SLOT;
    uint64 internal immutable SLOTS_PER_EPOCH;
    uint64 internal immutable EPOCHS_PER_PERIOD;
    uint64 internal immutable COMMITTEE_SIZE;

    /// @dev How many forks the table has.
    uint256 internal immutable FORKS;

    /// @dev How long a committee is believed, in seconds.
    uint64 internal immutable TRUSTING_PERIOD;

    /// @param sourceChain_ The chain whose headers are verified: the execution chain.
    /// @param parameters Its beacon chain, and what of it is trusted from the start.
    constructor(ChainId sourceChain_, Parameters memory parameters) TrustedHeaders(sourceChain_) {
        Network memory chain = parameters.network;
        _requireValid(chain);
        require(parameters.trustingPeriod != 0, TrustingPeriodZero());
        GENESIS_VALIDATORS_ROOT = chain.genesisValidatorsRoot;
        GENESIS_TIME = chain.genesisTime;
        SECONDS_PER_SLOT = chain.secondsPerSlot;
        SLOTS_PER_EPOCH = chain.slotsPerEpoch;
        EPOCHS_PER_PERIOD = chain.epochsPerPeriod;
        COMMITTEE_SIZE = chain.committeeSize;
        TRUSTING_PERIOD = parameters.trustingPeriod;
        FORKS = parameters.forks.length;
        _trusted().latestTimestamp = parameters.trustedTimestamp;
        _storeForks(parameters.forks);
        bytes32[] memory known = parameters.commitments;
        require(known.length == 1 || known.length == 2, CommitmentsInvalid());
        for (uint64 i = 0; i < known.length; ++i) {
            require(known[i] != 0, CommitmentsInvalid());
            _install(parameters.trustedPeriod + i, known[i]);
        }
    }

    /// @dev Refuses a network that no slot or committee can be reckoned with.
    function _requireValid(Network memory chain) private pure {
        require(
            chain.secondsPerSlot != 0 && chain.slotsPerEpoch != 0 && chain.epochsPerPeriod != 0
                && (chain.committeeSize == 32 || chain.committeeSize == 512),
            NetworkInvalid()
        );
    }

    /// @dev Stores the fork table. Forks may share an epoch, as in networks that begin with several; the last is in force.
    function _storeForks(Fork[] memory table) private {
        require(table.length != 0, ForksInvalid(0));
        for (uint256 i = 0; i < table.length; ++i) {
            require(i == 0 || table[i].epoch >= table[i - 1].epoch, ForksInvalid(i));
            require(
                table[i].finality > 1 && table[i].nextCommittee > 1 && table[i].executionBlockHash > 1,
                ForksInvalid(i)
            );
            _beacon().forks[i] = table[i];
        }
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev `proof` is an update as {SyncUpdates} describes it. One that brings nothing new is not verified again. A
    ///      committee that differs from the one known for its period freezes the client, as a header does.
    function update(bytes calldata proof) external override returns (Height height, bool trusted) {
        (SyncUpdate memory read, TrustedHeader memory header_) = _read(proof);
        height = Height.wrap(header_.height);
        if (_trusted().frozen) return (height, false);
        Standing standing = _standing(header_);
        Standing succession = _succession(proof, read);
        if (standing == Standing.Held && succession == Standing.Held) return (height, true);
        _verify(proof, read);
        if (standing == Standing.Conflicting || succession == Standing.Conflicting) {
            _freeze(header_.height);
            return (height, false);
        }
        if (standing == Standing.New) _trustNew(header_);
        if (succession == Standing.New) {
            _install(_nextPeriod(read), SyncCommittee.commitmentAt(proof, read.handover));
        }
        return (height, true);
    }

    /// @inheritdoc ILightClient
    /// @dev `evidence` is `length of the first update (4) ‖ update ‖ update`. They contradict each other when of one
    ///      finalized slot, attested slot, execution height or period they say two things. Quiet if the client is frozen
    ///      already.
    function submitMisbehaviour(bytes calldata evidence) external override {
        if (_trusted().frozen) return;
        require(evidence.length >= 4, SyncUpdates.UpdateMalformed(evidence.length, 4));
        uint256 split = 4 + uint256(uint32(bytes4(evidence[:4])));
        require(evidence.length >= split, SyncUpdates.UpdateMalformed(evidence.length, split));
        bytes calldata one = evidence[4:split];
        bytes calldata other = evidence[split:];
        (SyncUpdate memory first, TrustedHeader memory header_) = _read(one);
        (SyncUpdate memory second, TrustedHeader memory another) = _read(other);
        _verify(one, first);
        _verify(other, second);
        bool forked = header_.height == another.height && header_.blockHash != another.blockHash;
        require(forked || SyncCommittee.contradict(one, first, other, second, network()), EvidenceInvalid());
        _freeze(header_.height);
    }

    /// @dev Stores a header. The block trusted from the start has no height: the first header may be older than it, and
    ///      takes nothing from its time.
    function _trustNew(TrustedHeader memory header_) private {
        uint64 latest = _trusted().latestTimestamp;
        _trust(header_);
        if (_trusted().latestTimestamp < latest) _trusted().latestTimestamp = latest;
    }

    /// @dev Reads an update and the execution header in it, neither of which is verified yet.
    function _read(bytes calldata proof)
        private
        view
        returns (SyncUpdate memory read, TrustedHeader memory header_)
    {
        (, uint64 attested, uint64 finalized) = SyncUpdates.slots(proof);
        read = SyncUpdates.read(proof, COMMITTEE_SIZE, _forkAt(attested), _forkAt(finalized));
        ExecutionHeader.Fields memory fields = ExecutionHeader.read(proof, read.executionHeader);
        header_ = TrustedHeader(
            fields.number, fields.timestamp, read.blockHash, fields.stateRoot, fields.receiptsRoot
        );
        _requireComplete(header_);
    }

    /// @dev Verifies an update, now and with the committees known.
    function _verify(bytes calldata proof, SyncUpdate memory read) private view {
        uint256 latest = _trusted().latestTimestamp;
        require(block.timestamp <= latest + TRUSTING_PERIOD, TrustExpired(latest, block.timestamp));
        SyncCommittee.requireOrdered(read);
        Network memory chain = network();
        uint256 signed = SyncCommittee.timeOf(chain, read.signatureSlot);
        require(signed <= block.timestamp + CLOCK_DRIFT, HeaderFromFuture(signed, block.timestamp));
        bytes32 committee = commitment(SyncCommittee.periodOf(chain, read.signatureSlot));
        // the signature comes after the attested slot, so there is a slot before it
        SyncCommittee.verify(proof, read, chain, committee, _forkAt(read.signatureSlot - 1).version);
    }

    /// @dev How the next committee that an update brings relates to the one known; held if it brings none, or that of a
    ///      period which is over.
    function _succession(bytes calldata proof, SyncUpdate memory read) private view returns (Standing) {
        if (read.handover == 0) return Standing.Held;
        uint64 period = _nextPeriod(read);
        if (period > _trusted().epoch) return Standing.New;
        bytes32 known = commitment(period);
        bool same = known == 0 || known == SyncCommittee.commitmentAt(proof, read.handover);
        return same ? Standing.Held : Standing.Conflicting;
    }

    /// @dev The period that an update's next committee signs in.
    function _nextPeriod(SyncUpdate memory read) private view returns (uint64) {
        return SyncCommittee.periodOf(network(), read.attestedSlot) + 1;
    }

    /// @dev Makes a committee known, in the place of the one two periods before. Nothing but the period after the newest
    ///      ever comes here: the committee of the attested period has signed.
    function _install(uint64 period, bytes32 commitment_) private {
        _trusted().epoch = period;
        _beacon().commitments[period & 1] = commitment_;
        emit CommitteeTrusted(period, commitment_);
    }

    /* VIEWS */

    /// @inheritdoc ISyncCommitteeLightClient
    function network() public view override returns (Network memory) {
        return Network(
            GENESIS_VALIDATORS_ROOT,
            GENESIS_TIME,
            SECONDS_PER_SLOT,
            SLOTS_PER_EPOCH,
            EPOCHS_PER_PERIOD,
            COMMITTEE_SIZE
        );
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function forks() external view override returns (Fork[] memory table) {
        table = new Fork[](FORKS);
        for (uint256 i = 0; i < table.length; ++i) {
            table[i] = _beacon().forks[i];
        }
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function newestPeriod() external view override returns (uint64) {
        return _trusted().epoch;
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function commitment(uint64 period) public view override returns (bytes32) {
        uint64 newest = _trusted().epoch;
        if (period > newest || newest - period > 1) return 0;
        return _beacon().commitments[period & 1];
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function trustingPeriod() external view override returns (uint64) {
        return TRUSTING_PERIOD;
    }

    /// @inheritdoc ISyncCommitteeLightClient
    function latestTimestamp() external view override returns (uint64) {
        return _trusted().latestTimestamp;
    }

    /// @dev The fork in force in a slot.
    function _forkAt(uint64 slot) private view returns (Fork memory) {
        uint64 epoch = slot / SLOTS_PER_EPOCH;
        for (uint256 i = FORKS; i > 0; --i) {
            Fork memory fork = _beacon().forks[i - 1];
            if (fork.epoch <= epoch) return fork;
        }
        revert SyncCommittee.ForkUnknown(epoch);
    }

    /// @dev The namespace of this contract's storage.
    function _beacon() private pure returns (Beacon storage $) {
        assembly ("memory-safe") {
            $.slot := BEACON_SLOT
        }
    }
}
