mod acting;
mod answers;
mod claim;
mod lookup;
mod paging;
mod permits;

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::FederatedToken;
use serde_json::{Value, json};

use super::{Groups, Okta, OktaError};
use crate::testing::mandate::{NOW, mandate_about};
use crate::testing::{Answer, Hands, Scripted, transport, until};

fn groups(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"id": "00g1", "profile": {"name": name}})).collect()
}

fn page(names: &[&str]) -> Answer {
    Answer::json(200, &groups(names))
}

fn named(names: &[&str], truncated: bool) -> Groups {
    Groups { names: names.iter().map(|&name| name.to_owned()).collect(), truncated }
}

fn token() -> FederatedToken {
    FederatedToken {
        connection: "okta-oidc".to_owned(),
        access_token: Secret::new("okta-token-1".to_owned()),
        expires_at: NOW.plus(600),
        scopes: Scopes::parse("okta.users.read"),
    }
}

fn client(server: &Scripted) -> Okta {
    Okta::new(transport(), server.base.clone(), Hands::at(NOW.seconds()).clock())
}

/// The groups of the mandate's own account or of somebody else's.
async fn ask(server: &Scripted, login: Option<&str>) -> Result<Groups, OktaError> {
    client(server).groups(&mandate_about(login), &token(), until()).await
}

async fn ask_of(answers: impl IntoIterator<Item = Answer>) -> (Result<Groups, OktaError>, Scripted) {
    let server = Scripted::start(answers).await;
    let result = ask(&server, None).await;
    (result, server)
}

fn targets(server: &Scripted) -> Vec<String> {
    server.requests().into_iter().map(|request| request.target).collect()
}

#[tokio::test]
async fn ones_own_groups_are_asked_for_as_me_with_the_persons_token() {
    let (result, server) = ask_of([page(&["Everyone", "Sales, EMEA"])]).await;
    assert_eq!(result, Ok(named(&["Everyone", "Sales, EMEA"], false)));
    let [request] = server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/api/v1/users/me/groups"));
    assert_eq!(request.headers["authorization"], "Bearer okta-token-1");
}

#[tokio::test]
async fn anothers_groups_are_asked_for_by_login_as_one_segment() {
    for (login, path) in [
        ("bob@example.com", "/api/v1/users/bob@example.com/groups"),
        ("Bob+x@Example.COM", "/api/v1/users/bob+x@example.com/groups"),
    ] {
        let server = Scripted::start([page(&[])]).await;
        assert_eq!(ask(&server, Some(login)).await, Ok(named(&[], false)));
        assert_eq!(targets(&server), [path]);
    }
}

#[tokio::test]
async fn a_base_with_a_path_and_a_query_keeps_its_path_only() {
    let server = Scripted::start([page(&[])]).await;
    let base = server.url("proxy/okta/?x=1");
    let okta = Okta::new(transport(), base, Hands::at(NOW.seconds()).clock());
    assert!(okta.groups(&mandate_about(None), &token(), until()).await.is_ok());
    assert_eq!(targets(&server), ["/proxy/okta/api/v1/users/me/groups"]);
}
