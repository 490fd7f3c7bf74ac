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
    let issuers = issuers(evidence)?;
    let url = text(&checks, "/discoveryUrl");
    let theirs = url.trim_end_matches("/.well-known/openid-configuration");
    let taken: Vec<&Value> =
        issuers.iter().filter(|issuer| text(issuer, "/issuer").trim_end_matches('/') == theirs).collect();
    if taken.is_empty() {
        return Err(Finding::wrong(
            "the gateway takes the tokens of another issuer than its interceptor",
            "set its discovery URL to that of an issuer in GATEWAY_ISSUERS",
        ));
    }
    let bounds = ["allowedAudience", "allowedClients", "allowedScopes"];
    if bounds.iter().all(|bound| texts(checks.get(*bound)).is_empty()) {
        return Err(Finding::wrong(
            "the gateway takes the issuer's tokens for any API",
            "set `allowedAudience` to the tools' API",
        ));
    }
    let audiences: Vec<&str> = taken.iter().map(|issuer| text(issuer, "/audience")).collect();
    if texts(checks.get("allowedAudience")).iter().any(|audience| !audiences.contains(audience)) {
        return Err(Finding::wrong(
            "the gateway takes tokens for another API than its interceptor",
            "set `allowedAudience` to the `audience` of the issuer in GATEWAY_ISSUERS",
        ));
    }
    Ok("CUSTOM_JWT, for an issuer and an API of the interceptor's".to_owned())
}

/// Those that the interceptor takes tokens of.
fn issuers(evidence: &Evidence) -> Result<Vec<Value>, Finding> {
    let setting: Value = serde_json::from_str(&evidence.given.need("GATEWAY_ISSUERS")?).unwrap_or_default();
    Ok(setting.get("issuers").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// With LOG_ONLY, every call is let through; without an engine, the interceptor's policies are the only ones.
pub(super) fn policy_engine(evidence: &Evidence) -> Judged {
    let told = evidence.account.gateway.there()?;
    match text(told, "/policyEngineConfiguration/mode") {
        "ENFORCE" => Ok("the policy engine enforces".to_owned()),
        "" if !evidence.given.is_production() => Err(Finding::Unused("the gateway has no policy engine")),
        "" => Err(Finding::wrong("the gateway has no policy engine", "give it the one that infra/template.yaml has")),
        _ => Err(Finding::wrong(
            "the policy engine looks at calls and lets all through",
            "set `policyEngineConfiguration.mode` to ENFORCE",
        )),
    }
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
