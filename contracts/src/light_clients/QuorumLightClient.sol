// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../interfaces/ILightClient.sol";
import {IQuorumLightClient} from "../interfaces/IQuorumLightClient.sol";
import {Calldata} from "../proofs/Calldata.sol";
import {ChainId, Height} from "../types/Message.sol";

/// @title Quorum light client
/// @notice A view over several light clients of one chain: it serves what k of n agree on. The Python twin is
///         `light_clients/quorum`.
contract QuorumLightClient is IQuorumLightClient {
    using Calldata for bytes;

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.QuorumLightClient
    struct Members {
        ILightClient[] clients;
    }

    /// @dev `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.QuorumLightClient")) - 1)) & ~bytes32(uint256(0xff))`
    bytes32 internal constant MEMBERS_SLOT =
        0xc079daac4086cb722784c24adb44364afb32d7da38002c0f263bf818e920b400;

    /* CONSTRUCTION */

    /// @dev The most members.
    uint256 internal constant MAXIMUM_CLIENTS = 16;

    /// @dev The chain whose headers are served.
    ChainId internal immutable SOURCE_CHAIN;

    /// @dev How many members must agree.
    uint256 internal immutable THRESHOLD;

    /// @param sourceChain_ The chain whose headers the members verify.
    /// @param threshold_ How many of them must agree: more than half.
    /// @param clients_ The members.
    constructor(ChainId sourceChain_, uint256 threshold_, ILightClient[] memory clients_) {
        require(ChainId.unwrap(sourceChain_) != 0, SourceChainZero());
        uint256 n = clients_.length;
        require(n <= MAXIMUM_CLIENTS, ClientsTooMany(n));
        require(threshold_ <= n, ThresholdTooHigh(threshold_, n));
        require(2 * threshold_ > n, ThresholdTooLow(threshold_, n));
        for (uint256 i = 0; i < n; ++i) {
            ChainId given = clients_[i].sourceChain();
            require(given == sourceChain_, ClientSourceMismatch(i, given, sourceChain_));
            for (uint256 j = 0; j < i; ++j) {
                require(clients_[j] != clients_[i], ClientRepeated(i));
            }
        }
        SOURCE_CHAIN = sourceChain_;
        THRESHOLD = threshold_;
        _members().clients = clients_;
    }

    /* RECEIVING */

    /// @inheritdoc ILightClient
    /// @dev Reverts where a member's update does, and where too few agree afterwards, except if a member has frozen: a
    ///      revert would undo that.
    function update(bytes calldata proof) external override returns (Height height, bool trusted) {
        ILightClient[] memory members = _members().clients;
        require(proof.length >= 8, UpdateMalformed(proof.length, 8));
        height = Height.wrap(uint64(bytes8(proof.word(0))));
        bool anyFrozen = false;
        uint256 offset = 8;
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 end = _end(proof, offset);
            if (end != offset + 4) {
                (, bool accepted) = members[i].update(proof[offset + 4:end]);
                anyFrozen = anyFrozen || !accepted;
            }
            offset = end;
        }
        require(offset == proof.length, UpdateMalformed(proof.length, offset));
        (uint256 agreeing,,,) = _agreement(members, height);
        trusted = agreeing >= THRESHOLD;
        require(trusted || anyFrozen, AgreementNotReached(agreeing, THRESHOLD));
    }

    /// @inheritdoc ILightClient
    /// @dev Freezes the members that the evidence is for.
    function submitMisbehaviour(bytes calldata evidence) external override {
        ILightClient[] memory members = _members().clients;
        bool any = false;
        uint256 offset = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 end = _end(evidence, offset);
            if (end != offset + 4) {
                members[i].submitMisbehaviour(evidence[offset + 4:end]);
                any = true;
            }
            offset = end;
        }
        require(offset == evidence.length, UpdateMalformed(evidence.length, offset));
        require(any, EvidenceInvalid());
    }

    /// @dev Where the part ends whose length stands at `offset`.
    function _end(bytes calldata data, uint256 offset) private pure returns (uint256 end) {
        end = offset + 4;
        require(data.length >= end, UpdateMalformed(data.length, end));
        end += uint32(bytes4(data.word(offset)));
        require(data.length >= end, UpdateMalformed(data.length, end));
    }

    /* VIEWS */

    /// @inheritdoc ILightClient
    function sourceChain() external view override returns (ChainId) {
        return SOURCE_CHAIN;
    }

    /// @inheritdoc IQuorumLightClient
    function threshold() external view override returns (uint256) {
        return THRESHOLD;
    }

    /// @inheritdoc IQuorumLightClient
    function clients() external view override returns (ILightClient[] memory) {
        return _members().clients;
    }

    /// @inheritdoc ILightClient
    /// @dev Reverts with {ClientFrozen} when too few members are left to agree, and else with {AgreementNotReached}.
    function header(Height height)
        external
        view
        override
        returns (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp)
    {
        uint256 agreeing;
        (agreeing, stateRoot, receiptsRoot, timestamp) = _agreement(_members().clients, height);
        if (agreeing >= THRESHOLD) return (stateRoot, receiptsRoot, timestamp);
        require(!frozen(), ClientFrozen());
        revert AgreementNotReached(agreeing, THRESHOLD);
    }

    /// @inheritdoc ILightClient
    /// @dev The greatest height that k members which are not frozen have reached; zero if so many are not left. They need
    ///      not agree on it.
    function latestHeight() external view override returns (Height) {
        ILightClient[] memory members = _members().clients;
        uint64[] memory heights = new uint64[](members.length);
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i].frozen()) continue;
            uint64 latest = Height.unwrap(members[i].latestHeight());
            uint256 place = i;
            for (; place > 0 && heights[place - 1] < latest; --place) {
                heights[place] = heights[place - 1];
            }
            heights[place] = latest;
        }
        return Height.wrap(heights[THRESHOLD - 1]);
    }

    /// @inheritdoc ILightClient
    /// @dev Too few members are left to agree on anything.
    function frozen() public view override returns (bool) {
        ILightClient[] memory members = _members().clients;
        uint256 left = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (!members[i].frozen()) ++left;
        }
        return left < THRESHOLD;
    }

    /// @dev What the most members serve at this height, and how many they are. Who is frozen serves nothing.
    function _agreement(ILightClient[] memory members, Height height)
        private
        view
        returns (uint256 agreeing, bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp)
    {
        bytes32[] memory served = new bytes32[](members.length);
        for (uint256 i = 0; i < members.length; ++i) {
            try members[i].header(height) returns (bytes32 state, bytes32 receipts, uint64 time) {
                served[i] = keccak256(abi.encode(state, receipts, time));
                uint256 count = 1;
                for (uint256 j = 0; j < i; ++j) {
                    if (served[j] == served[i]) ++count;
                }
                if (count <= agreeing) continue;
                (agreeing, stateRoot, receiptsRoot, timestamp) = (count, state, receipts, time);
            } catch {
                continue;
            }
        }
    }

    /// @dev The namespace of this contract's storage.
    function _members() private pure returns (Members storage $) {
        assembly ("memory-safe") {
            $.slot := MEMBERS_SLOT
        }
    }
}
