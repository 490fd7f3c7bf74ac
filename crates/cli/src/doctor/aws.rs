//! Read-only calls of AWS's APIs, each signed (Signature Version 4) and read as JSON.
//!
//! Six services are asked some ten questions about how things are set up. An SDK crate for each of those that no function
//! needs would cost minutes of building, so these are plain requests, signed by the crate that the SDKs sign with.

use std::time::{Duration, SystemTime};

use auth::time::Clock;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderName, Method};
use serde_json::Value;
use tokio::time::Instant;
use upstream_http::transport::{Reply, Transport};
use url::Url;

use super::finding::{Finding, Told};
use super::given::Given;

const MEND_CREDENTIALS: &str =
    "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of somebody who may read";
/// The largest answer is that of an agent with a long instruction.
const LARGEST: usize = 1024 * 1024;

/// A service: its name in addresses, the one that it is signed for, and the setting that moves it.
#[derive(Clone, Copy)]
pub(crate) struct Service {
    host: &'static str,
    signed_for: &'static str,
    moved_by: &'static str,
}

impl Service {
    pub(crate) const DYNAMODB: Self = Self::of("dynamodb", "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB");
    pub(crate) const KMS: Self = Self::of("kms", "kms", "AWS_ENDPOINT_URL_KMS");
    pub(crate) const SQS: Self = Self::of("sqs", "sqs", "AWS_ENDPOINT_URL_SQS");
    pub(crate) const LAMBDA: Self = Self::of("lambda", "lambda", "AWS_ENDPOINT_URL_LAMBDA");
    pub(crate) const AGENTS: Self = Self::of("bedrock-agent", "bedrock", "AWS_ENDPOINT_URL_BEDROCK_AGENT");
    pub(crate) const AGENTCORE: Self =
        Self::of("bedrock-agentcore-control", "bedrock-agentcore", "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL");

    const fn of(host: &'static str, signed_for: &'static str, moved_by: &'static str) -> Self {
        Self { host, signed_for, moved_by }
    }
}

/// Who asks.
pub(crate) struct Aws<'a> {
    given: &'a Given,
    transport: &'a Transport,
    clock: &'a Clock,
    until: Instant,
}

impl<'a> Aws<'a> {
    pub(crate) fn new(given: &'a Given, transport: &'a Transport, clock: &'a Clock, until: Instant) -> Self {
        Self { given, transport, clock, until }
    }

    /// An operation of a service that names it in `X-Amz-Target`.
    pub(crate) async fn target(&self, service: Service, target: &str, body: &Value) -> Told {
        let version = if service.host == "sqs" || service.host == "dynamodb" { "1.0" } else { "1.1" };
        let kind = format!("application/x-amz-json-{version}");
        let headers = [("content-type", kind.as_str()), ("x-amz-target", target)];
        self.ask(service, Method::POST, "/", &headers, Some(body)).await
    }

    /// A resource of a service that names it by its path.
    pub(crate) async fn path(&self, service: Service, path: &str) -> Told {
        self.ask(service, Method::GET, path, &[], None).await
    }

    async fn ask(
        &self,
        service: Service,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Told {
        match self.sent(service, method, path, headers, body).await {
            Ok(reply) => read(&reply, service.host),
            Err(finding) => Told::Nothing(finding),
        }
    }

    async fn sent(
        &self,
        service: Service,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, Finding> {
        let url = self.address(service, path)?;
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let region = self.given.need("AWS_REGION")?;
        let identity = self.credentials()?.into();
        let unsigned =
            || Finding::unasked(format!("the call of {} could not be signed", service.host), MEND_CREDENTIALS);
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&region)
            .name(service.signed_for)
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(self.clock.now().seconds()))
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| unsigned())?
            .into();
        let request =
            SignableRequest::new(method.as_str(), url.as_str(), headers.iter().copied(), SignableBody::Bytes(&bytes));
        let signed = request.and_then(|request| sign(request, &parameters)).map_err(|_| unsigned())?;
        let (instructions, _) = signed.into_parts();
        let mut call = self.transport.request(method, url).cap(LARGEST).repeatable();
        if let Some(body) = body {
            call = call.json(body);
        }
        for (name, value) in headers.iter().copied().chain(instructions.headers()) {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsigned())?;
            call = call.header(name, value);
        }
        let lost =
            |error| Finding::unasked(format!("{}: {error}", service.host), "look whether this machine reaches AWS");
        call.send(self.until).await.map_err(lost)
    }

    fn address(&self, service: Service, path: &str) -> Result<Url, Finding> {
        let region = self.given.need("AWS_REGION")?;
        let usual = format!("https://{}.{region}.amazonaws.com", service.host);
        let base = self.given.or(service.moved_by, &usual);
        let wrong = || Finding::unasked(format!("{} is no address", service.moved_by), "set an https address, or none");
        let base = function::settings::upstream_url(&base).map_err(|_| wrong())?;
        base.join(path).map_err(|_| wrong())
    }

    fn credentials(&self) -> Result<Credentials, Finding> {
        let text = |name: &'static str| self.given.get(name);
        let (Some(id), Some(secret)) = (text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY")) else {
            return Err(Finding::unasked("there are no credentials for AWS", MEND_CREDENTIALS));
        };
        Ok(Credentials::new(id, secret, text("AWS_SESSION_TOKEN"), None, "doctor"))
    }
}

/// Nothing of an error's text is kept, only its kind.
fn read(reply: &Reply, host: &str) -> Told {
    let body: Option<Value> = serde_json::from_slice(reply.body()).ok();
    if reply.status() == 200 {
        let unreadable = || Told::unasked(format!("the answer of {host} is no JSON"), "try again");
        return body.map_or_else(unreadable, Told::Answer);
    }
    let of_body = body.as_ref().and_then(|body| body.get("__type")?.as_str());
    let kind = reply.header("x-amzn-errortype").or(of_body).unwrap_or_default();
    let kind = kind.split(':').next().unwrap_or_default().rsplit('#').next().unwrap_or_default();
    let absent = ["ResourceNotFoundException", "NotFoundException", "QueueDoesNotExist"].contains(&kind);
    let useless =
        ["DisabledException", "KMSInvalidStateException", "InvalidCiphertextException", "IncorrectKeyException"];
    match reply.status() {
        _ if absent => Told::Absent,
        _ if useless.contains(&kind) => Told::Nothing(Finding::wrong(
            "the key does not open what it sealed, or is disabled",
            "look at the key's state and policy",
        )),
        404 => Told::Absent,
        _ if kind.contains("AccessDenied") || kind.contains("Token") || kind.contains("Signature") => Told::unasked(
            format!("{host} refuses these credentials"),
            "give them the rights that docs/guides/commands.md lists",
        ),
        403 => Told::unasked(format!("{host} refuses these credentials"), MEND_CREDENTIALS),
        status => Told::unasked(
            format!("{host} answered with status {status}"),
            "try again, and look at the service's health",
        ),
    }
}
