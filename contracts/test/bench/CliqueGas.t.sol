// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CliqueFixture} from "../light_clients/CliqueFixture.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What the Clique client costs.
contract CliqueGasTest is CliqueFixture {
    /// @dev Four signers, a target and three confirmations. Execution is that of the call to the client alone; the whole
    ///      transaction adds its 21,000 and the calldata. Storage is cold, and the place of the ring is overwritten. The
    ///      headers' blooms are empty; a full one costs 3,072 gas more each.
    function test_clique_update_4() public {
        client.update(anUpdate(300 - 256, "0123"));
        bytes memory update = anUpdate(300, "0123");
        vm.cool(address(client));
        client.update(update);
        uint256 execution = vm.snapshotGasLastCall("light_clients", "clique_update_4_execution");
        bytes memory data = abi.encodeCall(client.update, (update));
        vm.snapshotValue("light_clients", "clique_update_4", TransactionGas.whole(data, execution));
    }
}
