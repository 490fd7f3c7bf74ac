//! Runs the program as somebody with a file of lines does.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The program that was built.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_mandate"))
}

/// What it prints, which ends well whatever the input is.
pub(crate) fn printed(program: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = child.stdin.take().unwrap();
    let ended = std::thread::scope(|scope| {
        scope.spawn(move || lines.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    });
    assert!(ended.status.success(), "{:?}", ended.status);
    String::from_utf8(ended.stdout).unwrap()
}

/// The answers to bytes, which may be anything.
pub(crate) fn answers_to(input: &[u8]) -> Vec<Value> {
    printed(program(), &["vectors"], input).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answer to each line.
pub(crate) fn answers(lines: &[Value]) -> Vec<Value> {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answers = answers_to(input.as_bytes());
    assert_eq!(answers.len(), lines.len());
    answers
}

/// `line` with one member set.
pub(crate) fn with(line: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut line = line.clone();
    line[name] = value.into();
    line
}

/// Each example of the help and the answer that it says.
pub(crate) fn examples() -> Vec<(Value, Value)> {
    let help = printed(program(), &["vectors", "--help"], b"");
    let lines: Vec<&str> = help.lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[0].starts_with('{'));
    pairs
        .map(|pair| {
            let answer = pair[1].strip_prefix("→ ").unwrap();
            (serde_json::from_str(pair[0]).unwrap(), serde_json::from_str(answer).unwrap())
        })
        .collect()
}

/// The example of one operation.
pub(crate) fn example(op: &str) -> Value {
    examples().into_iter().find(|(line, _)| line["op"] == op).unwrap().0
}

/// Each line is refused with its code.
pub(crate) fn refuses(cases: &[(Value, &str)]) {
    let lines: Vec<Value> = cases.iter().map(|(line, _)| line.clone()).collect();
    for ((line, code), answer) in cases.iter().zip(answers(&lines)) {
        assert_eq!((&answer["ok"], answer["error"].as_str()), (&Value::Bool(false), Some(*code)), "{line}: {answer}");
    }
}
