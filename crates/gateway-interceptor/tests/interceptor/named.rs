//! Each statement on tokens (RFC 8725, RFC 9068) and on MCP behind a gateway has a test that names it in the line above.

use std::path::Path;

use walkdir::WalkDir;

const STATEMENTS: [(&str, &str); 38] = [
    ("J01", "the issuer's settings say the algorithm; `none` is refused in any letter case"),
    ("J02", "no symmetric algorithm, nor an HMAC with the public key's text"),
    ("J03", "no header member chooses a key or causes a request"),
    ("J04", "`kid` is compared for equality, and absent only where there is one key"),
    ("J05", "no `crit`, `b64`, `zip`, `enc`, nor a JWT within a JWT"),
    ("J06", "three segments, none of them empty"),
    ("J07", "strict base64url in each"),
    ("J08", "keys of enough bits, on their curve, for signatures and for this algorithm"),
    ("J09", "a key set with twins, private members or symmetric keys is refused whole"),
    ("J10", "an access token says that it is one"),
    ("J11", "`iss` is equal to the settings to the byte"),
    ("J12", "`aud` is there and names us"),
    ("J13", "`exp` is there, a number, and not too far away"),
    ("J14", "the leeway is one for all times, and small"),
    ("J15", "`sub` is a person"),
    ("J16", "all claims of RFC 9068 are there"),
    ("J17", "scopes are whole words in their own letter case"),
    ("J18", "no member stands twice"),
    ("J19", "what is too large or too deep is refused before it is decoded"),
    ("J20", "claims are read after the signature held; all refusals look alike"),
    ("J21", "unknown keys cause one request in a while at most"),
    ("J22", "a new key works, an old one ends, an outage is outlived for a time"),
    ("J23", "a clock that is wrong denies"),
    ("J24", "what we sign for others has one audience, as text, from our settings or ourselves"),
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
}

#[test]
fn a_statement_counts_only_right_above_a_test() {
    assert_eq!(marked("// M01, M02\n#[test]\nfn a() {}\n"), ["M01", "M02"]);
    assert!(marked("// M01\nfn a() {}\n").is_empty());
}

// J24
#[test]
fn we_sign_no_assertion_for_an_authorization_server() {
    // Whoever adds one has to take its audience from the settings, and to test that here.
    for name in ["auth", "function", "tool", "upstream-http", "gateway-interceptor", "cli"] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(name).join("src");
        for file in WalkDir::new(sources).into_iter().map(Result::unwrap).filter(|file| file.file_type().is_file()) {
            let text = std::fs::read_to_string(file.path()).unwrap();
            assert!(!text.contains("client_assertion"), "{}", file.path().display());
        }
    }
}
