// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChainId} from "../types/Message.sol";
import {Bft} from "./Bft.sol";
import {BftLightClient} from "./BftLightClient.sol";

/// @title QBFT light client
/// @notice The client of QBFT chains.
contract QbftLightClient is BftLightClient {
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
    )
        BftLightClient(
            sourceChain_, height, timestamp, blockHash, validators, trustingPeriod_, oneThirdOverlap_
        )
    {}

    /// @inheritdoc BftLightClient
    function _dialect() internal pure override returns (Bft.Dialect) {
        return Bft.Dialect.Qbft;
    }
}
