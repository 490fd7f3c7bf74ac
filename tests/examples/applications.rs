//! For `make conformance`: applications that are not written in Rust begin a session and mint tickets, and the real functions,
//! as in a deployment, take them or refuse them. Takes the command lines of an application that begins a session and prints
//! its id and a ticket, and of one that mints a ticket for the session id in its last argument, each as one argument. Both get
//! the settings of the web application in the environment, and the claims and a refresh token as JSON on standard input.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test aid prints, and fails by panics"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use acceptance::{Event, World, body_of};
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use serde_json::{Value, json};

struct Applications {
    world: World,
    input: String,
}

impl Applications {
    /// The lines that a program of this command line prints.
    fn run(&self, line: &str, more: &[&str]) -> Vec<String> {
        let mut words = line.split(' ');
        let laptop = &self.world.laptop;
        let child = Command::new(words.next().unwrap())
            .args(words)
            .args(more)
            .envs(laptop.web_environment("http://127.0.0.1:1/"))
            .envs(laptop.web_credentials())
            .env("TICKET_KEY_ID", "web-1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|error| panic!("`{line}`: {error}"));
        child.stdin.take().unwrap().write_all(self.input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "`{line}` fails");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    async fn call(&self, session: &str, ticket: &str) -> Value {
        let event = Event::of(&self.world.laptop.agent(), session, ticket);
        body_of(&self.world.invoke("okta-groups", &event.0).await)
    }
}

fn said(what: &str, good: bool, answer: &Value) {
    println!("{} {what}", if good { "ok  " } else { "FAIL" });
    assert!(good, "{what}: {answer}");
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [begins, mints] = &arguments[..] else { panic!("takes two command lines, not {arguments:?}") };
    let world = World::start_as_deployed().await;
    let stack = &world.laptop.stack;
    let alice = Person::named("alice").unwrap();
    let issued =
        stack.auth0.issue(&stack.web.id, &alice.sub(), "openid profile email offline_access", Some(ORGANIZATION));
    stack.auth0.connect(&alice.sub(), CONNECTION).await.unwrap();
    let claims = json!({
        "iss": stack.auth0.issuer(), "sub": alice.sub(), "org_id": ORGANIZATION, "email": alice.email(), "email_verified": true,
    });
    let input = json!({"claims": claims, "refresh_token": issued.unwrap().refresh_token}).to_string();
    let applications = Applications { world, input };

    let lines = applications.run(begins, &[]);
    let [session, ticket] = &lines[..] else { panic!("`{begins}` prints {} lines", lines.len()) };
    let answer = applications.call(session, ticket).await;
    said("the tool answers by the row and the ticket of the first application", answer["count"] == 3, &answer);
    let okta = applications.world.counts().okta;

    let lines = applications.run(mints, &[session]);
    let answer = applications.call(session, &lines[0]).await;
    said("and by the ticket of the second", answer["count"] == 3, &answer);
    said("each time Okta was asked", applications.world.counts().okta == okta * 2 && okta > 0, &json!(okta));

    let lines = applications.run(mints, &["another-session-0123456789"]);
    let answer = applications.call(session, &lines[0]).await;
    said("a ticket for another session is refused", answer["error"] == "auth_required", &answer);
    said("and Okta is not asked", applications.world.counts().okta == okta * 2, &json!(okta));
}
