//! What a policy opens, by an oracle that reads the text and knows nothing of how it was made.

mod oracle;

use proptest::prelude::*;

use super::{
    Grant, KEYCARD_SECONDS, KeyArn, LONGEST_POLICY, RoleArn, SecretArn, SessionName, SessionPolicy, Unpolicied,
};
use crate::approval::PersonKey;
use crate::audit::partition_of;
use crate::encryption_context::EncryptionContext;
use crate::id::{SessionHash, SessionReference};
use crate::subject::Subject;
use crate::time::Timestamp;
use oracle::{Oracle, Request, allows, is_one};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/bedrock-sessions";
const APPROVALS: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/agent-approvals";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OLD_KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:fga-authorizer";
const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:agent-approvals";

const NOTHING: [Option<&str>; 3] = [None; 3];

fn key(arn: &str) -> KeyArn {
    KeyArn::parse(arn).unwrap()
}

fn session(name: &str) -> SessionHash {
    SessionReference::parse(name).unwrap().hash()
}

fn person(id: &str) -> PersonKey {
    PersonKey::of(&Subject::new("https://tenant.example/", id).unwrap())
}

fn of_session(session: &SessionHash) -> EncryptionContext {
    EncryptionContext::of_session("bedrock-sessions", session)
}

fn of_approvals(person: &PersonKey) -> EncryptionContext {
    EncryptionContext::of_approvals("agent-approvals", person)
}

/// One of each, for this session and person.
fn every(session: &SessionHash, person: &PersonKey) -> Vec<Grant> {
    let (table, approvals) = (TABLE.to_owned(), APPROVALS.to_owned());
    let (key, keys) = (key(KEY), vec![key(KEY), key(OLD_KEY)]);
    vec![
        Grant::ReadSession { table: table.clone(), session: session.clone() },
        Grant::RenewSession { table, session: session.clone() },
        Grant::ReadApprovals { table: approvals.clone(), person: person.clone() },
        Grant::EndApprovals { table: approvals.clone(), person: person.clone() },
        Grant::ChangeApprovals { table: approvals.clone(), person: person.clone() },
        Grant::Record { table: approvals, person: person.clone() },
        Grant::Open { keys: keys.clone(), context: of_session(session) },
        Grant::Seal { key: key.clone(), context: of_session(session) },
        Grant::Open { keys, context: of_approvals(person) },
        Grant::Seal { key, context: of_approvals(person) },
        Grant::Invoke { function: FUNCTION.to_owned() },
        Grant::Send { queue: QUEUE.to_owned() },
    ]
}

/// What the grant means, written down once more by hand.
fn meant(grant: &Grant, request: &Request<'_>) -> bool {
    let row = |table: &str, key: &str, actions: &[&str]| {
        request.resource == table && actions.contains(&request.action) && request.leading_keys == [key]
    };
    let sealed = |keys: &[KeyArn], context: &EncryptionContext, action| {
        keys.iter().any(|key| key.as_str() == request.resource)
            && request.action == action
            && request.context == context.members().map(|(_, value)| Some(value))
    };
    match grant {
        Grant::ReadSession { table, session } => row(table, session.as_str(), &["dynamodb:GetItem"]),
        Grant::RenewSession { table, session } => {
            row(table, session.as_str(), &["dynamodb:GetItem", "dynamodb:UpdateItem"])
        }
        Grant::ReadApprovals { table, person } => row(table, person.as_str(), &["dynamodb:GetItem", "dynamodb:Query"]),
        Grant::EndApprovals { table, person } => {
            let ends = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"];
            row(table, person.as_str(), &ends)
        }
        Grant::ChangeApprovals { table, person } => {
            row(table, person.as_str(), &oracle::ACTIONS[..6]) && request.action != "dynamodb:Scan"
        }
        Grant::Record { table, person } => row(table, &partition_of(person), &["dynamodb:PutItem"]),
        Grant::Open { keys, context } => sealed(keys, context, "kms:Decrypt"),
        Grant::Seal { key, context } => sealed(std::slice::from_ref(key), context, "kms:GenerateDataKey"),
        Grant::Invoke { function } => request.resource == function && request.action == "lambda:InvokeFunction",
        Grant::Send { queue } => request.resource == queue && request.action == "sqs:SendMessage",
    }
}

/// Every set of one, two or three of these, and all of them.
fn sets(grants: &[Grant]) -> Vec<Vec<Grant>> {
    let few = (1_u32..1 << grants.len()).filter(|set| set.count_ones() <= 3);
    let picked = |set: u32| {
        let there = grants.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        there.map(|(_, grant)| grant.clone()).collect()
    };
    few.map(picked).collect()
}

// A04
#[test]
fn every_set_of_grants_opens_what_it_says_and_nothing_else_of_all_actions_and_resources() {
    let (mine, me) = (session("session-1"), person("auth0|alice"));
    let (theirs, them) = (session("session-2"), person("auth0|bob"));
    let (my_audit, their_audit) = (partition_of(&me), partition_of(&them));
    let keys = [mine.as_str(), theirs.as_str(), me.as_str(), them.as_str(), &my_audit, &their_audit];
    let lists: Vec<Vec<&str>> =
        keys.iter().map(|key| vec![*key]).chain([vec![], vec![keys[0], keys[1]], vec![keys[2], keys[3]]]).collect();
    let good = [of_session(&mine), of_approvals(&me), of_session(&theirs), of_approvals(&them)];
    let mut contexts: Vec<_> = good.iter().map(|context| context.members().map(|(_, value)| Some(value))).collect();
    let [table, row, purpose] = contexts[0];
    let approvals = contexts[1];
    contexts.extend([[None, row, purpose], [table, None, purpose], [table, row, None], [None; 3]]);
    contexts.extend([[table, row, approvals[2]], [table, approvals[1], purpose], [approvals[0], row, purpose]]);
    let mut asked = 0;
    for grants in sets(&every(&mine, &me)) {
        let oracle = Oracle::of(&SessionPolicy::of(&grants, NOW).unwrap());
        for action in oracle::ACTIONS {
            for resource in [TABLE, APPROVALS, KEY, OLD_KEY, FUNCTION, QUEUE, "arn:aws:s3:::bucket/key"] {
                let lists = if action.starts_with("dynamodb:") { &lists[..] } else { &lists[..1] };
                let contexts = if action.starts_with("kms:") { &contexts[..] } else { &contexts[..1] };
                for (leading_keys, context) in
                    lists.iter().flat_map(|list| contexts.iter().map(move |one| (list, *one)))
                {
                    let request = Request { action, resource, leading_keys, context, now: NOW };
                    if !is_one(&request) {
                        continue;
                    }
                    let meant = grants.iter().any(|grant| meant(grant, &request));
                    assert_eq!(oracle.allows(&request), meant, "{grants:?} {request:?}");
                    asked += 1;
                }
            }
        }
    }
    assert_eq!(asked, 298 * (10 * 2 * 9 + 4 * 2 * 11 + 2 + 2));
}

// A06
#[test]
fn a_keycard_opens_nothing_after_its_minute() {
    let mine = session("session-1");
    let policy =
        SessionPolicy::of(&[Grant::ReadSession { table: TABLE.to_owned(), session: mine.clone() }], NOW).unwrap();
    let keys = [mine.as_str()];
    let at = |now| Request { action: "dynamodb:GetItem", resource: TABLE, leading_keys: &keys, context: NOTHING, now };
    assert!(allows(&policy, &at(NOW)) && allows(&policy, &at(NOW.plus(KEYCARD_SECONDS - 1))));
    assert!(!allows(&policy, &at(NOW.plus(KEYCARD_SECONDS))));
    assert!(policy.as_str().contains("2027-01-15T08:01:00Z"), "{}", policy.as_str());
}

/// What the worker's keycard is for when it looks: none is wider.
fn widest(olds: usize, table: &str) -> Vec<Grant> {
    let me = person("auth0|alice");
    let table_arn = format!("arn:aws:dynamodb:ap-southeast-2:123456789012:table/{table}");
    let keys: Vec<KeyArn> = std::iter::once(key(KEY)).chain((0..olds).map(old_key)).collect();
    let context = EncryptionContext::of_approvals(table, &me);
    vec![
        Grant::ChangeApprovals { table: table_arn.clone(), person: me.clone() },
        Grant::Open { keys, context: context.clone() },
        Grant::Seal { key: key(KEY), context },
        Grant::Send { queue: QUEUE.to_owned() },
        Grant::Record { table: table_arn, person: me },
    ]
}

fn old_key(number: usize) -> KeyArn {
    key(&OLD_KEY.replace("1234abcd", &format!("{number}234abcd")))
}

// A04
#[test]
fn the_widest_keycard_fits_and_one_that_does_not_is_none() {
    let length = |grants: &[Grant]| SessionPolicy::of(grants, NOW).map(|policy| policy.as_str().len());
    let long = "t".repeat(48);
    assert!(length(&widest(2, &long)).unwrap() <= LONGEST_POLICY, "also while a key is changed, twice");
    assert_eq!(length(&widest(2, &"t".repeat(250))), Err(Unpolicied::TooLong));
    let twice = [widest(0, &long), widest(0, &long)].concat();
    assert_eq!(length(&twice), length(&widest(0, &long)), "nothing is said twice");
    assert_eq!(SessionPolicy::of(&[], NOW), Err(Unpolicied::Nothing));
    assert_eq!(SessionPolicy::of(&widest(0, &long), Timestamp::from_seconds(u64::MAX)), Err(Unpolicied::Time));
}

// A04
#[test]
fn what_is_granted_in_one_table_is_not_granted_in_another() {
    let me = person("auth0|alice");
    let (read, change) = (TABLE.to_owned(), APPROVALS.to_owned());
    let grants = [
        Grant::ReadApprovals { table: read, person: me.clone() },
        Grant::ChangeApprovals { table: change, person: me.clone() },
    ];
    let oracle = Oracle::of(&SessionPolicy::of(&grants, NOW).unwrap());
    let keys = [me.as_str()];
    for (action, resource, allowed) in [
        ("dynamodb:Query", TABLE, true),
        ("dynamodb:PutItem", TABLE, false),
        ("dynamodb:UpdateItem", TABLE, false),
        ("dynamodb:PutItem", APPROVALS, true),
    ] {
        let request = Request { action, resource, leading_keys: &keys, context: NOTHING, now: NOW };
        assert_eq!(oracle.allows(&request), allowed, "{action} {resource}");
    }
}

#[test]
fn the_longest_policy_is_as_long_as_sts_takes() {
    let length = |name: usize| {
        let policy = SessionPolicy::of(&[Grant::Send { queue: "q".repeat(name) }], NOW);
        policy.map(|policy| policy.as_str().len())
    };
    let room = LONGEST_POLICY - length(1).unwrap();
    assert_eq!(length(1 + room), Ok(LONGEST_POLICY));
    assert_eq!(length(2 + room), Err(Unpolicied::TooLong));
}

#[test]
fn opening_and_sealing_share_a_statement_and_a_denial_is_there_only_for_keys_that_do_not_seal() {
    let context = of_session(&session("session-1"));
    let open =
        |keys: &[&str]| Grant::Open { keys: keys.iter().map(|arn| key(arn)).collect(), context: context.clone() };
    let seal = Grant::Seal { key: key(KEY), context: context.clone() };
    for (grants, allows, denies) in [
        (vec![seal.clone()], 1, false),
        (vec![open(&[KEY, OLD_KEY])], 1, false),
        (vec![open(&[KEY]), seal.clone()], 1, false),
        (vec![open(&[KEY, OLD_KEY]), seal.clone()], 1, true),
        (vec![open(&[OLD_KEY]), seal.clone()], 2, false),
    ] {
        let policy = SessionPolicy::of(&grants, NOW).unwrap();
        assert_eq!(policy.as_str().matches("\"Allow\"").count(), allows, "{grants:?}");
        assert_eq!(policy.as_str().contains("NotResource"), denies, "{grants:?}");
    }
}

#[test]
fn a_value_that_could_widen_a_pattern_gives_no_policy() {
    for bad in ["*", "a*", "?", "${aws:username}", "a\"b", "a\\b", "", "a b", "caf\u{e9}", "a\nb"] {
        for grant in [
            Grant::Invoke { function: bad.to_owned() },
            Grant::Send { queue: bad.to_owned() },
            Grant::Open { keys: vec![key(KEY)], context: EncryptionContext::of_session(bad, &session("session-1")) },
            Grant::Seal { key: key(KEY), context: EncryptionContext::of_session(bad, &session("session-1")) },
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
    let (alice, bob) = (name("auth0|alice"), name("auth0|bob"));
    assert_ne!(alice.as_str(), bob.as_str());
    assert!(alice.as_str().starts_with("mandate-") && alice.as_str().len() == 48, "{alice:?}");
}

#[test]
fn resources_are_named_from_the_role_and_odd_names_are_none() {
    let role = RoleArn::parse("arn:aws:iam::123456789012:role/path/mandate-tools").unwrap();
    assert_eq!(role.as_str(), "arn:aws:iam::123456789012:role/path/mandate-tools");
    let account = role.account("us-east-1").unwrap();
    assert_eq!(account.table("bedrock-sessions").as_deref(), Some(TABLE));
    assert_eq!(account.queue("agent-approvals").as_deref(), Some(QUEUE));
    for setting in ["fga-authorizer", FUNCTION] {
        assert_eq!(account.function(setting).as_deref(), Some(FUNCTION));
    }
    assert_eq!(account.function("fga-authorizer:live").unwrap(), format!("{FUNCTION}:live"));
    let long = "f".repeat(129);
    for odd in ["", "a*", "a b", &long, "a:*", "a*:live", "a:", ":live", "a:b:c", "arn:aws:s3:::bucket"] {
        assert_eq!(account.function(odd), None, "{odd}");
    }
    for odd in ["us-east-1:1:function:x", "us-east-1:123456789012:function", "us east:123456789012:function:x"] {
        assert_eq!(account.function(&format!("arn:aws:lambda:{odd}")), None, "{odd}");
    }
    for odd in ["", ":*", ":x:*", ":x:live:more"] {
        assert_eq!(account.function(&format!("arn:aws:lambda:us-east-1:123456789012:function{odd}")), None, "{odd}");
    }
    assert_eq!(account.function(&format!("{FUNCTION}:live")), Some(format!("{FUNCTION}:live")));
    for odd in ["", "ab", "table/x", "a*b", "caf\u{e9}", &"t".repeat(256)] {
        assert_eq!(account.table(odd), None, "{odd}");
    }
    for odd in ["", "a*", "a b", "a:b", "queue.fifo", &"q".repeat(81)] {
        assert_eq!(account.queue(odd), None, "{odd}");
    }
    for odd in ["", "arn:aws:iam::123:role/x", "arn:aws:iam::123456789012:user/x", "arn:aws:iam::123456789012:role/*"] {
        assert!(RoleArn::parse(odd).is_err(), "{odd}");
    }
    assert_eq!(role.account("us east"), None);
}

#[test]
fn only_the_arn_of_a_key_is_one() {
    for good in [KEY, OLD_KEY, "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
    {
        assert_eq!(key(good).as_str(), good);
    }
    for odd in [
        "",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:us-east-1:123456789012:alias/rows",
        "arn:aws:kms:us-east-1:123456789012:key/*",
        "arn:aws:kms:us-east-1:123456789012:key/1234ABCD-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef",
        "arn:aws:kms:us-east-1:123456789012:key/mrk-1234",
        "arn:aws:kms::123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:us-east-1:123:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:s3:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ] {
        assert!(KeyArn::parse(odd).is_err(), "{odd}");
    }
}

#[test]
fn only_the_whole_arn_of_a_secret_is_one() {
    let of = |name: &str| format!("arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}");
    for good in [of("auth0-a1B2c3"), of("mandate/auth0-client-000000"), of("Auth0Secret-x.y@z-abcdef")] {
        assert_eq!(SecretArn::parse(&good).unwrap().as_str(), good);
    }
    for odd in [
        of("auth0"),
        of("auth0-a1B2c"),
        of("auth0-a1B2c3d"),
        of("-a1B2c3"),
        of("a b-a1B2c3"),
        of("*-a1B2c3"),
        of("a:b-a1B2c3"),
    ] {
        assert!(SecretArn::parse(&odd).is_err(), "{odd}");
    }
    for odd in [
        "",
        "auth0-a1B2c3",
        "arn:aws:secretsmanager::123456789012:secret:auth0-a1B2c3",
        "arn:aws:ssm:us-east-1:123456789012:secret:auth0-a1B2c3",
    ] {
        assert!(SecretArn::parse(odd).is_err(), "{odd}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Ten thousand pairs of identifiers, however strange: each keycard opens its own row and not the other's.
    #[test]
    fn no_identifier_opens_another_ones_row(mine in ".{1,40}", theirs in ".{1,40}") {
        let (one, other) = (person(&mine), person(&theirs));
        let read = Grant::ReadApprovals { table: APPROVALS.to_owned(), person: one.clone() };
        let open = Grant::Open { keys: vec![key(KEY)], context: of_approvals(&one) };
        let policy = SessionPolicy::of(&[read, open], NOW).unwrap();
        let unseals = |key: &PersonKey| {
            let (bound, action) = (of_approvals(key), "kms:Decrypt");
            let context = bound.members().map(|(_, value)| Some(value));
            allows(&policy, &Request { action, resource: KEY, leading_keys: &[], context, now: NOW })
        };
        let opens = |key: &PersonKey| {
            let keys = [key.as_str()];
            let action = "dynamodb:Query";
            allows(&policy, &Request { action, resource: APPROVALS, leading_keys: &keys, context: NOTHING, now: NOW })
        };
        prop_assert!(opens(&one));
        prop_assert_eq!(opens(&other), mine == theirs);
        prop_assert!(unseals(&one));
        prop_assert_eq!(unseals(&other), mine == theirs);
    }
}
