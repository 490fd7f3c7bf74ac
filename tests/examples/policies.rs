//! For `make conformance`: with `cases` prints each case as a line of JSON; with `judge` reads requests, a line of JSON each,
//! and prints what the evaluator of the doubles says of them: `1` for yes, `0` for no.
#![expect(clippy::unwrap_used, reason = "a test aid fails by panics")]

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, Write as _, stdin, stdout};

use acceptance::permissions::{Case, cases};
use devstack::iam::{Policies, Trial};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Request {
    case: String,
    principal: String,
    action: String,
    resource: String,
    context: BTreeMap<String, Vec<String>>,
}

fn policies(case: &Case, key: &Value) -> Policies {
    let resource = if key.is_null() { &case.resource } else { key };
    Policies::parse(&case.permissions, &case.session, &case.trust, resource).unwrap()
}

fn main() {
    let mut out = stdout().lock();
    let cases = cases();
    if std::env::args().nth(1).as_deref() == Some("cases") {
        for case in &cases {
            writeln!(out, "{}", serde_json::to_string(case).unwrap()).unwrap();
        }
        return;
    }
    let read: HashMap<&str, [Policies; 2]> = cases
        .iter()
        .map(|case| (case.name.as_str(), [policies(case, &Value::Null), policies(case, &case.key)]))
        .collect();
    for line in stdin().lock().lines() {
        let Request { case, principal, action, resource, context } = serde_json::from_str(&line.unwrap()).unwrap();
        let [usual, of_keys] = read.get(case.as_str()).unwrap();
        // The key's own policy is asked for what concerns a key.
        let policies = if action.starts_with("kms:") && resource != "*" { of_keys } else { usual };
        let (principal, action, resource) = (&principal, &action, &resource);
        let allowed = policies.allow(&Trial { principal, action, resource, context: &context });
        writeln!(out, "{}", u8::from(allowed)).unwrap();
    }
}
