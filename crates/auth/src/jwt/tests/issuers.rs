use serde_json::{Value, json};

use super::forge::{keys, now, with};
use super::providers::{all, caller, claims_of, issuer_of, signed};
use crate::jwt::{Issuers, IssuersProblem, Refused, Rule, Unverified};

fn one() -> Value {
    json!({"issuer": "https://a.example/", "provider": "auth0", "audience": "api", "jwks": "https://a.example/keys"})
}

fn problem(issuers: &Value) -> IssuersProblem {
    Issuers::parse(&json!({ "issuers": issuers }).to_string()).err().unwrap()
}

// J11
#[test]
fn the_issuer_that_a_token_names_picks_the_policy_and_proves_nothing() {
    let (okta, auth0) = (claims_of("okta"), issuer_of("auth0"));
    // Okta's claims in Auth0's name: Auth0's policy is used, and refuses what Okta's would take.
    assert_eq!(caller(&signed("okta", &with(okta, "iss", auth0))).unwrap_err(), Refused::Invalid(Rule::Type));
    let issuers = all();
    let token = signed("okta", &claims_of("okta"));
    for issuer in issuers.iter().filter(|issuer| issuer.name() != issuer_of("okta")) {
        assert!(issuer.verify(&token, &keys(), now()).is_err(), "{}", issuer.name());
    }
}

// J11
#[test]
fn an_issuer_that_is_not_configured_byte_for_byte_has_no_policy() {
    let issuers = all();
    let without_slash = issuer_of("auth0").trim_end_matches('/');
    let capital = issuer_of("auth0").to_uppercase();
    for named in [json!(without_slash), json!(capital), json!([issuer_of("auth0")]), json!(null), json!("")] {
        let token = signed("auth0", &with(claims_of("auth0"), "iss", named));
        let unverified = Unverified::parse(&token).unwrap();
        assert_eq!(issuers.of(&unverified).err(), Some(Refused::Invalid(Rule::Issuer)));
    }
}

#[test]
fn only_listed_applications_are_taken_where_there_is_a_list() {
    let setting = with(one(), "issuer", issuer_of("auth0"));
    let setting = with(with(setting, "audience", "https://gateway-api"), "clients", json!(["client-2"]));
    let issuers = Issuers::parse(&json!({"issuers": [setting]}).to_string()).unwrap();
    let token = signed("auth0", &claims_of("auth0"));
    let outcome = issuers.iter().next().unwrap().verify(&token, &keys(), now());
    assert_eq!(outcome.unwrap_err(), Refused::Invalid(Rule::Client));
    let other = signed("auth0", &with(claims_of("auth0"), "azp", "client-2"));
    assert!(issuers.iter().next().unwrap().verify(&other, &keys(), now()).is_ok());
}

// J14
#[test]
fn an_issuer_says_where_its_keys_are_and_its_leeway_may_be_a_minute() {
    let issuers = json!({"issuers": [with(one(), "leeway_seconds", 60)]});
    let issuers = Issuers::parse(&issuers.to_string()).unwrap();
    let issuer = issuers.iter().next().unwrap();
    assert_eq!((issuer.name(), issuer.jwks()), ("https://a.example/", "https://a.example/keys"));
}

// J01, J14
#[test]
fn a_problem_says_which_issuer_and_never_what_was_pasted() {
    assert_eq!(problem(&json!([])), IssuersProblem::None);
    assert_eq!(problem(&json!([one(), one()])), IssuersProblem::Twice(2));
    assert_eq!(problem(&json!([with(one(), "provider", "pasted")])), IssuersProblem::Provider(1));
    assert_eq!(problem(&json!([with(one(), "leeway_seconds", 61)])), IssuersProblem::Leeway(1));
    for algorithms in [json!([]), json!(["none"]), json!(["HS256"]), json!(["rs256"])] {
        assert_eq!(problem(&json!([with(one(), "algorithms", algorithms)])), IssuersProblem::Algorithms(1));
    }
    for name in ["issuer", "audience", "jwks"] {
        assert_eq!(problem(&json!([with(one(), name, "")])), IssuersProblem::Empty(1));
    }
    let second = with(with(one(), "issuer", "https://b.example/"), "sign_in", true);
    assert_eq!(problem(&json!([with(one(), "sign_in", true), second])), IssuersProblem::SignIn(2));
    for shape in [json!("pasted"), json!([with(one(), "pasted", 1)]), json!([with(one(), "audience", 1)])] {
        let told = problem(&shape).to_string();
        assert!(told.contains("line 1") && !told.contains("pasted"), "{told}");
    }
}
