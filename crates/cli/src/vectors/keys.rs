//! A JWS and the key set that may have signed it.

use auth::jwt::{self, Algorithm, KeySet, KeySetError, Refused};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;
use vectors::{Answer, Request};

use super::Operation;

pub(super) const JWS: Operation = Operation {
    name: "jws",
    told: "verifies a JWS in compact form (RFC 7515). `algorithms` are those allowed, of RS256, ES256 and EdDSA. `jwks` is an \
           object, or a\ntext that is read as it stands. `payload` is base64url.",
    example: (
        r#"{"op":"jws","jws":"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg","jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]},"algorithms":["EdDSA"]}"#,
        r#"{"ok":true,"payload":"RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"}"#,
    ),
    answer: jws,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    jws: String,
    jwks: Box<RawValue>,
    algorithms: Vec<String>,
}

fn jws(request: &Request) -> Result<Answer, Answer> {
    let Members { jws, jwks, algorithms } = request.members()?;
    let payload = jwt::payload(&jws, &key_set(&jwks)?, &named(&algorithms)?).map_err(refused)?;
    Ok(Answer::good().with("payload", URL_SAFE_NO_PAD.encode(payload)))
}

/// The key set as its document says it; a text is the document itself.
pub(super) fn key_set(jwks: &RawValue) -> Result<KeySet, Answer> {
    let document = serde_json::from_str::<String>(jwks.get()).unwrap_or_else(|_| jwks.get().to_owned());
    KeySet::parse(document.as_bytes()).map_err(|error| {
        Answer::refused(match error {
            KeySetError::TooLarge => "jwks_too_large",
            KeySetError::Malformed => "jwks_malformed",
            KeySetError::DuplicateKid => "jwks_duplicate_kid",
            KeySetError::PrivateKey => "jwks_private_key",
            KeySetError::NoUsableKey => "jwks_no_usable_key",
        })
    })
}

/// `unknown_algorithm` for a name that is none of ours: no policy could be made of it.
pub(super) fn named(algorithms: &[String]) -> Result<Vec<Algorithm>, Answer> {
    let algorithms = algorithms.iter().map(|name| Algorithm::named(name)).collect::<Option<_>>();
    algorithms.ok_or_else(|| Answer::refused("unknown_algorithm"))
}

/// The rule's name, which nobody who sends a token to the product is ever told.
pub(super) fn refused(why: Refused) -> Answer {
    Answer::refused(match why {
        Refused::UnknownKey => "unknown_key",
        Refused::Invalid(rule) => rule.name(),
    })
}
