//! Each statement has a test that names it.

use std::path::Path;

use walkdir::WalkDir;

const STATEMENTS: [(&str, &str); 31] = [
    ("A01", "the agent's service calls our functions for our agent and account only, and nobody is everybody"),
    ("A02", "an event of another agent or alias is refused"),
    ("A03", "attributes, prompts and arguments do not say who is asking"),
    ("A04", "a keycard's policy is what the call needs, without a wildcard, and at most 2,048 characters"),
    ("A05", "900 seconds, names made of hashes, and a source identity"),
    ("A06", "a keycard lives a minute and serves no other person, session or tool"),
    ("A07", "every write has a condition and every read is strongly consistent"),
    ("A08", "no long-lived keys, and stored tokens open in their own row only"),
    ("O09", "one refresh at a time, and a lost write is somebody else's"),
    ("O10", "signing out ends the row, what is open, and the refresh token"),
    ("S05", "what is over is over by our clock, whatever the table still holds"),
    ("X01", "an exchange sends what is configured, and nothing of the model's"),
    ("X02", "an answer of another shape or with less scope is none"),
    ("X03", "an exchanged token serves its own person, connection and scopes until its last minute"),
    ("X04", "consent, limits, faults and our own mistakes are told apart"),
    ("X05", "whoever acts for the person is our agent"),
    ("C01", "exactly one hint, of which no subject can change the shape"),
    ("C02", "scope openid, and a message of ours, one for each request, that the chat shows too"),
    ("C03", "a life of 1 to 300 seconds is asked for"),
    ("C04", "an answer without an id or a life is none; five seconds are the usual interval"),
    ("C05", "no poll before the interval is over"),
    ("C06", "slow_down raises the interval for good, a larger wish wins, nonsense is cut"),
    ("C07", "a final answer is final"),
    ("C08", "only a valid ID token of the asked person is a yes"),
    ("C09", "tokens need not say their scope and life"),
    ("C10", "the request's id is kept here only, for one use, one session, one action and its arguments"),
    ("C11", "other arguments need another approval"),
    ("C12", "one at a time, and three starts a minute"),
    ("C13", "no call waits for the person, or begins what it has no time for"),
    ("C14", "after a refused start there is no poll"),
    ("C15", "a no is remembered"),
];

/// The statements named in a comment line such as `C04, C05`, and the name of the test right below it.
fn marked(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    for (number, line) in lines.iter().enumerate() {
        let Some(names) = line.strip_prefix("// ") else { continue };
        let names: Vec<&str> = names.split(", ").collect();
        let known = |name: &&str| STATEMENTS.iter().any(|(statement, _)| statement == name);
        let below = lines[number + 1..].iter().find(|line| !line.starts_with("#["));
        let test = below.and_then(|line| line.trim_start_matches("async ").strip_prefix("fn "));
        if let Some(test) = test.filter(|_| names.iter().all(known) && lines[number + 1].contains("test]")) {
            found.extend(names.iter().map(|name| ((*name).to_owned(), test.to_owned())));
        }
    }
    found
}

#[test]
fn every_statement_is_named_above_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = ["crates", "tests"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(WalkDir::new).map(Result::unwrap);
    let sources = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "rs"));
    let tests: Vec<(String, String)> =
        sources.flat_map(|file| marked(&std::fs::read_to_string(file.path()).unwrap())).collect();
    for (statement, what) in STATEMENTS {
        let count = tests.iter().filter(|(named, _)| named == statement).count();
        println!("{statement} {count:2} tests: {what}");
        assert!(count > 0, "{statement} is held by no test: {what}");
    }
}

#[test]
fn a_statement_is_named_by_a_line_above_a_test_and_by_no_other() {
    let (mark, test) = ("// C04, C05", "#[tokio::test]\nasync fn a() {}\n");
    assert_eq!(marked(&format!("{mark}\n{test}")).len(), 2);
    for source in
        [format!("{mark}\nfn a() {{}}"), format!("{mark} too\n{test}"), format!("{test}{mark}\n"), test.to_owned()]
    {
        assert_eq!(marked(&source), [], "{source}");
    }
}
