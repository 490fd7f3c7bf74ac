//! Calls of gateway targets, as an AgentCore Gateway and its interceptor make them.
#![expect(clippy::indexing_slicing, reason = "members of JSON made here: a missing one is null or is added")]

use auth::canonical::ArgumentsHash;
use auth::id::{AgentId, Organization, SessionHash};
use auth::session::Row;
use auth::subject::Subject;
use auth::ticket::{GatewayStatement, Minter, Reach};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devstack::sample::{CONNECTION, Person};
use serde_json::{Value, json};

use crate::{Chatting, World};

/// The id of the gateway that calls.
pub const GATEWAY: &str = "mandate-abc1234567";

/// Whose call it is, as the caller's access token says, and in which session.
pub struct Caller<'a> {
    /// Issuer and subject.
    pub subject: &'a Subject,
    /// The organization.
    pub organization: Option<&'a Organization>,
    /// The session that the request named.
    pub session: Option<&'a SessionHash>,
    /// What the interceptor says of the caller's reach.
    pub reach: Option<&'a Reach>,
}

/// The interceptor's key.
pub fn interceptor() -> Minter {
    Minter::from_seed("gateway", "gateway-1", &[9; 32]).expect("a seed has 32 bytes")
}

/// The setting `TICKET_KEYS` of a function that trusts that key beside those it has.
pub fn trusting(ticket_keys: &str) -> String {
    let mut setting: Value = serde_json::from_str(ticket_keys).expect("the setting is JSON");
    let minters = setting["minters"].as_array_mut().expect("the setting has minters");
    minters.retain(|minter| minter["name"] != "gateway");
    minters.push(json!({
        "name": "gateway", "doors": ["gateway-target"], "jwks": {"keys": [interceptor().public_jwk()]},
    }));
    setting.to_string()
}

/// The event of a call that the interceptor let pass now.
pub fn sent(world: &World, caller: &Caller<'_>, tool: &str, arguments: &Value) -> Value {
    let Caller { subject, organization, session, reach } = *caller;
    let hash = ArgumentsHash::of(arguments).expect("the arguments have a canonical form");
    let statement =
        GatewayStatement { subject, organization, session, gateway: GATEWAY, tool, arguments: &hash, reach };
    let ticket = interceptor().mint_for_gateway(&statement, world.laptop.clock.now()).expect("a tool with a target");
    let mut event = arguments.clone();
    event["mandate_ticket"] = json!(ticket.expose());
    event
}

/// The client context of a call of this tool, with headers passed on as live gateways are reported to do it.
pub fn context(tool: &str) -> Value {
    json!({"custom": {
        "bedrockAgentCoreMessageVersion": "1.0",
        "bedrockAgentCoreAwsRequestId": "b1f6a5d0",
        "bedrockAgentCoreMcpMessageId": "1",
        "bedrockAgentCoreGatewayId": GATEWAY,
        "bedrockAgentCoreTargetId": "TARGET0001",
        "bedrockAgentCoreToolName": tool,
        "bedrockAgentCorePropagatedHeaders": {},
    }})
}

impl World {
    /// A world whose tools trust the interceptor's key, beside that of the web application.
    pub async fn start_behind_a_gateway() -> Self {
        let world = Self::start_cold(&[]).await;
        for function in ["okta-groups", "ciba-initiator"] {
            let keys = world.laptop.environment(function).remove("TICKET_KEYS").expect("tools have keys");
            world.host(function, function, 1, &[("TICKET_KEYS", &trusting(&keys))]).await;
        }
        world.laptop.stack.lambda.warm("fga-authorizer").await.expect("the function starts");
        world.forget();
        world
    }

    /// As [`World::chatting`], with a session for those who come through the gateway.
    pub async fn chatting_at_the_gateway(&self, name: &str) -> Chatting {
        let person = Person::named(name).expect("a sample person");
        let (session, row) = self.row(&person);
        let chatting = self.begun(person, session, Row { agent: AgentId::parse(GATEWAY), ..row }).await;
        self.laptop.stack.auth0.connect(&chatting.person.sub(), CONNECTION).await.expect("the account connects");
        self.forget();
        chatting
    }

    /// One event into one function's process with this client context.
    pub async fn invoke_with(&self, function: &str, event: &Value, context: &Value) -> Value {
        self.invoke_by(function, event, Some(STANDARD.encode(context.to_string()))).await
    }
}
