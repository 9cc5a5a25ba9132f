// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITransferPolicy} from "./ITransferPolicy.sol";

/// @title Credential policy
/// @notice Admits who bears a credential: an EIP-712 `Credential(address account, address collection, uint64 expiry)`,
///         signed for this policy (EIP-712 domain "Lockkeeper Credentials", version "1") by an issuer that it trusts.
/// @dev The account is the recipient of the item. Who pays needs none, so that somebody may buy for somebody else.
/// @dev Assumes: issuers know that the recipient's address is the same person's on every chain they deliver to.
interface ICredentialPolicy is ITransferPolicy {
    /// @notice What the buyer brings, ABI-encoded.
    struct Credential {
        address issuer;
        /// @dev Unix seconds; not from then on.
        uint64 expiry;
        /// @dev The issuer's, as of an account with a key or of a contract (ERC-1271).
        bytes signature;
    }

    /// @notice An issuer is trusted, or no longer: then none of its credentials is worth anything.
    event IssuerSet(address indexed issuer, bool trusted);

    /// @notice The credential is from nobody who is trusted.
    error IssuerUnknown(address issuer);

    /// @notice The credential is no longer good.
    error CredentialExpired(uint64 expiry, uint256 now_);

    /// @notice The issuer has not signed this credential for this recipient and collection.
    error CredentialInvalid(address issuer, address recipient, address collection);

    /// @notice Trusts an issuer, or no longer. Behind governance.
    function setIssuer(address issuer, bool trusted) external;

    /// @notice Whether an issuer is trusted.
    function isIssuer(address issuer) external view returns (bool);

    /// @notice What an issuer signs to give an account access to a collection until then.
    function digestOf(address account, address collection, uint64 expiry) external view returns (bytes32);
}
