// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC20} from "solady/tokens/ERC20.sol";

import {IWrappedERC20} from "../interfaces/IWrappedToken.sol";
import {Description} from "../types/Assets.sol";
import {WrappedToken} from "./WrappedToken.sol";

/// @title Wrapped ERC-20
/// @notice Stands for an ERC-20 of another chain.
contract WrappedERC20 is IWrappedERC20, WrappedToken, ERC20 {
    /* RECEIVING */

    /// @inheritdoc IWrappedERC20
    function mint(address to, uint256 amount) external onlyAssetGateway returns (bool) {
        _mint(to, amount);
        return true;
    }

    /// @inheritdoc IERC7802
    function crosschainMint(address to, uint256 amount) external onlyAssetGateway {
        _mint(to, amount);
        emit CrosschainMint(to, amount, msg.sender);
    }

    /* SENDING */

    /// @inheritdoc IERC7802
    function crosschainBurn(address from, uint256 amount) external onlyAssetGateway {
        _burn(from, amount);
        emit CrosschainBurn(from, amount, msg.sender);
    }

    /* CONSTRUCTION */

    function _initialise(Description calldata) internal override {}

    /// @dev No account spends without having been approved.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }

    /* VIEWS */

    /// @notice What the token is called at home.
    function name() public view override returns (string memory) {
        return _wrappedToken().name;
    }

    /// @notice Its symbol at home.
    function symbol() public view override returns (string memory) {
        return _wrappedToken().symbol;
    }

    /// @notice Its decimals at home: amounts mean the same on every chain.
    function decimals() public view override returns (uint8) {
        return _wrappedToken().decimals;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC20).interfaceId
            || interfaceId == type(IERC7802).interfaceId;
    }
}
