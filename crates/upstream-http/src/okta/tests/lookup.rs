//! From names to ids, before anything is spent.

use serde_json::{Value, json};

use super::acting::{Change, bob, of_bob, problem, vpn};
use super::{client, token};
use crate::okta::{GroupId, OktaError, UserId};
use crate::testing::approval::{ALICE, spent};
use crate::testing::{Answer, Scripted, until};

async fn user(args: Change, answer: Answer) -> (Result<UserId, OktaError>, Scripted) {
    let server = Scripted::start([answer]).await;
    let (mandate, _permit) = spent(ALICE, args);
    let result = client(&server).user_id(&mandate, &token(), until()).await;
    (result, server)
}

async fn group(name: &str, answers: impl IntoIterator<Item = Answer>) -> (Result<GroupId, OktaError>, Scripted) {
    let server = Scripted::start(answers).await;
    let (mandate, _permit) = spent(ALICE, of_bob(name));
    let result = client(&server).group_id(&mandate, &token(), until()).await;
    (result, server)
}

async fn group_of(found: Value) -> Result<GroupId, OktaError> {
    group("VPN", [Answer::json(200, &found)]).await.0
}

fn named(id: &str, name: &str) -> Value {
    json!({"id": id, "profile": {"name": name}})
}

#[tokio::test]
async fn an_account_is_looked_up_by_login_or_as_me_with_the_persons_token() {
    let own = Change { user: None, group: String::new() };
    for (args, target) in [(of_bob(""), "/api/v1/users/bob@example.com"), (own, "/api/v1/users/me")] {
        let (result, server) = user(args, Answer::json(200, &bob())).await;
        assert_eq!(result.unwrap().as_str(), "00u2");
        let [request] = server.requests().try_into().ok().unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", target));
        assert_eq!(request.headers["authorization"], "Bearer okta-token-1");
    }
}

#[tokio::test]
async fn an_id_that_could_mean_something_in_a_path_is_no_id() {
    for id in ["", "..", "00u2/lifecycle", "00u2?x", "00u2%2f", "00u 2", "00ü2", &"a".repeat(51)] {
        let mut body = bob();
        body["id"] = json!(id);
        let (result, _) = user(of_bob(""), Answer::json(200, &body)).await;
        assert_eq!(result.err(), Some(OktaError::Unavailable("the answer is about another user")), "{id}");
        let result = group_of(json!([named(id, "VPN")])).await;
        assert_eq!(result.err(), Some(OktaError::Unavailable("the group's id is of another form")), "{id}");
    }
}

#[tokio::test]
async fn an_answer_about_another_login_is_not_taken() {
    let mut body = bob();
    body["profile"]["login"] = json!("bob@example.com.evil.example");
    let (result, _) = user(of_bob(""), Answer::json(200, &body)).await;
    assert_eq!(result.err(), Some(OktaError::Unavailable("the answer is about another user")));
    body["profile"]["login"] = json!("Bob@Example.com");
    assert!(user(of_bob(""), Answer::json(200, &body)).await.0.is_ok());
}

#[tokio::test]
async fn an_answer_of_another_shape_is_no_user_and_no_group() {
    for body in [json!({}), json!([]), json!({"id": 7, "profile": {"login": "bob@example.com"}}), Value::Null] {
        let (result, _) = user(of_bob(""), Answer::json(200, &body)).await;
        assert_eq!(result.err(), Some(OktaError::Unavailable("the answer is not a user")), "{body}");
    }
    for body in [json!({}), json!([{"id": "00g1"}]), json!([{"profile": {"name": "VPN"}}]), Value::Null] {
        let result = group_of(body.clone()).await;
        assert_eq!(result.err(), Some(OktaError::Unavailable("the answer is not a list of groups")), "{body}");
    }
}

#[tokio::test]
async fn whoever_may_not_read_is_told_what_is_missing() {
    let (result, _) = user(of_bob(""), problem(403, "E0000006")).await;
    let role = "an Okta administrator role that may read users and their groups";
    assert_eq!(result.err(), Some(OktaError::MissingRight(role)));
    let (result, _) = group("VPN", [problem(403, "E0000006")]).await;
    assert_eq!(result.err(), Some(OktaError::MissingRight("an Okta administrator role that may read groups")));
    assert_eq!(user(of_bob(""), problem(404, "E0000007")).await.0.err(), Some(OktaError::NoSuchUser));
}

#[tokio::test]
async fn a_group_is_searched_by_its_whole_name_as_one_value() {
    let name = "VPN & users?limit=1#+%";
    let (result, server) = group(name, [Answer::json(200, &json!([named("00g7", name)]))]).await;
    assert_eq!(result.unwrap().as_str(), "00g7");
    let [request] = server.requests().try_into().ok().unwrap();
    let url = server.url(&request.target);
    assert_eq!((request.method.as_str(), url.path()), ("GET", "/api/v1/groups"));
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    assert_eq!(query, [("q".to_owned(), name.to_owned()), ("limit".to_owned(), "200".to_owned())]);
}

#[tokio::test]
async fn only_the_exact_name_is_the_group() {
    let alike = [named("00g1", "VPN users"), named("00g2", "vpn"), named("00g3", "VPN "), named("00g4", "VP\u{39d}")];
    assert_eq!(group_of(json!(alike)).await.err(), Some(OktaError::NoSuchGroup));
    assert_eq!(group_of(json!([])).await.err(), Some(OktaError::NoSuchGroup));
    let mut with_it = alike.to_vec();
    with_it.push(vpn());
    assert_eq!(group_of(json!(with_it)).await.unwrap().as_str(), "00g7");
}

#[tokio::test]
async fn two_groups_of_one_name_are_refused_on_whatever_page_they_are() {
    let two = json!([named("00g1", "VPN"), vpn()]);
    assert_eq!(group_of(two).await.err(), Some(OktaError::AmbiguousGroup));
    let server = Scripted::answering(|request| {
        let page = Answer::json(200, &json!([vpn()]));
        let host = &request.headers["host"];
        let next = format!("<http://{host}/api/v1/groups?q=VPN&after=1>; rel=\"next\"");
        if request.target.contains("after") { page } else { page.with("link", &next) }
    })
    .await;
    let (mandate, _permit) = spent(ALICE, of_bob("VPN"));
    let result = client(&server).group_id(&mandate, &token(), until()).await;
    assert_eq!(result.err(), Some(OktaError::AmbiguousGroup));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn without_the_last_page_nobody_knows_whether_the_name_is_one_groups() {
    let server = Scripted::answering(|request| {
        let page = if request.target.contains("after") { json!([]) } else { json!([vpn()]) };
        let next = format!("<http://{}/api/v1/groups?q=VPN&after=1>; rel=\"next\"", request.headers["host"]);
        Answer::json(200, &page).with("link", &next)
    })
    .await;
    let (mandate, _permit) = spent(ALICE, of_bob("VPN"));
    let result = client(&server).group_id(&mandate, &token(), until()).await;
    assert_eq!(result.err(), Some(OktaError::Unavailable("too many groups begin with this name")));
    assert_eq!(server.requests().len(), 10);
}

#[tokio::test]
async fn a_group_whose_members_are_kept_elsewhere_is_refused_before_anything_is_spent() {
    for kind in ["APP_GROUP", "BUILT_IN"] {
        let mut group = vpn();
        group["type"] = json!(kind);
        let expected = OktaError::NotPossible("the members of this group are not kept in Okta");
        assert_eq!(group_of(json!([group])).await.err(), Some(expected), "{kind}");
    }
}
