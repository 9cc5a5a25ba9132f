// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {MerklePatricia} from "../../src/proofs/MerklePatricia.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {StorageProof} from "../../src/proofs/StorageProof.sol";

import {PlainMerklePatricia, PlainRlp, PlainStorageProof} from "./PlainStorageProof.sol";

/// @notice The proof libraries behind external calls, with proofs in calldata.
contract StorageProofHarness {
    function slotValue(bytes32 stateRoot, address account, bytes32 slot, bytes calldata proof)
        external
        pure
        returns (bytes32)
    {
        return StorageProof.slotValue(stateRoot, account, slot, proof);
    }

    function get(bytes32 root, bytes32 key, uint256 nibbles, bytes calldata proof)
        external
        pure
        returns (bool found, bytes memory value, uint256 next)
    {
        uint256 start;
        uint256 end;
        (found, start, end, next) = MerklePatricia.get(root, key, nibbles, proof, 0);
        value = proof[start:end];
    }

    function item(bytes calldata data, uint256 offset, uint256 end)
        external
        pure
        returns (bool isList, uint256 payload, uint256 next)
    {
        return Rlp.item(data, offset, end);
    }
}

/// @notice The same, read plainly.
contract PlainStorageProofHarness {
    function slotValue(bytes32 stateRoot, address account, bytes32 slot, bytes calldata proof)
        external
        pure
        returns (bytes32)
    {
        return PlainStorageProof.slotValue(stateRoot, account, slot, proof);
    }

    function get(bytes32 root, bytes32 key, uint256 nibbles, bytes calldata proof)
        external
        pure
        returns (bool found, bytes memory value, uint256 next)
    {
        uint256 start;
        uint256 end;
        (found, start, end, next) = PlainMerklePatricia.get(root, key, nibbles, proof, 0);
        value = proof[start:end];
    }

    function item(bytes calldata data, uint256 offset, uint256 end)
        external
        pure
        returns (bool isList, uint256 payload, uint256 next)
    {
        return PlainRlp.item(data, offset, end);
    }
}
