// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {IBftLightClient} from "../../src/interfaces/IBftLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Bft} from "../../src/light_clients/Bft.sol";
import {QbftLightClient} from "../../src/light_clients/QbftLightClient.sol";
import {ChainId} from "../../src/types/Message.sol";
import {BftChain} from "../support/BftChain.sol";

/// @notice What a BFT client can start from.
contract BftConstructionTest is Test, BftChain {
    ChainId internal constant SOURCE = ChainId.wrap(1337);

    function test_construction_rejectsWhatCannotBeTrusted() public {
        bytes memory list = payloadOf(someValidators(4, "validators"));
        vm.expectRevert(IBftLightClient.TrustingPeriodZero.selector);
        new QbftLightClient(SOURCE, 1, 1, "hash", list, 0, false);
        vm.expectRevert(ILightClient.HeaderIncomplete.selector);
        new QbftLightClient(SOURCE, 1, 0, "hash", list, 1, false);
        vm.expectRevert(ILightClient.HeaderIncomplete.selector);
        new QbftLightClient(SOURCE, 1, 1, 0, list, 1, false);
        vm.expectRevert(Bft.ValidatorsEmpty.selector);
        new QbftLightClient(SOURCE, 1, 1, "hash", "", 1, false);
        vm.expectRevert(Bft.ExtraDataMalformed.selector);
        new QbftLightClient(SOURCE, 1, 1, "hash", new bytes(21), 1, false);
        vm.expectRevert(Bft.ExtraDataMalformed.selector);
        new QbftLightClient(SOURCE, 1, 1, "hash", new bytes(20), 1, false);
        vm.expectRevert(abi.encodeWithSelector(Bft.ValidatorsUnsorted.selector, 0));
        new QbftLightClient(SOURCE, 1, 1, "hash", abi.encodePacked(hex"94", address(0)), 1, false);
        vm.expectRevert(abi.encodeWithSelector(Bft.ValidatorsUnsorted.selector, 4));
        new QbftLightClient(SOURCE, 1, 1, "hash", abi.encodePacked(list, list), 1, false);
        vm.expectRevert(abi.encodeWithSelector(Bft.ValidatorsTooMany.selector, 257));
        new QbftLightClient(SOURCE, 1, 1, "hash", new bytes(257 * 21), 1, false);
    }

    function test_construction_rejectsChainZero() public {
        bytes memory list = payloadOf(someValidators(4, "validators"));
        vm.expectRevert(ILightClient.SourceChainZero.selector);
        new QbftLightClient(ChainId.wrap(0), 1, 1, "hash", list, 1, false);
    }

    function test_storage_isWhereItIsSaidToBe() public {
        bytes memory list = payloadOf(someValidators(4, "validators"));
        QbftLightClient client = new QbftLightClient(SOURCE, 1, 1, "hash", list, 1, false);
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.BftLightClient")) - 1))
            & ~bytes32(uint256(0xff));
        assertEq(vm.load(address(client), slot), keccak256(list));
    }
}
