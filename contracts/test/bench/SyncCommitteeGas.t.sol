// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SyncCommitteeLightClient} from "../../src/light_clients/SyncCommitteeLightClient.sol";
import {SyncCommitteeFixture} from "../light_clients/SyncCommitteeFixture.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What the sync committee client costs with 512 keys, in the time of Fulu: storage cold, as in a transaction of
///         its own, and every word that is written holds something already, as it does once the ring has gone round and
///         the second committee was handed over to.
/// forge-config: default.evm_version = "prague"
contract SyncCommitteeGasTest is SyncCommitteeFixture {
    /// @dev Storage of {TrustedHeaders} and of {SyncCommitteeLightClient}; tests recompute both.
    uint256 private constant TRUST_SLOT = 0xfb99fee14eaa8bd88f4d83c49ebd8f0e61663988292ef4bf622011c33a304800;
    bytes32 private constant BEACON_SLOT = 0xaf8a9f866d7ac6603181fdf9d551cbf15754978654aa6f6511313c46c481bb00;

    /// @dev Execution gas of the call to the client alone, as the caller pays it: without the 21,000 of a transaction and
    ///      its calldata, and without the cost of reaching the client's address.
    function test_sync_update_512_execution() public {
        (SyncCommitteeLightClient client, bytes memory update) = steady("512 of 512");
        client.update(update);
        uint256 gas = vm.snapshotGasLastCall("light_clients", "sync_update_512_execution");
        assertLe(gas, 250_000);
    }

    function test_sync_update_512() public {
        uint256 gas = whole("512 of 512");
        vm.snapshotValue("light_clients", "sync_update_512", gas);
        assertLe(gas, 350_000);
    }

    /// @dev As many as mainnet has in most slots.
    function test_sync_update_510() public {
        uint256 gas = whole("510 of 512");
        vm.snapshotValue("light_clients", "sync_update_510", gas);
        assertLe(gas, 350_000);
    }

    /// @dev As many as Sepolia misses.
    function test_sync_update_446() public {
        uint256 gas = whole("446 of 512");
        vm.snapshotValue("light_clients", "sync_update_446", gas);
        assertLe(gas, 700_000);
    }

    /// @dev What a transaction costs more that hands over too.
    function test_sync_handover() public {
        uint256 gas = whole("512 of 512, handing over") - whole("512 of 512");
        vm.snapshotValue("light_clients", "sync_handover", gas);
        assertLe(gas, 80_000);
    }

    /// @dev A transaction that updates the client and does nothing else.
    function whole(string memory name) private returns (uint256) {
        (SyncCommitteeLightClient client, bytes memory update) = steady(name);
        bytes memory data = abi.encodeCall(client.update, (update));
        (bool ok,) = address(client).call(data);
        assertTrue(ok);
        return TransactionGas.whole(data, vm.lastCallGas().gasTotalUsed);
    }

    /// @dev A client that holds an older header and an older committee wherever the update writes.
    function steady(string memory name) private returns (SyncCommitteeLightClient client, bytes memory) {
        Case memory c = caseOf("bench", name);
        client = clientOf(c);
        uint256 height = numberOf(c, "height");
        uint256 place = TRUST_SLOT + 1 + 3 * (height % 256);
        vm.store(address(client), bytes32(place), keccak256("state"));
        vm.store(address(client), bytes32(place + 1), keccak256("receipts"));
        vm.store(address(client), bytes32(place + 2), bytes32((height - 256) << 192 | 1));
        uint256 parity = (numberOf(c, "trustedPeriod") + 1) & 1;
        vm.store(address(client), keccak256(abi.encode(parity, BEACON_SLOT)), keccak256("committee"));
        vm.cool(address(client));
        return (client, bytesOf(c, "update"));
    }
}
