//! A start, whole, in a process of its own: this test binary runs itself again with one of the ignored tests.

use std::process::{Command, ExitCode, Output};

use serde_json::{Value, json};

use super::{Stopped, main_with};
use crate::read_settings;
use crate::settings::Reader;

struct Settings {
    table: String,
}

fn read(reader: &mut Reader<'_>) -> Option<Settings> {
    read_settings!(reader => Settings { table: text("TABLE") })
}

fn process(test: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).env_clear();
    command.envs(environment.iter().copied()).output().unwrap()
}

/// The lines of the standard output that are ours, not the test harness's.
fn records(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line.get(line.find('{')?..)?).ok()).collect()
}

fn is_failure(code: ExitCode) -> bool {
    format!("{code:?}") == format!("{:?}", ExitCode::FAILURE)
}

#[test]
#[ignore = "runs in a process of its own"]
fn child_that_has_no_settings() {
    assert!(is_failure(main_with("greeter", read, async |_: Settings, _| panic!("started without settings"))));
}

#[test]
#[ignore = "runs in a process of its own"]
fn child_that_cannot_go_on() {
    let start = async |settings: Settings, _| Err(Stopped::new("vault client", format!("no {}", settings.table)));
    assert!(is_failure(main_with("greeter", read, start)));
}

#[test]
#[ignore = "runs in a process of its own"]
fn child_that_panics() {
    main_with("greeter", read, async |settings: Settings, _| panic!("secret text {}", settings.table));
}

#[test]
fn a_start_without_settings_names_them_all_and_fails() {
    let output = process("start::tests::child_that_has_no_settings", &[("FUNCTION_TIMEOUT_SECONDS", "0")]);
    assert!(output.status.success(), "{output:?}");
    let records = records(&output);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["event"], "start_failed");
    assert_eq!(records[0]["function"], "greeter");
    let names: Vec<&Value> =
        records[0]["problems"].as_array().unwrap().iter().map(|problem| &problem["name"]).collect();
    assert_eq!(names, [&json!("AWS_LAMBDA_RUNTIME_API"), &json!("FUNCTION_TIMEOUT_SECONDS"), &json!("TABLE")]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(told.contains("\nTABLE is missing; it takes "), "{told}");
}

#[test]
fn a_start_that_stops_says_at_which_step_and_fails() {
    let settings = [("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), ("TABLE", "t")];
    let output = process("start::tests::child_that_cannot_go_on", &settings);
    assert!(output.status.success(), "{output:?}");
    let record = json!({ "event": "stopped", "function": "greeter", "step": "vault client", "cause": "no t" });
    assert_eq!(records(&output), [record]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "greeter ended: vault client: no t\n");
}

#[test]
fn a_panic_is_told_by_its_place_and_never_by_its_text() {
    let settings = [("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), ("TABLE", "t")];
    let output = process("start::tests::child_that_panics", &settings);
    assert!(!output.status.success());
    let records = records(&output);
    assert_eq!(records.len(), 1, "{output:?}");
    assert_eq!(records[0]["event"], "panic");
    let place = records[0]["at"].as_str().unwrap();
    let (file, line) = place.rsplit_once(':').unwrap();
    assert!(file.ends_with("start/tests.rs"), "{place}");
    assert!(line.parse::<u32>().is_ok(), "{place}");
    for stream in [output.stdout, output.stderr] {
        assert!(!String::from_utf8(stream).unwrap().contains("secret text"));
    }
}
