// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice An ERC-2981 royalty: a share of the price, in basis points. All zero: none.
struct Royalty {
    address receiver;
    uint16 basisPoints;
}

/// @notice One item of a collection, on its way.
struct Item {
    /// @dev The token id.
    uint256 id;
    /// @dev How many of it; 1 for an ERC-721.
    uint256 amount;
    /// @dev Its token URI; empty: none.
    string uri;
    /// @dev Whether `royalty` differs from the collection's default and stands for this item.
    bool ownRoyalty;
    /// @dev Its royalty, if `ownRoyalty`.
    Royalty royalty;
}

/// @notice What another chain has been told about a collection of this one.
struct Told {
    bool described;
    /// @dev Whether the collection declares ERC-2981; if not, nobody asks it for royalties.
    bool hasRoyalties;
    /// @dev Whether it declares a standard by which its items can be tied to who holds them; if not, nobody asks it.
    bool tiesItems;
    /// @dev The default royalty; items with another carry their own.
    address royaltyReceiver;
    uint16 royaltyBasisPoints;
}

/// @notice What a token says about itself on its home chain; travels with its first transfer to a chain.
struct Description {
    string name;
    string symbol;
    /// @dev Of an ERC-20; 0 for a collection.
    uint8 decimals;
    /// @dev The default royalty of a collection; none for an ERC-20.
    Royalty royalty;
}
