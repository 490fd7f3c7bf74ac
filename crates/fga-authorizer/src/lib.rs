//! The Lambda that asks OpenFGA whether somebody may do something, and the only one that holds its credentials.
//!
//! Called by name by the tools' functions, with `{"user","relation","object","agent"?,"context"?}`. Answers
//! `{"statusCode","isAuthorized","reason","modelId","check"}`; `isAuthorized` is true only if OpenFGA said so just now.
//! The caller keeps the audit record of what it decides by this answer, so there is none here.

pub mod answer;
pub mod question;
pub mod settings;

use answer::Answer;
use auth::decision::Reason;
use auth::secret::SecretSource;
use auth::time::Clock;
use function::serve::{Invocation, Trouble};
use question::Question;
use settings::{ClientCredentials, Settings};
use upstream_http::client_secret::ClientSecret;
use upstream_http::openfga::{self, Credentials, OpenFga};
use upstream_http::transport::Transport;
use upstream_secrets::{Common, Identity, Secrets};

/// Builds the client. Opens no connection. `identity` is that of the environment on Lambda; it reads a secret at Secrets Manager and
/// does nothing else.
///
/// # Errors
/// What is wrong, with the setting's name.
pub async fn build(settings: Settings, identity: Identity, clock: Clock) -> Result<OpenFga, String> {
    let authority = settings.extra_authority.as_ref().map(String::as_bytes);
    let transport = Transport::new(authority).map_err(|problem| format!("EXTRA_CA_FILE: {problem}"))?;
    let credentials = match settings.credentials {
        None => None,
        Some(ClientCredentials { token_url, client_id, client_secret, audience }) => {
            let client_secret = match client_secret {
                SecretSource::Given(secret) => secret.into(),
                SecretSource::Stored(arn) => {
                    let common = Common::connect(settings.region, identity, authority).await;
                    let common = common.map_err(|problem| format!("AWS: {problem}"))?;
                    let secrets = Secrets::new(&common, settings.secrets_manager.map(String::from));
                    ClientSecret::stored(secrets.reader(arn), clock.clone())
                }
            };
            Some(Credentials { token_url, client_id, client_secret, audience })
        }
    };
    let Settings { api, store_id, model_id, .. } = settings;
    let settings = openfga::Settings { api, store_id, model_id, credentials };
    OpenFga::new(transport, settings, clock).map_err(|problem| format!("FGA_API_URL: {problem}"))
}

/// Answers one event. Never fails: every outcome is an answer.
pub async fn handle(openfga: &OpenFga, event: &str, invocation: &Invocation) -> Answer {
    invocation.outcome("check").name_tool("check");
    let question = match Question::parse(event) {
        Ok(question) => question,
        Err(problem) => return Answer::malformed(&problem, openfga.model_id()),
    };
    let Invocation { until, steps, trace, .. } = invocation;
    let traceparent = trace.to_string();
    let asked = openfga.check(&question.check, question.context.as_ref(), &traceparent, *until);
    match steps.time("openfga", asked).await {
        Ok(allowed) => Answer::decided(&question.check, allowed, openfga.model_id()),
        Err(error) => Answer::failed(&error, openfga.model_id()),
    }
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(trouble: Trouble) -> Answer {
    match trouble {
        Trouble::OutOfTime => Answer::broken(Reason::Unavailable, "no time left"),
        Trouble::Panicked => Answer::broken(Reason::Misconfigured, "the handling of this event panicked"),
    }
}
