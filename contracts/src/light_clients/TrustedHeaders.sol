// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {ChainId, Height} from "../types/Message.sol";

/// @notice What a light client learns from a header.
struct TrustedHeader {
    /// @dev The number of the block.
    uint64 height;
    /// @dev Its time, in Unix seconds.
    uint64 timestamp;
    /// @dev Its hash.
    bytes32 blockHash;
    /// @dev The root of the state after it.
    bytes32 stateRoot;
    /// @dev The root of its receipts.
    bytes32 receiptsRoot;
}

/// @title Trusted headers
/// @notice Where a light client keeps the headers it has verified, and how it stops serving them.
/// @dev Headers stand in a ring, so that an update overwrites warm slots and a proof stays valid while newer headers
///      arrive. A place of the ring never goes back to an older header.
abstract contract TrustedHeaders is ILightClient {
    /* TYPES */

    /// @dev How many headers are held.
    uint256 internal constant RING = 256;

    /// @dev How a verified header relates to the one held in its place.
    enum Standing {
        /// @dev The place is free or holds an older header.
        New,
        /// @dev It is the header held.
        Held,
        /// @dev The header held has the same height and differs.
        Conflicting
    }

    /// @dev One place of the ring.
    struct Entry {
        bytes32 stateRoot;
        bytes32 receiptsRoot;
        /// @dev height (8) ‖ timestamp (8) ‖ first half of the block hash (16), which is enough to tell headers apart.
        uint256 tag;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.TrustedHeaders
    struct Trust {
        uint64 latestHeight;
        /// @dev The generation of whoever vouches for headers, for clients where it changes; it shares the slot that
        ///      every update reads.
        uint64 epoch;
        bool frozen;
        /// @dev The time of the header at `latestHeight`, for clients whose trust runs out.
        uint64 latestTimestamp;
        Entry[RING] ring;
    }

    /* STORAGE */

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.TrustedHeaders")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant TRUST_SLOT = 0xfb99fee14eaa8bd88f4d83c49ebd8f0e61663988292ef4bf622011c33a304800;

    /* CONSTRUCTION */

    /// @dev The chain whose headers are verified.
    ChainId internal immutable SOURCE_CHAIN;

    /// @param sourceChain_ The chain whose headers are verified.
    constructor(ChainId sourceChain_) {
        require(ChainId.unwrap(sourceChain_) != 0, SourceChainZero());
        SOURCE_CHAIN = sourceChain_;
    }

    /* RECEIVING */

    /// @dev Refuses a header of which any part is zero: a zero root proves nothing, and an empty place of the ring, which
    ///      is all zeros, must not look like a header held.
    function _requireComplete(TrustedHeader memory header_) internal pure {
        require(
            header_.height != 0 && header_.timestamp != 0 && header_.blockHash != 0 && header_.stateRoot != 0
                && header_.receiptsRoot != 0,
            HeaderIncomplete()
        );
    }

    /// @dev Compares a header with the one held in its place. A newer one held there is an error.
    function _standing(TrustedHeader memory header_) internal view returns (Standing) {
        _requireComplete(header_);
        Entry storage held = _entry(header_.height);
        uint256 tag = held.tag;
        uint64 height = uint64(tag >> 192);
        require(height <= header_.height, HeaderTooOld(Height.wrap(header_.height), Height.wrap(height)));
        if (height != header_.height) return Standing.New;
        bool same = tag == _tag(header_) && held.stateRoot == header_.stateRoot
            && held.receiptsRoot == header_.receiptsRoot;
        return same ? Standing.Held : Standing.Conflicting;
    }

    /// @dev Stores a header that was verified and is {Standing.New}.
    function _trust(TrustedHeader memory header_) internal {
        Trust storage $ = _trusted();
        Entry storage place = _entry(header_.height);
        place.stateRoot = header_.stateRoot;
        place.receiptsRoot = header_.receiptsRoot;
        place.tag = _tag(header_);
        if (header_.height > $.latestHeight) {
            $.latestHeight = header_.height;
            $.latestTimestamp = header_.timestamp;
        }
        emit HeaderTrusted(Height.wrap(header_.height), header_.blockHash);
    }

    /// @dev Stops serving headers, for good.
    function _freeze(uint64 height) internal {
        _trusted().frozen = true;
        emit Frozen(Height.wrap(height));
    }

    /* VIEWS */

    /// @inheritdoc ILightClient
    function sourceChain() external view override returns (ChainId) {
        return SOURCE_CHAIN;
    }

    /// @inheritdoc ILightClient
    function header(Height height)
        public
        view
        virtual
        override
        returns (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp)
    {
        require(!_trusted().frozen, ClientFrozen());
        uint64 number = Height.unwrap(height);
        Entry storage held = _entry(number);
        uint256 tag = held.tag;
        require(number != 0 && tag >> 192 == number, HeaderUnknown(height));
        return (held.stateRoot, held.receiptsRoot, uint64(tag >> 128));
    }

    /// @inheritdoc ILightClient
    function latestHeight() external view override returns (Height) {
        return Height.wrap(_trusted().latestHeight);
    }

    /// @inheritdoc ILightClient
    function frozen() public view virtual override returns (bool) {
        return _trusted().frozen;
    }

    /// @dev The place of a height in the ring.
    function _entry(uint64 height) internal view returns (Entry storage) {
        return _trusted().ring[height % RING];
    }

    /// @dev What an {Entry} keeps of a header beside its roots.
    function _tag(TrustedHeader memory header_) private pure returns (uint256) {
        return uint256(header_.height) << 192 | uint256(header_.timestamp) << 128 | uint256(header_.blockHash)
            >> 128;
    }

    /// @dev The namespace of this contract's storage.
    function _trusted() internal pure returns (Trust storage $) {
        assembly ("memory-safe") {
            $.slot := TRUST_SLOT
        }
    }
}
