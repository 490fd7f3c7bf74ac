//! What a policy opens, by an oracle that reads the text and knows nothing of how it was made.

mod oracle;

use proptest::prelude::*;

use super::{Grant, KEYCARD_SECONDS, LONGEST_POLICY, RoleArn, SessionName, SessionPolicy, Unpolicied};
use crate::approval::PersonKey;
use crate::audit::partition_of;
use crate::id::{SessionHash, SessionReference};
use crate::subject::Subject;
use crate::time::Timestamp;
use oracle::{Request, allows};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/bedrock-sessions";
const APPROVALS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/agent-approvals";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:fga-authorizer";
const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:agent-approvals";

fn session(name: &str) -> SessionHash {
    SessionReference::parse(name).unwrap().hash()
}

fn person(id: &str) -> PersonKey {
    PersonKey::of(&Subject::new("https://tenant.example/", id).unwrap())
}

/// One of each, for this session and person.
fn every(session: &SessionHash, person: &PersonKey) -> Vec<Grant> {
    let (table, approvals, key) = (TABLE.to_owned(), APPROVALS.to_owned(), KEY.to_owned());
    let (session, person, row) = (session.clone(), person.clone(), session.as_str().to_owned());
    vec![
        Grant::ReadSession { table: table.clone(), session: session.clone() },
        Grant::RenewSession { table, session },
        Grant::ReadApprovals { table: approvals.clone(), person: person.clone() },
        Grant::ChangeApprovals { table: approvals.clone(), person: person.clone() },
        Grant::Record { table: approvals, person },
        Grant::Open { key: key.clone(), row: row.clone() },
        Grant::Seal { key, row },
        Grant::Invoke { function: FUNCTION.to_owned() },
        Grant::Send { queue: QUEUE.to_owned() },
    ]
}

/// What the grant means, written down once more by hand.
fn meant(grant: &Grant, request: &Request<'_>) -> bool {
    let row = |table: &str, key: &str, actions: &[&str]| {
        request.resource == table && actions.contains(&request.action) && request.leading_keys == [key]
    };
    let sealed = |key: &str, row: &str, action| {
        request.resource == key && request.action == action && request.context_row == Some(row)
    };
    match grant {
        Grant::ReadSession { table, session } => row(table, session.as_str(), &["dynamodb:GetItem"]),
        Grant::RenewSession { table, session } => {
            row(table, session.as_str(), &["dynamodb:GetItem", "dynamodb:UpdateItem"])
        }
        Grant::ReadApprovals { table, person } => row(table, person.as_str(), &["dynamodb:GetItem", "dynamodb:Query"]),
        Grant::ChangeApprovals { table, person } => {
            row(table, person.as_str(), &oracle::ACTIONS[..6]) && request.action != "dynamodb:Scan"
        }
        Grant::Record { table, person } => row(table, &partition_of(person), &["dynamodb:PutItem"]),
        Grant::Open { key, row } => sealed(key, row, "kms:Decrypt"),
        Grant::Seal { key, row } => sealed(key, row, "kms:GenerateDataKey"),
        Grant::Invoke { function } => request.resource == function && request.action == "lambda:InvokeFunction",
        Grant::Send { queue } => request.resource == queue && request.action == "sqs:SendMessage",
    }
}

// A04
#[test]
fn each_grant_opens_what_it_says_and_nothing_else_of_all_actions_and_resources() {
    let (mine, me) = (session("session-1"), person("auth0|alice"));
    let (theirs, them) = (session("session-2"), person("auth0|bob"));
    let (my_audit, their_audit) = (partition_of(&me), partition_of(&them));
    let keys = [mine.as_str(), theirs.as_str(), me.as_str(), them.as_str(), &my_audit, &their_audit];
    let lists: Vec<Vec<&str>> =
        keys.iter().map(|key| vec![*key]).chain([vec![], vec![keys[0], keys[1]], vec![keys[2], keys[3]]]).collect();
    let mut asked = 0;
    for grant in every(&mine, &me) {
        let policy = SessionPolicy::of(std::slice::from_ref(&grant), NOW).unwrap();
        for action in oracle::ACTIONS {
            for resource in [TABLE, APPROVALS, KEY, FUNCTION, QUEUE, "arn:aws:s3:::bucket/key"] {
                for leading_keys in &lists {
                    for context_row in [None, Some(mine.as_str()), Some(theirs.as_str())] {
                        let request = Request { action, resource, leading_keys, context_row, now: NOW };
                        assert_eq!(allows(&policy, &request), meant(&grant, &request), "{grant:?} {request:?}");
                        asked += 1;
                    }
                }
            }
        }
    }
    assert_eq!(asked, 9 * 18 * 6 * 9 * 3);
}

// A06, as one minute
#[test]
fn a_keycard_opens_nothing_after_its_minute() {
    let mine = session("session-1");
    let policy =
        SessionPolicy::of(&[Grant::ReadSession { table: TABLE.to_owned(), session: mine.clone() }], NOW).unwrap();
    let keys = [mine.as_str()];
    let at = |now| Request { action: "dynamodb:GetItem", resource: TABLE, leading_keys: &keys, context_row: None, now };
    assert!(allows(&policy, &at(NOW)) && allows(&policy, &at(NOW.plus(KEYCARD_SECONDS - 1))));
    assert!(!allows(&policy, &at(NOW.plus(KEYCARD_SECONDS))));
    assert!(policy.as_str().contains("2027-01-15T08:01:00Z"), "{}", policy.as_str());
}

#[test]
fn the_widest_keycard_fits_and_one_that_does_not_is_none() {
    let (mine, me) = (session("session-1"), person("auth0|alice"));
    let widest = vec![
        Grant::RenewSession { table: TABLE.to_owned(), session: mine.clone() },
        Grant::ChangeApprovals { table: APPROVALS.to_owned(), person: me.clone() },
        Grant::Open { key: KEY.to_owned(), row: mine.as_str().to_owned() },
        Grant::Seal { key: KEY.to_owned(), row: mine.as_str().to_owned() },
        Grant::Invoke { function: FUNCTION.to_owned() },
        Grant::Send { queue: QUEUE.to_owned() },
    ];
    let policy = SessionPolicy::of(&widest, NOW).unwrap();
    assert!(policy.as_str().len() <= LONGEST_POLICY, "{}", policy.as_str().len());
    // Who asks for an approval renews no token, and adds a record.
    let mut asking = widest.clone();
    asking[0] = Grant::ReadSession { table: TABLE.to_owned(), session: mine };
    asking.retain(|grant| !matches!(grant, Grant::Open { .. } | Grant::Seal { .. }));
    asking.push(Grant::Record { table: APPROVALS.to_owned(), person: me });
    let asking = SessionPolicy::of(&asking, NOW).unwrap();
    assert!(asking.as_str().len() <= LONGEST_POLICY, "{}", asking.as_str().len());
    println!("{} and {} of {LONGEST_POLICY}", policy.as_str().len(), asking.as_str().len());
    let twice: Vec<Grant> = widest.iter().chain(&widest).cloned().collect();
    assert_eq!(SessionPolicy::of(&twice, NOW), Err(Unpolicied::TooLong));
    assert_eq!(SessionPolicy::of(&[], NOW), Err(Unpolicied::Nothing));
    assert_eq!(SessionPolicy::of(&widest, Timestamp::from_seconds(u64::MAX)), Err(Unpolicied::Time));
}

#[test]
fn a_value_that_could_widen_a_pattern_gives_no_policy() {
    for bad in ["*", "a*", "?", "${aws:username}", "a\"b", "a\\b", "", "a b", "caf\u{e9}", "a\nb"] {
        for grant in [
            Grant::Invoke { function: bad.to_owned() },
            Grant::Send { queue: bad.to_owned() },
            Grant::Open { key: KEY.to_owned(), row: bad.to_owned() },
            Grant::Seal { key: bad.to_owned(), row: "row".to_owned() },
            Grant::ReadSession { table: bad.to_owned(), session: session("session-1") },
        ] {
            assert_eq!(SessionPolicy::of(&[grant], NOW), Err(Unpolicied::Pattern), "{bad}");
        }
    }
}

// A05
#[test]
fn a_session_name_is_one_that_sts_takes_whoever_it_is_of() {
    let name = |id: &str| SessionName::of(&Subject::new("https://tenant.example/", id).unwrap());
    for id in ["auth0|alice", "oidc|okta-oidc|00u1", "a b\"*?$\u{e9}"] {
        let name = name(id);
        assert!((2..=64).contains(&name.as_str().len()) && !name.as_str().starts_with("aws:"));
        assert!(name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)));
    }
    assert_ne!(name("auth0|alice"), name("auth0|bob"));
}

#[test]
fn resources_are_named_from_the_role_and_odd_names_are_none() {
    let role = RoleArn::parse("arn:aws:iam::123456789012:role/path/mandate-tools").unwrap();
    let account = role.account("us-east-1").unwrap();
    assert_eq!(account.table("bedrock-sessions").as_deref(), Some(TABLE));
    assert_eq!(account.queue("agent-approvals").as_deref(), Some(QUEUE));
    for setting in ["fga-authorizer", FUNCTION] {
        assert_eq!(account.function(setting).as_deref(), Some(FUNCTION));
    }
    assert_eq!(account.function("fga-authorizer:live").unwrap(), format!("{FUNCTION}:live"));
    for odd in ["", "a*", "a b", "a:b:c", "arn:aws:lambda:us-east-1:1:function:x", "arn:aws:s3:::bucket"] {
        assert_eq!(account.function(odd), None, "{odd}");
    }
    for odd in ["", "ab", "table/x", "a*b", "caf\u{e9}"] {
        assert_eq!(account.table(odd), None, "{odd}");
    }
    for odd in ["", "arn:aws:iam::123:role/x", "arn:aws:iam::123456789012:user/x", "arn:aws:iam::123456789012:role/*"] {
        assert!(RoleArn::parse(odd).is_err(), "{odd}");
    }
    assert_eq!(role.account("us east"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Ten thousand pairs of identifiers, however strange: each keycard opens its own row and not the other's.
    #[test]
    fn no_identifier_opens_another_ones_row(mine in ".{1,40}", theirs in ".{1,40}") {
        let (one, other) = (person(&mine), person(&theirs));
        let policy = SessionPolicy::of(&[Grant::ReadApprovals { table: APPROVALS.to_owned(), person: one.clone() }], NOW);
        let policy = policy.unwrap();
        let opens = |key: &PersonKey| {
            let keys = [key.as_str()];
            let action = "dynamodb:Query";
            allows(&policy, &Request { action, resource: APPROVALS, leading_keys: &keys, context_row: None, now: NOW })
        };
        prop_assert!(opens(&one));
        prop_assert_eq!(opens(&other), mine == theirs);
    }
}
