mod answers;
mod asking;
mod limits;
mod tokens;

use std::sync::atomic::{AtomicUsize, Ordering};

use auth::decision::Check;
use auth::secret::Secret;
use serde_json::{Value, json};

use super::{CheckError, Credentials, OpenFga, Settings};
use crate::testing::{Answer, Hands, Request, Scripted, transport, until};

const STORE: &str = "01HVMMBCMGZNT3SED4Z17ECXCA";
const MODEL: &str = "01HVMMBD123456789ABCDEFGHJ";
const CHECKS: &str = "/stores/01HVMMBCMGZNT3SED4Z17ECXCA/check";
const TOKENS: &str = "/oauth/token";
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const START: u64 = 1_800_000_000;

fn allowed() -> Answer {
    Answer::json(200, &json!({"allowed": true, "resolution": ""}))
}

fn grant(number: usize, expires_in: u64) -> Answer {
    Answer::json(
        200,
        &json!({"access_token": format!("token-{number}"), "expires_in": expires_in, "token_type": "Bearer"}),
    )
}

/// A client without credentials, and its server.
async fn open_server(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> (OpenFga, Scripted) {
    let server = Scripted::answering(answer).await;
    let client = client(&server, None, &Hands::at(START));
    (client, server)
}

/// A client with credentials. The tokens are `token-0`, `token-1` and so on, of an hour each; `answer` gets the token that
/// came with a check.
async fn guarded_server(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> (OpenFga, Scripted, Hands) {
    let bought = AtomicUsize::new(0);
    let server = Scripted::answering(move |request| {
        if request.target == TOKENS {
            return grant(bought.fetch_add(1, Ordering::SeqCst), 3600);
        }
        answer(request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or(""))
    })
    .await;
    let hands = Hands::at(START);
    let client = client(&server, Some(credentials(&server)), &hands);
    (client, server, hands)
}

fn credentials(server: &Scripted) -> Credentials {
    Credentials {
        token_url: server.url(TOKENS),
        client_id: "checker".to_owned(),
        client_secret: Secret::new("s3cret+&=".to_owned()).into(),
        audience: "https://api.us1.fga.dev/".to_owned(),
    }
}

fn client(server: &Scripted, credentials: Option<Credentials>, hands: &Hands) -> OpenFga {
    let settings =
        Settings { api: server.base.clone(), store_id: STORE.to_owned(), model_id: MODEL.to_owned(), credentials };
    OpenFga::new(transport(), settings, hands.clock()).unwrap()
}

fn question() -> Check {
    Check::new("alice@example.com", "read_okta", "okta:groups").unwrap()
}

async fn check(client: &OpenFga) -> Result<bool, CheckError> {
    client.check(&question(), None, TRACE, until()).await
}

fn counts(server: &Scripted) -> (usize, usize) {
    (server.count_of(CHECKS), server.count_of(TOKENS))
}

fn problem(status: u16, code: &str) -> Answer {
    let body: Value = json!({"code": code, "message": "leak of the upstream"});
    Answer::json(status, &body)
}
