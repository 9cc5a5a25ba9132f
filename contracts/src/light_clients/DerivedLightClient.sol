// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDerivedLightClient} from "../interfaces/IDerivedLightClient.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ChainId, Height} from "../types/Message.sol";
import {TrustedHeader, TrustedHeaders} from "./TrustedHeaders.sol";

/// @title Derived light client
/// @notice The client for chains that are known through another chain. What is read there, and how, is for the reader
///         that extends this; the Python twin is `light_clients/derived`.
abstract contract DerivedLightClient is TrustedHeaders, IDerivedLightClient {
    using Calldata for bytes;

    /* TYPES */

    /// @dev A header of the hub that its client serves.
    struct HubHeader {
        bytes32 stateRoot;
        uint64 timestamp;
    }

    /* CONSTRUCTION */

    /// @dev How far the time of a header may lie in the future, in seconds.
    uint256 internal constant CLOCK_DRIFT = 60;

    /// @dev The length of `hubHeight ‖ hubUpdateLength`.
    uint256 internal constant HUB_PREFIX = 12;

    /// @dev The client of the hub.
    ILightClient internal immutable HUB;

    /// @param sourceChain_ The chain whose headers are verified.
    /// @param hub_ The client of the hub, on this chain.
    constructor(ChainId sourceChain_, ILightClient hub_) TrustedHeaders(sourceChain_) {
        require(hub_.sourceChain() != sourceChain_, HubIsSource());
        HUB = hub_;
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev The header is not in the update, so one held already is read from the hub again, and then accepted quietly.
    ///      An update by which the hub's client freezes does not revert either.
    function update(bytes calldata proof) external override returns (Height height, bool trusted) {
        uint256 reader = _reader(proof, 0);
        require(proof.length >= reader + 8, UpdateMalformed(proof.length, reader + 8));
        uint64 number = uint64(bytes8(proof.word(reader)));
        height = Height.wrap(number);
        if (_trusted().frozen || !_updateHub(proof, 0, reader)) return (height, false);
        TrustedHeader memory header_ = _read(proof, reader + 8, number, _hubHeader(proof, 0));
        require(
            header_.timestamp <= block.timestamp + CLOCK_DRIFT,
            HeaderFromFuture(header_.timestamp, block.timestamp)
        );
        Standing standing = _standing(header_);
        if (standing == Standing.Conflicting) {
            _freeze(number);
            return (height, false);
        }
        if (standing == Standing.New) _trust(header_);
        return (height, true);
    }

    /// @dev Reads the header of `height` from the hub's state, by the bytes of `proof` from `offset` to its end.
    function _read(bytes calldata proof, uint256 offset, uint64 height, HubHeader memory hubHeader)
        internal
        view
        virtual
        returns (TrustedHeader memory);

    /// @dev Where the reader's part begins that follows the hub's part at `offset`.
    function _reader(bytes calldata proof, uint256 offset) internal pure returns (uint256 reader) {
        reader = offset + HUB_PREFIX;
        require(proof.length >= reader, UpdateMalformed(proof.length, reader));
        reader += uint32(bytes4(proof.word(offset + 8)));
        require(proof.length >= reader, UpdateMalformed(proof.length, reader));
    }

    /// @dev Updates the hub's client, if the hub's part at `offset` says so. False if that client is frozen by it.
    function _updateHub(bytes calldata proof, uint256 offset, uint256 reader)
        internal
        returns (bool trusted)
    {
        if (reader == offset + HUB_PREFIX) return true;
        Height proven;
        (proven, trusted) = HUB.update(proof[offset + HUB_PREFIX:reader]);
        uint64 given = uint64(bytes8(proof.word(offset)));
        require(!trusted || Height.unwrap(proven) == given, HubHeightMismatch(given, Height.unwrap(proven)));
    }

    /// @dev The header that the hub's part at `offset` names. The hub's client reverts if it does not serve it.
    function _hubHeader(bytes calldata proof, uint256 offset)
        internal
        view
        returns (HubHeader memory header_)
    {
        Height height = Height.wrap(uint64(bytes8(proof.word(offset))));
        (header_.stateRoot,, header_.timestamp) = HUB.header(height);
    }

    /* VIEWS */

    /// @inheritdoc IDerivedLightClient
    function hub() external view override returns (ILightClient) {
        return HUB;
    }

    /// @inheritdoc ILightClient
    /// @dev Serves nothing when the hub's client is frozen: what was read from the hub may have been read from a lie.
    function header(Height height)
        public
        view
        override(ILightClient, TrustedHeaders)
        returns (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp)
    {
        require(!HUB.frozen(), ClientFrozen());
        return super.header(height);
    }

    /// @inheritdoc ILightClient
    function frozen() public view override(ILightClient, TrustedHeaders) returns (bool) {
        return super.frozen() || HUB.frozen();
    }
}
