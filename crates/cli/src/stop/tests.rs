//! The operator's program against the doubles, with settings as a deployment has them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use devstack::openfga::Seed;
use devstack::sample::Person;
use devstack::stack::{Ports, STORE};
use function::settings::Environment;
use serde_json::{Value, json};

use super::Office;
use crate::laptop::{Laptop, Plan, account};
use crate::running::Running;

async fn laptop(name: &str) -> Laptop {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().join("stop-tests").join(format!("{name}-{}", std::process::id()));
    let (binaries, overrides) = (PathBuf::new(), BTreeMap::new());
    let plan = Plan {
        ports: Ports::Any,
        binaries,
        folder,
        overrides,
        worker: false,
        keep_logs: false,
        keycards: true,
        gateway: false,
    };
    Laptop::start_without_functions(plan, None, function::clock::system()).await.unwrap()
}

fn settings(laptop: &Laptop, more: &[(&str, &str)]) -> Environment {
    let mut pairs = laptop.environment("approval-worker");
    pairs.extend(laptop.environment("fga-authorizer"));
    pairs.extend(laptop.administrator());
    pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Environment::from_pairs(pairs)
}

async fn office(laptop: &Laptop, environment: &Environment) -> Office {
    let credentials = account::credentials_in(&laptop.administrator()).unwrap();
    Office::new(environment, Some(credentials), function::clock::system()).await.unwrap()
}

fn stops(laptop: &Laptop) -> Vec<String> {
    let tuples = laptop.stack.openfga.tuples(STORE.0);
    let stops = tuples.into_iter().filter(|tuple| tuple.relation == "stopped");
    stops.map(|tuple| format!("{} {}", tuple.user, tuple.object)).collect()
}

async fn sign_in(laptop: &Laptop, name: &str) {
    let (signed_in, _) = laptop.sign_in(&Person::named(name).unwrap()).await.unwrap();
    laptop.begin_session(signed_in).await.unwrap();
}

#[tokio::test]
async fn a_person_is_stopped_by_subject_twice_and_lifted_twice() {
    let laptop = laptop("subject").await;
    let alice = Person::named("alice").unwrap();
    sign_in(&laptop, "alice").await;
    let office = office(&laptop, &Running::of(&laptop).administration().unwrap()).await;
    let target = office.person(&alice.sub()).unwrap();
    for ended in [1, 0] {
        let report = office.stop(&target).await;
        assert_eq!(report.failed, 0, "{:?}", report.lines);
        assert!(report.lines.contains(&format!("sessions ended: {ended}")), "{:?}", report.lines);
        assert_eq!(report.unknown, ended == 0, "she has no record yet");
        assert!(report.lines.iter().all(|line| !line.contains("eyJ")));
        let encoded = crate::person::subject(&alice, laptop.stack.auth0.issuer()).unwrap().encoded();
        assert_eq!(stops(&laptop), [format!("user:{encoded} agent:every")]);
    }
    for _ in 0..2 {
        assert_eq!(office.lift(&target).await.failed, 0);
        assert_eq!(stops(&laptop), Vec::<String>::new());
    }
}

#[tokio::test]
async fn where_openfga_names_people_by_address_so_does_the_stop() {
    let laptop = laptop("address").await;
    sign_in(&laptop, "alice").await;
    sign_in(&laptop, "carol").await;
    let by_email = settings(&laptop, &[("FGA_USER_CLAIM", "email"), ("FGA_EMAIL_CONNECTIONS", "okta-oidc")]);
    let office = office(&laptop, &by_email).await;
    let report = office.stop(&office.person("Alice@example.com").unwrap()).await;
    assert_eq!(report.failed, 0, "{:?}", report.lines);
    assert!(report.lines.contains(&"sessions ended: 1".to_owned()), "{:?}", report.lines);
    assert_eq!(stops(&laptop), ["user:alice@example.com agent:every"]);
    assert!(office.person("oidc|okta-oidc|00u1alice").is_err(), "that is no address");
}

#[tokio::test]
async fn an_agent_is_stopped_and_what_cannot_be_done_is_said_and_the_rest_done() {
    let laptop = laptop("agent").await;
    sign_in(&laptop, "alice").await;
    let may_only_check = laptop.environment("fga-authorizer");
    let wrong = [
        ("FGA_ADMIN_CLIENT_ID", may_only_check["FGA_CLIENT_ID"].as_str()),
        ("FGA_ADMIN_CLIENT_SECRET", may_only_check["FGA_CLIENT_SECRET"].as_str()),
    ];
    let office = office(&laptop, &settings(&laptop, &wrong)).await;
    let report = office.stop(&office.agent("AGENT12345").unwrap()).await;
    assert_eq!(report.failed, 1, "{:?}", report.lines);
    assert!(report.lines[0].contains("the client may not write in this store"), "{:?}", report.lines);
    assert!(report.lines.contains(&"sessions ended: 1".to_owned()), "{:?}", report.lines);
    assert_eq!(stops(&laptop), Vec::<String>::new());
    assert!(office.agent("every").is_err() && office.agent("agent:X").is_err());
}

#[tokio::test]
async fn a_deployment_whose_settings_lack_something_is_told_all_of_it() {
    let environment = Environment::from_pairs([("AWS_REGION", "us-east-1")]);
    let error = Office::new(&environment, None, function::clock::system()).await.err().unwrap().to_string();
    for name in ["FGA_ADMIN_CLIENT_ID", "FGA_ADMIN_CLIENT_SECRET", "AUTH0_ISSUER", "SEAL_KEY_FILE"] {
        assert!(error.contains(name), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_stop_of_nobody_is_stored_and_said_loudly() {
    let laptop = laptop("nobody").await;
    sign_in(&laptop, "alice").await;
    let office = office(&laptop, &Running::of(&laptop).administration().unwrap()).await;
    let slips = [office.person("oidc|okta-oidc|00u1alicE"), office.agent("agent12345"), office.agent("AGENT12346")];
    for target in slips.map(Result::unwrap) {
        let report = office.stop(&target).await;
        assert!(report.unknown && report.failed == 0, "{:?}", report.lines);
        assert!(report.lines.iter().any(|line| line.starts_with("NOT KNOWN HERE")), "{:?}", report.lines);
        assert_eq!(office.lift(&target).await.failed, 0);
    }
    let refused = office.person("alice@example.com").err().unwrap();
    assert_eq!(refused.exit_code(), 2, "where people are known by subject, an address stops nobody");
    assert!(office.as_given("alice@example.com").is_ok());
    assert!(!office.stop(&office.agent("AGENT12345").unwrap()).await.unknown);
}

#[tokio::test]
async fn a_relation_that_no_stop_takes_away_is_named_and_the_stop_is_stored_all_the_same() {
    let laptop = laptop("deaf").await;
    sign_in(&laptop, "alice").await;
    let mut model: Value = serde_json::from_str(include_str!("../../../../infra/fga/model.json")).unwrap();
    let okta =
        model["type_definitions"].as_array_mut().unwrap().iter_mut().find(|kind| kind["type"] == "okta").unwrap();
    okta["relations"]["read_okta"] = json!({"this": {}});
    let (store, pinned) = ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW");
    let seed = Seed { store_id: store.to_owned(), model_id: pinned.to_owned(), model, tuples: Vec::new() };
    laptop.stack.openfga.seed(seed).unwrap();
    let elsewhere = settings(&laptop, &[("FGA_STORE_ID", store), ("FGA_AUTHORIZATION_MODEL_ID", pinned)]);
    let office = office(&laptop, &elsewhere).await;
    let report = office.stop(&office.agent("AGENT12345").unwrap()).await;
    assert_eq!(report.failed, 1, "{:?}", report.lines);
    let deaf = report.lines.iter().filter(|line| line.contains("`okta#read_okta` is not taken away"));
    assert_eq!(deaf.count(), 1, "{:?}", report.lines);
    assert_eq!(laptop.stack.openfga.tuples(store).len(), 1);
    assert!(report.lines.contains(&"sessions ended: 1".to_owned()), "{:?}", report.lines);
}
