//! `POST` and `GET /stores/{id}/authorization-models`, and one model by its id.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::{body, id};
use crate::openfga::model::Model;
use crate::openfga::problem::Problem;
use crate::openfga::store::Shared;
use crate::openfga::ulid;

pub(super) async fn write(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let raw: Value = body(&bytes)?;
    let id = ulid::fresh();
    shared.lock().store(&store)?.add_model(id.clone(), &raw)?;
    Ok((StatusCode::CREATED, Json(json!({ "authorization_model_id": id }))))
}

/// All models on one page, the newest first.
pub(super) async fn list(State(shared): State<Shared>, Path(store): Path<String>) -> Result<Json<Value>, Problem> {
    let mut world = shared.lock();
    let models: Vec<Value> = world.store(&store)?.models.iter().rev().map(object).collect();
    Ok(Json(json!({ "authorization_models": models, "continuation_token": "" })))
}

pub(super) async fn read(
    State(shared): State<Shared>,
    Path((store, model)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let wanted = id(Some(&model))?;
    let mut world = shared.lock();
    let found = world.store(&store)?.model(&store, wanted)?;
    Ok(Json(json!({ "authorization_model": object(found) })))
}

fn object(model: &Model) -> Value {
    let (version, definitions) = (model.raw.get("schema_version"), model.raw.get("type_definitions"));
    json!({ "id": model.id, "schema_version": version, "type_definitions": definitions, "conditions": {} })
}
