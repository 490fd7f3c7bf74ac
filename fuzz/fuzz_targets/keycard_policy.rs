//! Session policies: whatever names come in, the text is what STS takes, and it opens one row of one table until a minute is over.
//! The lines are table, issuer, subject, session, key.
#![no_main]

use auth::approval::PersonKey;
use auth::encryption_context::EncryptionContext;
use auth::id::SessionReference;
use auth::keycard::{Grant, KeyArn, LONGEST_POLICY, RoleArn, SessionName, SessionPolicy};
use auth::subject::Subject;
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::NOW;
use serde_json::{Value, json};

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (table, issuer, subject, session, key) = (next(), next(), next(), next(), next());
    let role = RoleArn::parse("arn:aws:iam::123456789012:role/mandate-tools").unwrap();
    let account = role.account("us-east-1").unwrap();
    let (Ok(subject), Ok(session)) = (Subject::new(issuer, subject), SessionReference::parse(session)) else { return };
    let name = SessionName::of(&subject);
    assert!((2..=64).contains(&name.as_str().len()));
    assert!(name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@-_".contains(&byte)));
    let (session, person) = (session.hash(), PersonKey::of(&subject));
    // What is no name of ours is written as it stands: the policy must hold by itself.
    let resource = account.table(table).unwrap_or_else(|| table.to_owned());
    let mut grants = vec![
        Grant::ReadSession { table: resource.clone(), session: session.clone() },
        Grant::ChangeApprovals { table: resource.clone(), person: person.clone() },
    ];
    if let Ok(key) = KeyArn::parse(key) {
        grants.push(Grant::Open { keys: vec![key], context: EncryptionContext::of_session(table, &session) });
    }
    let Ok(policy) = SessionPolicy::of(&grants, NOW) else { return };
    assert!(policy.as_str().chars().count() <= LONGEST_POLICY);
    let policy: Value = serde_json::from_str(policy.as_str()).expect("a policy that is no JSON");
    let statements = policy["Statement"].as_array().unwrap();
    let last = statements.last().unwrap();
    assert_eq!((&last["Effect"], &last["Action"], &last["Resource"]), (&json!("Deny"), &json!("*"), &json!("*")));
    assert!(last["Condition"]["DateGreaterThanEqualsIfExists"]["aws:CurrentTime"].is_string());
    let (mut rows, mut allows) = (Vec::new(), 0);
    for statement in statements.iter().filter(|statement| statement["Effect"] == "Allow") {
        allows += 1;
        let condition = &statement["Condition"];
        match &condition["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"] {
            Value::Null => assert!(condition["StringEquals"]["kms:EncryptionContext:row"] == session.as_str()),
            row => {
                assert_eq!(statement["Resource"], resource.as_str());
                assert_eq!(condition["Null"]["dynamodb:LeadingKeys"], "false");
                rows.push(row.clone());
            }
        }
        let resources = statement["Resource"].to_string();
        assert!(!resources.contains(['*', '?', '$']), "{resources}");
    }
    assert_eq!(rows, [json!(session.as_str()), json!(person.as_str())]);
    assert_eq!(allows, grants.len());
});
