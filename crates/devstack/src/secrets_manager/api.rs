//! `POST /` with a target. Each call is named after its operation, then counted, then faulted, then evaluated and done.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::problem::{Problem, answer};
use super::store::{Secrets, Value};
use crate::iam::{Ask, Gate};
use crate::operations::Observed;

/// The largest request that is read, in bytes.
const READABLE: usize = 256 * 1024;

#[derive(Clone)]
struct Desk {
    secrets: Secrets,
    gate: Gate,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Get {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Put {
    secret_id: String,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    #[serde(rename = "ClientRequestToken")]
    _token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Describe {
    secret_id: String,
}

pub(super) fn routes(secrets: Secrets, gate: Gate, observed: &Observed) -> Router {
    let calls = Router::new().route("/", post(call).with_state(Desk { secrets, gate }));
    observed.over_targets(calls, "secretsmanager")
}

async fn call(State(desk): State<Desk>, request: Request) -> Response {
    match run(&desk, request).await {
        Ok(result) => answer(http::StatusCode::OK, &result),
        Err(problem) => problem.into_response(),
    }
}

async fn run(desk: &Desk, request: Request) -> Result<Json, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, READABLE).await.map_err(|_| Problem::not_json())?;
    let operation = parts.uri.path().trim_start_matches('/').to_owned();
    match operation.as_str() {
        "GetSecretValue" => desk.get(&parts.headers, parse(&body)?),
        "PutSecretValue" => desk.put(&parts.headers, parse(&body)?),
        "DescribeSecret" => desk.describe(&parts.headers, parse(&body)?),
        _ => Err(Problem::no_operation()),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|_| Problem::not_json())
}

impl Desk {
    /// [GetSecretValue](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html)
    fn get(&self, headers: &HeaderMap, wish: Get) -> Result<Json, Problem> {
        let arn = self.admitted(headers, "GetSecretValue", &wish.secret_id)?;
        let stage = wish.version_stage.as_deref().unwrap_or("AWSCURRENT");
        let told = self.secrets.version(&arn, wish.version_id.as_deref(), stage)?;
        let mut answer = json!({
            "ARN": arn,
            "Name": told.name,
            "VersionId": told.version.id,
            "VersionStages": told.stages,
            "CreatedDate": told.version.created,
        });
        if let Some(members) = answer.as_object_mut() {
            match told.version.value {
                Value::Text(text) => members.insert("SecretString".to_owned(), text.into()),
                Value::Binary(bytes) => members.insert("SecretBinary".to_owned(), STANDARD.encode(bytes).into()),
            };
        }
        Ok(answer)
    }

    /// [PutSecretValue](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html)
    fn put(&self, headers: &HeaderMap, wish: Put) -> Result<Json, Problem> {
        let arn = self.admitted(headers, "PutSecretValue", &wish.secret_id)?;
        let value = match (wish.secret_string, wish.secret_binary) {
            (Some(text), None) => Value::Text(text),
            (None, Some(base64)) => Value::Binary(STANDARD.decode(base64).map_err(|_| Problem::not_json())?),
            _ => return Err(Problem::one_of_two()),
        };
        let id = self.secrets.put(&arn, value)?;
        Ok(json!({ "ARN": arn, "VersionId": id, "VersionStages": ["AWSCURRENT"] }))
    }

    /// [DescribeSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html)
    fn describe(&self, headers: &HeaderMap, wish: Describe) -> Result<Json, Problem> {
        let arn = self.admitted(headers, "DescribeSecret", &wish.secret_id)?;
        let told = self.secrets.version(&arn, None, "AWSCURRENT")?;
        Ok(json!({ "ARN": arn, "Name": told.name, "VersionIdsToStages": self.secrets.stages(&arn) }))
    }

    /// The ARN of the secret, if the caller may do this with it.
    fn admitted(&self, headers: &HeaderMap, operation: &str, id: &str) -> Result<String, Problem> {
        let caller = match self.gate.iam() {
            None => None,
            Some(iam) => Some((iam.caller(headers).map_err(|refusal| Problem::refused(&refusal))?, iam)),
        };
        let arn = self.secrets.resolve(id);
        if let Some((caller, iam)) = caller {
            // Whoever may not read a secret is not told whether there is one.
            let about = arn.as_deref().unwrap_or(id).to_owned();
            let ask = Ask::new(format!("secretsmanager:{operation}"), about);
            iam.authorize(&caller, &ask).map_err(|refusal| Problem::refused(&refusal))?;
        }
        arn
    }
}
