// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Fork, Network, Parameters} from "../../src/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommitteeLightClient} from "../../src/light_clients/SyncCommitteeLightClient.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice Deploys the client that a case of `tests/vectors/sync_committee` is about.
abstract contract SyncCommitteeFixture is Vectors {
    function caseOf(string memory file, string memory name) internal view returns (Case memory) {
        string memory json = vm.readFile(string.concat("../tests/vectors/sync_committee/", file, ".json"));
        string[] memory names = vm.parseJsonStringArray(json, ".names");
        for (uint256 i = 0; i < names.length; ++i) {
            if (keccak256(bytes(names[i])) == keccak256(bytes(name))) return caseAt(json, i);
        }
        revert(string.concat("no case ", name));
    }

    function caseAt(string memory json, uint256 index) internal pure returns (Case memory) {
        string memory path = string.concat(".cases[", vm.toString(index), "].");
        return Case(
            json,
            path,
            vm.parseJsonString(json, string.concat(path, "name")),
            vm.parseJsonString(json, string.concat(path, "rejects"))
        );
    }

    /// @dev A fresh client as the case wants it, at the time of the case.
    function clientOf(Case memory c) internal returns (SyncCommitteeLightClient) {
        vm.warp(numberOf(c, "now"));
        return new SyncCommitteeLightClient(sourceOf(c), parametersOf(c));
    }

    function sourceOf(Case memory c) internal pure returns (ChainId) {
        return ChainId.wrap(uint64(numberOf(c, "sourceChain")));
    }

    function parametersOf(Case memory c) internal pure returns (Parameters memory) {
        Network memory network = Network(
            wordOf(c, "genesisValidatorsRoot"),
            uint64(numberOf(c, "genesisTime")),
            uint64(numberOf(c, "secondsPerSlot")),
            uint64(numberOf(c, "slotsPerEpoch")),
            uint64(numberOf(c, "epochsPerPeriod")),
            uint64(numberOf(c, "committeeSize"))
        );
        return Parameters(
            network,
            forksOf(c),
            uint64(numberOf(c, "trustingPeriod")),
            uint64(numberOf(c, "trustedTimestamp")),
            uint64(numberOf(c, "trustedPeriod")),
            wordsOf(c, "commitments")
        );
    }

    function forksOf(Case memory c) internal pure returns (Fork[] memory forks) {
        uint256[] memory epochs = numbersOf(c, "forkEpochs");
        bytes[] memory versions = vm.parseJsonBytesArray(c.json, string.concat(c.path, "forkVersions"));
        uint256[] memory finalities = numbersOf(c, "forkFinalities");
        uint256[] memory committees = numbersOf(c, "forkNextCommittees");
        uint256[] memory hashes = numbersOf(c, "forkExecutionBlockHashes");
        forks = new Fork[](epochs.length);
        for (uint256 i = 0; i < forks.length; ++i) {
            forks[i] = Fork(
                uint64(epochs[i]),
                bytes4(versions[i]),
                uint32(finalities[i]),
                uint32(committees[i]),
                uint32(hashes[i])
            );
        }
    }

    function numbersOf(Case memory c, string memory key) internal pure returns (uint256[] memory) {
        return vm.parseJsonUintArray(c.json, string.concat(c.path, key));
    }
}
