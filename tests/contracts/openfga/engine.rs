//! The suite against the real server, which `infra/scripts/conformance-engines` starts without authentication in a network
//! namespace of its own. `who_may_only_check_stops_nobody` is not here: this server has one kind of caller.

use serde_json::{Value, json};
use upstream_http::openfga::OpenFga;

use super::{World, client};
use crate::start::{transport, until, url};

const API: &str = "http://127.0.0.1:8080/";

pub(crate) struct Engine {
    pub(crate) client: OpenFga,
    world: World,
}

impl std::ops::Deref for Engine {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

async fn post(path: &str, body: &Value) -> Value {
    let reply = transport().post(url(&format!("{API}{path}"))).json(body).send(until()).await.unwrap();
    assert_eq!(reply.status(), 201, "{}", String::from_utf8_lossy(reply.body()));
    reply.json().unwrap()
}

/// A store of its own with the model of `infra/fga`.
async fn start() -> Engine {
    let store = post("stores", &json!({"name": "contract"})).await["id"].as_str().unwrap().to_owned();
    let model = serde_json::from_str(include_str!("../../../infra/fga/model.json")).unwrap();
    let written = post(&format!("stores/{store}/authorization-models"), &model).await;
    let model = written["authorization_model_id"].as_str().unwrap().to_owned();
    let client = client(&url(API), &store, &model, None);
    let no_store = "the model does not exist in this store";
    let (api, administrator_secret) = (url(API), String::new());
    let world = World { api, store, model, credentials: None, administrator: None, administrator_secret, no_store };
    Engine { client, world }
}

suite! {
    #[ignore = "needs OpenFGA's server: make conformance"]
    start:
    without_a_tuple_the_answer_is_no
    a_direct_tuple_counts_until_it_is_removed
    a_stopped_person_may_nothing_by_whatever_right_until_it_is_lifted
    a_stopped_agent_may_nothing_for_anybody_and_other_agents_go_on
    stopping_in_a_store_or_model_that_is_not_there_is_a_misconfiguration
    a_member_of_a_group_may_what_the_group_may
    an_encoded_subject_is_one_user
    a_relation_or_type_that_the_model_lacks_is_a_misconfiguration
    a_model_that_is_not_there_is_a_misconfiguration
    a_store_that_is_not_there_is_a_misconfiguration
}
