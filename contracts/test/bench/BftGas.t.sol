// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Bft} from "../../src/light_clients/Bft.sol";
import {BftLightClient} from "../../src/light_clients/BftLightClient.sol";
import {Ibft2LightClient} from "../../src/light_clients/Ibft2LightClient.sol";
import {QbftLightClient} from "../../src/light_clients/QbftLightClient.sol";
import {ChainId} from "../../src/types/Message.sol";
import {BftChain} from "../support/BftChain.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What the BFT clients cost: Prague headers of almost empty blocks.
contract BftGasTest is Test, BftChain {
    /// @dev Execution gas of the call to the client alone, as the caller pays it: without the 21,000 of a transaction
    ///      and its calldata, and without the cost of reaching the client's address. Storage is cold, as in a
    ///      transaction of its own; the ring has gone round once, so that its slots are overwritten.
    function test_qbft_update_4() public {
        (uint256 execution, uint256 whole) = _measure(Bft.Dialect.Qbft, 4, "qbft_update_4_execution");
        vm.snapshotValue("light_clients", "qbft_update_4", whole);
        assertLe(execution, 60_000);
        assertLe(whole, 90_000);
    }

    function test_qbft_update_21() public {
        (, uint256 whole) = _measure(Bft.Dialect.Qbft, 21, "qbft_update_21_execution");
        vm.snapshotValue("light_clients", "qbft_update_21", whole);
        assertLe(whole, 170_000);
    }

    function test_ibft2_update_4() public {
        (uint256 execution, uint256 whole) = _measure(Bft.Dialect.Ibft2, 4, "ibft2_update_4_execution");
        vm.snapshotValue("light_clients", "ibft2_update_4", whole);
        assertLe(execution, 60_000);
        assertLe(whole, 90_000);
    }

    /// @dev One validator more, of which four of five have sealed.
    function test_qbft_change_4to5() public {
        Validator[] memory all = someValidators(4, "validators");
        BftLightClient client = _rounded(Bft.Dialect.Qbft, all);
        bytes memory step = aStep(aBlock(300), mixed(all, 4, 1), 0x1f, Bft.Dialect.Qbft, payloadOf(all));
        vm.cool(address(client));
        client.update(step);
        vm.snapshotGasLastCall("light_clients", "qbft_change_4to5_execution");
    }

    function _measure(Bft.Dialect dialect, uint256 n, string memory name)
        private
        returns (uint256 execution, uint256 whole)
    {
        Validator[] memory all = someValidators(n, "validators");
        BftLightClient client = _rounded(dialect, all);
        bytes memory step = aStep(aBlock(300), all, first(Bft.quorum(n)), dialect, "");
        vm.cool(address(client));
        client.update(step);
        execution = vm.snapshotGasLastCall("light_clients", name);
        whole = TransactionGas.whole(abi.encodeCall(client.update, (step)), execution);
    }

    /// @dev A client whose ring is full.
    function _rounded(Bft.Dialect dialect, Validator[] memory all) private returns (BftLightClient client) {
        vm.warp(START + 1000);
        bytes memory list = payloadOf(all);
        ChainId source = ChainId.wrap(1337);
        client = dialect == Bft.Dialect.Qbft
            ? BftLightClient(new QbftLightClient(source, 1, START, "anchor", list, 1 weeks, false))
            : BftLightClient(new Ibft2LightClient(source, 1, START, "anchor", list, 1 weeks, false));
        for (uint64 height = 2; height <= 257; ++height) {
            client.update(aStep(aBlock(height), all, first(Bft.quorum(all.length)), dialect, ""));
        }
    }
}
