//! The AgentCore Gateway of a start: its interceptor's settings, and gateways in front of the tools.

mod declared;

use std::fs;
use std::path::{Path, PathBuf};

use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devstack::gateway::{self, Authorizer, Config, Gateway, Interceptor, RequestHeaders};
use devstack::sample::TOOLS_API;
use devstack::stack::{NAMES, Ports, Stack, bind};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use upstream_http::auth0::Client;

use super::{Laptop, start_trouble};
use crate::random;
use crate::trouble::Trouble;

/// The function that a gateway asks about every message, and its binary.
pub const INTERCEPTOR: &str = "gateway-interceptor";
/// The id of every gateway of a start, so that the interceptor's tickets are good behind each.
pub const GATEWAY_ID: &str = "mandate-abc1234567";
/// The id of the key that the interceptor signs tickets with.
pub(crate) const TICKET_KEY_ID: &str = "gateway-1";

/// Who looks at a call before a target does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guards {
    /// The gateway's own authorizer, then the interceptor, as in a deployment.
    Both,
    /// The authorizer, without an interceptor behind it.
    AuthorizerAlone,
    /// The interceptor, behind the authorizer type `NONE`.
    InterceptorAlone,
}

/// The gateway that both guard, and what its interceptor signs with and reads.
pub(super) struct Front {
    pub(super) gateway: Gateway,
    pub(super) seed: [u8; 32],
    folder: PathBuf,
}

impl Front {
    /// Starts the gateway, behind the doubles' ports, and writes the interceptor's files. No function is called yet.
    pub(super) async fn open(ports: Ports, stack: &Stack, functions_at: &str, folder: &Path) -> Result<Self, Trouble> {
        let folder = folder.join("gateway");
        for (name, text) in declared::files()? {
            let written = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(name), text));
            written.map_err(|error| Trouble::because("a file for the interceptor could not be written", error))?;
        }
        let behind = u16::try_from(NAMES.len()).unwrap_or(u16::MAX);
        let listener = bind(ports, behind, "gateway").await.map_err(start_trouble)?;
        let gateway = start(listener, stack, functions_at, Guards::Both).await?;
        Ok(Self { gateway, seed: random::bytes()?, folder })
    }

    /// The interceptor's settings.
    pub(super) fn settings(&self, stack: &Stack) -> [(&'static str, String); 7] {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let metadata = format!("{}/.well-known/oauth-protected-resource", self.gateway.double.url());
        [
            ("GATEWAY_ISSUERS", issuers(stack).to_string()),
            ("GATEWAY_TOOLS", path(declared::TOOLS)),
            ("GATEWAY_POLICIES", declared::POLICIES.map(path).join(":")),
            ("GATEWAY_ARN", self.gateway.arn().to_owned()),
            ("GATEWAY_TICKET_SEED", URL_SAFE_NO_PAD.encode(self.seed)),
            ("GATEWAY_TICKET_KID", TICKET_KEY_ID.to_owned()),
            ("GATEWAY_RESOURCE_METADATA", metadata),
        ]
    }
}

impl Laptop {
    /// The application that calls tools through a gateway, as the tenant knows it.
    #[must_use]
    pub fn mcp_application(&self) -> Client {
        let (own, mcp) = (self.auth0.client.clone(), &self.stack.mcp);
        Client { id: mcp.id.clone(), secret: Secret::new(mcp.secret.clone()).into(), ..own }
    }

    /// What a web application is told in place of the agent, so that the sessions of those who sign in there are for the
    /// gateway. Nothing if there is none.
    #[must_use]
    pub fn web_at_gateway(&self) -> Vec<(&'static str, String)> {
        let settings = |gateway: &Gateway| {
            vec![
                ("GATEWAY_URL", gateway.mcp_url()),
                ("GATEWAY_AUDIENCE", TOOLS_API.to_owned()),
                ("GATEWAY_CLIENTS", self.stack.mcp.id.clone()),
                ("AGENT_ID", GATEWAY_ID.to_owned()),
                ("AGENT_ALIAS_ID", String::new()),
            ]
        };
        self.gateway().map(settings).unwrap_or_default()
    }
}

/// Starts one more gateway with the same id and the same targets on a free port.
pub(super) async fn another(stack: &Stack, functions_at: &str, guards: Guards) -> Result<Gateway, Trouble> {
    let listener = bind(Ports::Any, 0, "gateway").await.map_err(start_trouble)?;
    start(listener, stack, functions_at, guards).await
}

async fn start(listener: TcpListener, stack: &Stack, functions_at: &str, guards: Guards) -> Result<Gateway, Trouble> {
    let mut config = Config::new(GATEWAY_ID, functions_at, declared::targets()?);
    // Less than all, so that a list has pages.
    config.page_size = 5;
    if guards != Guards::InterceptorAlone {
        config.authorizer = Some(Authorizer {
            discovery_url: format!("{}.well-known/openid-configuration", stack.auth0.issuer()),
            allowed_audience: vec![TOOLS_API.to_owned()],
            // Auth0 names the client `azp`, which this check does not read.
            allowed_clients: Vec::new(),
            allowed_scopes: Vec::new(),
        });
    }
    if guards != Guards::AuthorizerAlone {
        let function = INTERCEPTOR.to_owned();
        let interceptor = Interceptor { function, request_headers: RequestHeaders::TitleCase };
        config.request_interceptor = Some(interceptor.clone());
        config.response_interceptor = Some(interceptor);
    }
    gateway::start(listener, config).await.map_err(|error| Trouble::because("the gateway did not start", error))
}

/// Tokens of the tenant for the tools' API, which the application has that is made for it.
fn issuers(stack: &Stack) -> Value {
    let issuer = stack.auth0.issuer();
    json!({"issuers": [{
        "issuer": issuer,
        "provider": "auth0",
        "audience": TOOLS_API,
        "jwks": format!("{issuer}.well-known/jwks.json"),
        "clients": [stack.mcp.id],
        "sign_in": true,
    }]})
}
