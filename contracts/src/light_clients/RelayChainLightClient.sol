// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {IRelayChainLightClient} from "../interfaces/IRelayChainLightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {StorageProof} from "../proofs/StorageProof.sol";
import {ChainId, Height} from "../types/Message.sol";
import {DerivedLightClient} from "./DerivedLightClient.sol";
import {TrustedHeader} from "./TrustedHeaders.sol";

/// @title Relay chain light client
/// @notice The client between two chains that know each other only through a third: it reads what the source's light
///         client on the hub holds.
contract RelayChainLightClient is DerivedLightClient, IRelayChainLightClient {
    using Calldata for bytes;

    /* CONSTRUCTION */

    /// @dev Where the ring begins: the word after the first of {TrustedHeaders.Trust}.
    uint256 private constant RING_SLOT = uint256(TRUST_SLOT) + 1;

    /// @dev How many slots a place of the ring takes.
    uint256 private constant ENTRY_SLOTS = 3;

    /// @dev The client of the source, on the hub.
    address internal immutable SOURCE_CLIENT;

    /// @param sourceChain_ The chain whose headers are verified.
    /// @param hub_ The client of the hub, on this chain.
    /// @param sourceClientOnHub The client of the source, on the hub.
    constructor(ChainId sourceChain_, ILightClient hub_, address sourceClientOnHub)
        DerivedLightClient(sourceChain_, hub_)
    {
        require(sourceClientOnHub != address(0), SourceClientZero());
        SOURCE_CLIENT = sourceClientOnHub;
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev `evidence` proves that the source client is frozen; see {IRelayChainLightClient}. Quiet if this client is
    ///      frozen already, or the hub's client is frozen by it.
    function submitMisbehaviour(bytes calldata evidence) external override {
        uint256 reader = _reader(evidence);
        if (_trusted().frozen || !_updateHub(evidence, reader)) return;
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = TRUST_SLOT;
        uint256 trust = uint256(_slots(evidence, reader, slots, _hubHeader(evidence))[0]);
        require(_isFrozen(trust), EvidenceInvalid());
        _freeze(uint64(trust));
    }

    /// @inheritdoc DerivedLightClient
    function _read(bytes calldata proof, uint256 offset, uint64 height, HubHeader memory hubHeader)
        internal
        view
        override
        returns (TrustedHeader memory header_)
    {
        uint256 place = RING_SLOT + ENTRY_SLOTS * (height % RING);
        bytes32[] memory slots = new bytes32[](4);
        (slots[0], slots[1]) = (TRUST_SLOT, bytes32(place));
        (slots[2], slots[3]) = (bytes32(place + 1), bytes32(place + 2));
        bytes32[] memory values = _slots(proof, offset, slots, hubHeader);
        require(!_isFrozen(uint256(values[0])), SourceClientFrozen());
        uint256 tag = uint256(values[3]);
        require(height != 0 && tag >> 192 == height, HeaderUnknown(Height.wrap(height)));
        return TrustedHeader({
            height: height,
            timestamp: uint64(tag >> 128),
            blockHash: bytes32(tag << 128),
            stateRoot: values[1],
            receiptsRoot: values[2]
        });
    }

    /// @dev The source client's slots, by the bytes from `offset` to the end.
    function _slots(bytes calldata proof, uint256 offset, bytes32[] memory slots, HubHeader memory hubHeader)
        private
        view
        returns (bytes32[] memory values)
    {
        uint256 end;
        (values, end) = StorageProof.slotValues(hubHeader.stateRoot, SOURCE_CLIENT, slots, proof, offset);
        require(end == proof.length, StorageProof.ProofTrailingBytes());
    }

    /// @dev Reads the flag behind `latestHeight (8)` and `epoch (8)` in the first word of {TrustedHeaders.Trust}.
    function _isFrozen(uint256 trust) private pure returns (bool) {
        return uint8(trust >> 128) != 0;
    }

    /* VIEWS */

    /// @inheritdoc IRelayChainLightClient
    function sourceClient() external view override returns (address) {
        return SOURCE_CLIENT;
    }
}
