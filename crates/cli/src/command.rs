//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::event::Who;
use crate::trouble::Trouble;
use crate::{
    demo, doctor, errors, event, fga, gateway_token, invoke, new_tool, say, schemas, signals, stop, ticket, tour,
    vectors, watch, why,
};

/// Runs Mandate whole on this machine: doubles of Auth0, Okta, OpenFGA, Bedrock and AWS, and the real function binaries.
///
/// Ends with 0 when all went well, 1 when something did not (for doctor: something is wrong), 2 when the command line is wrong,
/// 3 when a stop was stored for a name that nothing here knows, or when doctor found nothing wrong and could not ask everything.
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
        /// Put an AgentCore Gateway before the tools as well; needs the binary of gateway-interceptor.
        #[arg(long)]
        gateway: bool,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Print the headers by which any MCP client calls tools through the gateway of the running system: a token, and a session.
    ///
    /// The system must have been started with: mandate demo --gateway. The person signs in anew for each.
    GatewayToken {
        /// The sample user: alice, bob, carol or dave.
        #[arg(long, default_value = "alice")]
        user: String,
        /// The scopes to ask for, separated by spaces; of them, a person gives those that they may.
        #[arg(long, default_value = "api/read api/write api/admin")]
        scopes: String,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Start the system on free ports and walk the guide's test plan as a client would.
    Tour {
        /// The first of ten consecutive ports, instead of free ones.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
        port_base: Option<u16>,
        /// Leave out the chapter about the gateway, which needs the binary of gateway-interceptor.
        #[arg(long)]
        without_gateway: bool,
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
    /// Look at a configuration from end to end, and say for each line what is wrong and how to mend it.
    ///
    /// Changes nothing. Looks at the running system, unless --deployed or --env says otherwise. Ends with 0 when nothing is wrong, 1
    /// when something is, 3 when nothing is but something could not be asked.
    Doctor {
        /// The settings of the environment, in place of those of the running system.
        #[arg(long, conflicts_with = "port_base")]
        deployed: bool,
        /// The same, with the NAME=value lines of this file in place of those of the same name.
        #[arg(long, value_name = "FILE", conflicts_with = "port_base")]
        env: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Write the model at OpenFGA, and say who may use which tool.
    ///
    /// By the client of FGA_ADMIN_CLIENT_ID and FGA_ADMIN_CLIENT_SECRET, which no function has. Ends with 0 when it was done or was so
    /// already, 1 when OpenFGA refused or did not answer, 2 when the command line is wrong.
    Fga {
        #[command(subcommand)]
        what: fga::Fga,
        /// At the OpenFGA that the environment's settings name, instead of that of the running system.
        #[arg(long, global = true, conflicts_with = "port_base")]
        deployed: bool,
        /// Print one JSON object.
        #[arg(long, global = true)]
        json: bool,
        /// The first of the consecutive ports of the doubles.
        #[arg(long, global = true, default_value_t = 4700, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
        port_base: u16,
    },
    /// Print a ticket for a sample user of the running system, or a fresh key pair for tickets.
    #[command(args_conflicts_with_subcommands = true)]
    Ticket {
        #[command(subcommand)]
        rotate: Option<Rotate>,
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
    /// Write what Bedrock, a gateway and Cedar are told about the tools, from the tools' declarations.
    Schemas {
        /// Write nothing; say which files are not as they would be written, and end with 1 if any is.
        #[arg(long)]
        check: bool,
        /// Where the files are.
        #[arg(long, default_value = "infra/generated")]
        folder: PathBuf,
    },
    /// Print docs/guides/errors.md: every code, its causes in the log, and what to do.
    Errors,
    /// Answer test vectors: one JSON object a line on the standard input, one answer a line on the standard output.
    ///
    /// Every operation is done by the function that the product itself uses.
    #[command(after_long_help = vectors::help())]
    Vectors,
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
    /// Stop a person or an agent: nothing is done for them any more, sessions and open approvals end.
    ///
    /// Writes a tuple at OpenFGA that says no, deletes session rows, ends open approvals, and revokes refresh tokens. Whoever
    /// signs in again is denied by every tool but two: check_approval and list_approvals ask nobody, and still tell a
    /// person what became of their own requests. With --agent, rows that name no agent are left: their next call of that agent
    /// is denied.
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
        /// Take the name as it is, also where it looks like an address and people are known by subject.
        #[arg(long, requires = "deployed")]
        force: bool,
        /// Stop in the deployment that the settings in the environment name, instead of the system on this machine.
        #[arg(long, conflicts_with = "port_base")]
        deployed: bool,
        #[command(flatten)]
        ports: PortBase,
    },
    /// Begin a tool of one's own.
    Tool {
        #[command(subcommand)]
        what: ToolCommand,
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

#[derive(Subcommand)]
enum ToolCommand {
    /// Write a crate with one tool, its events and tests, which compiles and passes, and say what is left to do by hand.
    ///
    /// Ends with 0, with 1 when the workspace has not the form that is known, with 2 when the name is none or taken.
    New {
        /// Two or more words of small letters and digits, as in list-events: crate, function and action group.
        name: String,
        /// The connection at Auth0 whose tokens the tool takes to the provider; by default, that of the other tools.
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
        /// The workspace.
        #[arg(long, default_value = ".")]
        workspace: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum Rotate {
    /// Print a new key beside those of TICKET_KEYS, and the steps by which it takes their place.
    ///
    /// Ends with 0, or with 2 when TICKET_KEYS is missing, wrong, or has no such minter.
    Rotate {
        /// Whose key: the name of the minter in TICKET_KEYS.
        #[arg(long, value_name = "NAME", default_value = "web")]
        minter: String,
        /// A file of NAME=value lines that has TICKET_KEYS, in place of the environment.
        #[arg(long, value_name = "FILE")]
        env: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Which running system is meant, or where to start one.
#[derive(Args)]
pub(crate) struct PortBase {
    /// The first of the consecutive ports of the doubles: nine, and one more each for a gateway and the web application.
    #[arg(long, default_value_t = 4700, value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub(crate) port_base: u16,
}

/// Does what the command line says, until it is done or the process is told to end. Gives the exit code.
pub async fn run(line: Line) -> u8 {
    let ended = match line.command {
        // A demo that is interrupted has done all that it should.
        Command::Demo { chat, user, gateway, ports } => {
            or_stopped(demo::run(chat, &user, ports.port_base, gateway), Ok(())).await
        }
        Command::GatewayToken { user, scopes, ports } => {
            finished(gateway_token::run(&user, &scopes, ports.port_base)).await
        }
        Command::Tour { port_base, without_gateway } => finished(tour::run(port_base, !without_gateway)).await,
        Command::Event { file, world, user, ports } => {
            finished(event::run(&file, Who { user: user.as_deref(), world: world.as_deref() }, ports.port_base)).await
        }
        Command::Doctor { deployed, env, json, ports } => {
            let whose = match (deployed, env.as_deref()) {
                (false, None) => doctor::Whose::Running(ports.port_base),
                (_, file) => doctor::Whose::Environment(file),
            };
            finished(doctor::run(whose, json)).await
        }
        Command::Fga { what, deployed, json, port_base } => {
            finished(fga::run(what, json, (!deployed).then_some(port_base))).await
        }
        Command::Ticket { rotate: Some(Rotate::Rotate { minter, env, json }), .. } => {
            ticket::rotate(&minter, env.as_deref(), json).await
        }
        Command::Ticket { new_key: Some(minter), .. } => ticket::new_key(&minter),
        Command::Ticket { user, ports, .. } => finished(ticket::run(&user, ports.port_base)).await,
        Command::Invoke { function, event, user, ports } => {
            finished(invoke::run(&function, &event, user.as_deref(), ports.port_base)).await
        }
        Command::Schemas { check, folder } => schemas::run(&folder, check),
        Command::Errors => {
            say::part(errors::guide());
            Ok(())
        }
        Command::Vectors => vectors::run(),
        Command::Why { reference, log, json, ports } => {
            finished(why::run(&reference, log.as_deref(), json, ports.port_base)).await
        }
        Command::Stop { user, agent, lift, force, deployed, ports } => {
            let whom = stop::Whom { user: user.as_deref(), agent: agent.as_deref(), force };
            finished(stop::run(whom, lift, (!deployed).then_some(ports.port_base))).await
        }
        Command::Tool { what: ToolCommand::New { name, connection, workspace, json } } => {
            finished(new_tool::run(&workspace, &name, connection.as_deref(), json)).await
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::Line::command().debug_assert();
    }
}
