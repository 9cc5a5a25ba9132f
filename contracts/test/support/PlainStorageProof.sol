// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";

/// @title RLP, read plainly: the twin of {Rlp}
/// @notice Finds the items of an RLP encoding in calldata. Every item has exactly one accepted encoding; an encoding
///         with a superfluous prefix, a length with leading zeros or a long form where the short one fits is refused.
/// @dev Offsets count from the start of `data`.
library PlainRlp {
    /// @notice Reads the header of the item that begins at `offset`.
    /// @param end Where the bytes that may hold the item end.
    /// @return isList Whether the item is a list; otherwise it is a string of bytes.
    /// @return payload Where its payload begins.
    /// @return next Where its payload ends, which is where the item after it begins.
    function item(bytes calldata data, uint256 offset, uint256 end)
        internal
        pure
        returns (bool isList, uint256 payload, uint256 next)
    {
        require(offset < end, Rlp.RlpTruncated());
        uint256 prefix = uint8(data[offset]);
        if (prefix < 0x80) return (false, offset, offset + 1);
        isList = prefix >= 0xc0;
        payload = offset + 1;
        uint256 length = prefix - (isList ? 0xc0 : 0x80);
        if (length > 55) {
            uint256 width = length - 55;
            require(width <= end - payload, Rlp.RlpTruncated());
            length = uint256(bytes32(data[payload:payload + width])) >> (256 - 8 * width);
            require(length > 55 && data[payload] != 0, Rlp.RlpNonCanonical());
            payload += width;
        }
        require(length <= end - payload, Rlp.RlpTruncated());
        require(isList || length != 1 || uint8(data[payload]) >= 0x80, Rlp.RlpNonCanonical());
        next = payload + length;
    }

    /// @notice Reads the header of an item that must be a list.
    function list(bytes calldata data, uint256 offset, uint256 end)
        internal
        pure
        returns (uint256 payload, uint256 next)
    {
        bool isList;
        (isList, payload, next) = item(data, offset, end);
        require(isList, Rlp.RlpUnexpectedKind());
    }
}

/// @title Merkle-Patricia proofs, followed plainly: the twin of {MerklePatricia}
/// @notice Decides from a root whether a key stands in a trie, and where in the proof its value is. Absence is proven
///         by a path that diverges or a branch that is empty there, never by a node that is missing.
/// @dev A proof is the nodes of the path from the root downwards, concatenated; a node shorter than 32 bytes stands
///      inside its parent and is not repeated.
library PlainMerklePatricia {
    /// @dev The root of a trie without keys: `keccak256(0x80)`.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    /// @notice Follows `key` from `root` through the nodes that begin at `offset`.
    /// @param key The key, left-aligned.
    /// @param nibbles The length of the key in half-bytes.
    /// @return found Whether the trie holds the key; if not, the proof proves its absence.
    /// @return start Where the value begins in `proof`.
    /// @return end Where the value ends.
    /// @return next Where the first byte after the nodes of this path stands.
    function get(bytes32 root, bytes32 key, uint256 nibbles, bytes calldata proof, uint256 offset)
        internal
        pure
        returns (bool found, uint256 start, uint256 end, uint256 next)
    {
        require(root != 0, MerklePatricia.TrieRootEmpty());
        if (root == EMPTY_ROOT) return (false, 0, 0, offset);
        uint256 node;
        (node, next) = _node(root, proof, offset);
        uint256 nodeEnd = next;
        while (true) {
            bool isLeaf;
            uint256 taken;
            (isLeaf, taken, start, end) = _step(key, nibbles, proof, node, nodeEnd);
            if (start == end) return (false, 0, 0, next);
            key <<= 4 * taken;
            nibbles -= taken;
            if (isLeaf) return (true, start, end, next);
            if (end - start == 32) {
                (node, nodeEnd) = _node(bytes32(proof[start:end]), proof, next);
                require(nodeEnd - next >= 32, MerklePatricia.TrieNodeMalformed());
                next = nodeEnd;
            } else {
                (node, nodeEnd) = (start, end);
            }
        }
    }

    /// @dev Takes one step: from a node to the item that the key leads to. An empty item means the key is absent.
    function _step(bytes32 key, uint256 nibbles, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (bool isLeaf, uint256 taken, uint256 start, uint256 end)
    {
        (bool pathIsList, uint256 path, uint256 pathEnd) = PlainRlp.item(proof, node, nodeEnd);
        (bool isList, uint256 payload, uint256 second) = PlainRlp.item(proof, pathEnd, nodeEnd);
        if (second != nodeEnd) {
            (start, end) = _branch(nibbles == 0 ? 16 : uint256(key) >> 252, proof, node, nodeEnd);
            return (nibbles == 0, nibbles == 0 ? 0 : 1, start, end);
        }
        require(!pathIsList, MerklePatricia.TrieNodeMalformed());
        bool matches;
        (isLeaf, taken, matches) = _path(key, nibbles, proof, path, pathEnd);
        if (isLeaf) {
            require(!isList && payload != second, MerklePatricia.TrieNodeMalformed());
            matches = matches && taken == nibbles;
        } else {
            require(
                _isReference(isList, pathEnd, payload, second) && payload != second,
                MerklePatricia.TrieNodeMalformed()
            );
            require(taken != 0, MerklePatricia.TrieNodeMalformed());
        }
        if (matches) (start, end) = (payload, second);
    }

    /// @dev Reads a hex-prefix path: its kind, its length, and whether the key continues with it.
    function _path(bytes32 key, uint256 nibbles, bytes calldata proof, uint256 path, uint256 pathEnd)
        private
        pure
        returns (bool isLeaf, uint256 taken, bool matches)
    {
        require(path != pathEnd, MerklePatricia.TrieNodeMalformed());
        uint256 first = uint8(proof[path]);
        bool odd = first & 0x10 != 0;
        require(first < 0x40 && (odd || first & 0x0f == 0), MerklePatricia.TrieNodeMalformed());
        isLeaf = first >= 0x20;
        taken = 2 * (pathEnd - path) - (odd ? 1 : 2);
        if (taken > nibbles) return (isLeaf, taken, false);
        for (uint256 i = 0; i < taken; ++i) {
            uint256 offset = odd ? i + 1 : i + 2;
            uint256 nibble = (uint8(proof[path + offset / 2]) >> (offset % 2 == 0 ? 4 : 0)) & 0x0f;
            if (nibble != uint256(key << (4 * i)) >> 252) return (isLeaf, taken, false);
        }
        matches = true;
    }

    /// @dev Reads a branch whole and returns its item `index`.
    function _branch(uint256 index, bytes calldata proof, uint256 node, uint256 nodeEnd)
        private
        pure
        returns (uint256 start, uint256 end)
    {
        uint256 offset = node;
        for (uint256 i = 0; i < 17; ++i) {
            (bool isList, uint256 payload, uint256 itemEnd) = PlainRlp.item(proof, offset, nodeEnd);
            require(
                i == 16 ? !isList : _isReference(isList, offset, payload, itemEnd),
                MerklePatricia.TrieNodeMalformed()
            );
            if (i == index) (start, end) = (payload, itemEnd);
            offset = itemEnd;
        }
        require(offset == nodeEnd, MerklePatricia.TrieNodeMalformed());
    }

    /// @dev A reference is empty, a hash, or a node of less than 32 bytes, which is not empty.
    function _isReference(bool isList, uint256 offset, uint256 payload, uint256 itemEnd)
        private
        pure
        returns (bool)
    {
        return isList
            ? itemEnd - offset < 32 && itemEnd != payload
            : itemEnd == payload || itemEnd - payload == 32;
    }

    /// @dev Reads the node at `offset`, which must hash to `expected`.
    function _node(bytes32 expected, bytes calldata proof, uint256 offset)
        private
        pure
        returns (uint256 node, uint256 nodeEnd)
    {
        (node, nodeEnd) = PlainRlp.list(proof, offset, proof.length);
        require(keccak256(proof[offset:nodeEnd]) == expected, MerklePatricia.TrieNodeHashMismatch());
    }
}

/// @title Storage proofs, read plainly: the twin of {StorageProof}
/// @notice Proves what a storage slot of an account held under a state root.
/// @dev A proof is the nodes of the account's path in the state trie, then the nodes of the slot's path in the account's
///      storage trie, concatenated, with nothing before, between or after.
library PlainStorageProof {
    /// @notice The value of `slot` in the storage of `account`. Reverts unless the proof is valid, exact, and of a value
    ///         other than zero.
    function slotValue(bytes32 stateRoot, address account, bytes32 slot, bytes calldata proof)
        internal
        pure
        returns (bytes32 value)
    {
        require(stateRoot != MerklePatricia.EMPTY_ROOT, MerklePatricia.TrieRootEmpty());
        (bool found, uint256 start, uint256 end, uint256 next) =
            PlainMerklePatricia.get(stateRoot, keccak256(abi.encodePacked(account)), 64, proof, 0);
        require(found, MerklePatricia.TrieKeyAbsent());
        bytes32 root = _storageRoot(proof, start, end);
        (found, start, end, next) =
            PlainMerklePatricia.get(root, keccak256(abi.encode(slot)), 64, proof, next);
        require(next == proof.length, StorageProof.ProofTrailingBytes());
        require(found, StorageProof.SlotAbsent());
        value = _number(proof, start, end);
    }

    /// @dev Reads an account, all of it, and returns its storage root.
    function _storageRoot(bytes calldata proof, uint256 start, uint256 end)
        private
        pure
        returns (bytes32 root)
    {
        (bool isList, uint256 offset, uint256 next) = PlainRlp.item(proof, start, end);
        require(isList && next == end, StorageProof.AccountMalformed());
        (bool nonceIsList, uint256 nonce, uint256 nonceEnd) = PlainRlp.item(proof, offset, end);
        require(!nonceIsList && _isNumber(proof, nonce, nonceEnd, 8), StorageProof.AccountMalformed());
        (bool balanceIsList, uint256 balance, uint256 balanceEnd) = PlainRlp.item(proof, nonceEnd, end);
        require(!balanceIsList && _isNumber(proof, balance, balanceEnd, 32), StorageProof.AccountMalformed());
        (bool rootIsList, uint256 rootStart, uint256 rootEnd) = PlainRlp.item(proof, balanceEnd, end);
        require(!rootIsList && rootEnd - rootStart == 32, StorageProof.AccountMalformed());
        (bool codeIsList, uint256 code, uint256 codeEnd) = PlainRlp.item(proof, rootEnd, end);
        require(!codeIsList && codeEnd - code == 32 && codeEnd == end, StorageProof.AccountMalformed());
        root = bytes32(proof[rootStart:rootEnd]);
    }

    /// @dev Reads the value of a slot, all of it.
    function _number(bytes calldata proof, uint256 start, uint256 end) private pure returns (bytes32 value) {
        (bool isList, uint256 payload, uint256 next) = PlainRlp.item(proof, start, end);
        require(
            !isList && next == end && _isNumber(proof, payload, next, 32), StorageProof.SlotValueMalformed()
        );
        require(payload != next, StorageProof.SlotAbsent());
        value = bytes32(proof[payload:next]) >> (8 * (32 - (next - payload)));
    }

    /// @dev A number has at most `width` bytes, the first of which is not zero.
    function _isNumber(bytes calldata proof, uint256 payload, uint256 next, uint256 width)
        private
        pure
        returns (bool)
    {
        return next - payload <= width && (payload == next || proof[payload] != 0);
    }
}
