// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {LibCall} from "solady/utils/LibCall.sol";
import {MetadataReaderLib} from "solady/utils/MetadataReaderLib.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {Description, Item, Royalty, Told} from "../types/Assets.sol";
import {AssetMessages} from "./AssetMessages.sol";

/// @title Home tokens, questioned
/// @notice Asks any token what it is, with a bound on the gas it may burn and on the bytes it may answer. What it does
///         not answer sensibly is left empty: a strange token hinders nobody and not even itself.
/// @dev A caller cannot starve a question of its gas so that it fails: whoever leaves less than the stipend leaves less
///      than a 64th of it for the rest of the transaction, which needs more.
library HomeTokens {
    uint256 private constant STIPEND = 100_000;
    uint256 private constant FULL_PRICE = 10_000;

    /// @dev For what most tokens do not have. Some burn all they get when they are asked for it, as WETH9 does, which takes
    ///      any unknown call for a deposit.
    uint256 private constant PROBE_STIPEND = 60_000;

    /// @dev Interfaces: whether an item can leave its holder (ERC-5192), which never can (ERC-5484), who uses it
    ///      (ERC-4907).
    bytes4 private constant LOCKABLE = 0xb45a3c0e;
    bytes4 private constant SOULBOUND = 0x0489b56f;
    bytes4 private constant RENTABLE = 0xad092b5c;

    /// @dev What wallets assume of an ERC-20 that does not say.
    uint8 private constant DEFAULT_DECIMALS = 18;

    /// @notice Name, symbol and decimals of an ERC-20.
    function describeERC20(address token) internal view returns (Description memory description) {
        (description.name, description.symbol) = _names(token);
        (bool answered, uint256 decimals) = _word(token, abi.encodeCall(IERC20Metadata.decimals, ()));
        description.decimals = answered && decimals <= type(uint8).max ? uint8(decimals) : DEFAULT_DECIMALS;
    }

    /// @notice Name and symbol of a collection; the royalty of the first item to leave stands for all that have the same.
    function describeCollection(address token, Royalty memory royalty)
        internal
        view
        returns (Description memory description)
    {
        (description.name, description.symbol) = _names(token);
        description.royalty = royalty;
    }

    /// @notice Whether the token's balances follow shares, by what the known ones among such tokens answer to: stETH's
    ///         kind, Aave's and Ampleforth's, Origin's, and Olympus'.
    function isRebasing(address token) internal view returns (bool) {
        bytes[5] memory questions = [
            abi.encodeWithSignature("sharesOf(address)", token),
            abi.encodeWithSignature("getPooledEthByShares(uint256)", FULL_PRICE),
            abi.encodeWithSignature("scaledBalanceOf(address)", token),
            abi.encodeWithSignature("rebasingCreditsPerToken()"),
            abi.encodeWithSignature("gonsForBalance(uint256)", FULL_PRICE)
        ];
        for (uint256 i = 0; i < questions.length; ++i) {
            (bool answered,) = _word(token, questions[i], PROBE_STIPEND);
            if (answered) return true;
        }
        return false;
    }

    /// @notice What a collection declares that makes its items worth asking about.
    function traitsOf(address token) internal view returns (bool hasRoyalties, bool tiesItems) {
        hasRoyalties = declares(token, type(IERC2981).interfaceId);
        tiesItems = declares(token, LOCKABLE) || declares(token, SOULBOUND) || declares(token, RENTABLE);
    }

    /// @notice Whether the item cannot leave its holder. What declares that and does not answer counts as locked.
    function isLocked(address token, uint256 id) internal view returns (bool) {
        if (declares(token, SOULBOUND)) return true;
        if (!declares(token, LOCKABLE)) return false;
        (bool answered, uint256 locked) = _word(token, abi.encodeWithSignature("locked(uint256)", id));
        return !answered || locked != 0;
    }

    /// @notice Whether somebody has rented the item, and until when. What declares that and does not answer counts as
    ///         rented.
    function isRented(address token, uint256 id) internal view returns (bool rented, uint256 until) {
        if (!declares(token, RENTABLE)) return (false, 0);
        (bool answered, uint256 user) = _word(token, abi.encodeWithSignature("userOf(uint256)", id));
        if (answered && user == 0) return (false, 0);
        (answered, until) = _word(token, abi.encodeWithSignature("userExpires(uint256)", id));
        rented = !answered || until >= block.timestamp;
    }

    /// @notice An item as it travels, with what it says of itself and has not been told with its collection.
    function itemOf(uint8 standard, address token, uint256 id, uint256 amount, Told memory told)
        internal
        view
        returns (Item memory item)
    {
        (item.id, item.amount) = (id, amount);
        item.uri = uriOf(token, standard == AssetMessages.ERC721, id);
        (uint256 length, uint256 maximum) = (bytes(item.uri).length, AssetMessages.MAXIMUM_URI_LENGTH);
        require(length <= maximum, IAssetGateway.TokenURITooLong(length, maximum));
        if (told.hasRoyalties) {
            item.royalty = royaltyOf(token, id);
            item.ownRoyalty = item.royalty.receiver != told.royaltyReceiver
                || item.royalty.basisPoints != told.royaltyBasisPoints;
        }
    }

    /// @notice How many words of storage takes what the item brings.
    function wordsOf(Item memory item) internal pure returns (uint256) {
        uint256 length = bytes(item.uri).length;
        return (length > 0 ? length / 32 + 2 : 0) + (item.ownRoyalty ? 1 : 0);
    }

    /// @notice The ERC-2981 royalty of an item, in whole basis points.
    function royaltyOf(address token, uint256 id) internal view returns (Royalty memory royalty) {
        (bool answered,, bytes memory answer) =
            LibCall.tryStaticCall(token, STIPEND, 64, abi.encodeCall(IERC2981.royaltyInfo, (id, FULL_PRICE)));
        if (!answered || answer.length < 64) return royalty;
        (uint256 receiver, uint256 share) = abi.decode(answer, (uint256, uint256));
        if (receiver == 0 || receiver > type(uint160).max || share == 0 || share > FULL_PRICE) {
            return royalty;
        }
        return Royalty(address(uint160(receiver)), uint16(share));
    }

    /// @notice The URI of an item; of a longer one than may travel, one byte more than may.
    function uriOf(address token, bool isERC721, uint256 id) internal view returns (string memory) {
        bytes memory question = isERC721
            ? abi.encodeCall(IERC721Metadata.tokenURI, (id))
            : abi.encodeCall(IERC1155MetadataURI.uri, (id));
        return MetadataReaderLib.readString(token, question, AssetMessages.MAXIMUM_URI_LENGTH + 1, STIPEND);
    }

    /// @notice Whether the token says by ERC-165 that it has this interface.
    function declares(address token, bytes4 interfaceId) internal view returns (bool) {
        (bool answered, uint256 answer) =
            _word(token, abi.encodeCall(IERC165.supportsInterface, (interfaceId)));
        return answered && answer == 1;
    }

    function _names(address token) private view returns (string memory name, string memory symbol) {
        name = _cut(
            MetadataReaderLib.readName(token, AssetMessages.MAXIMUM_NAME_LENGTH + 1, STIPEND),
            AssetMessages.MAXIMUM_NAME_LENGTH
        );
        symbol = _cut(
            MetadataReaderLib.readSymbol(token, AssetMessages.MAXIMUM_SYMBOL_LENGTH + 1, STIPEND),
            AssetMessages.MAXIMUM_SYMBOL_LENGTH
        );
    }

    /// @dev The text, or as many of its first bytes as fit without cutting a UTF-8 character in two.
    function _cut(string memory text, uint256 maximum) private pure returns (string memory) {
        bytes memory whole = bytes(text);
        if (whole.length <= maximum) return text;
        uint256 end = maximum;
        while (end > 0 && uint8(whole[end]) & 0xc0 == 0x80) --end;
        bytes memory part = new bytes(end);
        for (uint256 i = 0; i < end; ++i) {
            part[i] = whole[i];
        }
        return string(part);
    }

    function _word(address token, bytes memory question) private view returns (bool, uint256) {
        return _word(token, question, STIPEND);
    }

    function _word(address token, bytes memory question, uint256 stipend)
        private
        view
        returns (bool answered, uint256 word)
    {
        bytes memory answer;
        (answered,, answer) = LibCall.tryStaticCall(token, stipend, 32, question);
        answered = answered && answer.length == 32;
        if (answered) word = abi.decode(answer, (uint256));
    }
}
