// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {Rules} from "./Rules.sol";

/// @notice Reads the vectors that both languages share: `tests/vectors`, described there.
abstract contract Vectors is Test {
    /// @notice One case of one file.
    struct Case {
        string json;
        string path;
        string name;
        string rejects;
    }

    function casesOf(string memory file) internal view returns (Case[] memory cases) {
        string memory json = vm.readFile(string.concat("../tests/vectors/", file, ".json"));
        string[] memory names = vm.parseJsonStringArray(json, ".names");
        assertGt(names.length, 0);
        cases = new Case[](names.length);
        for (uint256 i = 0; i < names.length; ++i) {
            string memory path = string.concat(".cases[", vm.toString(i), "].");
            string memory rejects = vm.parseJsonString(json, string.concat(path, "rejects"));
            cases[i] = Case(json, path, names[i], rejects);
        }
    }

    function bytesOf(Case memory c, string memory key) internal pure returns (bytes memory) {
        return vm.parseJsonBytes(c.json, string.concat(c.path, key));
    }

    function wordOf(Case memory c, string memory key) internal pure returns (bytes32) {
        return vm.parseJsonBytes32(c.json, string.concat(c.path, key));
    }

    function wordsOf(Case memory c, string memory key) internal pure returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(c.json, string.concat(c.path, key));
    }

    function numberOf(Case memory c, string memory key) internal pure returns (uint256) {
        return vm.parseJsonUint(c.json, string.concat(c.path, key));
    }

    function addressOf(Case memory c, string memory key) internal pure returns (address) {
        return vm.parseJsonAddress(c.json, string.concat(c.path, key));
    }

    /// @notice Makes the call and holds its outcome against the case: passes, or reverts with the rule named.
    function assertOutcome(Case memory c, address target, bytes memory call) internal returns (bytes memory) {
        (bool ok, bytes memory answer) = target.call(call);
        bool passes = bytes(c.rejects).length == 0;
        assertEq(ok, passes, c.name);
        if (!passes) assertEq(bytes4(answer), Rules.selector(c.rejects), c.name);
        return answer;
    }
}
