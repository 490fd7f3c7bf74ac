//! STS and KMS, where every call goes by a keycard and rows are sealed at KMS: what they can be made to do, and what is right then.

use std::collections::BTreeMap;

use acceptance::{Counts, Ledger, World};
use devstack::fault::{Effect, Fault};
use serde_json::{Value, json};

use super::effects::{A, B, I, K, U};
use super::places::{Bend, OK, Place, SIGN_IN, UNAVAILABLE, no_bends};
use super::{Cell, MARKER, TOOL_LIMIT, meet, wide};

fn at_sts(world: &World, fault: Fault) {
    world.laptop.stack.security.sts.fault(fault);
}

fn at_kms(world: &World, fault: Fault) {
    world.laptop.stack.security.kms.fault(fault);
}

fn forget(world: &World) {
    world.laptop.stack.security.sts.forget();
    world.laptop.stack.security.kms.forget();
}

fn all_but_the_row(counts: &Counts) -> u64 {
    counts.checks + counts.auth0_tokens + counts.okta
}

const PLACES: [Place; 3] = [
    Place {
        name: "keycard",
        on: "POST /AssumeRole",
        skip: 0,
        fault: at_sts,
        prepare: forget,
        asked: |world| world.laptop.stack.security.sts.requests_by_operation("AssumeRole"),
        most: 2,
        beyond: |counts| counts.dynamodb + all_but_the_row(counts),
        bends: no_bends,
        members: &[],
    },
    Place {
        name: "row's key",
        on: "POST /Decrypt",
        skip: 0,
        fault: at_kms,
        prepare: forget,
        asked: |world| world.laptop.stack.security.kms.requests_by_operation("Decrypt"),
        most: 2,
        beyond: all_but_the_row,
        bends: || {
            vec![
                ("/Plaintext", json!(7), UNAVAILABLE),
                ("/Plaintext", json!("AAAA"), SIGN_IN),
                ("/Plaintext", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), SIGN_IN),
                ("/Plaintext", Value::Null, SIGN_IN),
                ("/KeyId", json!("arn:aws:kms:us-east-1:111122223333:key/another"), SIGN_IN),
                ("/KeyId", Value::Null, SIGN_IN),
            ]
        },
        // A key that does not open the row is no different from a row that somebody wrote.
        members: &[("/Plaintext", SIGN_IN), ("/KeyId", SIGN_IN), ("/EncryptionAlgorithm", OK)],
    },
    Place {
        name: "new key",
        on: "POST /GenerateDataKey",
        skip: 0,
        fault: at_kms,
        prepare: forget,
        asked: |world| world.laptop.stack.security.kms.requests_by_operation("GenerateDataKey"),
        most: 2,
        beyond: |counts| counts.okta,
        bends: || {
            vec![
                ("/Plaintext", json!("AAAA"), UNAVAILABLE),
                ("/Plaintext", Value::Null, UNAVAILABLE),
                ("/CiphertextBlob", json!(""), UNAVAILABLE),
                ("/CiphertextBlob", Value::Null, UNAVAILABLE),
                ("/KeyId", json!("arn:aws:kms:us-east-1:111122223333:key/another"), UNAVAILABLE),
            ]
        },
        members: &[("/Plaintext", UNAVAILABLE), ("/CiphertextBlob", UNAVAILABLE), ("/KeyId", UNAVAILABLE)],
    },
];

/// The codes that are right at each place.
type Row = (&'static str, [&'static [&'static str]; 3]);

#[rustfmt::skip]
const ROWS: [Row; 32] = [
    //                      keycard  row's  new key
    ("500",                [U,       U,     U]),
    ("503",                [U,       U,     U]),
    ("429",                [B,       B,     B]),
    ("401",                [I,       I,     I]),
    ("403",                [I,       I,     I]),
    ("404",                [I,       I,     I]),
    ("html",               [U,       U,     U]),
    ("text",               [U,       U,     U]),
    ("204",                [U,       A,     U]),
    ("acted, 500",         [U,       U,     U]),
    ("delay",              [U,       U,     U]),
    ("hang",               [U,       U,     U]),
    ("acted, hang",        [U,       U,     U]),
    ("stall",              [U,       U,     U]),
    ("reset",              [U,       U,     U]),
    ("truncate",           [U,       U,     U]),
    ("redirect",           [U,       U,     U]),
    ("flood",              [U,       U,     U]),
    ("retry-after a date", [B,       B,     B]),
    ("retry-after 10^12",  [B,       B,     B]),
    ("307",                [U,       U,     U]),
    ("308 to metadata",    [U,       U,     U]),
    // XML may begin with the mark, and what stands behind the document is not read.
    ("byte order mark",    [K,       U,     U]),
    ("utf-16",             [U,       U,     U]),
    ("nul",                [U,       U,     U]),
    ("half",               [U,       U,     U]),
    ("twofold",            [K,       U,     U]),
    ("wrapped",            [U,       U,     U]),
    ("deep",               [U,       U,     U]),
    ("gzip bomb",          [U,       U,     U]),
    ("endless chunks",     [U,       U,     U]),
    ("a byte a second",    [U,       U,     U]),
];

/// Refusals by the services' own names, which say more than a status.
#[rustfmt::skip]
const NAMED: [(&str, u16, [&[&str]; 3]); 6] = [
    ("ThrottlingException",              400, [B, B, B]),
    ("AccessDeniedException",            400, [I, I, I]),
    ("KMSInternalException",             500, [U, U, U]),
    ("DependencyTimeoutException",       503, [U, U, U]),
    ("DisabledException",                400, [I, I, I]),
    ("InvalidCiphertextException",       400, [I, A, A]),
];

/// What STS's answer may lack or say instead, as XML.
fn of_sts() -> Vec<Cell> {
    let answer = |credentials: &str| {
        let body = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>{credentials}</AssumeRoleResult></AssumeRoleResponse>"
        );
        let headers = BTreeMap::from([("content-type".to_owned(), "text/xml".to_owned())]);
        Effect::Answer { status: 200, headers, body }
    };
    let (id, secret) = ("<AccessKeyId>ASIASAMPLE</AccessKeyId>", "<SecretAccessKey>s</SecretAccessKey>");
    let (token, end) = ("<SessionToken>t</SessionToken>", "<Expiration>2099-01-01T00:00:00Z</Expiration>");
    let with = |inner: String| answer(&format!("<Credentials>{inner}</Credentials>"));
    let cell = |name: &str, effect| Cell { id: "F11", ..Cell::of(name.to_owned(), effect, U) };
    vec![
        cell("no credentials", answer("")),
        cell("credentials without a secret", with(format!("{id}{token}{end}"))),
        cell("credentials without a token", with(format!("{id}{secret}{end}"))),
        cell("credentials without an end", with(format!("{id}{secret}{token}"))),
        cell(
            "credentials that have ended",
            with(format!("{id}{secret}{token}<Expiration>2001-01-01T00:00:00Z</Expiration>")),
        ),
        cell("an end that is no time", with(format!("{id}{secret}{token}<Expiration>soon</Expiration>"))),
    ]
}

fn cells(column: usize, elsewhere: &str) -> Vec<Cell> {
    let place = &PLACES[column];
    let rows = ROWS.iter().map(|(name, right)| Cell::of((*name).to_owned(), wide::of(name, elsewhere), right[column]));
    let named = NAMED.iter().map(|(name, status, right)| {
        let body = format!("{{\"__type\":\"{name}\",\"message\":\"{MARKER}\"}}");
        let xml = format!("<ErrorResponse><Error><Type>Sender</Type><Code>{name}</Code><Message>{MARKER}</Message></Error></ErrorResponse>");
        let body = if column == 0 { xml } else { body };
        let headers = BTreeMap::from([("x-amzn-errortype".to_owned(), (*name).to_owned())]);
        Cell::of((*name).to_owned(), Effect::Answer { status: *status, headers, body }, right[column])
    });
    let bends = (place.bends)().into_iter().map(|(pointer, value, right): Bend| {
        Cell::of(format!("{pointer} = {value}"), Effect::Patch(BTreeMap::from([(pointer.to_owned(), value)])), right)
    });
    let members = place.members.iter().map(|(pointer, right)| {
        Cell::of(format!("without {pointer}"), Effect::Remove(vec![(*pointer).to_owned()]), right)
    });
    let own = if column == 0 { of_sts() } else { Vec::new() };
    rows.chain(named).chain(bends).chain(members).chain(own).collect()
}

/// All cells of one place in a world of its own; how many, and what is wrong.
async fn walk(column: usize) -> (Ledger, usize, Vec<String>) {
    let world = World::start_as_deployed().await;
    world.laptop.stack.okta.set_page_size(2);
    for function in ["fga-authorizer", "okta-groups"] {
        world.laptop.stack.lambda.warm(function).await.expect("the function starts");
    }
    let cells = cells(column, &world.laptop.stack.bedrock.double.url());
    let (endless, ending): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(Cell::is_endless);
    let (mut ledger, mut wrong, count) = (Ledger::default(), Vec::new(), endless.len() + ending.len());
    for cell in &ending {
        wrong.extend(Box::pin(meet(&world, &PLACES[column], cell, &mut ledger)).await);
    }
    world.limit("okta-groups", TOOL_LIMIT).await;
    for cell in &endless {
        wrong.extend(Box::pin(meet(&world, &PLACES[column], cell, &mut ledger)).await);
    }
    if world.logs().iter().any(|line| line.contains(MARKER)) {
        wrong.push(format!("{}: a log line repeats an upstream's body", PLACES[column].name));
    }
    (ledger, count, wrong)
}

#[tokio::test]
#[ignore = "three places in a world by keycards: make rounds"]
async fn every_fault_of_sts_and_kms_ends_in_the_right_code_in_time_and_opens_nothing() {
    let (one, two, three) = tokio::join!(Box::pin(walk(0)), Box::pin(walk(1)), Box::pin(walk(2)));
    let (mut ledger, mut cells, mut wrong) = (Ledger::default(), 0, Vec::new());
    for (lines, count, problems) in [one, two, three] {
        ledger.take(lines);
        cells += count;
        wrong.extend(problems);
    }
    println!("faults of sts and kms: {cells} cells");
    ledger.write("list_groups-keys");
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}
