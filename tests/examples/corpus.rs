//! For `make conformance`: every case of a folder of `events/`, answered by a program in place of the function's own. Takes the folder
//! and the program, and fails with what did not end as its response file says.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it comes to belongs on the terminal")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use acceptance::corpus::{Run, run_in};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(program)) = (arguments.next(), arguments.next()) else {
        eprintln!("corpus FOLDER PROGRAM");
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let program: &'static PathBuf = Box::leak(Box::new(program.into()));
    let report = run_in(&folder, &[Run::Program(program)]).await;
    println!("{folder}: {} events, {} s", report.cases, began.elapsed().as_secs());
    if report.cases == 0 || !report.failed.is_empty() {
        eprintln!("{} did not end as they should:\n\n{}", report.failed.len(), report.failed.join("\n\n"));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
