//! The org over the wire.

mod management;
mod oauth;
mod paging;
mod rights;

use super::wire;
use super::{Client, Config, Group, GroupKind, Okta, Role, Status, User, start};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const CAROL: &str = "carol@example.com";
const GROUP: &str = "00g1dev0000000000ops";
const IMPORTED: &str = "00g1dev0000000000ldp";
const READ: &str = "okta.users.read okta.groups.read";
const MANAGE: &str = "okta.users.manage okta.groups.manage";

fn user(id: &str, login: &str, roles: &[Role]) -> User {
    let (first_name, last_name) = ("First".to_owned(), "Last".to_owned());
    User { id: id.into(), login: login.into(), first_name, last_name, status: Status::Active, roles: roles.to_vec() }
}

fn group(id: &str, name: &str, kind: GroupKind) -> Group {
    Group { id: id.into(), name: name.into(), description: None, kind }
}

/// Alice is a read-only administrator, Bob an end user, Carol a help-desk administrator.
async fn org() -> Okta {
    let config = Config {
        users: vec![
            user("00u1dev00000000alice", ALICE, &[Role::ReadOnlyAdmin]),
            user("00u1dev0000000000bob", BOB, &[]),
            user("00u1dev00000000carol", CAROL, &[Role::HelpDeskAdmin]),
        ],
        groups: vec![
            group(GROUP, "Operations", GroupKind::OktaGroup),
            group(IMPORTED, "Imported", GroupKind::AppGroup),
        ],
        memberships: vec![(BOB.into(), GROUP.into())],
        clients: vec![Client {
            id: "app".into(),
            secret: "sample".into(),
            redirect_uris: vec!["http://127.0.0.1:9/callback".into()],
            granted_scopes: None,
        }],
        ..Config::default()
    };
    start(wire::listener().await, config).await.expect("the org starts")
}

async fn get(okta: &Okta, path: &str, token: &str) -> wire::Answer {
    wire::get(&format!("{}{path}", okta.double.url()), token).await
}

async fn post(okta: &Okta, path: &str, token: &str) -> wire::Answer {
    let bearer = format!("Bearer {token}");
    wire::send("POST", &format!("{}{path}", okta.double.url()), &[("authorization", &bearer)], "").await
}

fn code(answer: &wire::Answer) -> String {
    answer.json()["errorCode"].as_str().unwrap_or_default().to_owned()
}
