//! What a gateway is configured with.

use std::time::Duration;

use serde_json::{Map, Value};

use super::policy::PolicyEngine;

/// The MCP versions that gateways speak unless told otherwise, newest first.
pub const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// One gateway.
#[derive(Clone, Debug)]
pub struct Config {
    /// As in `tools-abc1234567`.
    pub id: String,
    /// As in `arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/tools-abc1234567`.
    pub arn: String,
    /// What it calls.
    pub targets: Vec<Target>,
    /// Who may call it. None is the authorizer type `NONE`.
    pub authorizer: Option<Authorizer>,
    /// Called before the policy engine and the target.
    pub request_interceptor: Option<Interceptor>,
    /// Called before the answer leaves. May be the same function.
    pub response_interceptor: Option<Interceptor>,
    /// Asked in `ENFORCE`.
    pub policy_engine: Option<PolicyEngine>,
    /// Where Lambda's Invoke API is, without a trailing slash.
    pub lambda_url: String,
    /// How long a session lasts from its `initialize`, in seconds, 900 to 28,800 at AWS. None: there are no sessions.
    pub session_seconds: Option<u64>,
    /// Tools on one page of a list, at least 1.
    pub page_size: usize,
    /// Whether there is the built-in search tool.
    pub search: bool,
    /// The versions it speaks, newest first.
    pub versions: Vec<String>,
    /// How long one call of a function may take. About 40 seconds were seen.
    pub call_limit: Duration,
    /// Whether the RESPONSE interceptor is given a null body after a short circuit, as it was in eu-central-1.
    pub null_body_after_short_circuit: bool,
    /// What the client context holds beside the ids.
    pub context: ContextExtras,
}

impl Config {
    /// A gateway in the doubles' account and region without an authorizer, interceptors, or a policy engine, with search,
    /// sessions of an hour, pages of 50, and propagated headers as an object even if it is empty.
    #[must_use]
    pub fn new(id: &str, lambda_url: impl Into<String>, targets: Vec<Target>) -> Self {
        let (region, account) = (crate::lambda::REGION, crate::lambda::ACCOUNT);
        Self {
            id: id.to_owned(),
            arn: format!("arn:aws:bedrock-agentcore:{region}:{account}:gateway/{id}"),
            targets,
            authorizer: None,
            request_interceptor: None,
            response_interceptor: None,
            policy_engine: None,
            lambda_url: lambda_url.into(),
            session_seconds: Some(3600),
            page_size: 50,
            search: true,
            versions: VERSIONS.map(str::to_owned).to_vec(),
            call_limit: Duration::from_secs(40),
            null_body_after_short_circuit: true,
            context: ContextExtras::default(),
        }
    }
}

/// A Lambda function and the tools that it answers for.
#[derive(Clone, Debug)]
pub struct Target {
    /// Letters, digits and single hyphens; so no underscore.
    pub name: String,
    /// Ten capitals and digits.
    pub id: String,
    /// Name or ARN of the function.
    pub function: String,
    /// Its tools.
    pub tools: Vec<Tool>,
    /// Headers of the client or the interceptor that the function may see, at most 10. `Authorization` cannot be among
    /// them; that of the interceptor is always passed.
    pub allowed_request_headers: Vec<String>,
    /// Query parameters of the client that the function may see, at most 10.
    pub allowed_query_parameters: Vec<String>,
}

impl Target {
    /// A target that is passed no headers and no query parameters, with an id made of its name.
    #[must_use]
    pub fn new(name: &str, function: impl Into<String>, tools: Vec<Tool>) -> Self {
        let letters = name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase());
        Self {
            name: name.to_owned(),
            id: letters.chain(std::iter::repeat('0')).take(10).collect(),
            function: function.into(),
            tools,
            allowed_request_headers: Vec::new(),
            allowed_query_parameters: Vec::new(),
        }
    }
}

/// One tool of a target.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name, without the target's.
    pub name: String,
    /// For the model.
    pub description: String,
    /// JSON Schema of its arguments. Nothing enforces it.
    pub input_schema: Value,
}

/// The checks of CUSTOM_JWT. Those that are empty are not made; all others must pass.
#[derive(Clone, Debug)]
pub struct Authorizer {
    /// Where the issuer's discovery document is.
    pub discovery_url: String,
    /// One must be in `aud`.
    pub allowed_audience: Vec<String>,
    /// One must be the `client_id`. Tokens that name their client otherwise do not pass.
    pub allowed_clients: Vec<String>,
    /// One, not all, must be in `scope` or `scp`.
    pub allowed_scopes: Vec<String>,
}

/// A function at one or both points of interception.
#[derive(Clone, Debug)]
pub struct Interceptor {
    /// Name or ARN of the function.
    pub function: String,
    /// What it is told of the client's headers.
    pub request_headers: RequestHeaders,
}

/// The request's headers in an interceptor's event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RequestHeaders {
    /// `passRequestHeaders` is true, names are as in AWS's documentation: `Mcp-Session-Id`.
    TitleCase,
    /// `passRequestHeaders` is true, names are as in the AgentCore CLI's documentation: `mcp-session-id`.
    LowerCase,
    /// `passRequestHeaders` is false, as AWS's documentation has it: no member `headers`.
    Absent,
    /// `passRequestHeaders` is false, as the AgentCore CLI's documentation has it: an empty object.
    Empty,
}

/// When the client context holds the propagated headers and query parameters.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Propagated {
    /// Only if there are any.
    Filled,
    /// Always the headers, if only as an empty object, as was reported of live gateways.
    #[default]
    Always,
}

/// What the client context holds beside the ids.
#[derive(Clone, Debug, Default)]
pub struct ContextExtras {
    /// Whether propagated headers are there.
    pub propagated: Propagated,
    /// Further members of `custom`: numbers, nulls, objects.
    pub custom: Map<String, Value>,
    /// Members beside `custom`, as in `client` or `env`.
    pub beside: Map<String, Value>,
}
