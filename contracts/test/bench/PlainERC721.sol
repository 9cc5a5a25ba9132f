// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice A collection as most are: neither URI nor royalty for an item.
contract PlainERC721 is ERC721 {
    constructor() ERC721("Herons", "HERON") {}

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}
