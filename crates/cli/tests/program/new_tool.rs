//! What `mandate tool new` writes, built as the workspace is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Not copied: what is built, what is installed, and the history.
const LEFT: [&str; 3] = ["target", ".tools", ".git"];

/// The crates, and what each is written by.
const MADE: [(&str, &[&str]); 2] = [
    ("list-events", &["tool", "new", "list-events", "--json"]),
    ("zz-events", &["tool", "new", "zz-events", "--connection", "google-oauth2", "--json"]),
];

/// In a copy of the workspace that shares the folder of what is built. The linter stands in place of the compiler, which gives
/// our own crates other names there: others' crates are those that are built already, and nothing of ours is overwritten.
#[test]
#[ignore = "builds our own crates anew: minutes the first time"]
fn a_new_tool_compiles_passes_its_tests_and_the_linter() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mandate = Path::new(env!("CARGO_BIN_EXE_mandate"));
    let debug = mandate.parent().unwrap();
    let (target, folder) = (debug.parent().unwrap(), debug.join("tool-new"));
    let _old = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let names = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name());
    for name in names.filter(|name| LEFT.iter().all(|left| name != left)) {
        succeeds(Command::new("cp").arg("-a").arg(root.join(name)).arg(&folder));
    }
    for (_, arguments) in MADE {
        let made = succeeds(Command::new(mandate).args(arguments).current_dir(&folder));
        let told: Value = serde_json::from_slice(&made.stdout).unwrap();
        assert_eq!(told["files"].as_array().unwrap().len(), 16);
        assert!(!told["steps"][0].as_str().unwrap().contains("cargo metadata"), "{told}");
    }
    succeeds(Command::new("cargo").args(["fmt", "--all", "--check"]).current_dir(&folder));
    let tested = succeeds(
        Command::new("cargo")
            .args(["test", "--locked", "--offline", "--workspace"])
            .args(["--exclude", "gateway-policy", "--exclude", "gateway-interceptor"])
            .args(["--test", "list_events_events", "--test", "zz_events_events", "--test", "tidy"])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
            .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__"),
    );
    let told = String::from_utf8_lossy(&tested.stdout);
    assert_eq!(told.matches("every_event_is_answered_as_its_response_file_says ... ok").count(), MADE.len(), "{told}");
    fs::remove_dir_all(&folder).unwrap();
    for (name, _) in MADE {
        for built in [name.to_owned(), format!("{name}.d")] {
            let _gone = fs::remove_file(debug.join(built));
        }
    }
}

fn succeeds(command: &mut Command) -> Output {
    let ended = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{command:?}\n{out}\n{err}");
    ended
}
