//! The `groups` claim of the userinfo endpoint.

use serde_json::{Value, json};

use super::{Groups, OktaError, client, mandate_about, named, targets, token, until};
use crate::testing::{Answer, Scripted};

async fn claim(
    login: Option<&str>,
    answers: impl IntoIterator<Item = Answer>,
) -> (Result<Groups, OktaError>, Scripted) {
    let server = Scripted::start(answers).await;
    let result = client(&server).groups_claim(&mandate_about(login), &token(), until()).await;
    (result, server)
}

#[tokio::test]
async fn the_claim_holds_names() {
    let body = json!({"sub": "00u1", "groups": ["Everyone", "Sales, EMEA"]});
    let (result, server) = claim(None, [Answer::json(200, &body)]).await;
    assert_eq!(result, Ok(named(&["Everyone", "Sales, EMEA"], false)));
    assert_eq!(targets(&server), ["/oauth2/v1/userinfo"]);
    assert_eq!(server.requests()[0].headers["authorization"], "Bearer okta-token-1");
}

#[tokio::test]
async fn for_anybody_else_nothing_is_asked() {
    let (result, server) = claim(Some("bob@example.com"), []).await;
    assert!(matches!(result, Err(OktaError::MissingRight(_))), "{result:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn no_claim_is_a_missing_right_and_not_no_groups() {
    for body in [json!({"sub": "00u1"}), json!({"sub": "00u1", "groups": null})] {
        let (result, _server) = claim(None, [Answer::json(200, &body)]).await;
        assert_eq!(result, Err(OktaError::MissingRight("a groups claim in the Okta application")), "{body}");
    }
    let (result, _server) = claim(None, [Answer::json(200, &json!({"groups": []}))]).await;
    assert_eq!(result, Ok(named(&[], false)));
}

#[tokio::test]
async fn a_claim_of_another_type_is_unreadable() {
    for groups in [json!("Everyone"), json!({"a": 1}), json!([1]), json!([null]), json!(true)] {
        let body: Value = json!({"sub": "00u1", "groups": groups});
        let (result, _server) = claim(None, [Answer::json(200, &body)]).await;
        assert_eq!(result, Err(OktaError::Unavailable("the answer is not user information")), "{body}");
    }
}

#[tokio::test]
async fn refusals_mean_what_they_mean_at_the_api() {
    for (status, expected) in [
        (401, OktaError::TokenRefused),
        (400, OktaError::Unavailable("unexpected status")),
        (429, OktaError::Busy { seconds: 1 }),
    ] {
        let (result, _server) = claim(None, [Answer::text(status, "application/json", "{}")]).await;
        assert_eq!(result, Err(expected));
    }
}

#[tokio::test]
async fn a_403_asks_for_the_claim_and_its_scope_and_for_no_role() {
    for challenge in ["", r#"Bearer error="insufficient_scope""#] {
        let answer = Answer::text(403, "application/json", "{}").with("www-authenticate", challenge);
        let (result, _server) = claim(None, [answer]).await;
        let Err(OktaError::MissingRight(right)) = result else { panic!("{result:?}") };
        assert!(right.contains("groups claim") && right.contains("scope groups"), "{right}");
        assert!(!right.contains("administrator") && !right.contains("okta.users.read"), "{right}");
    }
}
