//! The Lambda that an AgentCore Gateway asks about every message, on its way to a target (REQUEST) and back (RESPONSE).
//!
//! It verifies the caller's token, whatever the gateway's own authorizer did; looks for the tool's scopes; asks Cedar; and
//! sends a call on with a ticket in place of the token. It reads no row and keeps nothing but the issuers' keys. What can be
//! decided from values is decided in [`auth::gateway`].

mod answer;
mod inbound;
pub mod settings;
mod signer;

pub use answer::Answer;

use auth::canonical::ArgumentsHash;
use auth::gateway::{Asks, Call, Denial, Event, Request, Response, Tells, Tool, Tools};
use auth::jwt::Caller;
use auth::refusal::{Code, Refusal};
use auth::secret::SecretSource;
use auth::ticket::{GatewayStatement, Reach};
use auth::time::Clock;
use function::serve::{Invocation, Trouble};
use gateway_policy::{Policies, Shadow};
use inbound::Inbound;
use settings::Settings;
use signer::Signer;
use upstream_http::transport::Transport;
use upstream_secrets::{Common, Identity, Secrets};

/// All that an answer needs.
pub struct Interceptor {
    inbound: Inbound,
    tools: Tools,
    policies: Policies,
    signer: Signer,
    gateway: String,
    resource_metadata: Option<String>,
    clock: Clock,
}

/// Builds it. Opens no connection. `identity` is that of the environment on Lambda; it reads the seed at Secrets Manager and does
/// nothing else.
///
/// # Errors
/// What is wrong, with the setting's name.
pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<Interceptor, String> {
    let authority = settings.extra_authority.as_ref().map(String::as_bytes);
    let transport = Transport::new(authority).map_err(|problem| format!("EXTRA_CA_FILE: {problem}"))?;
    let secrets = match &settings.seed {
        SecretSource::Given(_) => None,
        SecretSource::Stored(_) => {
            let common = Common::connect(settings.region.clone(), identity, authority).await;
            let common = common.map_err(|problem| format!("AWS: {problem}"))?;
            Some(Secrets::new(&common, settings.secrets_manager.map(String::from)))
        }
    };
    let Settings { issuers, jwks, tools, policies, seed, kid, gateway, resource_metadata, .. } = settings;
    let signer = Signer::new(seed, kid, secrets.as_ref());
    let inbound = Inbound::new(issuers, jwks, &transport, &clock);
    let resource_metadata = resource_metadata.map(String::from);
    Ok(Interceptor { inbound, tools, policies, signer, gateway, resource_metadata, clock })
}

/// Answers one event. Never fails: every outcome is an answer.
pub async fn handle(interceptor: &Interceptor, event: &str, invocation: &Invocation) -> Answer {
    let outcome = invocation.outcome("message");
    let decided = match Event::parse(event) {
        Ok(Event::Request(request)) => interceptor.request(request, invocation).await,
        Ok(Event::Response(response)) => interceptor.response(response, invocation).await,
        Err(denial) => Err(denial),
    };
    Answer::of(decided, outcome, &invocation.reference, interceptor.resource_metadata.as_deref())
}

/// The answer to an event whose handling panicked or ran out of time, or that came to a function without settings.
#[must_use]
pub fn give_up(event: &str, trouble: Trouble, invocation: &Invocation) -> Answer {
    unfinished(event, trouble.refusal(&[]), invocation)
}

/// The answer of a function that could not be set up.
#[must_use]
pub fn without_settings(event: &str, invocation: &Invocation) -> Answer {
    unfinished(event, Refusal::new(Code::Internal, "settings: not usable"), invocation)
}

fn unfinished(event: &str, refusal: Refusal, invocation: &Invocation) -> Answer {
    let denial = Denial::of_unfinished(event, refusal);
    Answer::of(Err(denial), invocation.outcome("message"), &invocation.reference, None)
}

type Decided = Result<answer::Goes, Denial>;

impl Interceptor {
    async fn request(&self, request: Request, invocation: &Invocation) -> Decided {
        let token = request.bearer()?;
        let caller = self.inbound.caller(&token, request.id(), invocation).await?;
        invocation.outcome("message").name_subject(caller.subject());
        match request.asks()? {
            Asks::Passes => Ok(answer::Goes::on(request.pass(), "a method without tools")),
            Asks::List => {
                invocation.outcome("message").name_tool("tools/list");
                Ok(answer::Goes::on(request.pass(), "a list, to be filtered"))
            }
            Asks::Search(call) => {
                invocation.outcome("message").name_tool("search");
                Ok(answer::Goes::on(request.search(call)?, "a search, to be filtered"))
            }
            Asks::Call(call) => {
                invocation.outcome("message").name_tool("tools/call");
                self.call(request, call, &caller, invocation).await
            }
        }
    }

    async fn call(&self, request: Request, call: Call, caller: &Caller, invocation: &Invocation) -> Decided {
        let admitted = request.admit(call, caller, &self.tools)?;
        let denied = |code, cause: &str| {
            Denial::refused_call(request.id(), Refusal::new(code, format!("gateway: {cause}")), None)
        };
        let verdict = self.policies.decide(caller, admitted.tool, &admitted.arguments);
        if !verdict.allowed {
            let shadow = verdict.shadow.map_or_else(String::new, |shadow| format!("; {}", shadow.told()));
            return Err(denied(Code::AccessDenied, &format!("{}{shadow}", verdict.cause)));
        }
        let arguments = ArgumentsHash::of(&admitted.arguments)
            .ok_or_else(|| denied(Code::InvalidInput, "arguments without a canonical form"))?;
        let session = admitted.session.as_ref().map(auth::id::SessionReference::hash);
        if let Some(session) = &session {
            invocation.outcome("message").name_session(session.clone());
        }
        let reach = admitted.tool.tells_identity().then(|| self.reach(caller));
        let statement = GatewayStatement {
            subject: caller.subject(),
            organization: caller.organization(),
            session: session.as_ref(),
            gateway: &self.gateway,
            tool: admitted.tool.name(),
            arguments: &arguments,
            reach: reach.as_ref(),
        };
        let minter = self.signer.minter(invocation.until).await;
        let minter = minter.map_err(|refusal| Denial::refused_call(request.id(), refusal, None))?;
        let ticket = minter.mint_for_gateway(&statement, self.clock.now());
        let ticket = ticket.ok_or_else(|| denied(Code::Internal, "a tool without a target, or a ticket too long"))?;
        // Allowed is what it is: so only what the trial says is told.
        let cause = verdict.shadow.map_or("permitted", Shadow::told);
        Ok(answer::Goes::on(request.call(admitted.arguments, &ticket), cause))
    }

    async fn response(&self, response: Response, invocation: &Invocation) -> Decided {
        match response.tells() {
            Tells::Passes => Ok(answer::Goes::on(response.pass(), "an answer without a list")),
            Tells::Unknown => Err(response.unknown()),
            Tells::Tools => {
                invocation.outcome("message").name_tool("tools/list");
                let token = response.bearer()?;
                let caller = self.inbound.caller(&token, response.id(), invocation).await?;
                let may = |name: &str| self.tools.named(name).is_some_and(|tool| self.may_list(&caller, tool));
                Ok(answer::Goes::on(response.filter(may)?, "a list, filtered"))
            }
        }
    }

    fn may_list(&self, caller: &Caller, tool: &Tool) -> bool {
        tool.is_within_reach_of(caller) && self.policies.may_list(caller, tool)
    }

    /// What a list would show the caller.
    fn reach(&self, caller: &Caller) -> Reach {
        let tools = self.tools.iter().filter(|tool| self.may_list(caller, tool)).map(Tool::name);
        Reach::new(caller.scopes(), tools)
    }
}
