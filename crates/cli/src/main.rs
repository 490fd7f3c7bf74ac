//! The program `mandate`.

use std::process::ExitCode;

use clap::Parser as _;
use cli::command::{Line, run};
use cli::say;

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // clap chooses the stream: help and version are answers, all else is a complaint.
            let _left = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => ExitCode::from(runtime.block_on(Box::pin(run(line)))),
        Err(error) => {
            say::aside(format!("mandate: the async runtime did not start: {error}"));
            ExitCode::FAILURE
        }
    }
}
