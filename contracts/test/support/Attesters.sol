// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CommonBase} from "forge-std/Base.sol";

import {ICommitteeLightClient} from "../../src/interfaces/ICommitteeLightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId} from "../../src/types/Message.sol";

/// @notice A committee whose keys the tests hold, and what it can sign.
abstract contract Attesters is CommonBase {
    struct Attester {
        uint256 key;
        address account;
        uint96 weight;
    }

    /// @notice `n` attesters of weight 1, in committee order.
    function someAttesters(uint256 n, string memory label) internal pure returns (Attester[] memory all) {
        all = new Attester[](n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 key = uint256(keccak256(abi.encode(label, i))) >> 1;
            Attester memory next = Attester(key, vm.addr(key), 1);
            uint256 offset = i;
            for (; offset > 0 && all[offset - 1].account > next.account; --offset) {
                all[offset] = all[offset - 1];
            }
            all[offset] = next;
        }
    }

    /// @notice The member words of a committee.
    function wordsOf(Attester[] memory all) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            words[i] = bytes32(bytes20(all[i].account)) | bytes32(uint256(all[i].weight));
        }
    }

    /// @notice A complete header of this height, the same each time.
    function aHeader(uint64 height) internal pure returns (TrustedHeader memory) {
        return TrustedHeader({
            height: height,
            timestamp: 1_700_000_000 + height % 1e9,
            blockHash: keccak256(abi.encode("block", height)),
            stateRoot: keccak256(abi.encode("state", height)),
            receiptsRoot: keccak256(abi.encode("receipts", height))
        });
    }

    /// @notice An update signed by the members whose bits are set.
    function anUpdate(
        ICommitteeLightClient client,
        TrustedHeader memory header,
        Attester[] memory all,
        uint256 bitmap
    ) internal view returns (bytes memory) {
        return abi.encodePacked(
            headerBytes(header), aVote(attestationDigest(client, header, client.epoch()), all, bitmap)
        );
    }

    /// @notice A rotation signed by the members whose bits are set.
    function aRotation(
        ICommitteeLightClient client,
        Attester[] memory next,
        Attester[] memory all,
        uint256 bitmap
    ) internal view returns (bytes memory) {
        bytes32[] memory words = wordsOf(next);
        bytes32 digest = rotationDigest(client, client.epoch() + 1, keccak256(abi.encodePacked(words)));
        return abi.encodePacked(uint16(words.length), words, aVote(digest, all, bitmap));
    }

    function headerBytes(TrustedHeader memory header) internal pure returns (bytes memory) {
        return abi.encodePacked(
            header.height, header.timestamp, header.blockHash, header.stateRoot, header.receiptsRoot
        );
    }

    /// @notice `bitmap ‖ n ‖ members ‖ signatures`.
    function aVote(bytes32 digest, Attester[] memory all, uint256 bitmap)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory signatures;
        for (uint256 i = 0; i < all.length; ++i) {
            if ((bitmap >> i) & 1 == 1) {
                signatures = abi.encodePacked(signatures, aSignature(all[i].key, digest));
            }
        }
        return abi.encodePacked(bitmap, uint16(all.length), wordsOf(all), signatures);
    }

    /// @notice An EIP-2098 signature.
    function aSignature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, digest);
        return abi.encodePacked(r, vs);
    }

    /// @dev Spelled out here a second time, so that a slip in the library cannot hide.
    function attestationDigest(ICommitteeLightClient client, TrustedHeader memory header, uint64 epoch)
        internal
        view
        returns (bytes32)
    {
        bytes32 typeHash = keccak256(
            "Attestation(uint64 sourceChain,uint64 epoch,uint64 height,bytes32 blockHash,bytes32 stateRoot,bytes32 receiptsRoot,uint64 timestamp)"
        );
        return typedDigest(
            client,
            keccak256(
                abi.encode(
                    typeHash,
                    ChainId.unwrap(client.sourceChain()),
                    epoch,
                    header.height,
                    header.blockHash,
                    header.stateRoot,
                    header.receiptsRoot,
                    header.timestamp
                )
            )
        );
    }

    function rotationDigest(ICommitteeLightClient client, uint64 epoch, bytes32 committeeHash)
        internal
        view
        returns (bytes32)
    {
        bytes32 typeHash =
            keccak256("CommitteeRotation(uint64 sourceChain,uint64 epoch,bytes32 committeeHash)");
        return typedDigest(
            client,
            keccak256(abi.encode(typeHash, ChainId.unwrap(client.sourceChain()), epoch, committeeHash))
        );
    }

    function typedDigest(ICommitteeLightClient client, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Lockkeeper Committee"),
                keccak256("1"),
                block.chainid,
                address(client)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
