// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Builds Merkle-Patricia tries of any keys, and proofs from them, plainly and in memory.
/// @dev Values are the bytes that the trie holds; keys are 32 bytes, as in the state and storage tries.
library TinyTrie {
    /// @notice A valid proof of (account, slot, value): one account leaf, one storage leaf.
    function prove(address account, bytes32 slot, bytes32 value)
        internal
        pure
        returns (bytes32 stateRoot, bytes memory proof)
    {
        return prove(account, slot, value, 1, 1);
    }

    /// @notice A valid proof of the given number of nodes; all but the last of each path are full branches of 532 bytes.
    function prove(address account, bytes32 slot, bytes32 value, uint256 accountNodes, uint256 storageNodes)
        internal
        pure
        returns (bytes32 stateRoot, bytes memory proof)
    {
        (bytes32 storageRoot, bytes[] memory storagePath) =
            path(slotKey(slot), slotValue(value), storageNodes);
        bytes[] memory accountPath;
        (stateRoot, accountPath) = path(accountKey(account), accountValue(storageRoot), accountNodes);
        proof = abi.encodePacked(concat(accountPath), concat(storagePath));
    }

    /// @notice The path to one key through `depth − 1` full branches, siblings invented.
    function path(bytes32 key, bytes memory value, uint256 depth)
        internal
        pure
        returns (bytes32 root, bytes[] memory nodes)
    {
        bytes memory node = leaf(key, depth - 1, value);
        bytes[] memory all = new bytes[](depth);
        all[depth - 1] = node;
        for (uint256 i = depth - 1; i > 0; --i) {
            bytes[17] memory items;
            for (uint256 j = 0; j < 16; ++j) {
                items[j] = str(abi.encodePacked(keccak256(abi.encode(key, i, j))));
            }
            items[nibble(key, i - 1)] = ref(node);
            items[16] = str("");
            node = branch(items);
            all[i - 1] = node;
        }
        return (keccak256(node), standing(all));
    }

    /// @notice The root of the trie that holds exactly these keys.
    function rootOf(bytes32[] memory keys, bytes[] memory values) internal pure returns (bytes32 hash) {
        (hash,) = prove(keys, values, 0);
    }

    /// @notice The root of the trie that holds exactly these keys, and the nodes towards `key`, held or not.
    function prove(bytes32[] memory keys, bytes[] memory values, bytes32 key)
        internal
        pure
        returns (bytes32 hash, bytes[] memory nodes)
    {
        bytes[] memory collected = new bytes[](130);
        bytes memory node = build(keys, values, key, 0, 0, collected, true);
        return (keccak256(node), standing(collected));
    }

    /// @dev The node over all `keys`, which agree in their first `depth` nibbles. If `onPath`, so does `target`, and
    ///      the nodes towards it are collected from `level` on.
    function build(
        bytes32[] memory keys,
        bytes[] memory values,
        bytes32 target,
        uint256 depth,
        uint256 level,
        bytes[] memory collected,
        bool onPath
    ) internal pure returns (bytes memory node) {
        uint256 shared = depth;
        if (keys.length == 1) {
            node = leaf(keys[0], depth, values[0]);
        } else {
            while (agree(keys, shared)) ++shared;
            if (shared > depth) {
                bool on = onPath && samePrefix(keys[0], target, shared);
                bytes memory child = build(keys, values, target, shared, level + 1, collected, on);
                node = extension(keys[0], depth, shared - depth, child);
            } else {
                bytes[17] memory items;
                for (uint256 j = 0; j < 16; ++j) {
                    (bytes32[] memory k, bytes[] memory v) = below(keys, values, depth, j);
                    bool on = onPath && nibble(target, depth) == j;
                    items[j] = k.length == 0
                        ? str("")
                        : ref(build(k, v, target, depth + 1, level + 1, collected, on));
                }
                items[16] = str("");
                node = branch(items);
            }
        }
        if (onPath) collected[level] = node;
    }

    /// @notice Nodes that stand in a proof: the first, and those too long to stand inside their parent.
    function standing(bytes[] memory all) internal pure returns (bytes[] memory nodes) {
        uint256 n;
        nodes = new bytes[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].length >= 32 || (i == 0 && all[i].length != 0)) nodes[n++] = all[i];
        }
        assembly ("memory-safe") {
            mstore(nodes, n)
        }
    }

    function agree(bytes32[] memory keys, uint256 depth) internal pure returns (bool) {
        for (uint256 i = 1; i < keys.length; ++i) {
            if (nibble(keys[i], depth) != nibble(keys[0], depth)) return false;
        }
        return true;
    }

    function samePrefix(bytes32 a, bytes32 b, uint256 nibbles) internal pure returns (bool) {
        return uint256(a ^ b) >> (256 - 4 * nibbles) == 0;
    }

    function below(bytes32[] memory keys, bytes[] memory values, uint256 depth, uint256 offset)
        internal
        pure
        returns (bytes32[] memory k, bytes[] memory v)
    {
        uint256 n;
        for (uint256 i = 0; i < keys.length; ++i) {
            if (nibble(keys[i], depth) == offset) ++n;
        }
        (k, v) = (new bytes32[](n), new bytes[](n));
        n = 0;
        for (uint256 i = 0; i < keys.length; ++i) {
            if (nibble(keys[i], depth) == offset) (k[n], v[n++]) = (keys[i], values[i]);
        }
    }

    function accountKey(address account) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(account));
    }

    function slotKey(bytes32 slot) internal pure returns (bytes32) {
        return keccak256(abi.encode(slot));
    }

    /// @notice What the state trie holds for a contract with this storage: nonce 1, some balance, some code.
    function accountValue(bytes32 storageRoot) internal pure returns (bytes memory) {
        return list(
            abi.encodePacked(
                number(1),
                number(1 ether),
                str(abi.encodePacked(storageRoot)),
                str(abi.encodePacked(keccak256("code")))
            )
        );
    }

    /// @notice What a storage trie holds for a slot of this value.
    function slotValue(bytes32 value) internal pure returns (bytes memory) {
        return number(uint256(value));
    }

    function leaf(bytes32 key, uint256 from, bytes memory value) internal pure returns (bytes memory) {
        return list(abi.encodePacked(str(hexPrefix(key, from, 64 - from, true)), str(value)));
    }

    function extension(bytes32 key, uint256 from, uint256 count, bytes memory child)
        internal
        pure
        returns (bytes memory)
    {
        return list(abi.encodePacked(str(hexPrefix(key, from, count, false)), ref(child)));
    }

    /// @notice A branch of 17 items, each already encoded.
    function branch(bytes[17] memory items) internal pure returns (bytes memory) {
        bytes memory payload = bytes.concat(
            bytes.concat(items[0], items[1], items[2], items[3], items[4], items[5], items[6], items[7]),
            bytes.concat(
                items[8], items[9], items[10], items[11], items[12], items[13], items[14], items[15]
            ),
            items[16]
        );
        return list(payload);
    }

    /// @notice How a parent names a child: by hash, or, if shorter than 32 bytes, by the child itself.
    function ref(bytes memory node) internal pure returns (bytes memory) {
        return node.length < 32 ? node : str(abi.encodePacked(keccak256(node)));
    }

    function nibble(bytes32 key, uint256 offset) internal pure returns (uint256) {
        return uint256(key << (4 * offset)) >> 252;
    }

    function hexPrefix(bytes32 key, uint256 from, uint256 count, bool isLeaf)
        internal
        pure
        returns (bytes memory encoded)
    {
        uint256 odd = count % 2;
        encoded = new bytes(count / 2 + 1);
        encoded[0] = bytes1(uint8((isLeaf ? 0x20 : 0) + 0x10 * odd + (odd == 1 ? nibble(key, from) : 0)));
        for (uint256 i = 1; i < encoded.length; ++i) {
            uint256 offset = from + odd + 2 * (i - 1);
            encoded[i] = bytes1(uint8(nibble(key, offset) * 16 + nibble(key, offset + 1)));
        }
    }

    /// @notice RLP of a number: no leading zeros, zero is the empty string.
    function number(uint256 value) internal pure returns (bytes memory) {
        return str(minimal(value));
    }

    /// @notice RLP of a string of bytes.
    function str(bytes memory data) internal pure returns (bytes memory) {
        if (data.length == 1 && uint8(data[0]) < 0x80) return data;
        return abi.encodePacked(header(data.length, 0x80), data);
    }

    /// @notice RLP of a list whose items are already encoded.
    function list(bytes memory payload) internal pure returns (bytes memory) {
        return abi.encodePacked(header(payload.length, 0xc0), payload);
    }

    function header(uint256 length, uint256 base) internal pure returns (bytes memory) {
        if (length < 56) return abi.encodePacked(uint8(base + length));
        bytes memory width = minimal(length);
        return abi.encodePacked(uint8(base + 55 + width.length), width);
    }

    function minimal(uint256 value) internal pure returns (bytes memory encoded) {
        uint256 n;
        while (n < 32 && value >> (8 * n) != 0) ++n;
        encoded = new bytes(n);
        for (uint256 i = 0; i < n; ++i) {
            encoded[i] = bytes1(uint8(value >> (8 * (n - 1 - i))));
        }
    }

    function concat(bytes[] memory nodes) internal pure returns (bytes memory all) {
        for (uint256 i = 0; i < nodes.length; ++i) {
            all = abi.encodePacked(all, nodes[i]);
        }
    }
}
