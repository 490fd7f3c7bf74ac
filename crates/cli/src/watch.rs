//! `mandate watch`: the doubles, and the functions under `cargo lambda watch`, which builds them anew when they change.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use devstack::stack::Ports;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout};
use upstream_http::transport::TransportError;
use url::Url;

use crate::laptop::{FUNCTIONS, Laptop};
use crate::start::{Started, plan};
use crate::trouble::Trouble;
use crate::{say, signals};

/// How long cargo-lambda may take to end what it started.
const ENDING: Duration = Duration::from_secs(5);
/// How long it may take to build and start a function.
const BUILDING: Duration = Duration::from_secs(900);

/// Runs until it is told to end, or cargo-lambda ends.
pub(crate) async fn run(port_base: u16, emulator_port: u16) -> Result<(), Trouble> {
    installed().await?;
    free(emulator_port).await?;
    let functions_at = format!("http://127.0.0.1:{emulator_port}");
    let clock = function::clock::system();
    let laptop = Laptop::start_without_functions(plan(Ports::From(port_base))?, Some(functions_at), clock).await?;
    let mut started = Started::new(laptop)?;
    let mut emulator = spawn(environment(&started.laptop), emulator_port)?;
    let serve = async {
        say::line("building and starting the functions…");
        bring_up(&started.laptop).await?;
        started.laptop.attach_worker()?;
        advise(&started.laptop, port_base, emulator_port);
        std::future::pending::<Result<(), Trouble>>().await
    };
    tokio::select! {
        failed = Box::pin(serve) => {
            end(&mut emulator).await;
            failed
        }
        ended = emulator.wait() => {
            let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
            Err(Trouble::new(format!("cargo lambda watch ended by itself: {how}")))
        }
        stopped = signals::asked() => {
            end(&mut emulator).await;
            stopped
        }
    }
}

/// Sends each function an event that it refuses, the authorizer first: it must be up when the others start, because a
/// call that its caller gives up while it is being built ends its process for good.
async fn bring_up(laptop: &Laptop) -> Result<(), Trouble> {
    for function in FUNCTIONS {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", laptop.functions_at());
        let url = Url::parse(&url).map_err(|error| Trouble::because("the emulator's address", error))?;
        let until = Instant::now() + BUILDING;
        loop {
            let call = laptop.transport.post(url.clone()).json(&json!({})).at_most(BUILDING);
            match call.send(until).await {
                Ok(_) => break,
                // The emulator does not listen yet.
                Err(TransportError::Unreachable) => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(error) => return Err(Trouble::because(&format!("{function} did not start"), error)),
            }
        }
    }
    Ok(())
}

/// What all functions need together: the emulator gives each of them the same settings. Where two have one of the same
/// name, they have it with the same value.
fn environment(laptop: &Laptop) -> BTreeMap<String, String> {
    let mut environment: BTreeMap<String, String> =
        FUNCTIONS.iter().flat_map(|function| laptop.environment(function)).collect();
    for (name, value) in [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_SESSION_TOKEN", "local"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}

async fn installed() -> Result<(), Trouble> {
    let mut ask = Command::new("cargo");
    ask.args(["lambda", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if ask.status().await.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(Trouble::new("cargo-lambda is not installed; `make watch` installs it into .tools/ and then starts this"))
}

async fn free(port: u16) -> Result<(), Trouble> {
    let bound = TcpListener::bind(("127.0.0.1", port)).await;
    bound.map(|_| ()).map_err(|_| {
        Trouble::new(format!(
            "port {port} for the emulator of cargo lambda is taken by another program; stop it, or choose another with \
             --emulator-port"
        ))
    })
}

/// The settings go by the environment: arguments could be read by every user of the machine.
fn spawn(environment: BTreeMap<String, String>, port: u16) -> Result<Child, Trouble> {
    Command::new("cargo")
        .args(["lambda", "watch", "-A", "127.0.0.1", "-P", &port.to_string()])
        .envs(environment)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .process_group(0)
        .spawn()
        .map_err(|error| Trouble::because("cargo lambda watch did not start", error))
}

/// Lets cargo-lambda end its own processes. After some seconds the whole group is killed.
async fn end(emulator: &mut Child) {
    let Some(group) = emulator.id() else { return };
    signal("-INT", &group.to_string()).await;
    if timeout(ENDING, emulator.wait()).await.is_err() {
        signal("-KILL", &format!("-{group}")).await;
        let _ended = emulator.wait().await;
    }
}

async fn signal(which: &str, whom: &str) {
    // A process that is gone already is what this is for.
    let _gone = Command::new("kill").args([which, "--", whom]).stderr(Stdio::null()).status().await;
}

fn advise(laptop: &Laptop, port_base: u16, emulator_port: u16) {
    let invoke = format!("cargo lambda invoke okta-groups --invoke-address 127.0.0.1 --invoke-port {emulator_port}");
    say::line(format!("the doubles are up; the agent calls the functions at {}", laptop.functions_at()));
    say::line("all functions are up; a function is built and started again when its code changes:");
    say::line(format!("  {invoke} --data-file <(target/debug/mandate event FILE --port-base {port_base})"));
    say::line(format!("  make invoke FN=okta-groups EVENT=FILE PORT_BASE={port_base}"));
    say::line("Ctrl-C ends it");
}
