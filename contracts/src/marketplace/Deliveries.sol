// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {AssetMessages} from "../assets/AssetMessages.sol";
import {ItemDepartures} from "../assets/ItemDepartures.sol";
import {Parcels} from "../assets/Parcels.sol";
import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IDeliveryBox} from "../interfaces/IDeliveryBox.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {ItemType, Listing} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {DeliveryBox} from "./DeliveryBox.sol";
import {Shares} from "./Shares.sol";

/// @title Deliveries
/// @notice Moves what was sold from its seller to its buyer, here or by way of a box to another chain, and believes no
///         collection that it has.
abstract contract Deliveries is IMarketplace {
    /* STORAGE */

    /// @dev More bytes than a parcel of one item has beside the item's URI, and than a description has.
    uint256 private constant PARCEL_LENGTH = 320;

    IAssetGateway internal immutable _ASSETS;
    address private immutable _BOX;

    /* CONSTRUCTION */

    constructor(IAssetGateway assets) {
        _ASSETS = assets;
        _BOX = address(new DeliveryBox());
    }

    /* DELIVERING */

    /// @notice Takes what is left of the fees that a box has paid.
    receive() external payable {}

    /// @dev Hands the items over, or sends them on.
    /// @return box What has sent them on; zero: nothing.
    function _deliver(bytes32 purchaseId, Fill calldata fill) internal returns (address box) {
        if (_isHere(fill.deliveryChain)) {
            _move(fill.listing, fill.units, fill.recipient);
            return address(0);
        }
        // With the chain, because another chain's settlement must not take the place of a purchase that was paid elsewhere.
        bytes32 salt = keccak256(abi.encode(fill.listing.paymentChain, purchaseId));
        box = LibClone.cloneDeterministic(_BOX, abi.encodePacked(fill.returnTo), salt);
        _move(fill.listing, fill.units, box);
        _send(IDeliveryBox(box), fill);
    }

    /// @dev The items are with the recipient afterwards, or nothing has happened.
    function _move(Listing calldata listing, uint128 units, address to) private {
        (address token, uint256 id, address from) = (listing.token, listing.identifier, listing.offerer);
        bool delivered;
        if (listing.itemType == ItemType.ERC721) {
            IERC721(token).safeTransferFrom(from, to, id);
            delivered = IERC721(token).ownerOf(id) == to;
        } else {
            uint256 before = IERC1155(token).balanceOf(to, id);
            IERC1155(token).safeTransferFrom(from, to, id, units, "");
            uint256 gained = from == to ? 0 : units;
            delivered = IERC1155(token).balanceOf(to, id) == before + gained;
        }
        require(delivered, ItemNotDelivered(token, id));
    }

    /// @dev Sends the items from their box, with all the value that came.
    function _send(IDeliveryBox box, Fill calldata fill) private {
        (address token, ChainId chain) = (fill.listing.token, fill.deliveryChain);
        bytes memory approval = abi.encodeCall(IERC1155.setApprovalForAll, (address(_ASSETS), true));
        // The box's own function of this name, which reverts if its call does.
        // solhint-disable-next-line avoid-low-level-calls, no-unchecked-calls
        box.call(token, approval);
        uint256[] memory ids = _one(fill.listing.identifier);
        bytes memory departure = fill.listing.itemType == ItemType.ERC721
            ? abi.encodeCall(IAssetGateway.sendERC721, (token, ids, chain, fill.recipient))
            : abi.encodeCall(IAssetGateway.sendERC1155, (token, ids, _one(fill.units), chain, fill.recipient));
        // solhint-disable-next-line avoid-low-level-calls, no-unchecked-calls
        box.call{value: msg.value}(address(_ASSETS), departure);
    }

    function _one(uint256 value) private pure returns (uint256[] memory array) {
        array = new uint256[](1);
        array[0] = value;
    }

    /* RULES */

    /// @dev Somebody can get the item where it goes, and here if it comes back.
    function _requireRecipient(Fill calldata fill) internal view {
        _requireAccount(fill.recipient);
        if (!_isHere(fill.deliveryChain)) _requireAccount(fill.returnTo);
    }

    function _requireAccount(address account) private view {
        require(account != address(0) && account != address(this), RecipientInvalid(account));
    }

    function _isHere(ChainId chain) private view returns (bool) {
        return ChainId.unwrap(chain) == block.chainid;
    }

    /* VIEWS */

    /// @inheritdoc IMarketplace
    /// @dev A wrapped item goes home first, and from there at the expense of the asset gateway at home.
    function deliveryFee(ItemType itemType, address token, ChainId deliveryChain)
        external
        view
        returns (uint256 fee)
    {
        if (_isHere(deliveryChain)) return 0;
        IGateway gateway = _ASSETS.gateway();
        (ChainId homeChain,) = Shares.homeOf(_ASSETS, itemType, token);
        if (!_isHere(homeChain)) {
            uint256 limit = ItemDepartures.FORWARD_GAS + ItemDepartures.FORWARD_ITEM_GAS;
            return gateway.quote(homeChain, limit, PARCEL_LENGTH, true);
        }
        uint256 length = AssetMessages.MAXIMUM_URI_LENGTH;
        uint256 words = length / 32 + 3;
        uint256 gasLimit = Parcels.MESSAGE_GAS + Parcels.ITEM_GAS + words * Parcels.STORED_WORD_GAS;
        fee = gateway.quote(deliveryChain, Parcels.DESCRIPTION_GAS, PARCEL_LENGTH, false);
        fee += gateway.quote(deliveryChain, gasLimit, PARCEL_LENGTH + length, true);
    }
}
