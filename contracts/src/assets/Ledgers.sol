// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {Peers} from "./Peers.sol";

/// @notice What one other chain has of one ERC-20 of this chain.
struct Outstanding {
    uint248 amount;
    /// @dev Whether the token was described to it.
    bool described;
}

/// @title Ledgers
/// @notice What every other chain has of this chain's tokens. No chain gives back more than it got.
library Ledgers {
    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC20Custody
    struct ERC20CustodyStorage {
        mapping(address token => mapping(ChainId => Outstanding)) outstanding;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC721Custody
    struct ERC721CustodyStorage {
        /// @dev The number of the chain where each item is, 32 of neighbouring ids to a slot: 0 for items not away.
        mapping(address token => mapping(uint256 group => uint256)) away;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC1155Custody
    struct ERC1155CustodyStorage {
        mapping(address token => mapping(uint256 id => mapping(ChainId => uint256))) outstanding;
    }

    /// @custom:storage-location erc7201:lockkeeper.storage.CollectionCustody
    struct CollectionCustodyStorage {
        mapping(uint8 standard => mapping(address token => mapping(ChainId => Told))) told;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC20Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC20_STORAGE =
        0x38b5143cff1eccc8d414dd9fa86ad73575133921e8e622c35890bcbdc1312c00;

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC721Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC721_STORAGE =
        0xdc71d74599c9d0729735b1cc1a2b4094d87c98d4023efad586369bb52c4c6a00;

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC1155Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC1155_STORAGE =
        0xd7fbf982b0bf0557d14da344b455ce691222f041d18c1d9b5917b479a56a2600;

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.CollectionCustody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _COLLECTION_STORAGE =
        0xd9bd316158611c8e25b244f662ccedb82be44a72141c1bc203ac37d874877700;

    /* SENDING */

    /// @notice Notes that another chain has more of an ERC-20 from now on, and knows what it is called.
    /// @return known Whether it knew that before.
    function sendOutERC20(address token, ChainId chain, uint256 amount) internal returns (bool known) {
        mapping(ChainId => Outstanding) storage outstanding = erc20().outstanding[token];
        Outstanding memory held = outstanding[chain];
        outstanding[chain] = Outstanding(SafeCast.toUint248(held.amount + amount), true);
        return held.described;
    }

    /// @notice Notes that another chain has more of an item from now on.
    function sendOutERC1155(address token, uint256 id, uint256 amount, ChainId chain) internal {
        erc1155().outstanding[token][id][chain] += amount;
    }

    /// @notice Notes that an item is somewhere else from now on. No chain gives back what is not there.
    function moveERC721(address token, uint256 id, uint8 from, uint8 to) internal {
        mapping(uint256 => uint256) storage away = erc721().away[token];
        uint256 group = away[id >> 5];
        uint256 shift = (id & 31) << 3;
        uint8 number = uint8(group >> shift);
        if (number != from) revert IAssetGateway.ItemElsewhere(token, id, Peers.chainOf(number));
        away[id >> 5] = group ^ (uint256(from ^ to) << shift);
    }

    /// @notice Notes what a chain has been told about a collection.
    function tell(uint8 standard, address token, ChainId chain, Told memory all) internal {
        Told storage known = told(standard, token, chain);
        (known.described, known.hasRoyalties, known.tiesItems) =
        (all.described, all.hasRoyalties, all.tiesItems);
        (known.royaltyReceiver, known.royaltyBasisPoints) = (all.royaltyReceiver, all.royaltyBasisPoints);
    }

    /// @notice Has a token be described anew wherever it is sent, and so be looked at again.
    function forget(address token) internal {
        ChainId[] storage chains = Peers.storage_().chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            erc20().outstanding[token][chains[i]].described = false;
            told(AssetMessages.ERC721, token, chains[i]).described = false;
            told(AssetMessages.ERC1155, token, chains[i]).described = false;
        }
    }

    /* RECEIVING */

    /// @notice Notes that another chain has less of an ERC-20 from now on.
    function takeBackERC20(address token, ChainId chain, uint256 amount) internal {
        Outstanding storage outstanding = erc20().outstanding[token][chain];
        uint248 held = outstanding.amount;
        require(amount <= held, IAssetGateway.OutstandingExceeded(token, chain, amount, held));
        outstanding.amount = held - uint248(amount);
    }

    /// @notice Notes that another chain has less of an item from now on.
    function takeBackERC1155(address token, uint256 id, uint256 amount, ChainId chain) internal {
        mapping(ChainId => uint256) storage outstanding = erc1155().outstanding[token][id];
        uint256 held = outstanding[chain];
        require(amount <= held, IAssetGateway.OutstandingExceeded(token, chain, amount, held));
        outstanding[chain] = held - amount;
    }

    /* VIEWS */

    /// @notice The number of the chain where an item is; 0: not away.
    function numberOf(address token, uint256 id) internal view returns (uint8) {
        return uint8(erc721().away[token][id >> 5] >> ((id & 31) << 3));
    }

    /// @notice What a chain has been told about a collection.
    function told(uint8 standard, address token, ChainId chain) internal view returns (Told storage) {
        CollectionCustodyStorage storage $;
        assembly ("memory-safe") {
            $.slot := _COLLECTION_STORAGE
        }
        return $.told[standard][token][chain];
    }

    /// @notice How many of an item are out on all other chains.
    function outERC1155(address token, uint256 id) internal view returns (uint256 sum) {
        ChainId[] storage chains = Peers.storage_().chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            sum += erc1155().outstanding[token][id][chains[i]];
        }
    }

    function erc20() internal pure returns (ERC20CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC20_STORAGE
        }
    }

    function erc721() internal pure returns (ERC721CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC721_STORAGE
        }
    }

    function erc1155() internal pure returns (ERC1155CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC1155_STORAGE
        }
    }
}
