//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::trouble::Trouble;
use crate::{demo, say, stop, tour};

/// Runs Mandate whole on this machine: doubles of Auth0, Okta, OpenFGA, Bedrock and AWS, and the real function binaries.
///
/// Ends with 0 when all went well, 1 when something did not, 2 when the command line is wrong.
#[derive(Parser)]
#[command(name = "mandate", version, max_term_width = 110)]
pub struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the system and chat with the agent as a sample user.
    Demo {
        /// The sample user: alice, bob or carol.
        #[arg(long, default_value = "alice")]
        user: String,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Start the system on free ports and walk the guide's test plan as a client would.
    Tour {
        /// The first of six consecutive ports, instead of free ones.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
        port_base: Option<u16>,
    },
}

/// Which running system is meant, or where to start one.
#[derive(Args)]
pub(crate) struct PortBase {
    /// The first of the six consecutive ports of the doubles.
    #[arg(long, default_value_t = 4700, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub(crate) port_base: u16,
}

/// Does what the command line says, until it is done or the process is told to end.
pub async fn run(line: Line) -> u8 {
    let done = async {
        match line.command {
            Command::Demo { user, ports } => demo::run(&user, ports.port_base).await,
            Command::Tour { port_base } => tour::run(port_base).await,
        }
    };
    // Whatever was started ends when `done` is dropped.
    let ended = tokio::select! {
        done = done => done,
        stopped = stop::asked() => stopped,
    };
    match ended {
        Ok(()) => 0,
        Err(trouble) => {
            say::aside(format!("mandate: {trouble}"));
            trouble.exit_code()
        }
    }
}
