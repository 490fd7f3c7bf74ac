//! For `make load`: two hundred people at the web application's own program, with the doubles behind it. They sign in, chat, look
//! at pages, sign out, and some come with cookies that are not good. Prints what was answered, how long it took and how much
//! memory the program had; ends in 1 if an error was ours.
//!
//! `load SECONDS [PEOPLE]`. Everybody has an address of their own in 127.0.0.0/8, since limits are kept by address.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test aid prints, and fails by panics"
)]

#[path = "load/figures.rs"]
mod figures;
#[path = "load/person.rs"]
mod person;
#[path = "load/wire.rs"]
mod wire;

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use acceptance::World;
use devstack::okta;
use devstack::sample::{CONNECTION, ORGANIZATION};
use devstack::stack::STORE;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use self::figures::{Figures, memory};
use self::person::Person;

/// How often memory is looked at, all in all.
const LOOKS: u32 = 20;

fn number(position: usize, default: u64) -> u64 {
    std::env::args().nth(position).map_or(default, |text| text.parse().unwrap())
}

/// Somebody whom every double knows, whose account is connected, and who may list their groups.
async fn introduce(world: &World, number: u64) -> String {
    let (id, login) = (format!("00u1load{number}"), format!("load{number}@example.com"));
    let sub = format!("oidc|{CONNECTION}|{id}");
    let stack = &world.laptop.stack;
    let user = okta::User {
        id: id.clone(),
        login: login.clone(),
        first_name: String::new(),
        last_name: String::new(),
        status: okta::Status::default(),
        roles: Vec::new(),
    };
    stack.okta.put_user(user);
    stack.okta.set_group_names(&id, &["Everyone", "Engineering"]);
    stack.auth0.put_user(devstack::auth0::User {
        sub: sub.clone(),
        email: login,
        email_verified: true,
        name: format!("load{number}"),
        password: None,
        orgs: vec![ORGANIZATION.to_owned()],
        connection: CONNECTION.to_owned(),
        permissions: Vec::new(),
    });
    stack.auth0.set_enrolled(&sub, true);
    stack.auth0.connect(&sub, CONNECTION).await.unwrap();
    let subject = auth::subject::Subject::new(stack.auth0.issuer(), &sub).unwrap();
    stack.openfga.allow(STORE.0, &cli::person::own_groups(&subject));
    sub
}

#[tokio::main]
async fn main() -> ExitCode {
    let (seconds, people) = (number(1, 600), number(2, 200));
    let world = World::start().await;
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let url = format!("http://{free}");
    world.laptop.allow_web(&url);
    let own = std::env::current_exe().unwrap();
    let log = own.ancestors().nth(3).unwrap().join("load.log");
    let mut program = Command::new(own.ancestors().nth(2).unwrap().join("web"))
        .env_clear()
        .envs(world.laptop.web_environment(&url))
        .envs(world.laptop.web_credentials())
        .env("LISTEN", free.to_string())
        .stdout(File::create(&log).unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let process = program.id().unwrap();
    while tokio::net::TcpStream::connect(free).await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    let figures = Arc::new(Figures::default());
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut crowd = JoinSet::new();
    for index in 0..people {
        let sub = introduce(&world, index).await;
        let person = Person::new(index, sub, free, Arc::clone(&figures));
        crowd.spawn(person.live(end));
    }
    println!("{people} people for {seconds} s at {url}, process {process}; its log is {}", log.display());
    let looks = tokio::spawn(async move {
        let mut seen = Vec::new();
        let pause = Duration::from_secs(seconds) / LOOKS;
        for _ in 0..LOOKS {
            sleep(pause).await;
            seen.push(memory(process));
        }
        seen
    });
    sleep_until(end).await;
    while crowd.join_next().await.is_some() {}
    let seen = looks.await.unwrap();
    assert!(program.try_wait().unwrap().is_none(), "the web application has ended");
    let bad = figures.print(&seen, seconds);
    if bad > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
