//! The rules' data.

/// A piece of code, and the only files that may have it.
pub(crate) const ONE_PLACE: [(&str, &[&str]); 8] = [
    ("env::vars_os", &["crates/function/src/settings/environment.rs"]),
    // The SDK's providers of region and credentials, which read the environment themselves.
    ("EnvironmentVariable", &["crates/upstream-secrets/src/connection.rs"]),
    ("SystemTime::now", &["crates/function/src/clock.rs", "crates/devstack/src/clock.rs"]),
    ("reqwest::Client::builder", &["crates/upstream-http/src/transport.rs"]),
    // Whoever can make an approval out of nothing can resume a mandate.
    ("Approved::stored", &["crates/upstream-aws/src/approval_store/row.rs"]),
    ("Poll::Approved", &["crates/auth/src/approval/states.rs", "crates/upstream-http/src/auth0/ciba/tokens.rs"]),
    // Whoever can say that a spending was written has a permit.
    (".written()", &["crates/upstream-aws/src/approval_store/record.rs"]),
    ("aws_smithy_http_client", &["crates/upstream-secrets/src/connection/tls.rs"]),
];

/// Which crates of ours a crate may depend on.
pub(crate) const ARROWS: [(&str, &[&str]); 17] = [
    ("auth", &[]),
    ("vectors", &[]),
    ("devstack", &[]),
    ("function", &["auth"]),
    ("upstream-http", &["auth"]),
    ("upstream-secrets", &["auth"]),
    ("upstream-aws", &["auth", "upstream-secrets"]),
    ("tool", &["auth", "function", "upstream-aws", "upstream-http"]),
    ("fga-authorizer", &["auth", "function", "upstream-http", "upstream-secrets"]),
    ("okta-groups", &["auth", "function", "tool", "upstream-aws", "upstream-http"]),
    ("okta-changes", &["auth", "function", "tool", "upstream-http"]),
    ("ciba-initiator", &["auth", "function", "okta-changes", "tool", "upstream-aws", "upstream-http"]),
    ("approval-worker", &["auth", "function", "okta-changes", "tool", "upstream-aws", "upstream-http"]),
    ("gateway-policy", &["auth", "vectors"]),
    ("gateway-interceptor", &["auth", "function", "gateway-policy", "upstream-http", "upstream-secrets"]),
    ("web", &["auth", "function", "tool", "upstream-aws", "upstream-http"]),
    (
        "cli",
        &[
            "auth",
            "ciba-initiator",
            "devstack",
            "fga-authorizer",
            "function",
            "okta-groups",
            "tool",
            "upstream-aws",
            "upstream-http",
            "vectors",
            "web",
        ],
    ),
];

/// What `auth` may depend on.
pub(crate) const PURE: [&str; 9] =
    ["aws-lc-rs", "base64", "jsonwebtoken", "percent-encoding", "serde", "serde_json", "thiserror", "time", "zeroize"];

/// Names that say nothing about a room.
pub(crate) const NAMELESS: [&str; 9] =
    ["common", "utils", "util", "helpers", "helper", "core", "types", "shared", "misc"];

/// Marks of unfinished or switched-off work.
pub(crate) const UNFINISHED: [&str; 4] =
    [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME"), concat!("TO", "DO")];

/// The mark of a place in a document that is still to be filled in.
pub(crate) const PLACEHOLDER: &str = concat!("@", "@");

/// The three files of a case in `events/`.
pub(crate) const CASE: [&str; 3] = [".event.json", ".world.json", ".response.json"];

/// Texts that mean nothing to a stranger.
pub(crate) const ELSEWHERE: [&str; 5] = [
    concat!("../", "shared"),
    concat!("../", ".library"),
    concat!("/ro", "ot/"),
    concat!("/work", "/"),
    concat!("index.", "crates.io"),
];
