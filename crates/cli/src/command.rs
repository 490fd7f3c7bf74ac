//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::event::Who;
use crate::trouble::Trouble;
use crate::{demo, event, invoke, say, signals, stop, ticket, tour, watch, why};

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
    /// Start the system, and chat with the agent as a sample user: here, or in the web application.
    Demo {
        /// Where the chat is.
        #[arg(long, value_enum, default_value_t = demo::Place::Terminal)]
        chat: demo::Place,
        /// The sample user: alice, bob, carol or dave.
        #[arg(long, default_value = "alice")]
        user: String,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Start the system on free ports and walk the guide's test plan as a client would.
    Tour {
        /// The first of nine consecutive ports, instead of free ones.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
        port_base: Option<u16>,
    },
    /// Print an event with its placeholders filled, for the running system.
    ///
    /// The placeholders are {{ticket}}, {{session_id}}, {{agent_id}} and {{agent_alias}}.
    Event {
        /// The event, as in events/okta-groups/NAME.event.json.
        file: PathBuf,
        /// The world file; by default the one beside the event. Of it, only the person is set up.
        #[arg(long)]
        world: Option<PathBuf>,
        /// The sample user who is chatting; by default the person of the world file, or else alice.
        #[arg(long)]
        user: Option<String>,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Print a ticket for a sample user of the running system, or a fresh key pair for tickets.
    Ticket {
        /// The sample user; signed in if they are not.
        #[arg(long, default_value = "alice")]
        user: String,
        /// Print a key pair for the minter NAME of a deployment instead: the private seed, and the TICKET_KEYS setting.
        #[arg(long, value_name = "NAME", conflicts_with = "user")]
        new_key: Option<String>,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Send one event to one function of the running system, or of one that is started for it.
    Invoke {
        /// The function: fga-authorizer, okta-groups, ciba-initiator or approval-worker.
        function: String,
        /// The event, as in events/okta-groups/NAME.event.json; placeholders are filled.
        event: PathBuf,
        /// The sample user who is chatting; by default the person of the world file, or else alice.
        #[arg(long)]
        user: Option<String>,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Tell the story of one call by the reference in its answer: who, for whom, what was asked, how it ended, what to do.
    ///
    /// For an approval, by its own reference or by that of a call about it, all that happened to it is told, in order.
    Why {
        /// The reference: 12 letters and digits, or 16 of an approval.
        reference: String,
        /// A function's log, as CloudWatch or `aws logs tail` give it, or - for the standard input; by default, what the
        /// functions of the running system wrote.
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        /// Print the audit records themselves, one a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Stop a person or an agent: no call passes any more, sessions and open approvals end.
    ///
    /// Writes a tuple at OpenFGA that says no, deletes session rows, revokes their refresh tokens, and ends open approvals.
    Stop {
        /// A sample user; with --deployed a subject (auth0|…), or an address where FGA_USER_CLAIM is email.
        #[arg(required_unless_present = "agent", conflicts_with = "agent")]
        user: Option<String>,
        /// The agent with this id, for everybody.
        #[arg(long, value_name = "ID")]
        agent: Option<String>,
        /// Take the tuple away again. What was ended stays so.
        #[arg(long)]
        lift: bool,
        /// Stop in the deployment that the settings in the environment name, instead of the system on this machine.
        #[arg(long, conflicts_with = "port_base")]
        deployed: bool,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Start the doubles, and the functions under cargo lambda watch, which reloads them when they change.
    Watch {
        /// The port of cargo lambda's emulator.
        #[arg(long, default_value_t = 9000, value_parser = clap::value_parser!(u16).range(1024..))]
        emulator_port: u16,
        #[command(flatten)]
        ports: PortBase,
    },
}

/// Which running system is meant, or where to start one.
#[derive(Args)]
pub(crate) struct PortBase {
    /// The first of the nine consecutive ports of the doubles.
    #[arg(long, default_value_t = 4700, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub(crate) port_base: u16,
}

/// Does what the command line says, until it is done or the process is told to end. Gives the exit code.
pub async fn run(line: Line) -> u8 {
    let ended = match line.command {
        // A demo that is interrupted has done all that it should.
        Command::Demo { chat, user, ports } => or_stopped(demo::run(chat, &user, ports.port_base), Ok(())).await,
        Command::Tour { port_base } => finished(tour::run(port_base)).await,
        Command::Event { file, world, user, ports } => {
            finished(event::run(&file, Who { user: user.as_deref(), world: world.as_deref() }, ports.port_base)).await
        }
        Command::Ticket { new_key: Some(minter), .. } => ticket::new_key(&minter),
        Command::Ticket { user, ports, .. } => finished(ticket::run(&user, ports.port_base)).await,
        Command::Invoke { function, event, user, ports } => {
            finished(invoke::run(&function, &event, user.as_deref(), ports.port_base)).await
        }
        Command::Why { reference, log, json, ports } => {
            finished(why::run(&reference, log.as_deref(), json, ports.port_base)).await
        }
        Command::Stop { user, agent, lift, deployed, ports } => {
            let whom = stop::Whom { user: user.as_deref(), agent: agent.as_deref() };
            finished(stop::run(whom, lift, (!deployed).then_some(ports.port_base))).await
        }
        // It ends processes that others started, which takes a moment, so it listens for the signals itself.
        Command::Watch { emulator_port, ports } => watch::run(ports.port_base, emulator_port).await,
    };
    match ended {
        Ok(()) => 0,
        Err(trouble) => {
            say::aside(format!("mandate: {trouble}"));
            trouble.exit_code()
        }
    }
}

/// `done`, which an interruption makes a failure.
fn finished(done: impl Future<Output = Result<(), Trouble>>) -> impl Future<Output = Result<(), Trouble>> {
    or_stopped(done, Err(Trouble::new("interrupted before it was done")))
}

/// `done`, or `stopped` if the process is told to end. Whatever was started ends when `done` is dropped.
fn or_stopped(
    done: impl Future<Output = Result<(), Trouble>>,
    stopped: Result<(), Trouble>,
) -> impl Future<Output = Result<(), Trouble>> {
    let done = Box::pin(done);
    async {
        tokio::select! {
            done = done => done,
            asked = signals::asked() => asked.and(stopped),
        }
    }
}
