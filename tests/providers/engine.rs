//! A foreign program, spoken to by lines of JSON.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// It ends when its standard input does, and so with whoever holds this, however that ends.
pub(crate) struct Engine {
    /// Held, so that it is waited for.
    _child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Where `make conformance` installs.
pub(crate) fn tools(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.tools")).join(name)
}

impl Engine {
    /// Starts a script of `engines/` with node; with the first line that it says.
    pub(crate) async fn start(script: &str, arguments: &[&str]) -> (Self, Value) {
        let mut command = Command::new("node");
        command.arg(tools("openid").join(script)).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node");
        let input = child.stdin.take().expect("an input");
        let lines = BufReader::new(child.stdout.take().expect("an output")).lines();
        let mut engine = Self { _child: child, input, lines };
        let hello = engine.line().await;
        (engine, hello)
    }

    /// What it answers to a command.
    pub(crate) async fn tell(&mut self, command: &Value) -> Value {
        self.input.write_all(format!("{command}\n").as_bytes()).await.expect("it listens");
        self.line().await
    }

    async fn line(&mut self) -> Value {
        let line =
            self.lines.next_line().await.expect("text").expect("it has not ended; `make conformance` installs it");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
    }
}
