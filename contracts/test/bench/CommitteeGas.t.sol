// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";

/// @notice What the committee client costs.
contract CommitteeGasTest is Test, Attesters {
    CommitteeLightClient internal client;
    Attester[] internal attesters;

    function setUp() public {
        Attester[] memory all = someAttesters(4, "harbour");
        for (uint256 i = 0; i < all.length; ++i) {
            attesters.push(all[i]);
        }
        client = new CommitteeLightClient(ChainId.wrap(31337), wordsOf(all));
        for (uint64 height = 1; height <= 256; ++height) {
            client.update(anUpdate(client, aHeader(height), all, 0x7));
        }
    }

    /// @dev Execution gas of the call to the client alone, as the caller pays it: without the 21,000 of a transaction
    ///      and its calldata, and without the cost of reaching the client's address. Storage is cold, as in a
    ///      transaction of its own; the ring has gone round once, so that its slots are overwritten.
    function test_committee_update_3of4() public {
        bytes memory update = anUpdate(client, aHeader(300), attesters, 0xd);
        vm.cool(address(client));
        client.update(update);
        uint256 gas = vm.snapshotGasLastCall("light_clients", "committee_update_3of4");
        assertLe(gas, 60_000);
    }
}
