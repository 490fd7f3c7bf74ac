//! The AgentCore Gateway: MCP over streamable HTTP in front of Lambda functions, with an authorizer, interceptors and a
//! policy engine.
//!
//! A request passes the CUSTOM_JWT authorizer, the session check, the REQUEST interceptor, the policy engine, the target
//! and the RESPONSE interceptor, in this order.
//!
//! **As AWS documents it**
//! ([calling](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-using-mcp-call.html),
//! [authorizer](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html),
//! [sessions](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-sessions.html),
//! [interceptors](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html),
//! [headers](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-headers.html),
//! [Lambda targets](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html),
//! [policy](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy-authorization-flow.html)):
//! all configured checks of a token must pass, of the scopes any one; a session belongs to a `sub`, is missing by 400 and
//! unknown, over or somebody else's by 404; the shapes of an interceptor's event and output; a transformed response wins and
//! the target is not called, the RESPONSE interceptor still is; the interceptor's headers win over the client's; the search
//! tool is listed first; the target is given bare arguments and the client context.
//!
//! **As seen on live gateways or stated in AWS's samples, and not documented:** the texts and the id `0` of a 401; that an
//! output without `interceptorOutputVersion` is ignored and traffic passes; that an interceptor that fails is called again;
//! that it runs for every method; that the policy engine sees the arguments as the REQUEST interceptor left them and the
//! inbound token's claims, whatever `Authorization` it put in; that one that is no JWT makes evaluation fail; code and text of
//! a denial, 200 with −32002; claims that are no text reach the policies as text; a `context` that is null; a null body in the
//! RESPONSE event after a short circuit; `bedrockAgentCorePropagatedHeaders` as an object, often an empty one; `isError` with
//! one general sentence when a function fails; that a caller's missing argument is not refused before the interceptor.
//!
//! **Guesses:** a wrong client or scope is 403 with `insufficient_scope` (only the word was seen); the code −32006 of an
//! evaluation that fails; sessions are checked before the interceptor runs; a batch is refused whole by 400 and −32600,
//! broken JSON by 400 and −32700, both unseen by interceptors; an interceptor that fails twice is answered by 500 and −32603,
//! and after a failed REQUEST interceptor the RESPONSE one is not called; an output whose version is another is ignored too;
//! the RESPONSE interceptor also sees denials of the policy engine and, with a null body, notifications; its event holds the
//! request as the client sent it; an injected header that breaks the rules is dropped; a tool that is not there is 200 with
//! −32602 and unknown methods are 200 with −32601; the policy engine is not asked about the search tool and does not filter its
//! answer; a client context that is too large fails the call; a transformed body that is null leaves
//! the answer's own; the order and number of what a search finds.
//!
//! Left out: SigV4 and other authorizers, custom claims, other kinds of targets, the check of arguments against their
//! schema, response streaming, LOG_ONLY, `exceptionLevel` DEBUG, rate limits, and the MCP version `2026-07-28`, which gateways
//! only speak when told to. Functions are called in the name of the service, not as the gateway's role.

mod admission;
mod authorizer;
mod catalog;
mod client_context;
pub mod config;
mod controls;
mod described;
mod endpoint;
mod exchange;
mod interceptor;
mod issuer;
mod jws;
mod lambda;
mod message;
mod methods;
mod naming;
pub mod policy;
mod propagation;
pub mod record;
mod reply;
mod search;
mod sessions;
mod target;
mod validity;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use config::{Authorizer, Config, ContextExtras, Interceptor, Propagated, RequestHeaders, Target, Tool};
pub use controls::Gateway;
pub use policy::{Authorization, PolicyEngine, Verdict};
pub use record::{Call, Interception, Invocation, Point};

use crate::double::Double;
use crate::fault::Faults;
use crate::watch::Watch;
use authorizer::Inspector;
use lambda::Lambda;
use record::Records;
use sessions::Sessions;

/// The built-in tool that searches the others.
pub const SEARCH: &str = "x_amz_bedrock_agentcore_search";

/// What every request of a gateway shares.
struct Runtime {
    config: Config,
    /// The address, without a trailing slash.
    url: String,
    inspector: Option<Inspector>,
    lambda: Lambda,
    sessions: Sessions,
    records: Records,
}

/// Serves a gateway on `listener`: MCP under `/mcp`, its metadata under `/.well-known/oauth-protected-resource`, what it
/// has seen under `GET /_gateway/records`.
///
/// # Errors
/// When the listener has no local address, or, as `InvalidInput`, when the configuration is none that AWS would take.
pub async fn start(listener: TcpListener, config: Config) -> io::Result<Gateway> {
    validity::check(&config).map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))?;
    let url = format!("http://{}", listener.local_addr()?);
    let runtime = Arc::new(Runtime {
        inspector: config.authorizer.clone().map(Inspector::new),
        lambda: Lambda::at(&config.lambda_url, config.call_limit),
        sessions: Sessions::lasting(config.session_seconds),
        records: Records::default(),
        config,
        url,
    });
    let (methods, faults) = (Watch::default(), Faults::default());
    let router = endpoint::routes(Arc::clone(&runtime), methods.clone(), faults.clone());
    let double = Double::serve("gateway", listener, router)?;
    Ok(Gateway { double, methods, faults, runtime })
}
