//! Connections that do not come about (F01, F02, F03), and those that ended while nobody looked (F19), by every address that
//! a function is told.

use acceptance::{Chatting, Ledger, Line, World, body_of};
use devstack::double::Double;
use serde_json::Value;

use super::certificate::Authority;
use super::front::{Front, Manner};
use super::misshapen;

/// One service, the function that is told its address, and by what setting.
struct Upstream {
    name: &'static str,
    function: &'static str,
    setting: &'static str,
    path: &'static str,
    double: fn(&World) -> &Double,
    /// Whether it is asked only by keycards.
    by_keycards: bool,
    /// Whether its address is the issuer of every session, so that people come by it.
    is_issuer: bool,
}

const UPSTREAMS: [Upstream; 10] = [
    at("dynamodb", "okta-groups", "AWS_ENDPOINT_URL_DYNAMODB", |world| &world.laptop.stack.dynamodb.double),
    at("lambda", "okta-groups", "AWS_ENDPOINT_URL_LAMBDA", |world| &world.laptop.stack.lambda.double),
    at("okta", "okta-groups", "OKTA_DOMAIN", |world| &world.laptop.stack.okta.double),
    at("openfga", "fga-authorizer", "FGA_API_URL", |world| &world.laptop.stack.openfga.double),
    Upstream {
        path: "/oauth/token",
        ..at("openfga's issuer", "fga-authorizer", "FGA_TOKEN_URL", |world| &world.laptop.stack.openfga.double)
    },
    at("sqs", "ciba-initiator", "AWS_ENDPOINT_URL_SQS", |world| &world.laptop.stack.sqs.double),
    Upstream {
        by_keycards: true,
        ..at("sts", "okta-groups", "AWS_ENDPOINT_URL_STS", |world| &world.laptop.stack.security.sts.double)
    },
    Upstream {
        by_keycards: true,
        ..at("kms", "okta-groups", "AWS_ENDPOINT_URL_KMS", |world| &world.laptop.stack.security.kms.double)
    },
    Upstream {
        path: "/",
        is_issuer: true,
        ..at("auth0", "okta-groups", "AUTH0_ISSUER", |world| &world.laptop.stack.auth0.double)
    },
    Upstream {
        path: "/",
        is_issuer: true,
        ..at("auth0's push", "ciba-initiator", "AUTH0_ISSUER", |world| &world.laptop.stack.auth0.double)
    },
];

const fn at(
    name: &'static str,
    function: &'static str,
    setting: &'static str,
    double: fn(&World) -> &Double,
) -> Upstream {
    Upstream { name, function, setting, path: "", double, by_keycards: false, is_issuer: false }
}

/// A person, a tool and its arguments.
type Change = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Who may ask for what.
const CHANGES: [Change; 3] = [
    ("carol", "unlock_user", &[("user", "bob@example.com")]),
    ("carol", "reset_password", &[]),
    ("dave", "add_to_group", &[("user", "bob@example.com"), ("group", "VPN users")]),
];

/// The fault, its id, and whether the call succeeds.
const MANNERS: [(Manner, &str, bool); 7] = [
    (Manner::Refused, "F01", false),
    (Manner::Full, "F02", false),
    (Manner::AnotherHost, "F03", false),
    (Manner::Expired, "F03", false),
    (Manner::Untrusted, "F03", false),
    (Manner::Plain, "F03", false),
    (Manner::Good, "F03", true),
];

impl Upstream {
    async fn world(&self) -> World {
        if self.by_keycards { World::start_as_deployed().await } else { World::start().await }
    }

    /// A new process of the function, which has this address.
    async fn tell(&self, world: &World, address: &str, authority: &Authority) {
        let file = world.laptop.folder().join("authority.pem");
        std::fs::create_dir_all(world.laptop.folder()).expect("the folder can be made");
        std::fs::write(&file, authority.pem()).expect("the file can be written");
        let address = format!("{address}{}", self.path);
        let mut more =
            vec![(self.setting, address.as_str()), ("EXTRA_CA_FILE", file.to_str().expect("a path is text"))];
        // The tools of a laptop say so themselves.
        if self.function == "fga-authorizer" {
            more.push(("PROFILE", "laptop"));
        }
        world.host(self.function, self.function, 1, &more).await;
        world.forget();
    }

    /// Whether the double takes what comes by another address: a tenant refuses a push for a person of another issuer.
    fn leads_on(&self) -> bool {
        !(self.is_issuer && self.function == "ciba-initiator")
    }

    /// Somebody who chats, and came by this address if it is the issuer's.
    async fn chatting(&self, world: &World, name: &str, address: &str) -> Chatting {
        if self.is_issuer { world.chatting_by(name, &format!("{address}/")).await } else { world.chatting(name).await }
    }

    /// One call that needs the service; the body of its answer. A person may ask for a tool three times a minute.
    async fn call(&self, world: &World, number: usize, address: &str) -> Value {
        let (name, tool, args) = CHANGES[number % CHANGES.len()];
        if self.function != "ciba-initiator" {
            let alice = self.chatting(world, "alice", address).await;
            return body_of(&world.invoke("okta-groups", &world.call(&alice).0).await);
        }
        let who = self.chatting(world, name, address).await;
        world.laptop.stack.auth0.set_enrolled(&who.person.sub(), true);
        let event = world.call(&who).of_change(tool);
        let event = args.iter().fold(event, |event, (name, value)| event.with(name, value));
        body_of(&world.invoke(self.function, &event.0).await)
    }

    /// What is wrong with an answer, where this code is right.
    fn wrong(&self, world: &World, body: &Value, good: bool) -> Vec<String> {
        let code = body["error"].as_str().unwrap_or("ok");
        let right = match (good, self.function) {
            (true, "ciba-initiator") => "approval_pending",
            (true, _) => "ok",
            (false, _) => "unavailable",
        };
        let counts = world.counts();
        let mut wrong = Vec::new();
        if code != right {
            wrong.push(format!("`{code}` instead of `{right}`: {body}"));
        }
        if self.function != "ciba-initiator" {
            wrong.extend(misshapen(body).filter(|_| self.name != "okta" || !good));
        }
        if !good && (counts.ciba_starts > 0 || !world.laptop.stack.okta.acts().is_empty()) {
            wrong.push("something was begun".to_owned());
        }
        if !good && self.name != "okta" && counts.okta > 0 {
            wrong.push("Okta was asked all the same".to_owned());
        }
        wrong
    }
}

#[tokio::test]
#[ignore = "a process for each of 88 cells: make rounds"]
async fn a_connection_that_does_not_come_about_ends_in_unavailable_and_one_that_ended_is_made_anew() {
    let (mut ledger, mut problems) = (Ledger::default(), Vec::new());
    let authority = Authority::new("authority of a test");
    for upstream in &UPSTREAMS {
        let world = upstream.world().await;
        let double = (upstream.double)(&world).url();
        for (number, (manner, id, good)) in MANNERS.into_iter().enumerate() {
            if good && !upstream.leads_on() {
                continue;
            }
            let front = Front::open(manner, &authority, &double).await;
            let tls = !matches!(manner, Manner::Refused | Manner::Full);
            let address = if tls { front.https() } else { front.http() };
            upstream.tell(&world, &address, &authority).await;
            let before = front.connections();
            let body = upstream.call(&world, number, &address).await;
            let requests = front.connections() - before;
            let mut wrong = upstream.wrong(&world, &body, good);
            if !good && requests > 4 {
                wrong.push(format!("{requests} connections for one call"));
            }
            note(&mut ledger, upstream, id, format!("{manner:?}"), &body, requests, &world);
            problems.extend(wrong.into_iter().map(|what| format!("{} / {manner:?}: {what}", upstream.name)));
        }
        if !upstream.leads_on() {
            continue;
        }
        // Frozen between two calls, while every connection ended.
        let front = Front::open(Manner::Plain, &authority, &double).await;
        upstream.tell(&world, &front.http(), &authority).await;
        for times in ["a first call", "after a freeze", "after another"] {
            let before = front.connections();
            let body = upstream.call(&world, MANNERS.len(), &front.http()).await;
            let wrong = upstream.wrong(&world, &body, true);
            note(&mut ledger, upstream, "F19", times.to_owned(), &body, front.connections() - before, &world);
            problems.extend(wrong.into_iter().map(|what| format!("{} / {times}: {what}", upstream.name)));
            front.cut();
            if upstream.function == "ciba-initiator" {
                break;
            }
        }
    }
    ledger.write("connections");
    assert_eq!(problems, Vec::<String>::new());
}

fn note(
    ledger: &mut Ledger,
    at: &Upstream,
    id: &'static str,
    fault: String,
    body: &Value,
    requests: u64,
    world: &World,
) {
    let code = body["error"].as_str().unwrap_or("ok").to_owned();
    let (upstream, place, acts) = (at.name, at.setting.to_owned(), world.laptop.stack.okta.acts().len());
    ledger.note(Line { id, upstream, place, when: "before", fault, code, requests, acts });
}

#[tokio::test]
#[ignore = "with the other connections: make rounds"]
async fn nobody_listening_at_the_tenant_ends_in_unavailable() {
    let world = World::start_cold(&[]).await;
    let alice = world.chatting("alice").await;
    world.laptop.stack.auth0.double.close();
    let answer = world.invoke("okta-groups", &world.call(&alice).0).await;
    let body = body_of(&answer);
    assert_eq!(body["error"], "unavailable", "{body}");
    assert_eq!(world.counts().okta, 0);
    let mut ledger = Ledger::default();
    let (place, fault, code) = ("exchange".to_owned(), "Refused".to_owned(), "unavailable".to_owned());
    ledger.note(Line { id: "F01", upstream: "auth0", place, when: "before", fault, code, requests: 0, acts: 0 });
    ledger.write("connections-tenant");
}
