//! Which grants and flows there are.

use std::collections::BTreeSet;

use crate::files::{File, rust_files, text_files};

/// OAuth grants that are asked for: sign-in, refresh, the authorizer's own token, approvals, and the vault's exchange.
const GRANTS: [&str; 5] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:openid:params:grant-type:ciba",
    "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token",
];

/// Ways to ask for what is no code, by hand or with the crate that we use for sign-in.
const ELSE: [&str; 6] = [
    concat!("exchange_", "password"),
    concat!("use_implicit", "_flow"),
    concat!("set_response", "_type"),
    concat!("grant_type=", "password"),
    concat!("response_type=", "token"),
    concat!("response_type=", "id_token"),
];

/// What a line asks for, if it names a grant.
fn grant(line: &str) -> Option<&str> {
    let after = line.split("(\"grant_type\", ").nth(1).or_else(|| line.split("const GRANT: &str = ").nth(1))?;
    after.strip_prefix('"')?.split('"').next()
}

// O11
#[test]
fn no_grant_and_no_flow_is_asked_for_but_the_five_that_we_use() {
    let mut found = BTreeSet::new();
    // The double of the provider refuses such grants, so it and its tests name them.
    let ours = |file: &File| !file.path.starts_with("crates/devstack/") && !file.is_test();
    for file in rust_files().into_iter().filter(ours) {
        for asked in file.text.lines().filter_map(grant) {
            assert!(GRANTS.contains(&asked), "{} asks for the grant {asked}", file.path);
            found.insert(asked.to_owned());
        }
    }
    assert_eq!(found, GRANTS.map(str::to_owned).into(), "each is asked for somewhere");
    for file in text_files().into_iter().filter(ours) {
        for mark in ELSE {
            assert!(!file.text.contains(mark), "{} has `{mark}`", file.path);
        }
        for line in file.text.lines().filter(|_| file.path.starts_with("infra/") || file.path.ends_with(".md")) {
            let pattern = line.contains("/callback") && line.contains("//*");
            assert!(!pattern, "{}: a callback is one address and no pattern: {line}", file.path);
        }
    }
}
