//! The settings that every tool function has.

mod authority;
mod openid;
mod profile;
mod sealing;

pub use authority::extra_authority;
pub use openid::IdentityProvider;
pub use profile::Profile;
pub use sealing::{keys as seal_keys, keys_in as seal_keys_in};

use auth::keycard::RoleArn;
use auth::secret::SecretSource;
use auth::ticket::TicketKeys;
use function::read_settings;
use function::settings::Reader;
use upstream_aws::SealKeys;
use url::Url;

/// What a [`super::House`] is built with, checked.
pub struct HouseSettings {
    /// The table of session rows.
    pub session_table: String,
    /// The table of approvals, which also holds the audit records of each person.
    pub approval_table: String,
    /// For how many days a person's audit record is kept in it.
    pub audit_days: u64,
    /// Name, `name:alias` or ARN of the authorizer's function.
    pub authorizer: String,
    /// The keys that seal the tokens in a row.
    pub seal: SealKeys,
    /// Auth0.
    pub auth0: Auth0,
    /// The Okta organization's origin.
    pub okta: Url,
    /// The region, and addresses in place of AWS's own.
    pub endpoints: Endpoints,
    /// The role that keycards are of; nothing where they are switched off.
    pub keycards: Option<RoleArn>,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

/// The tenant and our client there.
pub struct Auth0 {
    /// Where it is; another provider than Auth0 if the settings say so.
    pub identity: IdentityProvider,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: SecretSource,
    /// The connection whose tokens the vault holds.
    pub connection: String,
}

/// Where AWS is.
pub struct Endpoints {
    /// The region, which Lambda sets.
    pub region: String,
    /// DynamoDB.
    pub dynamodb: Option<Url>,
    /// KMS.
    pub kms: Option<Url>,
    /// Lambda.
    pub lambda: Option<Url>,
    /// Secrets Manager.
    pub secrets_manager: Option<Url>,
    /// SQS.
    pub sqs: Option<Url>,
    /// STS.
    pub sts: Option<Url>,
}

impl HouseSettings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let profile = Profile::read(reader);
        // A profile that cannot be read stops the start by itself.
        let allowed = profile.unwrap_or(Profile::Laptop);
        let settings = read_settings!(reader => HouseSettings {
            session_table: text_or("SESSION_TABLE_NAME", "bedrock-sessions"),
            approval_table: text_or("APPROVAL_TABLE_NAME", "agent-approvals"),
            audit_days: number("AUDIT_DAYS", 1..=3650, 90),
            authorizer: text_or("FGA_AUTHORIZER_FUNCTION_NAME", "fga-authorizer"),
            seal: with(|reader| sealing::keys_in(reader, allowed)),
            auth0: with(auth0),
            okta: url("OKTA_DOMAIN"),
            endpoints: with(endpoints),
            keycards: with(|reader| keycards(reader, allowed)),
            extra_authority: with(|reader| extra_authority(reader, allowed)),
        });
        profile.and(settings)
    }
}

/// Reads who may sign tickets, for functions that agents call.
pub fn ticket_keys(reader: &mut Reader<'_>) -> Option<TicketKeys> {
    let json = reader.text("TICKET_KEYS")?;
    match TicketKeys::parse(&json) {
        Ok(keys) => Some(keys),
        Err(problem) => {
            reader.refuse("TICKET_KEYS", &problem.to_string(), "the public keys that `mandate ticket` prints");
            None
        }
    }
}

fn auth0(reader: &mut Reader<'_>) -> Option<Auth0> {
    read_settings!(reader => Auth0 {
        identity: with(IdentityProvider::read),
        client_id: text("AUTH0_CLIENT_ID"),
        client_secret: secret_source("AUTH0_CLIENT_SECRET", "AUTH0_CLIENT_SECRET_ARN"),
        connection: text("AUTH0_CONNECTION"),
    })
}

/// On unless a laptop without STS switches them off in so many words.
fn keycards(reader: &mut Reader<'_>, profile: Profile) -> Option<Option<RoleArn>> {
    const ROLE: &str = "KEYCARD_ROLE_ARN";
    if !reader.choice_or("KEYCARDS", &[("on", true), ("off", false)], true)? {
        return profile.allows(reader, "KEYCARDS", "`on`, and KEYCARD_ROLE_ARN").then_some(None);
    }
    match RoleArn::parse(&reader.text(ROLE)?) {
        Ok(role) => Some(Some(role)),
        Err(takes) => {
            reader.refuse(ROLE, "is not the ARN of a role", takes);
            None
        }
    }
}

fn endpoints(reader: &mut Reader<'_>) -> Option<Endpoints> {
    read_settings!(reader => Endpoints {
        region: text("AWS_REGION"),
        dynamodb: optional_url("AWS_ENDPOINT_URL_DYNAMODB"),
        kms: optional_url("AWS_ENDPOINT_URL_KMS"),
        lambda: optional_url("AWS_ENDPOINT_URL_LAMBDA"),
        secrets_manager: optional_url("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        sqs: optional_url("AWS_ENDPOINT_URL_SQS"),
        sts: optional_url("AWS_ENDPOINT_URL_STS"),
    })
}
