//! The double of Okta before Okta's own description of its API.
//!
//! The description has no response but the good ones, no headers and no OAuth endpoints. So for refusals it says the operation and its
//! parameters only, and `Link`, rate limits, error bodies and userinfo rest on Okta's documentation.

use std::collections::{BTreeMap, BTreeSet};

use devstack::okta::{Bucket, Status};
use devstack::sample::{Person, group_id};
use devstack::stack::{Ports, Stack};
use http::Method;
use serde_json::{Value, json};
use url::Url;

use crate::engine::Engine;
use crate::site::until;
use auth::secret::Secret;
use upstream_http::transport::Transport;

const SCOPES: &str = "okta.users.read okta.users.read.self okta.users.manage okta.groups.read okta.groups.manage";
const USER: &str = "/api/v1/users/{userId}";
const GROUPS_OF: &str = "/api/v1/users/{userId}/groups";
const RESET: &str = "/api/v1/users/{userId}/lifecycle/reset_password";
const UNLOCK: &str = "/api/v1/users/{userId}/lifecycle/unlock";
const GROUPS: &str = "/api/v1/groups";
const MEMBER: &str = "/api/v1/groups/{groupId}/users/{userId}";

struct Org {
    stack: Stack,
    transport: Transport,
    engine: Engine,
    seen: Vec<Seen>,
}

/// What one answer deviates in.
struct Seen {
    operation: String,
    status: u16,
    body: Value,
    deviations: Vec<String>,
}

impl Org {
    async fn start() -> Self {
        let model = serde_json::from_str(include_str!("../../infra/fga/model.json")).unwrap();
        let stack = Stack::start(Ports::Any, model).await.unwrap_or_else(|error| panic!("{error:?}"));
        let (engine, hello) = Engine::start("okta.mjs", &[]).await;
        assert_eq!(hello["version"], "2.15.0");
        Self { stack, engine, transport: Transport::new(None).unwrap(), seen: Vec::new() }
    }

    fn token(&self, person: &str, scopes: &str) -> Secret {
        let person = Person::named(person).unwrap();
        Secret::new(self.stack.okta.token(&person.email(), scopes, None).unwrap())
    }

    /// Sends a request as the client does and has the answer judged.
    async fn call(&mut self, method: Method, path: &str, at: &[(&str, &str)], query: &[(&str, &str)], token: &Secret) {
        let whole = at.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        let mut url = Url::parse(&self.stack.okta.double.url()).unwrap().join(&whole).unwrap();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let reply = self.transport.request(method.clone(), url).bearer(token).send(until()).await.unwrap();
        let body: Value = serde_json::from_slice(reply.body()).unwrap_or(Value::Null);
        let query: BTreeMap<_, _> = query.iter().copied().collect();
        let answer =
            json!({"method": method.as_str(), "path": path, "query": query, "status": reply.status(), "body": body});
        let deviations = serde_json::from_value(self.engine.tell(&answer).await).unwrap();
        self.seen.push(Seen { operation: format!("{method} {path}"), status: reply.status(), body, deviations });
    }

    fn last(&self) -> &Seen {
        self.seen.last().unwrap()
    }
}

#[tokio::test]
#[ignore = "make conformance installs what it needs"]
async fn the_double_of_okta_answers_as_okta_describes_it() {
    let mut org = Org::start().await;
    good_answers(&mut org).await;
    assert!(org.seen.iter().all(|seen| seen.status < 300));
    let good = org.seen.len();
    refusals(&mut org).await;
    for seen in &org.seen[good..] {
        assert!(seen.status >= 400, "{} {}", seen.operation, seen.status);
        errors_have_oktas_form(seen);
    }
    let found: BTreeSet<String> = org
        .seen
        .iter()
        .flat_map(|seen| seen.deviations.iter().map(|deviation| format!("{}: {deviation}", seen.operation)))
        .collect();
    let listed: Value = serde_json::from_str(include_str!("okta-deviations.json")).unwrap();
    let listed = listed.as_array().unwrap().iter();
    let listed: BTreeSet<String> = listed
        .flat_map(|entry| {
            assert!(entry["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{entry}");
            entry["deviations"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned())
        })
        .collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(unlisted.is_empty() && gone.is_empty(), "not listed: {unlisted:#?}\nlisted, and not there: {gone:#?}");
    println!("okta: {} answers judged, {good} of them good, {} deviations listed", org.seen.len(), listed.len());
}

async fn good_answers(org: &mut Org) {
    let admin = org.token("dave", SCOPES);
    let (bob, travel) = (Person::named("bob").unwrap().okta_id(), group_id("Travel").unwrap());
    let login = Person::named("bob").unwrap().email();
    for name in ["me", bob.as_str(), login.as_str()] {
        org.call(Method::GET, USER, &[("userId", name)], &[], &admin).await;
        org.call(Method::GET, GROUPS_OF, &[("userId", name)], &[], &admin).await;
    }
    org.call(Method::GET, GROUPS_OF, &[("userId", &bob)], &[("limit", "1")], &admin).await;
    org.call(Method::GET, GROUPS, &[], &[("q", "Travel"), ("limit", "200")], &admin).await;
    for method in [Method::DELETE, Method::PUT] {
        org.call(method, MEMBER, &[("groupId", &travel), ("userId", &bob)], &[], &admin).await;
        assert_eq!(org.last().status, 204);
    }
    org.call(Method::POST, RESET, &[("userId", &bob)], &[("sendEmail", "true")], &admin).await;
    org.call(Method::POST, RESET, &[("userId", &bob)], &[("sendEmail", "false")], &admin).await;
    for status in [
        Status::Staged,
        Status::Provisioned,
        Status::Active,
        Status::Recovery,
        Status::PasswordExpired,
        Status::Suspended,
        Status::Deprovisioned,
        Status::LockedOut,
    ] {
        assert!(org.stack.okta.set_status(&login, status));
        org.call(Method::GET, USER, &[("userId", &bob)], &[], &admin).await;
    }
    org.call(Method::POST, UNLOCK, &[("userId", &bob)], &[], &admin).await;
}

async fn refusals(org: &mut Org) {
    let admin = org.token("dave", SCOPES);
    let bob = Person::named("bob").unwrap();
    let (id, travel) = (bob.okta_id(), group_id("Travel").unwrap());
    let (stranger, alice, none) =
        (Secret::new("nobody".to_owned()), org.token("alice", SCOPES), org.token("dave", "openid"));
    let operations = [
        (Method::GET, USER, &[][..]),
        (Method::GET, GROUPS_OF, &[]),
        (Method::GET, GROUPS, &[("q", "Travel"), ("limit", "200")]),
        (Method::PUT, MEMBER, &[]),
        (Method::DELETE, MEMBER, &[]),
        (Method::POST, RESET, &[("sendEmail", "true")]),
        (Method::POST, UNLOCK, &[]),
    ];
    for (method, path, query) in operations {
        for token in [&stranger, &alice, &none] {
            org.call(method.clone(), path, &[("userId", &id), ("groupId", &travel)], query, token).await;
        }
        if path != GROUPS {
            let nobody = [("userId", "00unobody00000000000"), ("groupId", travel.as_str())];
            org.call(method, path, &nobody, query, &admin).await;
            assert_eq!(org.last().status, 404);
        }
    }
    org.call(Method::POST, UNLOCK, &[("userId", &id)], &[], &admin).await;
    org.call(Method::POST, RESET, &[("userId", &id)], &[], &admin).await;
    assert!(org.stack.okta.set_status(&bob.email(), Status::Suspended));
    org.call(Method::POST, RESET, &[("userId", &id)], &[("sendEmail", "true")], &admin).await;
    org.call(Method::GET, GROUPS, &[], &[("after", "nonsense"), ("limit", "0")], &admin).await;
    org.stack.okta.set_rate(Bucket::Users, 0, 30);
    org.call(Method::GET, USER, &[("userId", &id)], &[], &admin).await;
    assert_eq!(org.last().status, 429);
}

/// As Okta's documentation of its error codes has it; the description has no schema for it.
fn errors_have_oktas_form(seen: &Seen) {
    if seen.status == 403 && seen.body.is_null() {
        return;
    }
    let members: Vec<&str> = seen.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["errorCauses", "errorCode", "errorId", "errorLink", "errorSummary"], "{}", seen.operation);
    assert!(seen.body["errorCode"].as_str().is_some_and(|code| code.len() == 8 && code.starts_with("E0000")));
}
