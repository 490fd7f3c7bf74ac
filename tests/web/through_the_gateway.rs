//! From the page to the tool, through the double of the gateway and the interceptor's own process. `make gateway` runs it, since
//! the interceptor takes Cedar.

use acceptance::{Site, World};
use auth::secret::Secret;
use cli::mcp::McpClient;
use devstack::sample::{Person, TOOLS_SCOPES};
use serde_json::json;
use url::Url;

use crate::client::handed;

const GROUPS: &str = "okta-groups___list_groups";

async fn token_of(world: &World, name: &str) -> Secret {
    let (laptop, person) = (&world.laptop, Person::named(name).unwrap());
    laptop.api_token(laptop.mcp_application(), &person, &TOOLS_SCOPES.join(" ")).await.unwrap().token
}

#[tokio::test]
#[ignore = "needs the interceptor: make gateway"]
async fn through_the_gateway_the_id_works_with_an_access_token_of_its_person_only_and_until_they_sign_out() {
    let world = World::start_with_a_gateway().await;
    let settings = world.laptop.web_at_gateway();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let site = Site::of(world, function::clock::system(), &settings).await;
    let (world, mut alice) = (&site.world, site.connected("alice").await);
    let id = handed(&mut alice).await;
    let (own, carols) = (token_of(world, "alice").await, token_of(world, "carol").await);
    let url = Url::parse(&world.laptop.gateway().unwrap().mcp_url()).unwrap();
    let transport = world.laptop.transport.clone();
    let client = McpClient::open(transport.clone(), url.clone(), own, Some(id.clone())).await.unwrap();
    let thief = McpClient::open(transport, url, carols, Some(id)).await.unwrap();

    world.forget();
    let answer = client.call(GROUPS, &json!({})).await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (200, "ok"));
    assert!(answer.result().unwrap()["groups"].as_array().is_some_and(|groups| !groups.is_empty()));
    let counts = world.counts();
    assert_eq!((counts.checks, counts.okta), (1, 1), "{counts:?}");

    world.forget();
    let answer = thief.call(GROUPS, &json!({})).await.unwrap();
    assert_eq!(answer.code(), "auth_required", "carol has every scope for it, and a right at OpenFGA");
    let answer = client.with_token(Secret::new("a.b.c".to_owned())).call(GROUPS, &json!({})).await.unwrap();
    assert_eq!(answer.status, 401, "the id by itself");
    alice.post("/sign-out", &[]).await;
    let answer = client.call(GROUPS, &json!({})).await.unwrap();
    assert_eq!(answer.code(), "auth_required");
    let counts = world.counts();
    assert_eq!((counts.checks, counts.okta, counts.auth0_tokens), (0, 0, 0), "{counts:?}");
}
