//! Stopping people and agents, and what their checks come to.

use auth::decision::Check;
use auth::id::AgentId;
use upstream_http::openfga::administration::{Administration, Stop};
use upstream_http::openfga::{CheckError, Credentials, OpenFga, Settings};

use super::{TRACE, World};
use crate::start::{clock, transport, until};

const OTHER_MODEL: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAX";
const DORA: &str = "dora@example.com";

fn administration(world: &World, store: &str, model: &str, credentials: Option<Credentials>) -> Administration {
    let (store_id, model_id) = (store.to_owned(), model.to_owned());
    let settings = Settings { api: world.api.clone(), store_id, model_id, credentials };
    Administration::new(transport(), settings, clock()).unwrap()
}

fn ours(world: &World) -> Administration {
    administration(world, &world.store, &world.model, world.administrator.clone())
}

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).unwrap()
}

/// Asked by an agent, or by nobody who says which they are.
async fn may(client: &OpenFga, user: &str, by: Option<&str>) -> bool {
    let check = Check::new(user, "read_okta", "okta:groups").unwrap();
    let check = by.map_or(check.clone(), |by| check.asked_by(agent(by)));
    client.check(&check, None, TRACE, until()).await.unwrap()
}

async fn granted(world: &World) {
    for user in ["user:dora@example.com", "user:emil@example.com"] {
        world.change("writes", [user, "member", "group:helpdesk"]).await;
    }
    world.change("writes", ["user:dora@example.com", "read_okta", "okta:groups"]).await;
    world.change("writes", ["group:helpdesk#member", "read_okta", "okta:groups"]).await;
}

pub(super) async fn a_stopped_person_may_nothing_by_whatever_right_until_it_is_lifted(client: &OpenFga, world: &World) {
    granted(world).await;
    let (administration, dora) = (ours(world), Stop::Person(DORA.to_owned()));
    assert!(may(client, DORA, None).await && may(client, DORA, Some("AGENT12345")).await);
    for _ in 0..2 {
        assert_eq!(administration.stop(&dora, until()).await, Ok(()), "twice is fine");
        assert!(!may(client, DORA, None).await, "the guide's bare question knows it too");
        assert!(!may(client, DORA, Some("AGENT12345")).await);
        assert!(may(client, "emil@example.com", Some("AGENT12345")).await, "others go on");
    }
    for _ in 0..2 {
        assert_eq!(administration.lift(&dora, until()).await, Ok(()), "twice is fine");
        assert!(may(client, DORA, Some("AGENT12345")).await);
    }
}

pub(super) async fn a_stopped_agent_may_nothing_for_anybody_and_other_agents_go_on(client: &OpenFga, world: &World) {
    granted(world).await;
    let (administration, stop) = (ours(world), Stop::Agent(agent("AGENT12345")));
    assert_eq!(administration.stop(&stop, until()).await, Ok(()));
    for user in [DORA, "emil@example.com"] {
        assert!(!may(client, user, Some("AGENT12345")).await, "{user}");
        assert!(may(client, user, Some("AGENT99999")).await, "{user}");
        assert!(may(client, user, None).await, "{user}");
    }
    assert_eq!(administration.lift(&stop, until()).await, Ok(()));
    assert!(may(client, DORA, Some("AGENT12345")).await);
}

pub(super) async fn who_may_only_check_stops_nobody(client: &OpenFga, world: &World) {
    granted(world).await;
    let checker = administration(world, &world.store, &world.model, world.credentials.clone());
    let refused = Err(CheckError::Misconfigured("the client may not write in this store"));
    assert_eq!(checker.stop(&Stop::Person(DORA.to_owned()), until()).await, refused);
    assert_eq!(checker.lift(&Stop::Person(DORA.to_owned()), until()).await, refused);
    assert!(may(client, DORA, None).await);
}

pub(super) async fn stopping_in_a_store_or_model_that_is_not_there_is_a_misconfiguration(_: &OpenFga, world: &World) {
    let dora = Stop::Person(DORA.to_owned());
    let model = administration(world, &world.store, OTHER_MODEL, world.administrator.clone());
    let absent = CheckError::Misconfigured("the model does not exist in this store");
    assert_eq!(model.stop(&dora, until()).await, Err(absent));
    let store = administration(world, OTHER_MODEL, &world.model, world.administrator.clone());
    let absent = CheckError::Misconfigured(world.no_store);
    assert_eq!(store.stop(&dora, until()).await, Err(absent));
}
