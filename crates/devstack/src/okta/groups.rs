//! `GET /api/v1/groups` and the membership calls.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::GroupKind;
use super::cursor::{self, Paging};
use super::date::iso;
use super::directory::Stored;
use super::problem::Problem;
use super::rights::{Act, Caller};
use super::world::{Shared, World};

/// The most that one page of all groups holds (Okta's reference allows 10000).
const MOST: usize = 10_000;

#[derive(Debug, Deserialize)]
pub(super) struct Search {
    /// Start of a group's name; letter case is ignored.
    q: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

pub(super) async fn list(
    State(shared): State<Shared>,
    Query(search): Query<Search>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut world = shared.lock();
    let caller = Caller::read(&mut world, &headers)?;
    caller.may(&world, Act::ReadGroups, None)?;
    let start = search.q.unwrap_or_default().to_lowercase();
    let found = world.directory.groups().filter(|stored| stored.group.name.to_lowercase().starts_with(&start));
    let page = cursor::cut(found.collect(), |stored| &stored.group.id, &search.paging, MOST, world.empty_last_page)?;
    let objects: Vec<Value> = page.items.iter().map(|stored| object(&world.base, stored)).collect();
    let mut response = Json(objects).into_response();
    let address = format!("{}/api/v1/groups", world.base);
    cursor::links(response.headers_mut(), &address, &search.paging, page.limit, page.next.as_deref());
    Ok(response)
}

/// Adds a user, named by id only, to a group. Adding a member again is a success too.
pub(super) async fn add(
    State(shared): State<Shared>,
    Path((group, user)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut world = shared.lock();
    change(&mut world, &headers, &group, &user)?;
    world.directory.join(&user, &group, crate::clock::now());
    world.acts.push(format!("add {user} {group}"));
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a user, named by id only, out of a group.
pub(super) async fn remove(
    State(shared): State<Shared>,
    Path((group, user)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut world = shared.lock();
    change(&mut world, &headers, &group, &user)?;
    world.directory.leave(&user, &group, crate::clock::now());
    world.acts.push(format!("remove {user} {group}"));
    Ok(StatusCode::NO_CONTENT)
}

fn change(world: &mut World, headers: &HeaderMap, group: &str, user: &str) -> Result<(), Problem> {
    let caller = Caller::read(world, headers)?;
    caller.may(world, Act::ChangeMembers, None)?;
    let stored = world.directory.group(group).ok_or_else(|| Problem::no_group(group))?;
    if stored.group.kind != GroupKind::OktaGroup {
        return Err(Problem::ForeignGroup);
    }
    world.directory.user(user).map(|_| ()).ok_or_else(|| Problem::no_user(user))
}

pub(super) fn object(base: &str, stored: &Stored) -> Value {
    let group = &stored.group;
    let address = format!("{base}/api/v1/groups/{}", group.id);
    json!({
        "id": group.id,
        "created": iso(stored.created),
        "lastUpdated": iso(stored.created),
        "lastMembershipUpdated": iso(stored.members_changed),
        "objectClass": ["okta:user_group"],
        "type": group.kind,
        "profile": { "name": group.name, "description": group.description },
        "_links": {
            "users": { "href": format!("{address}/users") },
            "apps": { "href": format!("{address}/apps") },
        },
    })
}
