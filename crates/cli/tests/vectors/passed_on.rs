//! Lines about Cedar, which another program answers if it is there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::run::{printed, program};

const LINES: &str = r#"{"op":"cedar","id":7,"policies":"p"}
{"op":"scopes","granted":"","needed":""}
{"op":"cedar_tool"}
"#;

/// The answers of the program in a folder of its own, with this script beside it. It is linked and not copied: a program that
/// was just written cannot be started while another thread starts one.
fn answers(script: Option<&str>) -> Vec<Value> {
    let name = format!("vectors-{}-{}", script.unwrap_or("alone"), std::process::id());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _left_over = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::hard_link(program(), folder.join("mandate")).unwrap();
    if let Some(script) = script {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(script);
        symlink(script, folder.join("mandate-cedar")).unwrap();
    }
    let printed = printed(&folder.join("mandate"), &["vectors"], LINES.as_bytes());
    fs::remove_dir_all(folder).unwrap();
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_goes_on_as_it_is_and_its_answer_comes_back_in_its_place() {
    let answers = answers(Some("there.sh"));
    let got = json!({ "op": "cedar", "id": 7, "policies": "p" });
    assert_eq!(answers[0], json!({ "id": 7, "ok": true, "got": got }), "the id is the line's own");
    assert_eq!((&answers[1]["covered"], &answers[2]["got"]["op"]), (&json!(true), &json!("cedar_tool")));
}

#[test]
fn where_it_is_not_or_ends_or_babbles_the_answer_says_so_and_the_lines_go_on() {
    for script in [None, Some("ends.sh"), Some("babbles.sh")] {
        let answers = answers(script);
        assert_eq!(answers.len(), 3, "{script:?}");
        assert_eq!((&answers[0]["id"], &answers[0]["error"]), (&json!(7), &json!("no_cedar")), "{script:?}");
        assert_eq!((&answers[1]["ok"], &answers[2]["error"]), (&json!(true), &json!("no_cedar")), "{script:?}");
    }
}
