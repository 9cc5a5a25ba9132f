// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Sample soulbound ERC-721
/// @notice For tests: anyone may mint and lock, and decide what it declares and whether it answers.
contract SampleSoulbound is ERC721("Badges", "BADGE") {
    error Silent();

    mapping(uint256 id => bool) private _locks;
    mapping(bytes4 => bool) private _declared;
    bool private _silent;

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function lock(uint256 id, bool isLocked) external {
        _locks[id] = isLocked;
    }

    function declare(bytes4 interfaceId, bool declared) external {
        _declared[interfaceId] = declared;
    }

    function fallSilent() external {
        _silent = true;
    }

    /// @notice ERC-5192: whether the item stays with its owner.
    function locked(uint256 id) external view returns (bool) {
        require(!_silent, Silent());
        return _locks[id];
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return _declared[interfaceId] || super.supportsInterface(interfaceId);
    }
}
