// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice Items each of which harms its sale in another way.
contract HostileERC721 is ERC721("Hostile", "EVIL") {
    error NotForSale();

    /// @notice What an item does, by its id.
    enum Kind {
        Decent,
        Stays,
        Refuses,
        BurnsGas,
        AsksForTwice,
        AnswersALot
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function kindOf(uint256 id) public pure returns (Kind) {
        return Kind(id % 6);
    }

    function transferFrom(address from, address to, uint256 id) public override {
        Kind kind = kindOf(id);
        require(kind != Kind.Refuses, NotForSale());
        if (kind == Kind.BurnsGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (kind != Kind.Stays) super.transferFrom(from, to, id);
    }

    function royaltyInfo(uint256 id, uint256 price) external view returns (address, uint256) {
        if (kindOf(id) == Kind.AnswersALot) {
            assembly ("memory-safe") {
                return(0, 100000)
            }
        }
        return (address(this), kindOf(id) == Kind.AsksForTwice ? 2 * price : price / 100);
    }
}

/// @notice Takes items, and no coins: what it has bought in vain is credited.
contract StubbornBuyer {
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}
