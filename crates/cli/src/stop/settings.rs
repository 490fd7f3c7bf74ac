//! What an operator's program is set up with: names and values as the functions have them, but for the client at OpenFGA.

use auth::secret::Secret;
use auth::subject::SubjectRule;
use function::read_settings;
use function::settings::Reader;
use tool::house::{IdentityProvider, seal_keys};
use tool::question::subjects;
use upstream_aws::SealKeys;
use upstream_http::openfga;
use url::Url;

pub(super) struct Settings {
    pub(super) region: String,
    pub(super) dynamodb: Option<Url>,
    pub(super) session_table: String,
    pub(super) approval_table: String,
    pub(super) kms: Option<Url>,
    pub(super) seal: SealKeys,
    pub(super) identity: IdentityProvider,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) openfga: openfga::Settings,
    pub(super) subjects: SubjectRule,
    pub(super) extra_authority: Option<String>,
}

struct OpenFga {
    api: Url,
    store_id: String,
    model_id: String,
    credentials: Option<openfga::Credentials>,
}

struct Administrator {
    token_url: Url,
    client_id: String,
    client_secret: Secret,
    audience: String,
}

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            region: text("AWS_REGION"),
            dynamodb: optional_url("AWS_ENDPOINT_URL_DYNAMODB"),
            session_table: text_or("SESSION_TABLE_NAME", "bedrock-sessions"),
            approval_table: text_or("APPROVAL_TABLE_NAME", "agent-approvals"),
            kms: optional_url("AWS_ENDPOINT_URL_KMS"),
            seal: with(seal_keys),
            identity: with(IdentityProvider::read),
            client_id: text("AUTH0_CLIENT_ID"),
            client_secret: secret("AUTH0_CLIENT_SECRET"),
            openfga: with(openfga),
            subjects: with(subjects),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        })
    }
}

fn openfga(reader: &mut Reader<'_>) -> Option<openfga::Settings> {
    let read = read_settings!(reader => OpenFga {
        api: url("FGA_API_URL"),
        store_id: text("FGA_STORE_ID"),
        model_id: text("FGA_AUTHORIZATION_MODEL_ID"),
        credentials: with(credentials),
    })?;
    let OpenFga { api, store_id, model_id, credentials } = read;
    Some(openfga::Settings { api, store_id, model_id, credentials })
}

/// Of a client that may write, which the functions' own may not.
pub(crate) fn credentials(reader: &mut Reader<'_>) -> Option<Option<openfga::Credentials>> {
    let kinds = [("client-credentials", true), ("none", false)];
    if !reader.choice_or("FGA_AUTHENTICATION", &kinds, true)? {
        return Some(None);
    }
    let read = read_settings!(reader => Administrator {
        token_url: url_or("FGA_TOKEN_URL", "https://auth.fga.dev/oauth/token"),
        client_id: text("FGA_ADMIN_CLIENT_ID"),
        client_secret: secret("FGA_ADMIN_CLIENT_SECRET"),
        audience: text_or("FGA_API_AUDIENCE", "https://api.us1.fga.dev/"),
    })?;
    let Administrator { token_url, client_id, client_secret, audience } = read;
    let client_secret = client_secret.into();
    Some(Some(openfga::Credentials { token_url, client_id, client_secret, audience }))
}
