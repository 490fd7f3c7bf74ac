//! Lines for `mandate-cedar`, which is started for the first of them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use vectors::{Answer, LONGEST_LINE, Request};

/// What it answers.
pub(super) const OPERATIONS: [&str; 2] = ["cedar", "cedar_tool"];

const BINARY: &str = "mandate-cedar";
const REMEDY: &str = "mandate-cedar is not beside this program: cargo build -p gateway-policy --bin mandate-cedar";

/// The program, once it was needed. One that ended is started anew for the next line.
#[derive(Default)]
pub(super) struct Cedar(Option<Running>);

struct Running {
    child: Child,
    lines: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Cedar {
    /// Its answer to this line; `no_cedar` where it cannot be started or gives none.
    pub(super) fn answer(&mut self, request: &Request) -> Answer {
        if self.0.is_none() {
            self.0 = Running::start();
        }
        let Some(running) = &mut self.0 else { return Answer::refused("no_cedar").with("message", REMEDY) };
        running.ask(request.line()).unwrap_or_else(|| {
            self.0 = None;
            Answer::refused("no_cedar").with("message", "mandate-cedar ended without an answer")
        })
    }
}

impl Running {
    fn start() -> Option<Self> {
        let here = std::env::current_exe().ok()?;
        let binary: PathBuf = here.with_file_name(format!("{BINARY}{}", std::env::consts::EXE_SUFFIX));
        let mut child = Command::new(binary).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (lines, answers) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, lines, answers })
    }

    fn ask(&mut self, line: &str) -> Option<Answer> {
        writeln!(self.lines, "{line}").ok()?;
        self.lines.flush().ok()?;
        let mut answer = String::new();
        // An answer holds an `id` of a line and a few words.
        let most = u64::try_from(LONGEST_LINE).ok()?.saturating_mul(2);
        self.answers.by_ref().take(most).read_line(&mut answer).ok()?;
        Answer::read(&answer)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}
