//! `POST /stores`, `GET /stores`, `GET /stores/{id}`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body;
use crate::okta::date::iso;
use crate::openfga::problem::Problem;
use crate::openfga::store::{Shared, Store};
use crate::openfga::ulid;

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    name: String,
}

pub(super) async fn create(State(shared): State<Shared>, bytes: Bytes) -> Result<(StatusCode, Json<Value>), Problem> {
    let Wish { name } = body(&bytes)?;
    if !(3..=64).contains(&name.len()) {
        return Err(Problem::validation("invalid CreateStoreRequest.Name: value does not match regex pattern"));
    }
    let id = ulid::fresh();
    let store = Store { name, created: crate::clock::now(), ..Store::default() };
    let answer = object(&id, &store);
    shared.lock().stores.insert(id, store);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// All stores on one page.
pub(super) async fn list(State(shared): State<Shared>) -> Json<Value> {
    let world = shared.lock();
    let stores: Vec<Value> =
        world.stores.iter().filter(|(_, store)| store.is_created()).map(|(id, store)| object(id, store)).collect();
    Json(json!({ "stores": stores, "continuation_token": "" }))
}

pub(super) async fn read(State(shared): State<Shared>, Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    let mut world = shared.lock();
    let store = world.created(&id)?;
    Ok(Json(object(&id, store)))
}

fn object(id: &str, store: &Store) -> Value {
    let created = iso(store.created);
    json!({ "id": id, "name": store.name, "created_at": created, "updated_at": created, "deleted_at": null })
}
