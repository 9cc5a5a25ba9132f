// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Sample rentable ERC-721
/// @notice For tests: anyone may mint and rent out.
contract SampleRentable is ERC721("Boats", "BOAT") {
    mapping(uint256 id => address) private _users;
    mapping(uint256 id => uint256) public userExpires;

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    /// @notice ERC-4907: lets somebody use the item until then.
    function setUser(uint256 id, address user, uint64 expires) external {
        (_users[id], userExpires[id]) = (user, expires);
    }

    /// @notice ERC-4907: who uses the item now.
    function userOf(uint256 id) external view returns (address) {
        return userExpires[id] >= block.timestamp ? _users[id] : address(0);
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == 0xad092b5c || super.supportsInterface(interfaceId);
    }
}
