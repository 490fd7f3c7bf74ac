use super::strict_json::Fault;

/// Why a token was not taken. For the log only: the answer to whoever sent the token is the same for every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The token's `kid` is not in the key set. The issuer may have a new key: ask [`super::KeyCache::decide`] once.
    #[error("token refused: no key of that id")]
    UnknownKey,
    /// The token breaks a rule, and no other key set will change that.
    #[error("token refused by rule `{0}`")]
    Invalid(Rule),
}

/// The rule that a token broke. Holds nothing of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// At most 8 KiB.
    Size,
    /// Exactly three segments, none empty (RFC 7515 section 7.1).
    Segments,
    /// Base64url without padding, foreign characters or spare bits that are not zero (RFC 7515 section 2).
    Base64,
    /// Header and claims are each one JSON object in UTF-8 with nothing behind it.
    Json,
    /// At most 32 levels of arrays and objects.
    Depth,
    /// No member name twice in one object, at any depth.
    DuplicateMember,
    /// No `crit`, `b64`, `zip`, `enc` or `cty`; `alg`, `kid` and `typ` are strings.
    Header,
    /// `alg` is one that the policy allows.
    Algorithm,
    /// `typ` is the policy's.
    Type,
    /// Without `kid`, exactly one key of that algorithm.
    MissingKeyId,
    /// The key of that id is for that algorithm.
    KeyAlgorithm,
    /// The signature holds.
    Signature,
    /// `iss` is a non-empty string, byte-equal to the policy's.
    Issuer,
    /// `aud` is a string or an array of strings that contains the policy's.
    Audience,
    /// `azp` is our client id where there is one, and is there where another audience is.
    AuthorizedParty,
    /// `exp` is a number in range and not reached.
    Expiry,
    /// `nbf`, if there, is a number in range and reached.
    NotBefore,
    /// `iat` is a number in range and not in the future.
    IssuedAt,
    /// From `iat` to `exp` it is no longer than the policy allows, and not backwards.
    Lifetime,
    /// `sub` is a string of 1 to 255 characters.
    Subject,
    /// The subject is a person, not a client that signed in as itself.
    NotAPerson,
    /// `client_id` and `jti` are non-empty strings (RFC 9068 section 2.2).
    RequiredClaim,
    /// `act`, if there or wanted, names the agent as who acts now (RFC 8693 section 4.1).
    Actor,
    /// It is not a token of another kind: an ID token, a logout token or a proof in place of an access token, or a token that
    /// is bound to a key in place of a bearer token.
    OtherKind,
    /// The application is one whose tokens are taken.
    Client,
    /// `nonce` is the one that this sign-in sent.
    Nonce,
    /// `at_hash`, if there, belongs to the access token that came along.
    AccessTokenHash,
    /// `auth_time` is no longer ago than was asked for.
    AuthTime,
    /// `org_id` is the organization that was asked for, or absent if none was.
    Organization,
}

impl Rule {
    /// A short fixed name for the log, as in `duplicate_member`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Segments => "segments",
            Self::Base64 => "base64",
            Self::Json => "json",
            Self::Depth => "depth",
            Self::DuplicateMember => "duplicate_member",
            Self::Header => "header",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::MissingKeyId => "missing_key_id",
            Self::KeyAlgorithm => "key_algorithm",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::AuthorizedParty => "authorized_party",
            Self::Expiry => "expiry",
            Self::NotBefore => "not_before",
            Self::IssuedAt => "issued_at",
            Self::Lifetime => "lifetime",
            Self::Subject => "subject",
            Self::NotAPerson => "not_a_person",
            Self::RequiredClaim => "required_claim",
            Self::Actor => "actor",
            Self::OtherKind => "other_kind",
            Self::Client => "client",
            Self::Nonce => "nonce",
            Self::AccessTokenHash => "access_token_hash",
            Self::AuthTime => "auth_time",
            Self::Organization => "organization",
        }
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl From<Rule> for Refused {
    fn from(rule: Rule) -> Self {
        Self::Invalid(rule)
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Syntax => Self::Json,
            Fault::Depth => Self::Depth,
            Fault::DuplicateMember => Self::DuplicateMember,
        }
    }
}
