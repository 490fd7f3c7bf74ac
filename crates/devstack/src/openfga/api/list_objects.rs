//! `POST /stores/{id}/list-objects`, by asking about every object that some tuple names.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Keys, body, check, consistency, contextual, id};
use crate::openfga::problem::Problem;
use crate::openfga::store::Shared;
use crate::openfga::tuple::{Tuple, object_parts};
use crate::openfga::{evaluate, pattern, tuple_rules};

#[derive(Debug, Deserialize)]
struct Request {
    #[serde(default)]
    user: String,
    #[serde(default)]
    relation: String,
    #[serde(default, rename = "type")]
    kind: String,
    contextual_tuples: Option<Keys>,
    authorization_model_id: Option<String>,
    consistency: Option<String>,
}

pub(super) async fn list_objects(
    State(shared): State<Shared>,
    Path(store): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let request: Request = body(&bytes)?;
    let model_id = id(request.authorization_model_id.as_ref())?;
    let sample = Tuple::new(&request.user, &request.relation, &format!("{}:any", request.kind));
    pattern::question(&sample).map_err(Problem::validation)?;
    let contextual = contextual(request.contextual_tuples.as_ref())?;
    consistency(request.consistency.as_ref())?;
    let mut world = shared.lock();
    let found = world.store(&store)?;
    let model = found.model(&store, model_id)?;
    check::fit(model, &contextual)?;
    tuple_rules::question(model, &sample).map_err(Problem::validation)?;
    let tuples: Vec<&Tuple> = found.tuples.iter().map(|stored| &stored.tuple).chain(&contextual).collect();
    let named =
        tuples.iter().flat_map(|tuple| [tuple.object.as_str(), tuple.user.split('#').next().unwrap_or_default()]);
    let asked = request.user.split('#').next();
    let candidates: BTreeSet<&str> = named.chain(asked).filter(|name| is_one(name, &request.kind)).collect();
    let mut objects = Vec::new();
    for object in candidates {
        if evaluate::check(model, &tuples, &Tuple::new(&request.user, &request.relation, object))? {
            objects.push(object);
        }
    }
    Ok(Json(json!({ "objects": objects })))
}

fn is_one(name: &str, kind: &str) -> bool {
    object_parts(name).is_some_and(|(own, id)| own == kind && id != "*")
}
