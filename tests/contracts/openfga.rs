//! OpenFGA: one store, one pinned model, tuples written through its API.

mod cases;
mod double;
mod engine;
mod model;
mod stopping;

use auth::decision::Check;
use serde_json::{Value, json};
use upstream_http::openfga::{CheckError, Credentials, OpenFga, Settings};
use url::Url;

use self::stopping::{
    a_stopped_agent_may_nothing_for_anybody_and_other_agents_go_on,
    a_stopped_person_may_nothing_by_whatever_right_until_it_is_lifted,
    stopping_in_a_store_or_model_that_is_not_there_is_a_misconfiguration, who_may_only_check_stops_nobody,
};
use crate::start::{clock, transport, until, url};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A server that speaks the API, with the model of `infra/fga` in a store.
pub(crate) struct World {
    pub(crate) api: Url,
    pub(crate) store: String,
    pub(crate) model: String,
    /// None: a server without authentication.
    pub(crate) credentials: Option<Credentials>,
    /// Of a client that may write.
    pub(crate) administrator: Option<Credentials>,
    /// The secret in it.
    pub(crate) administrator_secret: String,
    /// What is said of a store that is not there. A server that knows nobody looks for the model only.
    pub(crate) no_store: &'static str,
}

impl World {
    /// `writes` or `deletes` one tuple, by the API.
    async fn change(&self, what: &str, [user, relation, object]: [&str; 3]) {
        let transport = transport();
        let body = json!({what: {"tuple_keys": [{"user": user, "relation": relation, "object": object}]}});
        let call = transport.post(url(&format!("{}stores/{}/write", self.api, self.store))).json(&body);
        let token = self.token().await;
        let call = if let Some(token) = &token { call.bearer(token) } else { call };
        let reply = call.send(until()).await.unwrap();
        assert_eq!(reply.status(), 200, "{}", String::from_utf8_lossy(reply.body()));
    }

    async fn token(&self) -> Option<auth::secret::Secret> {
        let credentials = self.administrator.as_ref()?;
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", credentials.client_id.as_str()),
            ("client_secret", self.administrator_secret.as_str()),
            ("audience", credentials.audience.as_str()),
        ];
        let reply = transport().post(credentials.token_url.clone()).form(&fields).send(until()).await.unwrap();
        let grant: Value = reply.json().unwrap();
        Some(auth::secret::Secret::new(grant["access_token"].as_str().unwrap().to_owned()))
    }
}

fn client(api: &Url, store: &str, model: &str, credentials: Option<Credentials>) -> OpenFga {
    let settings = Settings { api: api.clone(), store_id: store.to_owned(), model_id: model.to_owned(), credentials };
    OpenFga::new(transport(), settings, clock()).unwrap()
}

async fn ask(client: &OpenFga, user: &str, relation: &str, object: &str) -> Result<bool, CheckError> {
    client.check(&Check::new(user, relation, object).unwrap(), None, TRACE, until()).await
}

async fn may_read(client: &OpenFga, user: &str) -> Result<bool, CheckError> {
    ask(client, user, "read_okta", "okta:groups").await
}

async fn without_a_tuple_the_answer_is_no(client: &OpenFga, _: &World) {
    assert_eq!(may_read(client, "dora@example.com").await, Ok(false));
    assert_eq!(ask(client, "dora@example.com", "read_okta", "okta:another").await, Ok(false));
}

async fn a_direct_tuple_counts_until_it_is_removed(client: &OpenFga, world: &World) {
    let tuple = ["user:dora@example.com", "read_okta", "okta:groups"];
    world.change("writes", tuple).await;
    assert_eq!(may_read(client, "dora@example.com").await, Ok(true));
    assert_eq!(may_read(client, "DORA@example.com").await, Ok(false), "letter case counts");
    world.change("deletes", tuple).await;
    assert_eq!(may_read(client, "dora@example.com").await, Ok(false));
}

async fn a_member_of_a_group_may_what_the_group_may(client: &OpenFga, world: &World) {
    let member = ["user:dora@example.com", "member", "group:helpdesk"];
    world.change("writes", member).await;
    assert_eq!(may_read(client, "dora@example.com").await, Ok(false));
    world.change("writes", ["group:helpdesk#member", "read_okta", "okta:groups"]).await;
    assert_eq!(may_read(client, "dora@example.com").await, Ok(true));
    world.change("deletes", member).await;
    assert_eq!(may_read(client, "dora@example.com").await, Ok(false));
}

async fn an_encoded_subject_is_one_user(client: &OpenFga, world: &World) {
    let subject = auth::subject::Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap().encoded();
    world.change("writes", [&format!("user:{subject}"), "read_okta", "okta:groups"]).await;
    assert_eq!(may_read(client, &subject).await, Ok(true));
    assert_eq!(may_read(client, &subject.replace("00u1", "00u2")).await, Ok(false));
}

async fn a_relation_or_type_that_the_model_lacks_is_a_misconfiguration(client: &OpenFga, _: &World) {
    let unknown = CheckError::Misconfigured("the model does not know this type or relation");
    assert_eq!(ask(client, "dora@example.com", "write_okta", "okta:groups").await, Err(unknown));
    let unknown = CheckError::Misconfigured("the model does not know this type or relation");
    assert_eq!(ask(client, "dora@example.com", "read_okta", "planet:mars").await, Err(unknown));
}

async fn a_model_that_is_not_there_is_a_misconfiguration(_: &OpenFga, world: &World) {
    let client = client(&world.api, &world.store, "01ARZ3NDEKTSV4RRFFQ69G5FAX", world.credentials.clone());
    let absent = CheckError::Misconfigured("the model does not exist in this store");
    assert_eq!(may_read(&client, "dora@example.com").await, Err(absent));
}

async fn a_store_that_is_not_there_is_a_misconfiguration(_: &OpenFga, world: &World) {
    let client = client(&world.api, "01ARZ3NDEKTSV4RRFFQ69G5FAX", &world.model, world.credentials.clone());
    let absent = CheckError::Misconfigured(world.no_store);
    assert_eq!(may_read(&client, "dora@example.com").await, Err(absent));
}
