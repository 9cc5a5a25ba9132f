// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";

/// @notice A light client that trusts whatever a test tells it. An update is `abi.encode(height, stateRoot)`; a second
///         root of one height freezes it.
contract FakeLightClient is ILightClient {
    ChainId public immutable sourceChain;
    Height public latestHeight;
    bool public frozen;
    mapping(Height => bytes32) private roots;
    mapping(Height => bytes32) private receiptsRoots;

    constructor(ChainId sourceChain_) {
        sourceChain = sourceChain_;
    }

    function trust(Height height, bytes32 stateRoot) public {
        roots[height] = stateRoot;
        if (Height.unwrap(height) > Height.unwrap(latestHeight)) latestHeight = height;
    }

    /// @dev Like {trust}, of a header that a test needs for its receipts.
    function trustReceipts(Height height, bytes32 receiptsRoot) external {
        trust(height, keccak256("state"));
        receiptsRoots[height] = receiptsRoot;
    }

    function forget(Height height) external {
        delete roots[height];
    }

    function freeze() external {
        frozen = true;
    }

    function update(bytes calldata proof) external returns (Height height, bool trusted) {
        bytes32 stateRoot;
        (height, stateRoot) = abi.decode(proof, (Height, bytes32));
        if (roots[height] != 0 && roots[height] != stateRoot) frozen = true;
        if (frozen) return (height, false);
        trust(height, stateRoot);
        return (height, true);
    }

    function header(Height height)
        external
        view
        returns (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp)
    {
        require(!frozen, ClientFrozen());
        require(roots[height] != 0, HeaderUnknown(height));
        receiptsRoot = receiptsRoots[height];
        return (roots[height], receiptsRoot == 0 ? keccak256("receipts") : receiptsRoot, 1);
    }

    function submitMisbehaviour(bytes calldata) external {
        frozen = true;
    }
}
