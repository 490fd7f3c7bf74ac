//! The controls as endpoints, for tests in another process. They answer 204 or JSON, and 404 for an unknown name.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Client, Group, Status, User};
use super::rate::Bucket;
use super::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_okta/grant", post(grant))
        .route("/_okta/token", post(token))
        .route("/_okta/revoke-all", post(revoke_all))
        .route("/_okta/users", get(users).post(put_user).delete(remove_user))
        .route("/_okta/status", post(set_status))
        .route("/_okta/groups", post(put_group).delete(remove_group))
        .route("/_okta/memberships", post(join).delete(leave))
        .route("/_okta/group-names", post(set_group_names))
        .route("/_okta/clients", post(add_client))
        .route("/_okta/rate", post(set_rate))
        .route("/_okta/settings", post(settings))
        .route("/_okta/acts", get(acts))
}

fn done(found: bool) -> StatusCode {
    if found { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantWish {
    login: String,
    client_id: String,
    scope: String,
}

async fn grant(State(shared): State<Shared>, Json(wish): Json<GrantWish>) -> Result<Json<Value>, StatusCode> {
    let token = shared.grant(&wish.login, &wish.client_id, &wish.scope).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "refresh_token": token })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenWish {
    login: String,
    scope: String,
    expires_in: Option<u64>,
}

async fn token(State(shared): State<Shared>, Json(wish): Json<TokenWish>) -> Result<Json<Value>, StatusCode> {
    let token = shared.token(&wish.login, &wish.scope, wish.expires_in).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "access_token": token })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    login: String,
}

async fn revoke_all(State(shared): State<Shared>, Json(named): Json<Named>) -> StatusCode {
    done(shared.revoke_all(&named.login))
}

/// Every user with the ids and names of the groups.
async fn users(State(shared): State<Shared>) -> Json<Value> {
    let world = shared.lock();
    let users: Vec<Value> = world
        .directory
        .users()
        .map(|user| {
            let groups = world.directory.groups_of(&user.id);
            let groups: Vec<Value> =
                groups.iter().map(|stored| json!({ "id": stored.group.id, "name": stored.group.name })).collect();
            json!({ "user": user, "groups": groups })
        })
        .collect();
    Json(json!(users))
}

async fn put_user(State(shared): State<Shared>, Json(user): Json<User>) -> Json<Value> {
    Json(json!({ "id": shared.lock().directory.put_user(user) }))
}

async fn remove_user(State(shared): State<Shared>, Json(named): Json<Named>) -> StatusCode {
    done(shared.remove_user(&named.login))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusWish {
    login: String,
    status: Status,
}

async fn set_status(State(shared): State<Shared>, Json(wish): Json<StatusWish>) -> StatusCode {
    done(shared.set_status(&wish.login, wish.status))
}

async fn put_group(State(shared): State<Shared>, Json(group): Json<Group>) -> Json<Value> {
    Json(json!({ "id": shared.lock().directory.put_group(group, crate::clock::now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupId {
    id: String,
}

async fn remove_group(State(shared): State<Shared>, Json(group): Json<GroupId>) -> StatusCode {
    done(shared.lock().directory.remove_group(&group.id))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Membership {
    login: String,
    group: String,
}

async fn join(State(shared): State<Shared>, Json(wish): Json<Membership>) -> StatusCode {
    done(shared.change_membership(&wish.login, &wish.group, true))
}

async fn leave(State(shared): State<Shared>, Json(wish): Json<Membership>) -> StatusCode {
    done(shared.change_membership(&wish.login, &wish.group, false))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupNames {
    login: String,
    names: Vec<String>,
}

async fn set_group_names(State(shared): State<Shared>, Json(wish): Json<GroupNames>) -> StatusCode {
    done(shared.set_group_names(&wish.login, &wish.names))
}

async fn add_client(State(shared): State<Shared>, Json(client): Json<Client>) -> StatusCode {
    shared.lock().clients.push(client);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateWish {
    bucket: Bucket,
    remaining: u32,
    reset_in: u64,
}

async fn set_rate(State(shared): State<Shared>, Json(wish): Json<RateWish>) -> StatusCode {
    shared.set_rate(wish.bucket, wish.remaining, wish.reset_in);
    StatusCode::NO_CONTENT
}

/// Absent members change nothing.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    token_lifetime: Option<u64>,
    page_size: Option<usize>,
    empty_last_page: Option<bool>,
    self_may_list_groups: Option<bool>,
    expire_access_tokens: bool,
}

async fn settings(State(shared): State<Shared>, Json(wish): Json<Settings>) -> StatusCode {
    let mut world = shared.lock();
    if let Some(seconds) = wish.token_lifetime {
        world.grants.lifetime = seconds;
    }
    if let Some(size) = wish.page_size {
        world.page_size = size.max(1);
    }
    if let Some(on) = wish.empty_last_page {
        world.empty_last_page = on;
    }
    if let Some(on) = wish.self_may_list_groups {
        world.self_may_list_groups = on;
    }
    if wish.expire_access_tokens {
        world.grants.expire_access();
    }
    StatusCode::NO_CONTENT
}

async fn acts(State(shared): State<Shared>) -> Json<Value> {
    let world = shared.lock();
    Json(json!({ "acts": world.acts, "callers": world.callers }))
}
