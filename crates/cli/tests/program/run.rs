//! Runs the program as somebody at a terminal does.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use cli::laptop::FUNCTIONS;
use devstack::stack::NAMES;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs it to its end with this input.
pub(crate) fn mandate(arguments: &[&str], input: &str) -> Ended {
    let mut child = command(arguments).spawn().expect("the program starts");
    // It may end without reading.
    let _unread = child.stdin.take().expect("its input is a pipe").write_all(input.as_bytes());
    let ended = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    Ended { code: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
}

/// A run that goes on until it is told to end.
pub(crate) struct Running(Child);

impl Running {
    /// Runs it until it has printed `prompt`.
    pub(crate) fn start(arguments: &[&str], prompt: &str) -> Self {
        let mut child = command(arguments).spawn().expect("the program starts");
        let mut out = child.stdout.take().expect("its output is a pipe");
        let mut printed = Vec::new();
        while !printed.ends_with(prompt.as_bytes()) {
            let mut byte = [0];
            let read = out.read(&mut byte).expect("its output is readable");
            assert_eq!(read, 1, "it ended before its prompt, after: {}", String::from_utf8_lossy(&printed));
            printed.push(byte[0]);
        }
        // Kept open, so that the program can go on printing.
        child.stdout = Some(out);
        Self(child)
    }

    /// Interrupts it as Ctrl-C does, and gives its exit code.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        assert!(sent.expect("there is a kill program").success());
        self.0.wait().expect("the program ends").code()
    }
}

fn command(arguments: &[&str]) -> Command {
    for function in FUNCTIONS {
        let binary = program().with_file_name(function);
        assert!(binary.is_file(), "these tests need the function binaries: cargo build -p {}", FUNCTIONS.join(" -p "));
    }
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_mandate"))
}

/// The first of as many free consecutive ports as there are doubles, another one for each test.
pub(crate) fn base() -> u16 {
    let start = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    loop {
        let base = start + NEXT.fetch_add(10, Ordering::SeqCst);
        let free = (base..).zip(NAMES).all(|(port, _)| TcpListener::bind(("127.0.0.1", port)).is_ok());
        if free {
            return base;
        }
    }
}

/// The port of a double.
pub(crate) fn port_of(base: u16, double: &str) -> u16 {
    (base..).zip(NAMES).find(|(_, name)| *name == double).map(|(port, _)| port).unwrap()
}

/// Where the state file is.
pub(crate) fn state_of(base: u16) -> PathBuf {
    program().parent().unwrap().with_file_name("mandate").join(base.to_string())
}

/// How many processes of functions there are whose settings name a double of this start. A killed process takes a
/// moment to go, so while there are some and the program has ended, this looks again.
pub(crate) fn functions_of(base: u16) -> usize {
    let patience = Instant::now() + Duration::from_secs(5);
    loop {
        let found = count(base);
        if found == 0 || state_of(base).exists() || Instant::now() > patience {
            return found;
        }
        std::thread::yield_now();
    }
}

fn count(base: u16) -> usize {
    let doubles = [port_of(base, "openfga"), port_of(base, "okta")].map(|port| format!("http://127.0.0.1:{port}"));
    let processes = fs::read_dir("/proc").expect("there is /proc").filter_map(Result::ok);
    let names_a_double = |path: PathBuf| {
        let environment = fs::read(path.join("environ")).unwrap_or_default();
        let mut settings = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        settings.any(|setting| doubles.iter().any(|url| setting.ends_with(url.as_str())))
    };
    processes.filter(|process| names_a_double(process.path())).count()
}
