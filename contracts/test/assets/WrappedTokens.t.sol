// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {WrappedERC1155} from "../../src/assets/WrappedERC1155.sol";
import {WrappedERC20} from "../../src/assets/WrappedERC20.sol";
import {WrappedERC721} from "../../src/assets/WrappedERC721.sol";
import {IWrappedERC721, IWrappedToken} from "../../src/interfaces/IWrappedToken.sol";
import {Description, Item, Royalty} from "../../src/types/Assets.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Assets} from "./support/Assets.sol";

contract WrappedTokensTest is Assets {
    WrappedERC20 private wrappedCoins;
    WrappedERC721 private wrappedHerons;
    WrappedERC1155 private wrappedShells;
    address private gate;

    function setUp() public override {
        super.setUp();
        sendERC20(HARBOUR, alice, address(coins), ISLAND, bob, 100);
        sendERC721(HARBOUR, alice, address(herons), one(2), ISLAND, bob);
        sendERC1155(HARBOUR, alice, address(shells), one(2), one(10), ISLAND, bob);
        relay();
        (wrappedCoins, wrappedHerons, wrappedShells) = (coinsOn(ISLAND), heronsOn(ISLAND), shellsOn(ISLAND));
        gate = address(assetsOf(ISLAND));
        on(ISLAND);
    }

    /* CONSTRUCTION */

    function test_initialise_isForTheAssetGatewayAndOnce() public {
        Description memory description = Description("Forged", "FAKE", 0, Royalty(address(0), 0));
        IWrappedToken[3] memory tokens = [
            IWrappedToken(address(wrappedCoins)),
            IWrappedToken(address(wrappedHerons)),
            IWrappedToken(address(wrappedShells))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IWrappedToken.NotAssetGateway.selector, alice));
            vm.prank(alice);
            tokens[i].initialise(HARBOUR, address(coins), description);

            vm.expectRevert(IWrappedToken.AlreadyInitialised.selector);
            vm.prank(gate);
            tokens[i].initialise(HARBOUR, address(coins), description);
        }
    }

    /// @dev The implementations stand at the first three addresses that the asset gateway created.
    function test_implementations_areLocked() public {
        Description memory description = Description("Forged", "FAKE", 0, Royalty(address(0), 0));
        for (uint256 nonce = 1; nonce <= 3; ++nonce) {
            IWrappedToken implementation = IWrappedToken(vm.computeCreateAddress(gate, nonce));
            assertEq(implementation.assetGateway(), gate);
            vm.expectRevert(abi.encodeWithSelector(IWrappedToken.NotAssetGateway.selector, alice));
            vm.prank(alice);
            implementation.initialise(HARBOUR, address(coins), description);
        }
    }

    function test_aCloneThatAnotherCreated_cannotPassForOurs() public {
        address implementation = vm.computeCreateAddress(gate, 1);
        address clone = LibClone.clone(implementation);
        Description memory description = Description("Forged", "FAKE", 0, Royalty(address(0), 0));
        vm.expectRevert(abi.encodeWithSelector(IWrappedToken.NotAssetGateway.selector, address(this)));
        IWrappedToken(clone).initialise(HARBOUR, address(coins), description);

        vm.expectRevert();
        assetsOf(ISLAND).sendERC20(clone, HARBOUR, bob, 1);
    }

    function test_mintingAndBurning_areForTheAssetGateway() public {
        bytes memory reason = abi.encodeWithSelector(IWrappedToken.NotAssetGateway.selector, alice);
        Item memory item = Item(9, 1, "", false, Royalty(address(0), 0));
        vm.startPrank(alice);
        vm.expectRevert(reason);
        wrappedCoins.mint(alice, 1);
        vm.expectRevert(reason);
        wrappedCoins.crosschainMint(alice, 1);
        vm.expectRevert(reason);
        wrappedCoins.crosschainBurn(bob, 1);
        vm.expectRevert(reason);
        wrappedHerons.mint(alice, 9, 1);
        vm.expectRevert(reason);
        wrappedHerons.mintDescribed(alice, item);
        vm.expectRevert(reason);
        wrappedHerons.burn(bob, 2, 1);
        vm.expectRevert(reason);
        wrappedShells.mint(alice, 9, 1);
        vm.expectRevert(reason);
        wrappedShells.mintDescribed(alice, item);
        vm.expectRevert(reason);
        wrappedShells.burn(bob, 2, 1);
    }

    function test_home_isWhatTheTokenStandsFor() public view {
        (ChainId chain, address token) = wrappedCoins.home();
        assertEq(ChainId.unwrap(chain), 31337);
        assertEq(token, address(coins));
        assertEq(wrappedHerons.assetGateway(), gate);
    }

    /* ERC-20 */

    function test_anERC20_isCalledWhatItIsAtHome() public view {
        assertEq(wrappedCoins.name(), "Coins");
        assertEq(wrappedCoins.symbol(), "COIN");
        assertEq(wrappedCoins.decimals(), 6);
    }

    function test_permit_approvesBySignature() public {
        (address carol, uint256 key) = makeAddrAndKey("carol");
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                carol,
                alice,
                5,
                0,
                type(uint256).max
            )
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Coins"),
                keccak256("1"),
                31338,
                address(wrappedCoins)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        wrappedCoins.permit(carol, alice, 5, type(uint256).max, v, r, s);
        assertEq(wrappedCoins.allowance(carol, alice), 5);
    }

    function test_crosschainMintAndBurn_followERC7802() public {
        vm.startPrank(gate);
        vm.expectEmit(address(wrappedCoins));
        emit IERC7802.CrosschainMint(alice, 7, gate);
        wrappedCoins.crosschainMint(alice, 7);
        vm.expectEmit(address(wrappedCoins));
        emit IERC7802.CrosschainBurn(alice, 7, gate);
        wrappedCoins.crosschainBurn(alice, 7);
        assertTrue(wrappedCoins.supportsInterface(type(IERC7802).interfaceId));
        assertTrue(wrappedCoins.supportsInterface(type(IERC165).interfaceId));
        assertFalse(wrappedCoins.supportsInterface(0xffffffff));
    }

    function test_noSpender_isApprovedFromTheStart() public view {
        address permit2 = 0x000000000022D473030F116dDEE9F6B43aC78BA3;
        assertEq(wrappedCoins.allowance(bob, permit2), 0);
    }

    /* COLLECTIONS */

    function test_aCollection_answersForItsInterfaces() public view {
        assertTrue(wrappedHerons.supportsInterface(type(IERC721).interfaceId));
        assertTrue(wrappedHerons.supportsInterface(type(IERC2981).interfaceId));
        assertTrue(wrappedShells.supportsInterface(type(IERC1155).interfaceId));
        assertTrue(wrappedShells.supportsInterface(type(IERC2981).interfaceId));
        assertFalse(wrappedHerons.supportsInterface(0xffffffff));
        assertFalse(wrappedShells.supportsInterface(0xffffffff));
    }

    function test_aBurnedItem_hasNoUri() public {
        assertEq(wrappedHerons.tokenURI(2), "ipfs://heron");
        vm.expectRevert(abi.encodeWithSelector(IWrappedERC721.NotOwner.selector, alice, 2));
        vm.prank(gate);
        wrappedHerons.burn(alice, 2, 1);

        vm.prank(gate);
        wrappedHerons.burn(bob, 2, 1);
        vm.expectRevert();
        wrappedHerons.tokenURI(2);
    }

    function testFuzz_royalty_isAShareOfAnyPrice(uint256 price) public view {
        price = bound(price, 0, type(uint256).max / 500);
        (address receiver, uint256 amount) = wrappedHerons.royaltyInfo(2, price);
        assertEq(receiver, artist);
        assertEq(amount, price * 500 / 10_000);
    }

    /* STORAGE */

    function test_storageSlots_areThoseOfTheirNamespaces() public view {
        bytes32 token = namespace("lockkeeper.storage.WrappedToken");
        bytes32 packed = bytes32(uint256(31337) | uint256(uint160(address(coins))) << 64 | uint256(6) << 224);
        assertEq(vm.load(address(wrappedCoins), token), packed);

        bytes32 collection = namespace("lockkeeper.storage.WrappedCollection");
        packed = bytes32(uint256(uint160(artist)) | uint256(500) << 160);
        assertEq(vm.load(address(wrappedHerons), collection), packed);
    }

    function namespace(string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(name))) - 1)) & ~bytes32(uint256(0xff));
    }
}
