// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {AssetGateway} from "../../src/assets/AssetGateway.sol";
import {AssetMessages} from "../../src/assets/AssetMessages.sol";
import {IAssetGateway} from "../../src/interfaces/IAssetGateway.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";

contract GovernanceTest is Assets {
    ChainId private constant REEF = ChainId.wrap(5);

    AssetGateway private gate;

    function setUp() public override {
        super.setUp();
        gate = assetsOf(HARBOUR);
    }

    function test_registerRemote_isForGovernance() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice));
        vm.prank(alice);
        gate.registerRemote(REEF, alice);
    }

    function test_registerRemote_refusesZeroesAndThisChain() public {
        vm.startPrank(governance);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.RemoteInvalid.selector, REEF, address(0)));
        gate.registerRemote(REEF, address(0));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.RemoteInvalid.selector, ChainId.wrap(0), alice));
        gate.registerRemote(ChainId.wrap(0), alice);
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.RemoteInvalid.selector, HARBOUR, alice));
        gate.registerRemote(HARBOUR, alice);
    }

    function test_registerRemote_tells() public {
        vm.expectEmit(address(gate));
        emit IAssetGateway.RemoteRegistered(REEF, alice);
        vm.prank(governance);
        gate.registerRemote(REEF, alice);
        assertEq(gate.remoteOf(REEF), alice);
    }

    function test_registerRemote_putsANewOneInThePlaceOfTheOld() public {
        address old = gate.remoteOf(ISLAND);
        vm.prank(governance);
        gate.registerRemote(ISLAND, bob);

        bytes memory from = format(ISLAND, old);
        address gateway = address(gate.gateway());
        bytes memory payload = abi.encodePacked(AssetMessages.ERC20, address(coins), alice, uint8(1));
        vm.expectRevert(abi.encodeWithSelector(IAssetGateway.NotRemote.selector, from));
        vm.prank(gateway);
        gate.receiveMessage(0, from, payload);

        from = format(ISLAND, bob);
        vm.expectRevert(
            abi.encodeWithSelector(IAssetGateway.TokenNotDescribed.selector, ISLAND, address(coins))
        );
        vm.prank(gateway);
        gate.receiveMessage(0, from, payload);
    }

    /// @dev Items are found by the number of their chain, which must not change with its remote.
    function test_registerRemote_leavesItemsWhereTheyAre() public {
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        vm.startPrank(governance);
        gate.registerRemote(REEF, alice);
        gate.registerRemote(ISLAND, bob);
        vm.stopPrank();
        assertEq(ChainId.unwrap(gate.whereabouts(address(herons), 1)), 31338);
    }

    function test_storageSlots_areThoseOfTheirNamespaces() public {
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), one(1), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), one(1), one(10), ISLAND, bob);

        bytes32 chain = bytes32(uint256(31338));
        bytes32 slot = entry(chain, namespace("lockkeeper.storage.Remotes"));
        assertEq(uint160(uint256(vm.load(address(gate), slot))), uint160(address(assetsOf(ISLAND))));

        slot = entry(chain, entry(word(address(coins)), namespace("lockkeeper.storage.ERC20Custody")));
        assertEq(uint256(vm.load(address(gate), slot)), 100 | uint256(1) << 248);

        slot = entry(0, entry(word(address(herons)), namespace("lockkeeper.storage.ERC721Custody")));
        assertEq(uint256(vm.load(address(gate), slot)), 1 << 8);

        slot = entry(word(address(shells)), namespace("lockkeeper.storage.ERC1155Custody"));
        slot = entry(chain, entry(bytes32(uint256(1)), slot));
        assertEq(uint256(vm.load(address(gate), slot)), 10);

        slot = entry(bytes32(uint256(2)), namespace("lockkeeper.storage.CollectionCustody"));
        slot = entry(chain, entry(word(address(herons)), slot));
        assertEq(uint256(vm.load(address(gate), slot)) & 0xffff, 0x0101);
    }

    function entry(bytes32 key, bytes32 mappingSlot) private pure returns (bytes32) {
        return keccak256(abi.encode(key, mappingSlot));
    }

    function word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function namespace(string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(name))) - 1)) & ~bytes32(uint256(0xff));
    }
}
