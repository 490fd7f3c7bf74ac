use super::environment::Value;
use super::{Environment, Problems, Reader};
use crate::read_settings;

fn problems(pairs: &[(&str, &str)], read: impl FnOnce(&mut Reader<'_>) -> Option<()>) -> Problems {
    let environment = Environment::from_pairs(pairs.iter().copied());
    let mut reader = Reader::new(&environment);
    let settings = read(&mut reader);
    reader.finish(settings).unwrap_err()
}

fn value<T>(pairs: &[(&str, &str)], read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
    let environment = Environment::from_pairs(pairs.iter().copied());
    let mut reader = Reader::new(&environment);
    let value = read(&mut reader);
    reader.finish(value).ok()
}

#[derive(Debug)]
struct Inner {
    pages: u64,
}

struct Settings {
    table: String,
    inner: Inner,
    verbose: bool,
    source: u8,
    connections: Vec<String>,
    proxy: Option<url::Url>,
}

fn inner(reader: &mut Reader<'_>) -> Option<Inner> {
    read_settings!(reader => Inner { pages: number("PAGES", 1..=50, 10) })
}

fn settings(reader: &mut Reader<'_>) -> Option<Settings> {
    read_settings!(reader => Settings {
        table: text("TABLE"),
        inner: with(inner),
        verbose: flag("VERBOSE", false),
        source: choice("SOURCE", &[("api", 1), ("userinfo", 2)]),
        connections: list("CONNECTIONS"),
        proxy: optional_url("PROXY_URL"),
    })
}

#[test]
fn a_table_of_settings_becomes_a_struct() {
    let pairs = [("TABLE", "sessions"), ("SOURCE", "userinfo"), ("CONNECTIONS", "okta, google"), ("PAGES", "50")];
    let settings = value(&pairs, settings).unwrap();
    assert_eq!(settings.table, "sessions");
    assert_eq!(settings.inner.pages, 50);
    assert!(!settings.verbose);
    assert_eq!(settings.source, 2);
    assert_eq!(settings.connections, ["okta", "google"]);
    assert_eq!(settings.proxy, None);
}

#[test]
fn every_problem_is_told_at_once_by_name_with_what_is_taken() {
    let pairs = [
        ("PAGES", "51"),
        ("VERBOSE", "yes"),
        ("SOURCE", "okta"),
        ("CONNECTIONS", "okta,,google"),
        ("PROXY_URL", "http://proxy.example"),
        ("UNKNOWN", "is no problem"),
    ];
    let problems = problems(&pairs, |reader| settings(reader).map(|_| ()));
    assert_eq!(problems.names(), ["TABLE", "PAGES", "VERBOSE", "SOURCE", "CONNECTIONS", "PROXY_URL"]);
    let text = problems.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], "TABLE is missing; it takes a text that does not start or end with white space");
    assert_eq!(lines[1], "PAGES is out of range; it takes a whole number from 1 to 50");
    assert_eq!(lines[2], "VERBOSE is none of the known words; it takes one of `true`, `false`");
    assert!(lines[5].starts_with("PROXY_URL is plain http to another machine; it takes an https URL"), "{text}");
}

#[test]
fn a_problem_never_repeats_a_value() {
    let pairs = [
        ("SECRET", ""),
        ("TEXT", "hunter-2 "),
        ("URL", "https://user:hunter-2@idp.example"),
        ("OTHER_URL", "http://hunter-2.example"),
        ("NUMBER", "hunter-2"),
        ("CHOICE", "hunter-2"),
        ("FILE", "/hunter-2/key.pem"),
        ("LIST", "hunter-2,"),
    ];
    let problems = problems(&pairs, |reader| {
        reader.secret("SECRET");
        reader.text("TEXT");
        reader.url("URL");
        reader.url("OTHER_URL");
        reader.number("NUMBER", 0..=1, 0);
        reader.choice("CHOICE", &[("a", ())]);
        reader.secret_file("FILE");
        reader.list("LIST");
        Some(())
    });
    assert_eq!(problems.all().len(), 8);
    assert!(!problems.to_string().contains("hunter-2"), "{problems}");
    assert!(!serde_json::to_string(&problems).unwrap().contains("hunter-2"));
}

#[test]
fn one_problem_is_enough_to_have_no_settings() {
    let problems = problems(&[], |reader| {
        reader.refuse("A", "contradicts `B`", "no value with `B`");
        Some(())
    });
    assert_eq!(problems.to_string(), "A contradicts `B`; it takes no value with `B`");
}

#[test]
fn an_empty_value_counts_as_absent() {
    let pairs = [("A", ""), ("B", ""), ("C", ""), ("D", "")];
    assert_eq!(value(&pairs, |reader| reader.text_or("A", "default")).unwrap(), "default");
    assert_eq!(value(&pairs, |reader| reader.number("B", 1..=2, 2)).unwrap(), 2);
    assert!(value(&pairs, |reader| reader.list("C")).unwrap().is_empty());
    assert_eq!(value(&pairs, |reader| reader.optional_text("D")).unwrap(), None);
    assert_eq!(problems(&pairs, |reader| reader.text("D").map(|_| ())).all()[0].wrong, "is empty");
}

#[test]
fn a_secret_is_kept_byte_for_byte() {
    let secret = value(&[("KEY", " a\nb \n")], |reader| reader.secret("KEY")).unwrap();
    assert_eq!(secret.expose(), " a\nb \n");
}

#[test]
fn a_number_is_written_in_digits_only() {
    for text in ["+5", "-1", "5.0", " 5", "0x5", "5s", "\u{665}", "99999999999999999999"] {
        assert_eq!(value(&[("N", text)], |reader| reader.number("N", 0..=10, 1)), None, "{text}");
    }
    assert_eq!(value(&[("N", "5")], |reader| reader.number("N", 0..=10, 1)), Some(5));
}

#[test]
fn a_value_that_is_not_text_is_a_problem_only_if_it_is_asked_for() {
    let mut environment = Environment::from_pairs([("A", "a")]);
    environment.0.insert("B".to_owned(), Value::NotUnicode);
    let mut reader = Reader::new(&environment);
    let a = reader.text("A");
    assert!(reader.finish(a).is_ok());
    let mut reader = Reader::new(&environment);
    let b = reader.optional_text("B");
    assert_eq!(reader.finish(b).unwrap_err().all()[0].wrong, "is not UTF-8");
}

#[test]
fn the_process_has_an_environment() {
    // Cargo sets this one for every test.
    let environment = Environment::of_process();
    let mut reader = Reader::new(&environment);
    let name = reader.text("CARGO_PKG_NAME");
    assert_eq!(reader.finish(name).unwrap(), "function");
}

#[test]
fn only_https_or_this_machine_may_be_called() {
    for text in [
        "https://tenant.example",
        "https://tenant.example:8443/base/",
        "https://10.0.0.1",
        "http://127.0.0.1:8080",
        "http://127.255.3.4/",
        "http://[::1]:8080",
        "http://localhost",
        "http://localhost:3000/oauth",
    ] {
        assert!(value(&[("U", text)], |reader| reader.url("U")).is_some(), "{text}");
    }
    for text in [
        "http://tenant.example",
        "http://localhost.example",
        "http://localhost.",
        "http://127.0.0.1.example",
        "http://128.0.0.1",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:127.0.0.1]",
        "http://[::2]",
        "https://user@tenant.example",
        "https://user:pass@tenant.example",
        "https://:pass@tenant.example",
        "http://localhost@tenant.example",
        "https://tenant.example/#fragment",
        "https://tenant.example/#",
        "https://",
        "https:/tenant.example",
        "https:\\\\tenant.example",
        "HTTPS://tenant.example",
        " https://tenant.example",
        "https://tenant.example\n",
        "https://ten\tant.example",
        "ftp://tenant.example",
        "file:///etc/passwd",
        "tenant.example",
        "//tenant.example",
    ] {
        assert!(value(&[("U", text)], |reader| reader.url("U")).is_none(), "{text:?}");
    }
}

#[test]
fn a_default_url_keeps_the_same_rules() {
    assert!(value(&[], |reader| reader.url_or("U", "https://api.example")).is_some());
    assert!(value(&[], |reader| reader.url_or("U", "http://api.example")).is_none());
    let other = value(&[("U", "http://localhost:1")], |reader| reader.url_or("U", "https://api.example"));
    assert_eq!(other.unwrap().as_str(), "http://localhost:1/");
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let folder = std::env::temp_dir();
    let path = |name: &str| folder.join(format!("function-settings-{}-{name}", std::process::id()));
    let files = [("good", b"key\n".to_vec()), ("empty", Vec::new()), ("large", vec![b'a'; 1024 * 1024 + 1])];
    for (name, content) in files.iter().chain([&("binary", vec![0xff, 0xfe])]) {
        std::fs::write(path(name), content).unwrap();
    }
    let wrong = |name: &str| {
        let path = path(name);
        problems(&[("F", path.to_str().unwrap())], |reader| reader.file("F").map(|_| ())).all()[0].wrong.clone()
    };
    let good = value(&[("F", path("good").to_str().unwrap())], |reader| reader.secret_file("F")).unwrap();
    assert_eq!(good.expose(), "key\n");
    assert_eq!(wrong("empty"), "names an empty file");
    assert_eq!(wrong("large"), "names a file that is too large");
    assert_eq!(wrong("binary"), "names a file that is not UTF-8");
    assert!(wrong("absent").starts_with("names a file that cannot be read"));
    let several = |names: [&str; 2]| names.map(|name| path(name).to_str().unwrap().to_owned()).join(":");
    let both = value(&[("F", &several(["good", "good"]))], |reader| reader.files("F")).unwrap();
    assert_eq!(both, ["key\n", "key\n"]);
    let refused = problems(&[("F", &several(["good", "empty"]))], |reader| reader.files("F").map(|_| ()));
    assert_eq!(refused.all()[0].wrong, "in place 2 names an empty file");
    assert_eq!(value(&[], |reader| reader.optional_file("F")), Some(None));
    for name in ["good", "empty", "large", "binary"] {
        std::fs::remove_file(path(name)).unwrap();
    }
}

#[test]
fn a_secret_is_a_text_or_an_arn_and_never_both() {
    use auth::secret::SecretSource;
    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:auth0-a1B2c3";
    let read = |pairs: &[(&str, &str)]| value(pairs, |reader| reader.secret_source("SECRET", "SECRET_ARN"));
    let wrong = |pairs: &[(&str, &str)]| {
        let problems = problems(pairs, |reader| reader.secret_source("SECRET", "SECRET_ARN").map(|_| ()));
        assert!(!problems.to_string().contains("hush"));
        problems.names()
    };
    assert!(matches!(read(&[("SECRET", "hush")]), Some(SecretSource::Given(secret)) if secret.expose() == "hush"));
    let stored = read(&[("SECRET", ""), ("SECRET_ARN", ARN)]);
    assert!(matches!(stored, Some(SecretSource::Stored(arn)) if arn.as_str() == ARN));
    assert_eq!(wrong(&[]), ["SECRET", "SECRET_ARN"]);
    assert_eq!(wrong(&[("SECRET", "hush"), ("SECRET_ARN", ARN)]), ["SECRET", "SECRET_ARN"]);
    assert_eq!(wrong(&[("SECRET_ARN", "hush")]), ["SECRET_ARN"]);
}
