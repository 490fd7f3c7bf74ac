//! `GetGateway` of AgentCore's control API (`GET /gateways/{id}/`, at AWS the host `bedrock-agentcore-control`), in the shape of
//! its service model. Signatures are not checked, only that there is one; the body of an error is a guess.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::Runtime;
use super::config::{Authorizer, Config, Interceptor, RequestHeaders};

pub(super) async fn get(State(runtime): State<Arc<Runtime>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !headers.contains_key(AUTHORIZATION) {
        return (StatusCode::FORBIDDEN, Json(json!({"message": "the request is not signed"}))).into_response();
    }
    if runtime.config.id != id {
        return (StatusCode::NOT_FOUND, Json(json!({"message": format!("there is no gateway `{id}`")})))
            .into_response();
    }
    Json(told(&runtime.config, &runtime.url)).into_response()
}

fn told(config: &Config, url: &str) -> Value {
    let mut told = json!({
        "gatewayId": config.id,
        "gatewayArn": config.arn,
        "gatewayUrl": format!("{url}/mcp"),
        "name": "mandate",
        "status": "READY",
        "protocolType": "MCP",
        "authorizerType": "NONE",
        "interceptorConfigurations": interceptors(config),
    });
    if let (Some(authorizer), Some(members)) = (&config.authorizer, told.as_object_mut()) {
        members.insert("authorizerType".to_owned(), json!("CUSTOM_JWT"));
        members.insert("authorizerConfiguration".to_owned(), json!({"customJWTAuthorizer": checks(authorizer)}));
    }
    told
}

/// What is not checked is not there.
fn checks(authorizer: &Authorizer) -> Value {
    let mut checks = json!({"discoveryUrl": authorizer.discovery_url});
    let lists = [
        ("allowedAudience", &authorizer.allowed_audience),
        ("allowedClients", &authorizer.allowed_clients),
        ("allowedScopes", &authorizer.allowed_scopes),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        if let Some(members) = checks.as_object_mut() {
            members.insert(name.to_owned(), json!(list));
        }
    }
    checks
}

fn interceptors(config: &Config) -> Vec<Value> {
    let points = [("REQUEST", &config.request_interceptor), ("RESPONSE", &config.response_interceptor)];
    let both = match (&config.request_interceptor, &config.response_interceptor) {
        (Some(request), Some(response)) => request.function == response.function,
        (_, None) | (None, _) => false,
    };
    let one = |points: &[&str], interceptor: &Interceptor| {
        let passes = matches!(interceptor.request_headers, RequestHeaders::TitleCase | RequestHeaders::LowerCase);
        json!({
            "interceptor": {"lambda": {"arn": crate::lambda::arn(&interceptor.function)}},
            "interceptionPoints": points,
            "inputConfiguration": {"passRequestHeaders": passes},
        })
    };
    if let (true, Some(interceptor)) = (both, &config.request_interceptor) {
        return vec![one(&["REQUEST", "RESPONSE"], interceptor)];
    }
    points.iter().filter_map(|(point, interceptor)| Some(one(&[point], interceptor.as_ref()?))).collect()
}
