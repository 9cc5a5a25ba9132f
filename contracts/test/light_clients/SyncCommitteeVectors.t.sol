// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SyncCommitteeLightClient} from "../../src/light_clients/SyncCommitteeLightClient.sol";
import {Height} from "../../src/types/Message.sol";
import {SyncCommitteeFixture} from "./SyncCommitteeFixture.sol";

/// @notice The updates and evidence that the Python twin reads too.
/// forge-config: default.evm_version = "prague"
contract SyncCommitteeVectorsTest is SyncCommitteeFixture {
    function test_update_agreesWithTheVectors() public {
        _forEach("updates", this.checkUpdate);
    }

    function test_update_agreesWithTheVectorsOf512Keys() public {
        _forEach("bench", this.checkUpdate);
    }

    function test_submitMisbehaviour_agreesWithTheVectors() public {
        _forEach("evidence", this.checkEvidence);
    }

    /// @dev External, so that each case has memory of its own.
    function checkUpdate(string calldata json, uint256 index) external {
        Case memory c = caseAt(json, index);
        SyncCommitteeLightClient client = clientOf(c);
        bytes memory answer =
            assertOutcome(c, address(client), abi.encodeCall(client.update, (bytesOf(c, "update"))));
        if (bytes(c.rejects).length != 0) return;
        (Height height, bool trusted) = abi.decode(answer, (Height, bool));
        assertEq(Height.unwrap(height), numberOf(c, "height"), c.name);
        uint64 newest = uint64(numberOf(c, "newestPeriod"));
        assertEq(client.newestPeriod(), newest, c.name);
        assertEq(client.commitment(newest), wordOf(c, "newestCommitment"), c.name);
        bool freezes = numberOf(c, "freezes") == 1;
        assertEq(client.frozen(), freezes, c.name);
        assertEq(trusted, !freezes, c.name);
        if (freezes) return;
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(height);
        assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
        assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
        assertEq(timestamp, numberOf(c, "timestamp"), c.name);
    }

    /// @dev External, so that each case has memory of its own.
    function checkEvidence(string calldata json, uint256 index) external {
        Case memory c = caseAt(json, index);
        SyncCommitteeLightClient client = clientOf(c);
        bytes memory evidence = bytesOf(c, "evidence");
        assertOutcome(c, address(client), abi.encodeCall(client.submitMisbehaviour, (evidence)));
        assertEq(client.frozen(), bytes(c.rejects).length == 0, c.name);
    }

    function _forEach(string memory file, function(string memory, uint256) external check) private {
        string memory json = vm.readFile(string.concat("../tests/vectors/sync_committee/", file, ".json"));
        uint256 count = vm.parseJsonStringArray(json, ".names").length;
        assertGt(count, 0);
        vm.pauseGasMetering(); // a test has a gas limit, and handing the file about would use it up
        for (uint256 i = 0; i < count; ++i) {
            check(json, i);
        }
        vm.resumeGasMetering();
    }
}
