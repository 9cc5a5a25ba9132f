// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TinyTrie} from "./TinyTrie.sol";

/// @notice Proofs of the shape that `eth_getProof` has on the devnet: a state of 28 accounts, a gateway with 9 slots. There
///         the lanes' proofs were 754 to 906 bytes: a branch of 468 and a leaf of 107 for the account, a branch of 147 or 179
///         and up to two more nodes for the slot.
library DevnetTrie {
    uint256 private constant OTHER_ACCOUNTS = 27;
    uint256 private constant OTHER_SLOTS = 8;

    /// @notice A valid proof of (account, slot, value) among others.
    function prove(address account, bytes32 slot, bytes32 value)
        internal
        pure
        returns (bytes32 stateRoot, bytes memory proof)
    {
        (bytes32 storageRoot, bytes[] memory slots) =
            _among(TinyTrie.slotKey(slot), TinyTrie.slotValue(value), OTHER_SLOTS, "slot");
        bytes[] memory accounts;
        (stateRoot, accounts) = _among(
            TinyTrie.accountKey(account), TinyTrie.accountValue(storageRoot), OTHER_ACCOUNTS, "account"
        );
        proof = abi.encodePacked(TinyTrie.concat(accounts), TinyTrie.concat(slots));
    }

    /// @dev The proof of a key in a trie with `others` more.
    function _among(bytes32 key, bytes memory value, uint256 others, string memory seed)
        private
        pure
        returns (bytes32 root, bytes[] memory nodes)
    {
        bytes32[] memory keys = new bytes32[](others + 1);
        bytes[] memory values = new bytes[](others + 1);
        for (uint256 i = 0; i < others; ++i) {
            keys[i] = keccak256(abi.encode(seed, i));
            values[i] = TinyTrie.accountValue(keccak256(abi.encode(keys[i])));
        }
        (keys[others], values[others]) = (key, value);
        return TinyTrie.prove(keys, values, key);
    }
}
