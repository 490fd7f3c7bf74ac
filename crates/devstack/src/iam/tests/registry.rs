//! Roles, credentials and sessions.

use super::*;
use crate::iam::{Refusal, role_arn};

#[test]
fn a_role_with_a_policy_that_is_not_understood_is_not_added() {
    let iam = Iam::new();
    assert!(iam.add_role(&Role::new("tool").allowing(json!({ "Version": "2012-10-17" }))).is_err());
    assert!(iam.add_role(&Role::new("tool").trusting(policy(&when(json!({}))))).is_err());
    assert!(iam.add_role(&Role::new("a b")).is_err());
    assert!(iam.function_credentials("tool", "f").is_none());
}

#[test]
fn a_functions_own_credentials_are_a_session_named_after_it_and_do_not_end() {
    let iam = Iam::new();
    iam.add_role(&Role::new("worker")).unwrap();
    let credentials = iam.function_credentials("worker", "okta-groups").unwrap();
    iam.advance(1_000_000);
    let caller = iam.caller(&headers(&credentials)).unwrap();
    assert_eq!(caller.arn(), "arn:aws:sts::123456789012:assumed-role/worker/okta-groups");
    assert_eq!(caller.role_arn(), role_arn("worker"));
    assert_eq!(iam.sessions(), []);
}

#[test]
fn credentials_show_no_secret() {
    let iam = Iam::new();
    iam.add_role(&Role::new("worker")).unwrap();
    let credentials = iam.function_credentials("worker", "f").unwrap();
    let shown = format!("{credentials:?} {iam:?}");
    assert!(shown.contains(&credentials.access_key_id));
    assert!(!shown.contains(&credentials.secret_access_key) && !shown.contains(&credentials.session_token));
}

#[test]
fn a_key_counts_only_with_its_own_token_and_until_its_end() {
    let (iam, caller) = session(&policy(&when(json!({}))), &[], None, None);
    let id = caller.session.access_key_id;
    let with = |token: &str| {
        let (access_key_id, session_token) = (id.clone(), token.to_owned());
        iam.caller(&headers(&Credentials { access_key_id, secret_access_key: String::new(), session_token })).err()
    };
    assert_eq!((with(""), with("guessed")), (Some(Refusal::Unknown), Some(Refusal::Unknown)));
    assert_eq!(iam.caller(&HeaderMap::new()).err(), Some(Refusal::Missing));
    iam.add_role(&Role::new("worker")).unwrap();
    let other = iam.function_credentials("worker", "f").unwrap();
    assert_eq!(with(&other.session_token), Some(Refusal::Unknown));
}
