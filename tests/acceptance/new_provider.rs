//! Another provider than Okta: a connection of its name, a client that takes the mandate, a tool. Nothing else changes.

mod github;
mod tool;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::github::GitHub;
use self::tool::ListRepositories;
use ::tool::declaration::Declared as _;
use ::tool::guard;
use acceptance::{Chatting, World, body_of, error_of, invocation};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use devstack::openfga::{Seed, Tuple};
use devstack::stack::STORE;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

const CONNECTION: &str = "github";
const TOKEN: &str = "gho_0123456789abcdefghij";

/// What came to a double of GitHub, of one endpoint: the authorization headers.
type Seen = Arc<Mutex<Vec<String>>>;

async fn repositories(State(seen): State<Seen>, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let said = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(said.clone());
    if said == format!("Bearer {TOKEN}") {
        (StatusCode::OK, Json(json!([{"full_name": "acme/<b>site</b>"}, {"full_name": "acme/tools"}])))
    } else {
        (StatusCode::UNAUTHORIZED, Json(json!({"message": "Bad credentials"})))
    }
}

struct GitHubWorld {
    world: World,
    api: Url,
    seen: Seen,
}

impl GitHubWorld {
    async fn start() -> Self {
        let world = World::start().await;
        let via =
            json!({"tupleToUserset": {"tupleset": {"relation": "via"}, "computedUserset": {"relation": "stopped"}}});
        let mut model: Value = serde_json::from_str(include_str!("../../infra/fga/model.json")).unwrap();
        model["type_definitions"].as_array_mut().unwrap().push(json!({
            "type": "github",
            "relations": {
                "via": {"this": {}}, "read_repositories": {"difference": {"base": {"this": {}}, "subtract": via}},
            },
            "metadata": {"relations": {
                "via": {"directly_related_user_types": [{"type": "agent"}]},
                "read_repositories": {"directly_related_user_types": [{"type": "user"}]},
            }},
        }));
        let (store_id, model_id) = (STORE.0.to_owned(), STORE.1.to_owned());
        world.laptop.stack.openfga.seed(Seed { store_id, model_id, model, tuples: Vec::new() }).unwrap();
        let seen = Seen::default();
        let router = Router::new().route("/user/repos", get(repositories)).with_state(Arc::clone(&seen));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { world, api, seen }
    }

    async fn chatting(&self, name: &str, allowed: bool) -> Chatting {
        let chatting = self.world.signed_in(name).await;
        if allowed {
            let user = format!("user:{}", chatting.signed.subject.encoded());
            let tuple = Tuple::new(&user, "read_repositories", "github:repositories");
            assert!(self.world.laptop.stack.openfga.allow(STORE.0, &tuple));
        }
        chatting
    }

    async fn ask(&self, chatting: &Chatting) -> Value {
        let settings = [("AUTH0_CONNECTION", CONNECTION)];
        let (house, tools, clients) = self.world.house_with(ListRepositories::SCOPES, &settings).await;
        let github = GitHub { transport: clients.transport, api: self.api.clone() };
        let tools = tools.with(ListRepositories { github }).unwrap();
        let event = self.world.call(chatting).bent("/function", json!("list_repositories"));
        guard::answer(&house, &tools, &event.0.to_string(), &invocation(Duration::from_secs(10))).await.0
    }

    fn seen(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

#[tokio::test]
async fn a_tool_reaches_another_provider_with_the_persons_own_token_and_never_okta() {
    let github = GitHubWorld::start().await;
    let alice = github.chatting("alice", true).await;
    github.world.laptop.stack.auth0.hold(&alice.person.sub(), CONNECTION, TOKEN, "repo");
    let body = body_of(&github.ask(&alice).await);
    assert_eq!(body["repositories"], json!(["acme/<b>site</b>", "acme/tools"]));
    assert_eq!(*github.seen.lock().unwrap(), [format!("Bearer {TOKEN}")]);
    let counts = github.world.counts();
    assert_eq!((counts.okta, counts.checks), (0, 1), "{counts:?}");
}

#[tokio::test]
async fn without_an_account_there_a_right_or_the_scope_the_provider_is_not_asked() {
    let github = GitHubWorld::start().await;
    let (alice, bob) = (github.chatting("alice", true).await, github.chatting("bob", false).await);
    github.world.laptop.stack.auth0.hold(&bob.person.sub(), CONNECTION, TOKEN, "repo");
    assert_eq!(error_of(&github.ask(&bob).await).as_deref(), Some("access_denied"));
    assert_eq!(error_of(&github.ask(&alice).await).as_deref(), Some("reconnect_required"), "Okta's account is no use");
    github.world.laptop.stack.auth0.hold(&alice.person.sub(), CONNECTION, TOKEN, "gist");
    assert_eq!(error_of(&github.ask(&alice).await).as_deref(), Some("reconnect_required"), "the scope is not there");
    assert_eq!(github.seen(), 0);
}

#[tokio::test]
async fn a_token_that_the_provider_refuses_ends_in_auth_required() {
    let github = GitHubWorld::start().await;
    let alice = github.chatting("alice", true).await;
    github.world.laptop.stack.auth0.hold(&alice.person.sub(), CONNECTION, "gho_revoked", "repo");
    assert_eq!(error_of(&github.ask(&alice).await).as_deref(), Some("auth_required"));
    assert_eq!(github.seen(), 1);
}
