//! No secret of a whole run is in anything that comes out of it, in whatever usual dress.

mod approvals;
mod dresses;
mod outputs;

use acceptance::{Chatting, World};
use cli::chat::Chat;
use cli::laptop::FUNCTIONS;
use cli::sign_in::Signed;
use devstack::fault::{Effect, Fault};
use devstack::sample::{CONNECTION, Person};
use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

use self::dresses::dresses;
use self::outputs::Outputs;

/// Stands for what an upstream might say in an error: also a secret here.
const MARKER: &str = "canary-of-an-upstream-body-0123456789";

/// A secret, with a name for the failure's text: the secret itself is not printed.
type Named = (String, String);

#[tokio::test]
async fn no_secret_of_a_whole_run_is_in_any_output() {
    let mut world = World::start().await;
    let mut outputs = Outputs::default();
    let mut secrets: Vec<Named> = Vec::new();
    let people = whole_run(&world, &mut outputs, &mut secrets).await;
    Box::pin(approvals::run(&mut world, &people, &mut outputs)).await;
    collect(&world, &mut outputs).await;
    secrets.extend(held(&world));
    secrets.sort();
    secrets.dedup();
    assert!(secrets.iter().all(|(_, secret)| secret.len() >= 16), "short texts are found by chance");
    for kind in ["auth0", "okta", "openfga", "ticket", "session", "client", "seal", "marker", "request"] {
        assert!(secrets.iter().any(|(name, _)| name.starts_with(kind)), "no secret of `{kind}` was made");
    }
    let mut searched = 0;
    for (name, secret) in &secrets {
        for (dress, text) in dresses(secret) {
            searched += 1;
            let place = outputs.find(&text);
            assert!(place.is_none(), "{name}, {dress}, is in {}", place.unwrap_or_default());
        }
    }
    println!(
        "canary: {} secrets in {searched} dresses, {} bytes in {} outputs",
        secrets.len(),
        outputs.bytes(),
        outputs.len()
    );
}

/// The search itself: each dress of a text is found where it stands.
#[test]
fn a_secret_in_any_dress_is_found() {
    let secret = "v1.qV-r_9+/=~|:secret";
    for (dress, text) in dresses(secret) {
        let mut outputs = Outputs::default();
        outputs.add("here", format!("before{text}after"));
        assert_eq!(outputs.find(&text).as_deref(), Some("here"), "{dress}");
        assert_eq!(outputs.find(&format!("{text}x")), None, "{dress}");
    }
}

/// What people do who sign in and chat; they are given, with their sessions.
async fn whole_run(world: &World, outputs: &mut Outputs, secrets: &mut Vec<Named>) -> Vec<Chatting> {
    let mut people = Vec::new();
    let chat = Chat::new(world.laptop.stack.bedrock.double.url(), world.laptop.agent());
    for name in ["alice", "bob", "carol"] {
        let person = Person::named(name).unwrap();
        let (signed_in, _) = world.laptop.sign_in(&person).await.unwrap();
        world.laptop.connect(&signed_in).await.unwrap();
        let signed = world.laptop.begin_session(signed_in).await.unwrap();
        let ticket = world.laptop.ticket(&signed);
        for text in ["Which groups am I in?", "Which groups is bob@example.com in?", "Reset my password", "Hello"] {
            let answer = chat.say(text, &signed.session, &ticket).await.unwrap();
            outputs.add(&format!("the agent's answer to {name}"), answer);
        }
        let attributes = world.laptop.stack.bedrock.session_attributes(signed.session.expose()).unwrap();
        let names: Vec<&str> = attributes.keys().map(String::as_str).collect();
        assert_eq!(names, ["mandate_ticket", "session_id"], "what the application put there, and nothing of a tool's");
        outputs.trace(&world.laptop, &signed, &ticket).await;
        secrets.push((format!("ticket of {name}"), ticket.expose().to_owned()));
        secrets.push((format!("session id of {name}"), signed.session.expose().to_owned()));
        let chatting = Chatting { person, signed };
        faults(world, &chatting, outputs, secrets).await;
        people.push(chatting);
    }
    secrets.push(("marker of upstream bodies".to_owned(), MARKER.to_owned()));
    people
}

/// A body that has `secret` wherever an upstream has a text or a token.
fn bearing(secret: &str) -> Value {
    json!({"error": secret, "error_description": secret, "message": secret, "code": secret, "__type": secret,
           "errorSummary": secret, "access_token": secret, "id_token": secret, "auth_req_id": secret, "MessageId": secret})
}

/// Calls that meet an upstream which puts a secret into its answer, an event that is none, and hostile arguments.
async fn faults(world: &World, chatting: &Chatting, outputs: &mut Outputs, secrets: &mut Vec<Named>) {
    let stack = &world.laptop.stack;
    let event = world.call(chatting);
    let ticket = event.0["sessionAttributes"]["mandate_ticket"].as_str().unwrap().to_owned();
    for status in [200, 400, 401, 403, 404, 429, 500] {
        for (on, place) in [
            ("POST /oauth/token", &stack.auth0.double),
            ("GET /api/", &stack.okta.double),
            ("POST /stores/", &stack.openfga.double),
            ("POST /2015-03-31/functions/fga-authorizer", &stack.lambda.double),
            ("POST /", &stack.dynamodb.double),
        ] {
            stack.auth0.forget_provider_token(&chatting.person.sub(), CONNECTION);
            let body = bearing(MARKER);
            let headers = [("www-authenticate".to_owned(), format!("Bearer error=\"{MARKER}\""))].into();
            let effect = Effect::Answer { status, headers, body: body.to_string() };
            place.fault(Fault { on: on.to_owned(), times: None, skip: 0, effect });
            outputs.answer(&world.invoke("okta-groups", &event.0).await);
            world.mend();
        }
    }
    for bent in [
        event.clone().with("user", &ticket),
        event.clone().with(&ticket, "x"),
        event.clone().bent("/function", json!(ticket)),
        event.clone().bent("/sessionAttributes/mandate_ticket", json!(format!("{ticket}x"))),
        event.clone().bent("/messageVersion", json!(ticket)),
        event.clone().bent("/agent/id", json!(ticket)),
        event.clone().bent("/agent/alias", json!(ticket)),
        event.clone().bent("/sessionAttributes/traceparent", json!(ticket)),
        event.by_openapi(),
    ] {
        // What an answer must repeat of its event is the caller's own text.
        let mut answer = world.invoke("okta-groups", &bent.0).await;
        answer["response"]["function"] = Value::Null;
        outputs.answer(&answer);
    }
    secrets.push((format!("ticket of {} once more", chatting.person.name), ticket));
}

/// Logs, and rows as they are stored.
async fn collect(world: &World, outputs: &mut Outputs) {
    for function in FUNCTIONS {
        let lines = world.laptop.stack.lambda.logs(function);
        let records = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let (mut outcomes, mut audits) = (0, 0);
        for record in records {
            outcomes += usize::from(record["event"] == "outcome");
            audits += usize::from(record["event"] == "audit");
        }
        assert_eq!(audits > 0, function != "fga-authorizer", "{function}");
        assert!(outcomes > 0, "the log of {function} has no outcome among {} lines", lines.len());
        for line in lines {
            outputs.add("a function's log", line);
        }
    }
    for item in world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap() {
        outputs.row(&item);
    }
}

/// What the doubles handed out, and what the functions are set up with.
fn held(world: &World) -> Vec<Named> {
    let stack = &world.laptop.stack;
    let named = |name: &str, secrets: Vec<String>| -> Vec<Named> {
        secrets.into_iter().map(|secret| (format!("{name}'s code or token"), secret)).collect()
    };
    let mut all = named("auth0", stack.auth0.secrets());
    all.extend(named("okta", stack.okta.secrets()));
    all.extend(stack.auth0.auth_req_ids().into_iter().map(|id| ("request's id at auth0".to_owned(), id)));
    all.extend(named("openfga", stack.openfga.secrets()));
    all.push(("client secret at auth0".to_owned(), stack.web.secret.clone()));
    all.push(("client secret at openfga".to_owned(), stack.checker.secret.clone()));
    let settings = world.laptop.environment("okta-groups");
    let key = std::fs::read_to_string(&settings["SEAL_KEY_FILE"]).unwrap();
    all.push(("seal key".to_owned(), key.trim().to_owned()));
    all
}

/// A session whose id is known outside, for the traces of one more turn.
fn turn(signed: &Signed, ticket: &str) -> Value {
    json!({
        "inputText": "Which groups am I in?",
        "enableTrace": true,
        "sessionState": {"sessionAttributes": {"session_id": signed.session.expose(), "mandate_ticket": ticket}},
    })
}
