//! The AgentCore Gateway: who may call it, and who is asked about every message.

use serde_json::Value;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, text, texts};
use crate::laptop::gateway::INTERCEPTOR;

/// With `exceptionLevel` DEBUG, a gateway tells callers the details of errors.
pub(super) fn exists(evidence: &Evidence) -> Judged {
    let told = evidence
        .account
        .gateway
        .or_wrong("the gateway does not exist", "set GATEWAY_ARN to a gateway of this region")?;
    if text(told, "/status") != "READY" {
        return Err(Finding::wrong("the gateway is not ready", "look at its `statusReasons`"));
    }
    if text(told, "/exceptionLevel") == "DEBUG" {
        return Err(Finding::wrong("the gateway tells callers the details of errors", "take `exceptionLevel` away"));
    }
    Ok(format!("`{}` is ready", text(told, "/gatewayId")))
}

pub(super) fn authorizer(evidence: &Evidence) -> Judged {
    let told = evidence.account.gateway.there()?;
    if text(told, "/authorizerType") != "CUSTOM_JWT" {
        return Err(Finding::wrong("the gateway checks no token of a person", "set its authorizer type to CUSTOM_JWT"));
    }
    let checks = told.pointer("/authorizerConfiguration/customJWTAuthorizer").cloned().unwrap_or_default();
    let issuer = evidence.given.or("AUTH0_ISSUER", "");
    let ours = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let taken = issuers(evidence);
    let url = text(&checks, "/discoveryUrl");
    let theirs = url.trim_end_matches("/.well-known/openid-configuration");
    if url != ours && !taken.iter().any(|issuer| issuer.trim_end_matches('/') == theirs) {
        return Err(Finding::wrong(
            "the gateway takes the tokens of another issuer",
            format!("set its discovery URL to {ours}"),
        ));
    }
    let bounds = ["allowedAudience", "allowedClients", "allowedScopes"];
    if bounds.iter().all(|bound| texts(checks.get(*bound)).is_empty()) {
        return Err(Finding::wrong(
            "the gateway takes the issuer's tokens for any API",
            "set `allowedAudience` to the tools' API",
        ));
    }
    Ok("CUSTOM_JWT, for our issuer and not for every API".to_owned())
}

/// Those that the interceptor takes tokens of.
fn issuers(evidence: &Evidence) -> Vec<String> {
    let setting: Value = serde_json::from_str(&evidence.given.or("GATEWAY_ISSUERS", "")).unwrap_or_default();
    let listed = setting.get("issuers").and_then(Value::as_array);
    listed.into_iter().flatten().map(|issuer| text(issuer, "/issuer").to_owned()).collect()
}

pub(super) fn interceptor(evidence: &Evidence) -> Judged {
    let told = evidence.account.gateway.there()?;
    let listed = told.get("interceptorConfigurations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let function = format!(":function:{}{INTERCEPTOR}", evidence.given.or("FUNCTION_PREFIX", ""));
    for point in ["REQUEST", "RESPONSE"] {
        let at_point = |one: &&Value| texts(one.get("interceptionPoints")).contains(&point);
        let Some(one) = listed.iter().find(at_point) else {
            return Err(Finding::wrong(
                format!("nobody looks at {point}"),
                format!("put {INTERCEPTOR} at both points"),
            ));
        };
        let arn = text(one, "/interceptor/lambda/arn");
        if !arn.ends_with(&function) && !arn.contains(&format!("{function}:")) {
            return Err(Finding::wrong(
                format!("another function looks at {point}"),
                format!("put {INTERCEPTOR} at both points"),
            ));
        }
        if one.pointer("/inputConfiguration/passRequestHeaders").and_then(Value::as_bool) != Some(true) {
            return Err(Finding::wrong(
                "the interceptor is not passed the headers, where the token is",
                "set `passRequestHeaders`",
            ));
        }
    }
    Ok(format!("{INTERCEPTOR} at both points, with headers"))
}
