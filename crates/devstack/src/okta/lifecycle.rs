//! `POST /api/v1/users/{id}/lifecycle/reset_password` and `/unlock`. Both name the user by id only.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::Status;
use super::problem::Problem;
use super::rights::{Act, Caller};
use super::world::Shared;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reset {
    send_email: Option<String>,
}

/// Starts a password reset. With `sendEmail=false` the answer holds the one-time address, otherwise it is empty.
pub(super) async fn reset_password(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Query(reset): Query<Reset>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut world = shared.lock();
    let caller = Caller::read(&mut world, &headers)?;
    caller.may(&world, Act::ResetPassword, None)?;
    let send_email = match reset.send_email.as_deref() {
        Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(Problem::Invalid("sendEmail")),
        None => return Err(Problem::Missing),
    };
    let user = world.directory.user_mut(&id).ok_or_else(|| Problem::no_user(&id))?;
    match user.status {
        Status::Active | Status::Provisioned | Status::Recovery | Status::PasswordExpired | Status::LockedOut => {}
        Status::Staged | Status::Suspended | Status::Deprovisioned => return Err(Problem::Status),
    }
    user.status = Status::Recovery;
    world.acts.push(format!("reset_password {id}"));
    if send_email {
        return Ok(Json(json!({})));
    }
    let address = format!("{}/reset_password/{}", world.base, crate::random::token(""));
    Ok(Json(json!({ "resetPasswordUrl": address })))
}

/// Unlocks a user who is locked out.
pub(super) async fn unlock(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut world = shared.lock();
    let caller = Caller::read(&mut world, &headers)?;
    caller.may(&world, Act::Unlock, None)?;
    let user = world.directory.user_mut(&id).ok_or_else(|| Problem::no_user(&id))?;
    if user.status != Status::LockedOut {
        return Err(Problem::NotLocked);
    }
    user.status = Status::Active;
    world.acts.push(format!("unlock {id}"));
    Ok(Json(json!({})))
}
