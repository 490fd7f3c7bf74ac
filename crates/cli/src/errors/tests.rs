use std::fs;
use std::path::{Path, PathBuf};

use auth::refusal::Code;

use super::{causes_of, guide, remedy_of};

/// Where causes are made: the rules, the clients, and what functions are made of.
const MADE_IN: [&str; 9] = [
    "auth",
    "upstream-http",
    "upstream-aws",
    "function",
    "tool",
    "okta-groups",
    "okta-changes",
    "gateway-interceptor",
    "approval-worker",
];
/// Files with texts of the same form that end no call: lines of the worker's log, and what becomes of a copy of a record.
const NO_CAUSES: [&str; 3] = ["left.rs", "audit_store.rs", "trail.rs"];
/// Other texts of that form: of the web application, of settings, within another cause, of messages that stay in the queue.
const NOT_OF_TOOLS: [&str; 7] =
    ["connected accounts: ", "items: ", "nothing then: ", "nothing: ", "token refused: ", "tools: ", "worker: not an "];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["tests", "testing"].contains(&name.as_str()) {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" && !NO_CAUSES.contains(&name.as_str()) {
            found.push(path);
        }
    }
}

/// Texts such as `vault: busy` in the code: what stands before the first place to be filled in.
fn made() -> Vec<String> {
    let mut files = Vec::new();
    MADE_IN.iter().for_each(|krate| sources(&root().join("crates").join(krate).join("src"), &mut files));
    let mut made = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for literal in lines.flat_map(|line| line.split('"').skip(1).step_by(2)) {
            let before = literal.split('{').next().unwrap();
            let first = before.split(": ").next().unwrap();
            if before.contains(": ") && first.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') {
                made.push(before.to_owned());
            }
        }
    }
    made
}

#[test]
fn the_guide_is_what_make_schemas_would_write() {
    let there = fs::read_to_string(root().join("docs/guides/errors.md")).unwrap();
    assert!(there == guide(), "docs/guides/errors.md is stale: run make schemas");
}

#[test]
fn every_cause_that_is_explained_is_made_somewhere() {
    let made = made();
    assert!(made.len() > 60, "only {} causes were found", made.len());
    let alone = ["no tool of that name", "no random bytes"];
    for code in Code::ALL {
        for cause in causes_of(code) {
            let found =
                made.iter().any(|text| text.starts_with(cause.begins) || cause.begins.starts_with(text.as_str()));
            assert!(found || alone.contains(&cause.begins), "nothing makes `{}`", cause.begins);
        }
    }
}

#[test]
fn every_cause_that_is_made_is_explained() {
    let explained: Vec<&str> = Code::ALL.iter().flat_map(|code| causes_of(*code)).map(|cause| cause.begins).collect();
    let explains = |text: &str| explained.iter().any(|begins| text.starts_with(begins) || begins.starts_with(text));
    let unexplained: Vec<String> = made()
        .into_iter()
        .filter(|text| !explains(text) && !NOT_OF_TOOLS.iter().any(|other| text.starts_with(other)))
        .collect();
    assert!(unexplained.is_empty(), "not explained in crates/cli/src/errors: {unexplained:?}");
}

#[test]
fn of_several_remedies_that_fit_the_most_exact_is_told_and_only_those_of_the_code() {
    let exact = remedy_of("auth_required", "ticket: missing").unwrap();
    assert!(exact.contains("mandate_ticket"), "{exact}");
    let rest = remedy_of("auth_required", "ticket: too old").unwrap();
    assert!(rest.contains("TICKET_KEYS"), "{rest}");
    assert!(remedy_of("busy", "ticket: missing").is_none());
    assert!(remedy_of("no_such_code", "ticket: missing").is_none());
}
