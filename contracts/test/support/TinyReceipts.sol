// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {VmSafe} from "forge-std/Vm.sol";

import {TinyTrie} from "./TinyTrie.sol";

/// @notice Builds receipts, the path to one in its block, and the receipt proof of one of its logs, plainly and in
///         memory.
library TinyReceipts {
    /// @dev The key of transaction 129, left-aligned.
    bytes32 internal constant KEY = bytes32(hex"8181");

    /// @notice A valid proof of the `index`-th log of the receipt, which is the only one of its block.
    function prove(bytes memory receipt_, uint256 index)
        internal
        pure
        returns (bytes32 receiptsRoot, bytes memory proof)
    {
        return prove(receipt_, index, 1);
    }

    /// @notice A valid proof of that many nodes; all but the last are full branches of 532 bytes. The receipt is that of
    ///         transaction 129 of the block, whose key has four nibbles.
    function prove(bytes memory receipt_, uint256 index, uint256 nodes)
        internal
        pure
        returns (bytes32 receiptsRoot, bytes memory proof)
    {
        bytes[] memory all;
        (receiptsRoot, all) = path(receipt_, nodes);
        proof = abi.encodePacked(uint8(0), uint16(index), uint8(2), bytes2(KEY), TinyTrie.concat(all));
    }

    /// @dev The path to `KEY` through `nodes − 1` full branches, siblings invented.
    function path(bytes memory value, uint256 nodes)
        internal
        pure
        returns (bytes32 root, bytes[] memory all)
    {
        all = new bytes[](nodes);
        uint256 left = 4 - (nodes - 1);
        bytes memory hexPrefix = TinyTrie.hexPrefix(KEY, nodes - 1, left, true);
        bytes memory node = TinyTrie.list(abi.encodePacked(TinyTrie.str(hexPrefix), TinyTrie.str(value)));
        all[nodes - 1] = node;
        for (uint256 i = nodes - 1; i > 0; --i) {
            bytes[17] memory items;
            for (uint256 j = 0; j < 16; ++j) {
                items[j] = TinyTrie.str(abi.encodePacked(keccak256(abi.encode(i, j))));
            }
            items[TinyTrie.nibble(KEY, i - 1)] = TinyTrie.ref(node);
            items[16] = TinyTrie.str("");
            node = TinyTrie.branch(items);
            all[i - 1] = node;
        }
        root = keccak256(node);
    }

    /// @notice A successful receipt of EIP-1559 with these logs.
    function receipt(VmSafe.Log[] memory logs) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            items[i] = log(logs[i].emitter, logs[i].topics, logs[i].data);
        }
        return receipt(hex"02", hex"01", items);
    }

    /// @notice A receipt of this type and status; the logs are encoded already.
    function receipt(bytes memory kind, bytes memory status, bytes[] memory logs)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            kind,
            TinyTrie.list(
                abi.encodePacked(
                    TinyTrie.str(status),
                    TinyTrie.number(123_456),
                    TinyTrie.str(new bytes(256)),
                    TinyTrie.list(TinyTrie.concat(logs))
                )
            )
        );
    }

    function log(address emitter, bytes32[] memory topics, bytes memory data)
        internal
        pure
        returns (bytes memory)
    {
        bytes[] memory items = new bytes[](topics.length);
        for (uint256 i = 0; i < topics.length; ++i) {
            items[i] = TinyTrie.str(abi.encodePacked(topics[i]));
        }
        return TinyTrie.list(
            abi.encodePacked(
                TinyTrie.str(abi.encodePacked(emitter)),
                TinyTrie.list(TinyTrie.concat(items)),
                TinyTrie.str(data)
            )
        );
    }
}
