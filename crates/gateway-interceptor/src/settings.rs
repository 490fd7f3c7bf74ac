//! What the interceptor is set up with.

use auth::gateway::Tools;
use auth::jwt::Issuers;
use auth::secret::SecretSource;
use function::read_settings;
use function::settings::{Reader, refuse_in_production, upstream_url};
use gateway_policy::Policies;
use url::Url;

use crate::signer::minter;

/// The function's settings, checked.
pub struct Settings {
    /// Whose tokens are taken.
    pub issuers: Issuers,
    /// Where the keys of each are, in the order of the issuers.
    pub jwks: Vec<Url>,
    /// The tools behind the gateway.
    pub tools: Tools,
    /// The policies of all files together.
    pub policies: Policies,
    /// The private seed that tickets are signed with.
    pub seed: SecretSource,
    /// The id of its key.
    pub kid: String,
    /// The gateway's id, which is the end of its ARN.
    pub gateway: String,
    /// The address of the gateway's protected resource metadata (RFC 9728), for challenges.
    pub resource_metadata: Option<Url>,
    /// The region, which Lambda sets.
    pub region: Option<String>,
    /// In place of Secrets Manager's own address.
    pub secrets_manager: Option<Url>,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

struct Texts {
    issuers: String,
    tools: String,
    policies: Vec<String>,
    shadow_policies: Option<String>,
    arn: String,
    seed: SecretSource,
    region: Option<String>,
    secrets_manager: Option<Url>,
    kid: String,
    resource_metadata: Option<Url>,
    extra_authority: Option<String>,
}

impl Settings {
    /// Reads and checks them, policies included.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let texts = read_settings!(reader => Texts {
            issuers: text("GATEWAY_ISSUERS"),
            tools: file("GATEWAY_TOOLS"),
            policies: files("GATEWAY_POLICIES"),
            shadow_policies: optional_file("GATEWAY_SHADOW_POLICIES"),
            arn: text("GATEWAY_ARN"),
            seed: secret_source("GATEWAY_TICKET_SEED", "GATEWAY_TICKET_SEED_ARN"),
            region: optional_text("AWS_REGION"),
            secrets_manager: optional_url("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            kid: text("GATEWAY_TICKET_KID"),
            resource_metadata: optional_url("GATEWAY_RESOURCE_METADATA"),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        })?;
        let trusting = texts.extra_authority.is_some();
        let weakening = [("EXTRA_CA_FILE", trusting, "nothing: the public roots are trusted")];
        let profile = refuse_in_production(reader, &weakening);
        let issuers = Issuers::parse(&texts.issuers)
            .map_err(|problem| {
                reader.refuse("GATEWAY_ISSUERS", &problem.to_string(), "the issuers whose tokens are taken")
            })
            .ok();
        let jwks = issuers.as_ref().and_then(|issuers| {
            let urls: Result<Vec<Url>, _> = issuers.iter().map(|issuer| upstream_url(issuer.jwks())).collect();
            urls.map_err(|wrong| reader.refuse("GATEWAY_ISSUERS", wrong, "for each `jwks` an https URL")).ok()
        });
        let tools = Tools::parse(&texts.tools)
            .map_err(|problem| reader.refuse("GATEWAY_TOOLS", &problem.to_string(), "a file with the table of tools"))
            .ok();
        let gateway = gateway_of(&texts.arn);
        if gateway.is_none() {
            reader.refuse(
                "GATEWAY_ARN",
                "is not the ARN of a gateway",
                "arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/ID",
            );
        }
        let policies = tools.as_ref().and_then(|tools| {
            Policies::load(&texts.policies.join("\n"), texts.shadow_policies.as_deref(), tools, &texts.arn)
                .map_err(|problem| reader.refuse("GATEWAY_POLICIES", &problem.to_string(), "files with Cedar policies"))
                .ok()
        });
        if let SecretSource::Given(seed) = &texts.seed
            && minter(seed, &texts.kid).is_none()
        {
            reader.refuse("GATEWAY_TICKET_SEED", "is not a seed", "32 bytes in base64url");
        }
        profile?;
        Some(Self {
            issuers: issuers?,
            jwks: jwks?,
            tools: tools?,
            policies: policies?,
            seed: texts.seed,
            kid: texts.kid,
            gateway: gateway?,
            resource_metadata: texts.resource_metadata,
            region: texts.region,
            secrets_manager: texts.secrets_manager,
            extra_authority: texts.extra_authority,
        })
    }
}

fn gateway_of(arn: &str) -> Option<String> {
    let resource = arn.strip_prefix("arn:")?.split(':').nth(4)?;
    let id = resource.strip_prefix("gateway/")?;
    (!id.is_empty() && !id.contains('/')).then(|| id.to_owned())
}
