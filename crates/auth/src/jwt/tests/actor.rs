use serde_json::{Value, json};

use super::forge::{access_claims, access_policy, access_token, id_claims, id_policy, keys, now, with};
use crate::jwt::{Policy, Refused, Rule, verify};

const AGENT: &str = "AGENT12345";

fn outcome(act: Option<Value>, policy: &Policy) -> Option<Refused> {
    let claims = act.map_or_else(access_claims, |act| with(access_claims(), "act", act));
    verify(&access_token(&claims), &keys(), policy, now()).err()
}

fn refused() -> Option<Refused> {
    Some(Refused::Invalid(Rule::Actor))
}

// X05
#[test]
fn where_delegation_is_required_a_token_must_name_our_agent_as_its_actor() {
    let policy = access_policy().delegated_to(AGENT);
    assert_eq!(outcome(Some(json!({ "sub": AGENT })), &policy), None);
    assert_eq!(outcome(None, &policy), refused());
    for other in ["AGENT99999", "agent12345", "AGENT12345 ", ""] {
        assert_eq!(outcome(Some(json!({ "sub": other })), &policy), refused(), "{other:?}");
    }
}

// X05
#[test]
fn an_actor_of_another_shape_is_nobody_and_one_who_acted_before_does_not_count() {
    let policy = access_policy().delegated_to(AGENT);
    for act in [json!(null), json!(AGENT), json!([{ "sub": AGENT }]), json!({}), json!({ "sub": [AGENT] }), json!(1)] {
        assert_eq!(outcome(Some(act.clone()), &policy), refused(), "{act}");
    }
    assert_eq!(outcome(Some(json!({ "sub": "other", "act": { "sub": AGENT } })), &policy), refused());
    assert_eq!(outcome(Some(json!({ "sub": AGENT, "act": { "sub": "other" } })), &policy), None);
}

// X05
#[test]
fn where_delegation_is_optional_an_actor_that_is_there_is_our_agent() {
    let policy = access_policy().actor(AGENT);
    assert_eq!(outcome(None, &policy), None);
    assert_eq!(outcome(Some(json!({ "sub": AGENT })), &policy), None);
    assert_eq!(outcome(Some(json!({ "sub": "other" })), &policy), refused());
    assert_eq!(outcome(Some(json!({ "sub": "other" })), &access_policy()), None, "nobody asked");
}

#[test]
fn an_id_token_has_no_actor_so_that_a_policy_that_wants_one_takes_none() {
    assert!(super::forge::id(&id_claims(), &id_policy().delegated_to(AGENT)).is_err());
}
