//! Each statement on tokens (RFC 8725, RFC 9068) and on MCP behind a gateway has a test that names it in the line above.

use std::path::Path;

use walkdir::WalkDir;

const STATEMENTS: [(&str, &str); 14] = [
    ("M01", "no or bad token 401, a missing scope 403 with the full set, malformed 400, each with its challenge"),
    ("M02", "addresses are https, or of this machine"),
    ("M03", "a token for another audience is refused, and the caller's token goes to no target"),
    ("M04", "a token in the query or the body is ignored"),
    ("M05", "no session id stands for a person, and every message is checked"),
    ("M06", "no batches, doubled keys, ill-typed params, or names that only look like a tool's"),
    ("M07", "methods that are not known are denied"),
    ("M08", "lists and searches show what may be called, and what they do not show is refused"),
    ("M09", "every output has its version and exactly one side"),
    ("M10", "what was decided about is what goes on"),
    ("M11", "identity in arguments goes to no target"),
    ("M12", "every error is a denial"),
    ("M13", "what stands in `Authorization` is a JWT"),
    ("M14", "the context is null, and of the headers only `Authorization` is set"),
];

/// Statements of tokens that are verified, J01 to J23.
fn of_tokens() -> impl Iterator<Item = String> {
    (1..=23).map(|number| format!("J{number:02}"))
}

/// Names in a comment line such as `M04, M05` right above a test.
fn marked(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let above = lines.windows(2).filter(|pair| pair[1].starts_with("#[") && pair[1].contains("test]"));
    let marks = above.filter_map(|pair| pair[0].strip_prefix("// "));
    marks.flat_map(|mark| mark.split(", ").map(str::to_owned)).collect()
}

#[test]
fn every_statement_is_named_above_a_test() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let files = WalkDir::new(crates).into_iter().map(Result::unwrap);
    let sources = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "rs"));
    let named: Vec<String> = sources.flat_map(|file| marked(&std::fs::read_to_string(file.path()).unwrap())).collect();
    for (statement, what) in STATEMENTS {
        assert!(named.iter().any(|name| name == statement), "{statement} is held by no test: {what}");
    }
    for statement in of_tokens() {
        assert!(named.contains(&statement), "{statement} is held by no test");
    }
}

#[test]
fn a_statement_counts_only_right_above_a_test() {
    assert_eq!(marked("// M01, M02\n#[test]\nfn a() {}\n"), ["M01", "M02"]);
    assert!(marked("// M01\nfn a() {}\n").is_empty());
}
