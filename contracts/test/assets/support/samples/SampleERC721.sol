// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";

/// @title Sample ERC-721
/// @notice For tests: anyone may mint, with a URI and a royalty.
contract SampleERC721 is ERC721, ERC2981 {
    mapping(uint256 id => string) private _uris;

    /// @param royaltyBasisPoints The collection's royalty; 0: none.
    constructor(
        string memory name_,
        string memory symbol_,
        address royaltyReceiver,
        uint96 royaltyBasisPoints
    ) ERC721(name_, symbol_) {
        if (royaltyBasisPoints > 0) {
            _setDefaultRoyalty(royaltyReceiver, royaltyBasisPoints);
        }
    }

    /// @notice Mints to whomever, for whoever asks.
    function mint(address to, uint256 id, string calldata uri) external {
        if (bytes(uri).length > 0) _uris[id] = uri;
        _mint(to, id);
    }

    /// @notice Gives an item a royalty of its own, for whoever asks.
    function setRoyalty(uint256 id, address receiver, uint96 basisPoints) external {
        _setTokenRoyalty(id, receiver, basisPoints);
    }

    function tokenURI(uint256 id) public view override returns (string memory) {
        _requireOwned(id);
        return _uris[id];
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC721, ERC2981) returns (bool) {
        return super.supportsInterface(interfaceId);
    }
}
