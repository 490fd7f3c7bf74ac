//! `GET /api/v1/users/{user}` and `GET /api/v1/users/{user}/groups`.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::config::User;
use super::cursor::{self, Paging};
use super::groups;
use super::problem::Problem;
use super::rights::{Act, Caller};
use super::world::{Shared, World};

/// The user by id, login, short login, or `me`. axum has decoded the segment once.
pub(super) async fn read(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut world = shared.lock();
    let caller = Caller::read(&mut world, &headers)?;
    let found = target(&world, &caller, &name);
    caller.may(&world, Act::ReadUser, found)?;
    Ok(Json(object(&world.base, found.ok_or_else(|| Problem::no_user(&name))?)))
}

/// The user's groups in pages of at most 200, in the order of their ids.
pub(super) async fn groups(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut world = shared.lock();
    let caller = Caller::read(&mut world, &headers)?;
    let found = target(&world, &caller, &name);
    caller.may(&world, Act::ReadGroupsOfUser, found)?;
    let user = found.ok_or_else(|| Problem::no_user(&name))?;
    let read_as = world.directory.user(&caller.user).map(|user| user.login.clone()).unwrap_or_default();
    let read = (read_as, user.login.clone());
    let all = world.directory.groups_of(&user.id);
    let page = cursor::cut(all, |stored| &stored.group.id, &paging, world.page_size, world.empty_last_page)?;
    let objects: Vec<Value> = page.items.iter().map(|stored| groups::object(&world.base, stored)).collect();
    let mut response = Json(objects).into_response();
    let segment = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let address = format!("{}/api/v1/users/{segment}/groups", world.base);
    cursor::links(response.headers_mut(), &address, &paging, page.limit, page.next.as_deref());
    world.group_reads.push(read);
    Ok(response)
}

fn target<'a>(world: &'a World, caller: &Caller, name: &str) -> Option<&'a User> {
    if name == "me" { world.directory.user(&caller.user) } else { world.directory.find(name) }
}

fn object(base: &str, user: &User) -> Value {
    json!({
        "id": user.id,
        "status": user.status,
        "created": "2026-01-05T09:00:00.000Z",
        "activated": "2026-01-05T09:00:00.000Z",
        "statusChanged": "2026-01-05T09:00:00.000Z",
        "lastLogin": null,
        "lastUpdated": "2026-01-05T09:00:00.000Z",
        "passwordChanged": "2026-01-05T09:00:00.000Z",
        "type": { "id": "oty1dev0000000000001" },
        "profile": {
            "firstName": user.first_name,
            "lastName": user.last_name,
            "mobilePhone": null,
            "secondEmail": null,
            "login": user.login,
            "email": user.login,
        },
        "credentials": { "provider": { "type": "OKTA", "name": "OKTA" } },
        "_links": { "self": { "href": format!("{base}/api/v1/users/{}", user.id) } },
    })
}
