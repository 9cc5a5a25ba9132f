// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "./Message.sol";

/// @notice What kind of thing is for sale, by Seaport's numbers.
enum ItemType {
    /// @dev Never listed.
    NATIVE,
    /// @dev Never listed.
    ERC20,
    ERC721,
    ERC1155
}

/// @notice Who gets a share of the proceeds, on the chain where the price is paid.
struct Payee {
    address recipient;
    /// @dev Of 10,000, of what is left after royalty and marketplace fee. All of a listing's make 10,000 together.
    uint16 basisPoints;
}

/// @notice What somebody sells and on which terms: an EIP-712 order with Seaport's names for its fields, for one item.
struct Listing {
    /// @dev Whoever sells; holds the item, and signs.
    address offerer;
    ItemType itemType;
    /// @dev The collection, on the chain of the marketplace.
    address token;
    /// @dev The token id.
    uint256 identifier;
    /// @dev How many are for sale in all; 1 of an ERC-721.
    uint128 amount;
    /// @dev Where the price is paid: any chain that is connected, or this one.
    ChainId paymentChain;
    /// @dev An ERC-20 there; zero: the coin of that chain.
    address paymentToken;
    /// @dev For each unit, in the smallest unit of `paymentToken`. With a reference price: the least that is accepted.
    uint128 price;
    /// @dev For each unit, in US dollars with 8 decimals, to be converted when it is paid; zero: `price` stands.
    uint128 referencePrice;
    /// @dev Unix seconds; not before.
    uint64 startTime;
    /// @dev Unix seconds; not from then on.
    uint64 endTime;
    /// @dev The only account that may buy, on the payment chain; zero: anyone.
    address taker;
    /// @dev The greatest royalty that the seller gives up, of 10,000; a greater one refuses the sale.
    uint16 maxRoyalty;
    /// @dev The same of the marketplace's fee.
    uint16 maxFee;
    /// @dev Who gets what is left, at least one and at most {Listings.MAXIMUM_PAYEES}.
    Payee[] consideration;
    /// @dev Makes equal listings different.
    uint256 salt;
    /// @dev The offerer's counter at the marketplace; once that has moved on, the listing is void.
    uint256 counter;
}

/// @notice What somebody is to be paid for one purchase, on the chain where the price was paid.
struct Share {
    /// @dev The chain on which `account` is known to be who is meant: the payment chain, or of a royalty the chain of the
    ///      collection. Zero, with a zero account: the treasury of the payment chain.
    ChainId chain;
    address account;
    uint128 amount;
    ShareKind kind;
}

/// @notice What a share is paid for.
enum ShareKind {
    PROCEEDS,
    ROYALTY,
    FEE
}
