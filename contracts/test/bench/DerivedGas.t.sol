// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {QuorumLightClient} from "../../src/light_clients/QuorumLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {RelayChainFixture} from "../light_clients/RelayChainFixture.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What a derived client costs on top of its hub's, and a quorum on top of its members.
/// @dev Execution gas of the call alone, as in the committee's bench: storage cold, and the rings here have gone round, so
///      that their slots are overwritten. The source's client on the hub holds as many headers as the figure says: the
///      more, the deeper the proof. Whole transactions add 21,000 and the calldata of the `update` call, at EIP-7623's
///      floor where that is more.
contract DerivedGasTest is RelayChainFixture {
    function setUp() public override {
        super.setUp();
        for (uint64 height = 1; height <= 256; ++height) {
            hubTrusts(height, keccak256("state"));
        }
        _fillTheRing();
    }

    /// @dev Devnet depth, as {DevnetTrie} has it: a state of 28 accounts, and about as many slots as its gateway has.
    function test_derived_update() public {
        _sourceHolds(3);
        assertLe(_measure("derived_update", anchored(300, 3), 3), 80_000);
    }

    function test_derived_update_from32Headers() public {
        _sourceHolds(32);
        _measure("derived_update_32_headers", anchored(300, 32), 32);
    }

    function test_derived_update_withTheHubsUpdate() public {
        _sourceHolds(3);
        (bytes32 stateRoot, bytes memory proof) = proveHeader(3);
        bytes memory update = aDerivedUpdate(300, hubUpdate(300, stateRoot), 3, proof);
        _measure("derived_update_hub_3of4", update, 3);
    }

    /// @dev After weeks: every place of the source client's ring is taken.
    function test_derived_update_fromAFullRing() public {
        _sourceHolds(256);
        _measure("derived_update_full_ring", anchored(300, 256), 256);
    }

    function test_quorum_header_2of3() public {
        ILightClient[] memory clients = new ILightClient[](3);
        for (uint256 i = 0; i < 3; ++i) {
            CommitteeLightClient member = new CommitteeLightClient(SOURCE, wordsOf(four("source")));
            member.update(anUpdate(member, aHeader(9), four("source"), THREE));
            clients[i] = member;
        }
        QuorumLightClient quorum = new QuorumLightClient(SOURCE, 2, clients);
        for (uint256 i = 0; i < 3; ++i) {
            vm.cool(address(clients[i]));
        }
        vm.cool(address(quorum));
        quorum.header(Height.wrap(9));
        vm.snapshotGasLastCall("light_clients", "quorum_header_2of3");
    }

    function _measure(string memory name, bytes memory update, uint64 height)
        private
        returns (uint256 execution)
    {
        vm.cool(address(client));
        vm.cool(address(hub));
        client.update(update);
        execution = vm.snapshotGasLastCall("light_clients", name);
        assertServes(aHeader(height));
        bytes memory data = abi.encodeCall(client.update, (update));
        vm.snapshotValue(
            "light_clients", string.concat(name, "_whole"), TransactionGas.whole(data, execution)
        );
        vm.snapshotValue("light_clients", string.concat(name, "_bytes"), update.length);
    }

    function _sourceHolds(uint64 headers) private {
        for (uint64 height = 1; height <= headers; ++height) {
            sourceTrusts(aHeader(height));
        }
    }

    /// @dev Writes every place of the client's ring, as older headers would have; the least tag there is stands for them.
    function _fillTheRing() private {
        for (uint256 place = 0; place < PLACES; ++place) {
            for (uint256 i = 0; i < 3; ++i) {
                bytes32 slot = bytes32(uint256(TRUST) + 1 + 3 * place + i);
                vm.store(address(client), slot, bytes32(uint256(1)));
            }
        }
        vm.store(address(client), TRUST, bytes32(uint256(1)));
    }
}
