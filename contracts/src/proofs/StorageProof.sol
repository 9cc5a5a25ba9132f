// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "./Calldata.sol";
import {MerklePatricia} from "./MerklePatricia.sol";
import {Rlp} from "./Rlp.sol";

/// @title Storage proofs
/// @notice Proves what a storage slot of an account held under a state root.
/// @dev A proof is the nodes of the account's path in the state trie, then the nodes of the slot's path in the account's
///      storage trie, concatenated, with nothing before, between or after.
library StorageProof {
    using Calldata for bytes;

    /// @notice Bytes follow the last node that the proof needs.
    error ProofTrailingBytes();

    /// @notice The account is not exactly nonce, balance, storage root and code hash.
    error AccountMalformed();

    /// @notice The slot's value is not exactly one number of at most 32 bytes without leading zeros.
    error SlotValueMalformed();

    /// @notice The slot holds zero, which is to say that the storage trie does not hold it.
    error SlotAbsent();

    /// @notice The value of `slot` in the storage of `account`. Reverts unless the proof is valid, exact, and of a value
    ///         other than zero.
    function slotValue(bytes32 stateRoot, address account, bytes32 slot, bytes calldata proof)
        internal
        pure
        returns (bytes32 value)
    {
        require(stateRoot != MerklePatricia.EMPTY_ROOT, MerklePatricia.TrieRootEmpty());
        (bool found, uint256 start, uint256 end, uint256 next) =
            MerklePatricia.get(stateRoot, keccak256(abi.encodePacked(account)), 64, proof, 0);
        require(found, MerklePatricia.TrieKeyAbsent());
        bytes32 root = _storageRoot(proof, start, end);
        (found, start, end, next) = MerklePatricia.get(root, keccak256(abi.encode(slot)), 64, proof, next);
        require(next == proof.length, ProofTrailingBytes());
        require(found, SlotAbsent());
        value = _number(proof, start, end);
    }

    /// @notice The values of `slots` in the storage of `account`, by the nodes that begin at `offset`: the account's path
    ///         once, then the path of each slot in turn. A slot that the trie provably does not hold is zero.
    /// @dev Warning: bytes may follow. The caller holds `next` against the length, or reads on from there.
    /// @return values One for each slot.
    /// @return next Where the first byte after the nodes stands.
    function slotValues(
        bytes32 stateRoot,
        address account,
        bytes32[] memory slots,
        bytes calldata proof,
        uint256 offset
    ) internal pure returns (bytes32[] memory values, uint256 next) {
        require(stateRoot != MerklePatricia.EMPTY_ROOT, MerklePatricia.TrieRootEmpty());
        (bool found, uint256 start, uint256 end, uint256 after_) =
            MerklePatricia.get(stateRoot, keccak256(abi.encodePacked(account)), 64, proof, offset);
        require(found, MerklePatricia.TrieKeyAbsent());
        bytes32 root = _storageRoot(proof, start, end);
        values = new bytes32[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) {
            (found, start, end, after_) =
                MerklePatricia.get(root, keccak256(abi.encodePacked(slots[i])), 64, proof, after_);
            if (found) values[i] = _number(proof, start, end);
        }
        next = after_;
    }

    /// @dev Reads an account, all of it, and returns its storage root.
    function _storageRoot(bytes calldata proof, uint256 start, uint256 end)
        private
        pure
        returns (bytes32 root)
    {
        (bool isList, uint256 offset, uint256 next) = Rlp.item(proof, start, end);
        require(isList && next == end, AccountMalformed());
        (bool nonceIsList, uint256 nonce, uint256 nonceEnd) = Rlp.item(proof, offset, end);
        require(!nonceIsList && _isNumber(proof, nonce, nonceEnd, 8), AccountMalformed());
        (bool balanceIsList, uint256 balance, uint256 balanceEnd) = Rlp.item(proof, nonceEnd, end);
        require(!balanceIsList && _isNumber(proof, balance, balanceEnd, 32), AccountMalformed());
        (bool rootIsList, uint256 rootStart, uint256 rootEnd) = Rlp.item(proof, balanceEnd, end);
        require(!rootIsList && rootEnd - rootStart == 32, AccountMalformed());
        (bool codeIsList, uint256 code, uint256 codeEnd) = Rlp.item(proof, rootEnd, end);
        require(!codeIsList && codeEnd - code == 32 && codeEnd == end, AccountMalformed());
        root = proof.word(rootStart);
    }

    /// @dev Reads the value of a slot, all of it.
    function _number(bytes calldata proof, uint256 start, uint256 end) private pure returns (bytes32 value) {
        (bool isList, uint256 payload, uint256 next) = Rlp.item(proof, start, end);
        require(!isList && next == end && _isNumber(proof, payload, next, 32), SlotValueMalformed());
        require(payload != next, SlotAbsent());
        value = proof.word(payload) >> (8 * (32 - (next - payload)));
    }

    /// @dev A number has at most `width` bytes, the first of which is not zero.
    function _isNumber(bytes calldata proof, uint256 payload, uint256 next, uint256 width)
        private
        pure
        returns (bool)
    {
        return next - payload <= width && (payload == next || bytes1(proof.word(payload)) != 0);
    }
}
