//! Changes as the person: what is sent, and what each answer means.

use auth::approval::Permit;
use auth::id::Login;
use auth::mandate::{Mandate, NamesOktaGroup, NamesOktaUser, OktaUser};
use auth::session::Session;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{client, token};
use crate::okta::{Acted, GroupId, Okta, OktaError, UserId};
use crate::testing::approval::{ALICE, spent};
use crate::testing::{Answer, Scripted, until};

/// Who, or with nothing the person's own account, and which group.
#[derive(Clone, Serialize)]
pub(super) struct Change {
    pub(super) user: Option<String>,
    pub(super) group: String,
}

impl NamesOktaUser for Change {
    fn okta_user(&self, _session: &Session) -> OktaUser {
        self.user.as_deref().map_or(OktaUser::Own, |login| OktaUser::Other(Login::parse(login).unwrap()))
    }
}

impl NamesOktaGroup for Change {
    fn okta_group(&self) -> &str {
        &self.group
    }
}

pub(super) fn of_bob(group: &str) -> Change {
    Change { user: Some("bob@example.com".to_owned()), group: group.to_owned() }
}

pub(super) fn bob() -> Value {
    json!({"id": "00u2", "status": "ACTIVE", "profile": {"login": "bob@example.com", "email": "bob@example.com"}})
}

pub(super) fn vpn() -> Value {
    json!({"id": "00g7", "type": "OKTA_GROUP", "profile": {"name": "VPN", "description": null}})
}

/// The four changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Reset,
    Unlock,
    Add,
    Remove,
}

pub(super) const KINDS: [Kind; 4] = [Kind::Reset, Kind::Unlock, Kind::Add, Kind::Remove];

/// What a change needs.
pub(super) struct Ready {
    pub(super) okta: Okta,
    pub(super) mandate: Mandate<Change>,
    pub(super) permit: Permit,
    pub(super) user: UserId,
    pub(super) group: GroupId,
}

impl Ready {
    pub(super) async fn act(self, kind: Kind, until: Instant) -> Acted {
        let Self { okta, mandate, permit, user, group } = self;
        match kind {
            Kind::Reset => okta.reset_password(&mandate, permit, &user, &token(), until).await,
            Kind::Unlock => okta.unlock(&mandate, permit, &user, &token(), until).await,
            Kind::Add => okta.add_to_group(&mandate, permit, (&user, &group), &token(), until).await,
            Kind::Remove => okta.remove_from_group(&mandate, permit, (&user, &group), &token(), until).await,
        }
    }
}

/// Looks Bob and the group up, and is ready for Okta to answer the change like that.
pub(super) async fn ready(subject: &str, answers: impl IntoIterator<Item = Answer>) -> (Ready, Scripted) {
    let lookups = [Answer::json(200, &bob()), Answer::json(200, &json!([vpn()]))];
    let server = Scripted::start(lookups.into_iter().chain(answers)).await;
    let okta = client(&server);
    let (mandate, permit) = spent(subject, of_bob("VPN"));
    let user = okta.user_id(&mandate, &token(), until()).await.unwrap();
    let group = okta.group_id(&mandate, &token(), until()).await.unwrap();
    (Ready { okta, mandate, permit, user, group }, server)
}

/// Makes a change that Okta answers like this, and says how often it was sent.
async fn acted(kind: Kind, answer: Answer) -> Acted {
    let (ready, server) = ready(ALICE, [answer, Answer::text(204, "application/json", "")]).await;
    let acted = ready.act(kind, until()).await;
    assert_eq!(server.requests().len(), 3, "two lookups, and the change once");
    acted
}

pub(super) fn problem(status: u16, code: &str) -> Answer {
    Answer::json(status, &json!({"errorCode": code, "errorSummary": "leak of the upstream", "errorId": "oae1"}))
}

#[tokio::test]
async fn each_change_is_one_request_by_id_with_the_persons_token() {
    for (kind, method, target) in [
        (Kind::Reset, "POST", "/api/v1/users/00u2/lifecycle/reset_password?sendEmail=true"),
        (Kind::Unlock, "POST", "/api/v1/users/00u2/lifecycle/unlock"),
        (Kind::Add, "PUT", "/api/v1/groups/00g7/users/00u2"),
        (Kind::Remove, "DELETE", "/api/v1/groups/00g7/users/00u2"),
    ] {
        let (ready, server) = ready(ALICE, [Answer::json(200, &json!({}))]).await;
        assert_eq!(ready.act(kind, until()).await, Acted::Done);
        let request = server.requests().remove(2);
        assert_eq!((request.method.as_str(), request.target.as_str()), (method, target));
        assert_eq!(request.headers["authorization"], "Bearer okta-token-1");
        assert_eq!(request.body, "");
        assert_eq!(request.headers["content-length"], "0");
    }
}

#[tokio::test]
async fn what_okta_calls_done_is_done() {
    for kind in KINDS {
        assert_eq!(acted(kind, Answer::text(204, "application/json", "")).await, Acted::Done);
        assert_eq!(acted(kind, Answer::json(200, &json!({}))).await, Acted::Done);
        assert_eq!(acted(kind, Answer::text(200, "text/plain", "")).await, Acted::Done);
    }
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_unknown_and_never_sent_again() {
    for kind in KINDS {
        let cut_off = b"HTTP/1.1 200 x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
        for (name, answer) in [
            ("hang up", Answer::HangUp),
            ("cut off", Answer::Bytes(cut_off.to_vec())),
            ("too large", Answer::text(200, "application/json", &" ".repeat(70_000))),
            ("html", Answer::text(200, "text/html", "<html>")),
            ("not an object", Answer::json(200, &json!([]))),
            ("500", problem(500, "E0000009")),
            ("502", Answer::text(502, "text/html", "<html>")),
            ("503", problem(503, "E0000010")),
            ("504", Answer::text(504, "text/html", "")),
            ("501 of something in between", Answer::text(501, "text/html", "")),
            ("408", Answer::text(408, "text/html", "")),
            ("302", Answer::text(302, "text/html", "").with("location", "https://elsewhere.example/")),
            ("202", Answer::json(202, &json!({}))),
        ] {
            assert_eq!(acted(kind, answer).await, Acted::Unknown, "{kind:?}: {name}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let (ready, _server) = ready(ALICE, [Answer::Silence]).await;
    assert_eq!(ready.act(Kind::Reset, crate::testing::brief()).await, Acted::Unknown);
}

#[tokio::test]
async fn a_change_that_was_not_sent_was_not_made() {
    let (ready, server) = ready(ALICE, [Answer::json(200, &json!({}))]).await;
    let not_sent = Acted::Refused(OktaError::Unavailable("no time left to ask"));
    assert_eq!(ready.act(Kind::Add, Instant::now()).await, not_sent);
    assert_eq!(server.requests().len(), 2, "the lookups");
}

#[tokio::test]
async fn a_missing_role_is_named() {
    let lifecycle = "the Okta role help desk administrator or group administrator";
    let membership = "the Okta role group administrator or group membership administrator";
    for (kind, role) in
        [(Kind::Reset, lifecycle), (Kind::Unlock, lifecycle), (Kind::Add, membership), (Kind::Remove, membership)]
    {
        let acted = acted(kind, problem(403, "E0000006")).await;
        assert_eq!(acted, Acted::Refused(OktaError::MissingRight(role)), "{kind:?}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let users = "the scope okta.users.manage, granted to the Okta application";
    let groups = "the scope okta.groups.manage, granted to the Okta application";
    for (kind, scope) in [(Kind::Reset, users), (Kind::Unlock, users), (Kind::Add, groups), (Kind::Remove, groups)] {
        let challenge = r#"Bearer realm="IssuerEndpoint", error="insufficient_scope""#;
        let answer = Answer::text(403, "text/plain", "").with("www-authenticate", challenge);
        assert_eq!(acted(kind, answer).await, Acted::Refused(OktaError::MissingRight(scope)), "{kind:?}");
    }
}

#[tokio::test]
async fn what_okta_refuses_was_not_done() {
    let elsewhere = "the members of this group are not kept in Okta";
    for (kind, answer, expected) in [
        (Kind::Reset, problem(401, "E0000011"), OktaError::TokenRefused),
        (Kind::Reset, problem(404, "E0000007"), OktaError::NoSuchUser),
        (Kind::Add, problem(404, "E0000007"), OktaError::NoSuchGroup),
        (Kind::Remove, problem(404, "E0000007"), OktaError::NoSuchGroup),
        (Kind::Add, problem(429, "E0000047"), OktaError::Busy { seconds: 1 }),
        (Kind::Add, problem(400, "E0000001"), OktaError::Unavailable("unexpected status")),
        (Kind::Add, problem(409, "E0000001"), OktaError::Unavailable("unexpected status")),
        (Kind::Add, problem(501, "E0000060"), OktaError::NotPossible(elsewhere)),
        (Kind::Unlock, problem(403, "E0000032"), OktaError::NotPossible("the account is not locked")),
        (
            Kind::Reset,
            problem(403, "E0000038"),
            OktaError::NotPossible("the account's present status does not allow it"),
        ),
    ] {
        assert_eq!(acted(kind, answer).await, Acted::Refused(expected));
    }
}
