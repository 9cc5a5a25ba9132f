// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ISpecialTokens} from "../interfaces/ISpecialTokens.sol";
import {Description, Royalty, Told} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {LinkedTokens} from "./LinkedTokens.sol";
import {Refusals} from "./Refusals.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @title Descriptions
/// @notice What happens once for a token and a chain: the token is described on one side, and wrapped on the other.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library Descriptions {
    /// @notice The message that describes an ERC-20.
    /// @dev Refuses collections, whose functions are too much like an ERC-20's, and tokens that are not fit to travel.
    function ofERC20(address token) external view returns (bytes memory) {
        bool collection = HomeTokens.declares(token, type(IERC721).interfaceId)
            || HomeTokens.declares(token, type(IERC1155).interfaceId);
        require(!collection, IAssetGateway.TokenKindMismatch(token));
        Refusals.requireAccepted(token);
        LinkedTokens.requireUnlinked(token);
        require(!HomeTokens.isRebasing(token), ISpecialTokens.TokenRebasing(token));
        return AssetMessages.description(AssetMessages.ERC20, token, HomeTokens.describeERC20(token));
    }

    /// @notice The message that describes a collection, with the royalty of one of its items as its default.
    /// @return message Its bytes.
    /// @return told What the other chain is told by it.
    function ofCollection(uint8 standard, address token, uint256 id)
        external
        view
        returns (bytes memory message, Told memory told)
    {
        bytes4 interfaceId =
            standard == AssetMessages.ERC721 ? type(IERC721).interfaceId : type(IERC1155).interfaceId;
        require(HomeTokens.declares(token, interfaceId), IAssetGateway.TokenKindMismatch(token));
        Refusals.requireAccepted(token);
        told.described = true;
        (told.hasRoyalties, told.tiesItems) = HomeTokens.traitsOf(token);
        Royalty memory royalty;
        if (told.hasRoyalties) royalty = HomeTokens.royaltyOf(token, id);
        (told.royaltyReceiver, told.royaltyBasisPoints) = (royalty.receiver, royalty.basisPoints);
        message = AssetMessages.description(standard, token, HomeTokens.describeCollection(token, royalty));
    }

    /// @notice Creates the wrapped token that a message describes, unless it was created before or another stands for it.
    /// @param implementation What wrapped tokens of this standard delegate to.
    function wrap(
        uint8 standard,
        address implementation,
        ChainId homeChain,
        address homeToken,
        bytes calldata payload
    ) external {
        Description memory description = AssetReading.readDescription(standard, payload);
        address token = WrappedTokens.locate(LibClone.initCodeHash(implementation), homeChain, homeToken);
        bool linked =
            standard == AssetMessages.ERC20 && LinkedTokens.localOf(homeChain, homeToken) != address(0);
        if (linked || token.code.length > 0) return;
        WrappedTokens.create(implementation, homeChain, homeToken, description);
    }
}
