// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";

import {Description, Item} from "../types/Assets.sol";
import {ChainId} from "../types/Message.sol";

/// @title Wrapped token
/// @notice What stands, on every other chain, for a token of a home chain: minted when some of it arrives, burned when
///         it leaves. A clone whose address follows from its asset gateway, home chain and home token, so that nobody
///         needs a registry.
interface IWrappedToken {
    /// @notice Only the asset gateway that created the token may do this.
    error NotAssetGateway(address caller);

    /// @notice The token was initialised when it was created.
    error AlreadyInitialised();

    /// @notice Takes over what the token says of itself at home.
    /// @dev Called once, by the asset gateway, in the transaction that creates the clone.
    function initialise(ChainId homeChain, address homeToken, Description calldata description) external;

    /// @notice The only account that may mint and burn.
    function assetGateway() external view returns (address);

    /// @notice The token that this one stands for.
    function home() external view returns (ChainId chain, address token);
}

/// @title Wrapped ERC-20
/// @notice With ERC-2612 permit and ERC-7802.
interface IWrappedERC20 is IWrappedToken, IERC7802 {
    /// @notice What ERC-7802's `crosschainMint` does, without its event.
    /// @dev ERC-20's own event says the same, and the other would be a tenth of what a delivery costs.
    /// @return True; a caller that expects an answer needs not look first whether there is code.
    function mint(address to, uint256 amount) external returns (bool);
}

/// @title Wrapped collection
/// @notice What wrapped ERC-721 and ERC-1155 have in common: minting and burning by the asset gateway.
/// @dev A wrapped collection answers ERC-2981 with its home collection's royalties, in whole basis points.
interface IWrappedCollection is IWrappedToken {
    /// @notice Mints an item that brings no URI and no royalty of its own.
    /// @return True; a caller that expects an answer needs not look first whether there is code.
    function mint(address to, uint256 id, uint256 amount) external returns (bool);

    /// @notice Mints an item together with its URI and royalty.
    /// @return True.
    function mintDescribed(address to, Item calldata item) external returns (bool);

    /// @notice Takes over what the item says of itself at home now. Passes over an ERC-721's item that is not here.
    /// @dev An ERC-721 emits ERC-4906's event, an ERC-1155 its own.
    /// @return True.
    function refresh(Item calldata item) external returns (bool);

    /// @notice Burns what `from` holds.
    function burn(address from, uint256 id, uint256 amount) external;
}

/// @title Wrapped ERC-721
interface IWrappedERC721 is IWrappedCollection {
    /// @notice The account does not own the item.
    error NotOwner(address account, uint256 id);
}

/// @title Wrapped ERC-1155
interface IWrappedERC1155 is IWrappedCollection {
    /// @notice Mints items that bring no URI and no royalty of their own.
    /// @return True.
    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata amounts) external returns (bool);
}
