use serde_json::{Value, json};

use super::{Answer, Ask, KEYS, NOW, TokenError, refreshed};
use crate::testing::issuer::{ACCESS_TOKEN, claims, signed};

/// An answer with this ID token and a rotated refresh token.
fn answer(id_token: &Value) -> Answer {
    let body = json!({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 60,
                      "refresh_token": "v1.second", "id_token": id_token});
    Answer::json(200, &body)
}

/// Good claims but for one, or without it.
fn bent(name: &str, value: Value) -> Value {
    let mut claims = claims("the nonce of the sign-in");
    claims.as_object_mut().unwrap().remove(name);
    if !value.is_null() {
        claims[name] = value;
    }
    json!(signed(&claims))
}

// I06
#[tokio::test]
async fn an_id_token_that_comes_along_is_a_new_one_of_the_same_person_or_nothing_is_given() {
    let (now, good) = (NOW.seconds(), signed(&claims("any")));
    let another_key = good.rsplit_once('.').unwrap().0.to_owned() + "." + &"A".repeat(342);
    let refused = Some(TokenError::IdToken);
    for (name, id_token, expected) in [
        ("as it should be", json!(good), None),
        ("without a nonce", bent("nonce", Value::Null), None),
        ("a minute ago by the issuer's clock", bent("iat", json!(now - 60)), None),
        ("none", Value::Null, None),
        ("another subject", bent("sub", json!("oidc|okta-oidc|00u2")), refused),
        ("the subject in other letters", bent("sub", json!("OIDC|okta-oidc|00u1")), refused),
        ("no subject", bent("sub", Value::Null), refused),
        ("another issuer", bent("iss", json!("https://tenant.example")), refused),
        ("no issuer", bent("iss", Value::Null), refused),
        ("another audience", bent("aud", json!("client-2")), refused),
        ("a further audience", bent("aud", json!(["client-1", "client-2"])), refused),
        ("another authorized party", bent("azp", json!("client-2")), refused),
        ("no time", bent("iat", Value::Null), refused),
        ("of the sign-in", bent("iat", json!(now - 61)), refused),
        ("of tomorrow", bent("iat", json!(now + 3_000)), refused),
        ("over", bent("exp", json!(now - 40)), refused),
        ("of another access token", bent("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), refused),
        ("a logout token", bent("events", json!({})), refused),
        ("under another key", json!(another_key), refused),
        ("no token", json!("id-token"), refused),
        ("empty", json!(""), refused),
    ] {
        let (result, server) = refreshed(Ask::default(), vec![answer(&id_token)]).await;
        let given = result.as_ref().ok().and_then(|refreshed| refreshed.refresh_token.as_ref()).is_some();
        assert_eq!((result.err(), given), (expected, expected.is_none()), "{name}");
        assert_eq!(server.count_of("/oauth/token"), 1, "{name}");
        assert!(server.count_of(KEYS) <= 1, "{name}");
    }
}

#[tokio::test]
async fn an_id_token_of_another_type_is_no_answer() {
    for odd in [json!(7), json!({}), json!([]), json!(true)] {
        let (result, server) = refreshed(Ask::default(), vec![answer(&odd)]).await;
        assert!(matches!(result.err(), Some(TokenError::Unavailable(_))), "{odd}");
        assert_eq!(server.count_of(KEYS), 0);
    }
}

#[tokio::test]
async fn the_keys_are_fetched_once_and_only_for_an_id_token() {
    for (id_token, fetched) in [(Value::Null, 0), (json!(signed(&claims("any"))), 1)] {
        let (result, server) = refreshed(Ask::default(), vec![answer(&id_token)]).await;
        assert!(result.is_ok());
        assert_eq!((server.count_of("/oauth/token"), server.count_of(KEYS)), (1, fetched));
    }
}
