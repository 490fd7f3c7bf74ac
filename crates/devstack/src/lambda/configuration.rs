//! [GetFunctionConfiguration](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html): how a function is
//! set up, its environment included. Of the answer there is what the host knows, and what the template of a deployment makes the
//! same for every function: runtime, architecture, a key of one's own for the environment.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{self, Refusal};
use super::function::{Function, name_in};
use super::host::Functions;
use super::{ACCOUNT, REGION, arn};

/// What the sandbox is given as credentials stands in no configuration.
const OF_THE_SANDBOX: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

pub(super) async fn get(State(functions): State<Arc<Functions>>, Path(reference): Path<String>) -> Response {
    let pool = name_in(&reference).and_then(|name| functions.pool(name));
    match pool {
        Some(pool) => Json(told(&pool.function())).into_response(),
        None => answer::refused(Refusal::not_found(&arn(&reference))),
    }
}

fn told(function: &Function) -> Value {
    let kept = |name: &str| !OF_THE_SANDBOX.contains(&name);
    let variables: serde_json::Map<String, Value> = function
        .environment
        .iter()
        .filter(|(name, _)| kept(name))
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "FunctionName": function.name,
        "FunctionArn": arn(&function.name),
        "Runtime": "provided.al2023",
        "Architectures": ["arm64"],
        "Handler": "bootstrap",
        "PackageType": "Zip",
        "Version": "$LATEST",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "Timeout": function.timeout.as_secs(),
        "MemorySize": function.memory_mb,
        "Environment": {"Variables": variables},
        "KMSKeyArn": format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-4000-8000-0000000000e1"),
        "TracingConfig": {"Mode": "PassThrough"},
    })
}
