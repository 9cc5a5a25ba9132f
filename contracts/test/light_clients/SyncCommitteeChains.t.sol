// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Fork, Parameters} from "../../src/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommittee} from "../../src/light_clients/SyncCommittee.sol";
import {SyncCommitteeLightClient} from "../../src/light_clients/SyncCommitteeLightClient.sol";
import {SyncUpdate, SyncUpdates} from "../../src/light_clients/SyncUpdates.sol";
import {Height} from "../../src/types/Message.sol";
import {SyncCommitteeFixture} from "./SyncCommitteeFixture.sol";

/// @notice Updates of Ethereum, Sepolia and a devnet, and those of the consensus specification, if they have been written
///         down for Foundry (`python -m tests.light_clients.real_vectors`); otherwise the test is skipped.
/// forge-config: default.evm_version = "prague"
contract SyncCommitteeChainsTest is SyncCommitteeFixture {
    string private constant FILE = "../tests/vectors/real/sync_committee.json";

    function test_update_agreesWithRealChainsAndTheSpecification() public {
        vm.skip(!vm.exists(FILE), "no tests/vectors/real: python -m tests.light_clients.real_vectors");
        string memory json = vm.readFile(FILE);
        uint256 count = vm.parseJsonStringArray(json, ".names").length;
        assertGt(count, 0);
        vm.pauseGasMetering(); // a test has a gas limit, and handing the file about would use it up
        for (uint256 i = 0; i < count; ++i) {
            this.check(json, i);
        }
        vm.resumeGasMetering();
    }

    /// @dev External, so that each case has memory of its own.
    function check(string calldata json, uint256 index) external {
        Case memory c = caseAt(json, index);
        vm.warp(numberOf(c, "now"));
        bytes memory update = bytesOf(c, "update");
        if (numberOf(c, "full") == 0) {
            bytes memory call = abi.encodeCall(this.verify, (update, parametersOf(c), wordOf(c, "blockHash")));
            assertOutcome(c, address(this), call);
            return;
        }
        SyncCommitteeLightClient client = clientOf(c);
        assertOutcome(c, address(client), abi.encodeCall(client.update, (update)));
        if (bytes(c.rejects).length != 0) return;
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            client.header(Height.wrap(uint64(numberOf(c, "height"))));
        assertEq(stateRoot, wordOf(c, "stateRoot"), c.name);
        assertEq(receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
        assertEq(timestamp, numberOf(c, "timestamp"), c.name);
    }

    /// @dev What the client does, with the hash of an execution header that the fixtures do not hold: its place in the
    ///      update is taken by an empty list.
    function verify(bytes calldata data, Parameters memory given, bytes32 blockHash) external view {
        (, uint64 attested, uint64 finalized) = SyncUpdates.slots(data);
        SyncUpdate memory read = SyncUpdates.read(
            data, given.network.committeeSize, forkAt(given, attested), forkAt(given, finalized)
        );
        read.blockHash = blockHash;
        uint256 latest = given.trustedTimestamp;
        require(
            block.timestamp <= latest + given.trustingPeriod,
            ILightClient.TrustExpired(latest, block.timestamp)
        );
        SyncCommittee.requireOrdered(read);
        uint256 signed = SyncCommittee.timeOf(given.network, read.signatureSlot);
        require(signed <= block.timestamp + 60, ILightClient.HeaderFromFuture(signed, block.timestamp));
        uint256 period = SyncCommittee.periodOf(given.network, read.signatureSlot);
        bytes32 commitment;
        for (uint256 i = 0; i < given.commitments.length; ++i) {
            if (period == given.trustedPeriod + i) commitment = given.commitments[i];
        }
        bytes4 version = forkAt(given, read.signatureSlot - 1).version;
        SyncCommittee.verify(data, read, given.network, commitment, version);
    }

    function forkAt(Parameters memory given, uint64 slot) private pure returns (Fork memory) {
        uint64 epoch = slot / given.network.slotsPerEpoch;
        for (uint256 i = given.forks.length; i > 0; --i) {
            if (given.forks[i - 1].epoch <= epoch) return given.forks[i - 1];
        }
        revert SyncCommittee.ForkUnknown(epoch);
    }
}
