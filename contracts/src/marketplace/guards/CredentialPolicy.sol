// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ICredentialPolicy} from "../../interfaces/ICredentialPolicy.sol";
import {ITransferPolicy} from "../../interfaces/ITransferPolicy.sol";

/// @title Credential policy
/// @notice An allow list that nobody has to write to the chain.
contract CredentialPolicy is ICredentialPolicy, AccessManaged, EIP712 {
    /* STORAGE */

    /// @dev What is signed.
    bytes32 private constant _CREDENTIAL =
        keccak256("Credential(address account,address collection,uint64 expiry)");

    mapping(address issuer => bool) private _issuers;

    /* CONSTRUCTION */

    /// @param authority The AccessManager whose roles may say who issues.
    constructor(address authority) AccessManaged(authority) EIP712("Lockkeeper Credentials", "1") {}

    /* GOVERNANCE */

    /// @inheritdoc ICredentialPolicy
    function setIssuer(address issuer, bool trusted) external restricted {
        _issuers[issuer] = trusted;
        emit IssuerSet(issuer, trusted);
    }

    /* VIEWS */

    /// @inheritdoc ITransferPolicy
    function admits(Sale calldata sale, bytes calldata credential) external view returns (bytes4) {
        Credential memory shown = abi.decode(credential, (Credential));
        require(_issuers[shown.issuer], IssuerUnknown(shown.issuer));
        require(block.timestamp < shown.expiry, CredentialExpired(shown.expiry, block.timestamp));
        bytes32 digest = digestOf(sale.recipient, sale.token, shown.expiry);
        require(
            SignatureChecker.isValidSignatureNow(shown.issuer, digest, shown.signature),
            CredentialInvalid(shown.issuer, sale.recipient, sale.token)
        );
        return ITransferPolicy.admits.selector;
    }

    /// @inheritdoc ICredentialPolicy
    function isIssuer(address issuer) external view returns (bool) {
        return _issuers[issuer];
    }

    /// @inheritdoc ICredentialPolicy
    function digestOf(address account, address collection, uint64 expiry) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_CREDENTIAL, account, collection, expiry)));
    }
}
