//! The model of `infra/fga`: every relation that a tool can ask about gives way to a stop.

use auth::decision::Check;
use auth::id::AgentId;
use devstack::openfga::{Seed, Tuple};
use serde_json::{Value, json};
use upstream_http::openfga::administration::Administration;
use upstream_http::openfga::{CheckError, Settings};

use super::double::start;
use super::{TRACE, client};
use crate::start::{clock, transport, until};

const STORE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const MODEL: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAW";

fn model() -> Value {
    serde_json::from_str(include_str!("../../../infra/fga/model.json")).unwrap()
}

fn types(model: &mut Value) -> &mut Vec<Value> {
    model["type_definitions"].as_array_mut().unwrap()
}

/// Type and relation of all that a tool could be set up to ask about: whatever a person can be granted, but membership of
/// a group, what one is in a unit, being stopped, and the relations to agents and units.
fn askable() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for kind in types(&mut model()) {
        let name = kind["type"].as_str().unwrap().to_owned();
        let relations = kind["relations"].as_object().into_iter().flatten();
        let asked = relations.filter(|(relation, _)| {
            let to_objects = matches!(relation.as_str(), "via" | "unit");
            !to_objects && !matches!(name.as_str(), "group" | "agent" | "unit")
        });
        found.extend(asked.map(|(relation, _)| (name.clone(), relation.clone())));
    }
    found
}

#[test]
fn the_model_has_all_that_the_tools_ask_by_default() {
    let found = askable();
    for (kind, relation) in [
        ("okta", "read_okta"),
        ("okta", "reset_password"),
        ("okta_user", "read_groups"),
        ("okta_user", "unlock"),
        ("okta_group", "manage_members"),
    ] {
        assert!(found.contains(&(kind.to_owned(), relation.to_owned())), "{kind}#{relation}");
    }
}

#[test]
fn every_relation_that_a_tool_can_ask_about_ends_in_the_exclusion_in_both_forms_of_the_model() {
    let excluded = json!({"tupleToUserset": {
        "tupleset": {"relation": "via"}, "computedUserset": {"relation": "stopped"},
    }});
    let mut model = model();
    let text = include_str!("../../../infra/fga/model.fga");
    for (kind, relation) in askable() {
        let found = types(&mut model).iter().find(|found| found["type"] == kind.as_str()).unwrap();
        assert_eq!(found["relations"][&relation]["difference"]["subtract"], excluded, "{kind}#{relation}");
        assert_eq!(found["metadata"]["relations"]["via"]["directly_related_user_types"], json!([{"type": "agent"}]));
        let own = text.split("\ntype ").find(|part| part.lines().next() == Some(kind.as_str())).unwrap();
        let line = own.lines().find(|line| line.trim_start().starts_with(&format!("define {relation}:"))).unwrap();
        assert!(line.ends_with(" but not stopped from via"), "{line}");
        assert!(own.contains("define via: [agent]"), "{kind}");
    }
    let lines = text.lines().filter(|line| line.ends_with("but not stopped from via") && !line.starts_with('#'));
    assert_eq!(lines.count(), askable().len());
}

#[tokio::test]
async fn each_of_them_says_no_to_who_is_stopped_and_to_whom_a_stopped_agent_asks_for() {
    let double = start().await;
    let (openfga, agent) = (&double.stack.openfga, AgentId::parse("AGENT12345").unwrap());
    let stops = [("user:dora", "agent:every"), ("user:*", "agent:AGENT12345"), ("user:dora", "agent:AGENT12345")];
    for (kind, relation) in askable() {
        let object = format!("{kind}:x");
        let check = Check::new("dora", &relation, &object).unwrap().asked_by(agent.clone());
        let may = async || double.client.check(&check, None, TRACE, until()).await;
        assert!(openfga.allow(&double.store, &Tuple::new("user:dora", &relation, &object)));
        assert_eq!(may().await, Ok(true), "{kind}#{relation}");
        for (user, stopped) in stops {
            let tuple = Tuple::new(user, "stopped", stopped);
            assert!(openfga.allow(&double.store, &tuple));
            assert_eq!(may().await, Ok(false), "{kind}#{relation}, {user} at {stopped}");
            assert!(openfga.revoke(&double.store, &tuple));
        }
    }
}

#[tokio::test]
async fn a_model_without_via_allows_nothing() {
    let double = start().await;
    for (kind, relation) in askable() {
        let mut bare = model();
        for found in types(&mut bare).iter_mut().filter(|found| found["type"] == kind.as_str()) {
            for part in ["/relations", "/metadata/relations"] {
                found.pointer_mut(part).unwrap().as_object_mut().unwrap().remove("via");
            }
            for (_, rewrite) in found["relations"].as_object_mut().unwrap() {
                *rewrite = json!({"this": {}});
            }
        }
        let object = format!("{kind}:x");
        let tuples = vec![Tuple::new("user:dora", &relation, &object)];
        let seed = Seed { store_id: STORE.to_owned(), model_id: MODEL.to_owned(), model: bare, tuples };
        double.stack.openfga.seed(seed).unwrap();
        let client = client(&double.api, STORE, MODEL, double.credentials.clone());
        let check = Check::new("dora", &relation, &object).unwrap();
        let no = CheckError::Misconfigured("the model has no `via` for this type, or no agents");
        assert_eq!(client.check(&check, None, TRACE, until()).await, Err(no), "{kind}#{relation}");
    }
}

#[tokio::test]
async fn an_operator_reads_that_every_relation_of_the_pinned_model_heeds_a_stop() {
    let double = start().await;
    let reader = |model_id: &str| {
        let (api, store_id, credentials) = (double.api.clone(), double.store.clone(), double.administrator.clone());
        let settings = Settings { api, store_id, model_id: model_id.to_owned(), credentials };
        Administration::new(transport(), settings, clock()).unwrap()
    };
    assert_eq!(reader(&double.model).deaf(until()).await, Ok(Vec::new()));
    assert!(matches!(
        reader(MODEL).deaf(until()).await,
        Err(CheckError::Misconfigured(_) | CheckError::Unavailable(_))
    ));
}
