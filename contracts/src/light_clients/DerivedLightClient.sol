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
        height = Height.wrap(_sourceHeight(proof, _reader(proof)));
        if (_trusted().frozen) return (height, false);
        TrustedHeader memory header_;
        (trusted, header_) = _derive(proof);
        if (!trusted) return (height, false);
        Standing standing = _standing(header_);
        if (standing == Standing.Conflicting) {
            _freeze(header_.height);
            return (height, false);
        }
        if (standing == Standing.New) _trust(header_);
    }

    /// @dev The header that an update proves, and false instead if the hub's client is frozen by it.
    function _derive(bytes calldata proof) internal returns (bool trusted, TrustedHeader memory header_) {
        uint256 reader = _reader(proof);
        uint64 height = _sourceHeight(proof, reader);
        if (!_updateHub(proof, reader)) return (false, header_);
        header_ = _read(proof, reader + 8, height, _hubHeader(proof));
        require(
            header_.timestamp <= block.timestamp + CLOCK_DRIFT,
            HeaderFromFuture(header_.timestamp, block.timestamp)
        );
        return (true, header_);
    }

    /// @dev Reads the header of `height` from the hub's state, by the bytes of `proof` from `offset` to its end.
    function _read(bytes calldata proof, uint256 offset, uint64 height, HubHeader memory hubHeader)
        internal
        view
        virtual
        returns (TrustedHeader memory);

    /// @dev The height that the reader's part begins with.
    function _sourceHeight(bytes calldata proof, uint256 reader) private pure returns (uint64) {
        require(proof.length >= reader + 8, UpdateMalformed(proof.length, reader + 8));
        return uint64(bytes8(proof.word(reader)));
    }

    /// @dev Where the reader's part begins that follows the hub's part.
    function _reader(bytes calldata proof) internal pure returns (uint256 reader) {
        reader = HUB_PREFIX;
        require(proof.length >= reader, UpdateMalformed(proof.length, reader));
        reader += uint32(bytes4(proof.word(8)));
        require(proof.length >= reader, UpdateMalformed(proof.length, reader));
    }

    /// @dev Updates the hub's client, if the hub's part says so. False if that client is frozen by it.
    function _updateHub(bytes calldata proof, uint256 reader) internal returns (bool trusted) {
        if (reader == HUB_PREFIX) return true;
        Height proven;
        (proven, trusted) = HUB.update(proof[HUB_PREFIX:reader]);
        uint64 given = uint64(bytes8(proof.word(0)));
        require(!trusted || Height.unwrap(proven) == given, HubHeightMismatch(given, Height.unwrap(proven)));
    }

    /// @dev The header that the hub's part names. The hub's client reverts if it does not serve it.
    function _hubHeader(bytes calldata proof) internal view returns (HubHeader memory header_) {
        Height height = Height.wrap(uint64(bytes8(proof.word(0))));
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
