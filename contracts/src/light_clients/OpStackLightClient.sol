// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {IOpStackLightClient} from "../interfaces/IOpStackLightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ExecutionHeader} from "../proofs/ExecutionHeader.sol";
import {StorageProof} from "../proofs/StorageProof.sol";
import {ChainId} from "../types/Message.sol";
import {DerivedLightClient} from "./DerivedLightClient.sol";
import {TrustedHeader} from "./TrustedHeaders.sol";

/// @title OP Stack light client
/// @notice The client for a rollup of the OP Stack, through dispute games on its L1.
contract OpStackLightClient is DerivedLightClient, IOpStackLightClient {
    using Calldata for bytes;

    /* CONSTRUCTION */

    /// @dev The status of a game that its defender has won.
    uint8 private constant DEFENDER_WINS = 2;

    /// @dev The length of `gameIndex ‖ message passer's storage root`.
    uint256 private constant PREFIX = 40;

    address private immutable FACTORY;
    bytes32 private immutable GAME_LIST_SLOT;
    bytes32 private immutable STATUS_SLOT;
    bytes32 private immutable ROOT_CLAIM_SLOT;
    address private immutable REGISTRY;
    bytes32 private immutable RESPECT_SLOT;
    bytes32 private immutable BLACKLIST_SLOT;
    uint64 private immutable DELAY;

    /// @param sourceChain_ The rollup.
    /// @param hub_ The client of its L1, on this chain.
    /// @param layout_ Where the rollup's contracts keep what is read.
    constructor(ChainId sourceChain_, ILightClient hub_, Layout memory layout_)
        DerivedLightClient(sourceChain_, hub_)
    {
        require(layout_.delay != 0, DelayZero());
        FACTORY = layout_.factory;
        GAME_LIST_SLOT = layout_.gameListSlot;
        STATUS_SLOT = layout_.statusSlot;
        ROOT_CLAIM_SLOT = layout_.rootClaimSlot;
        REGISTRY = layout_.registry;
        RESPECT_SLOT = layout_.respectSlot;
        BLACKLIST_SLOT = layout_.blacklistSlot;
        DELAY = layout_.delay;
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev Quiet if this client is frozen already, or the hub's client is frozen by it.
    function submitMisbehaviour(bytes calldata evidence) external override {
        if (_trusted().frozen) return;
        require(evidence.length >= 4, UpdateMalformed(evidence.length, 4));
        uint256 middle = 4 + uint32(bytes4(evidence.word(0)));
        require(evidence.length >= middle, UpdateMalformed(evidence.length, middle));
        (bool oneTrusted, TrustedHeader memory one) = _derive(evidence[4:middle]);
        if (!oneTrusted) return;
        (bool otherTrusted, TrustedHeader memory other) = _derive(evidence[middle:]);
        if (!otherTrusted) return;
        require(one.height == other.height && one.blockHash != other.blockHash, EvidenceInvalid());
        _freeze(one.height);
    }

    /// @inheritdoc DerivedLightClient
    function _read(bytes calldata proof, uint256 offset, uint64 height, HubHeader memory hubHeader)
        internal
        view
        override
        returns (TrustedHeader memory header_)
    {
        require(proof.length >= offset + PREFIX, UpdateMalformed(proof.length, offset + PREFIX));
        ExecutionHeader.Fields memory fields = ExecutionHeader.read(proof, offset + PREFIX);
        require(fields.number == height, SourceHeightMismatch(height, fields.number));
        header_ = TrustedHeader({
            height: height,
            timestamp: fields.timestamp,
            blockHash: keccak256(proof[offset + PREFIX:fields.end]),
            stateRoot: fields.stateRoot,
            receiptsRoot: fields.receiptsRoot
        });
        bytes32 outputRoot =
            keccak256(abi.encode(bytes32(0), header_.stateRoot, proof.word(offset + 8), header_.blockHash));
        _requireWon(proof, fields.end, uint64(bytes8(proof.word(offset))), outputRoot, hubHeader);
    }

    /// @dev Verifies that the game of `index` is over `outputRoot`, won, respected and old enough.
    function _requireWon(
        bytes calldata proof,
        uint256 offset,
        uint64 index,
        bytes32 outputRoot,
        HubHeader memory hubHeader
    ) private view {
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = bytes32(uint256(keccak256(abi.encode(GAME_LIST_SLOT))) + index);
        bytes32[] memory values;
        (values, offset) = StorageProof.slotValues(hubHeader.stateRoot, FACTORY, slots, proof, offset);
        uint256 entry = uint256(values[0]);
        require(entry != 0, GameUnknown(index));
        address game = address(uint160(entry));

        slots = new bytes32[](2);
        (slots[0], slots[1]) = (STATUS_SLOT, ROOT_CLAIM_SLOT);
        (values, offset) = StorageProof.slotValues(hubHeader.stateRoot, game, slots, proof, offset);
        require(values[1] == outputRoot, OutputRootMismatch(outputRoot, values[1]));
        _requireResolved(uint256(values[0]), hubHeader.timestamp);
        uint64 createdAt = uint64(uint256(values[0]));

        (slots[0], slots[1]) = (RESPECT_SLOT, keccak256(abi.encode(game, BLACKLIST_SLOT)));
        (values, offset) = StorageProof.slotValues(hubHeader.stateRoot, REGISTRY, slots, proof, offset);
        require(offset == proof.length, StorageProof.ProofTrailingBytes());
        _requireRespected(uint32(entry >> 224), createdAt, uint256(values[0]));
        require(values[1] == 0, GameBlacklisted(game));
    }

    /// @dev Verifies that a game was won, long enough before the hub's header.
    function _requireResolved(uint256 word, uint64 present) private view {
        uint8 status = uint8(word >> 128);
        uint64 resolvedAt = uint64(word >> 64);
        require(status == DEFENDER_WINS, GameNotWon(status));
        require(uint256(resolvedAt) + DELAY < present, GameDelayNotPassed(resolvedAt, present));
    }

    /// @dev Verifies that games of this type and age count.
    function _requireRespected(uint32 gameType, uint64 createdAt, uint256 respect) private pure {
        require(gameType == uint32(respect), GameTypeNotRespected(gameType, uint32(respect)));
        uint64 retiredAt = uint64(respect >> 32);
        require(createdAt > retiredAt, GameRetired(createdAt, retiredAt));
    }

    /* VIEWS */

    /// @inheritdoc IOpStackLightClient
    function storageLayout() external view override returns (Layout memory) {
        return Layout({
            factory: FACTORY,
            gameListSlot: GAME_LIST_SLOT,
            statusSlot: STATUS_SLOT,
            rootClaimSlot: ROOT_CLAIM_SLOT,
            registry: REGISTRY,
            respectSlot: RESPECT_SLOT,
            blacklistSlot: BLACKLIST_SLOT,
            delay: DELAY
        });
    }
}
