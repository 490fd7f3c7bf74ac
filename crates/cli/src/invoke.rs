//! `mandate invoke`: one event into one function.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use http::HeaderName;
use http::header::AUTHORIZATION;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_http::transport::Call;

use crate::event::{Who, filled, read};
use crate::laptop::{FUNCTIONS, account};
use crate::place::Place;
use crate::trouble::Trouble;
use crate::{say, story};

/// Longer than any function may take.
const PATIENCE: Duration = Duration::from_secs(40);
/// The largest answer of a function: 6 MB.
const LARGEST: usize = 6 * 1024 * 1024;

/// Sends the event and prints the answer; what else is to be said goes to the standard error.
pub(crate) async fn run(function: &str, file: &Path, user: Option<&str>, port_base: u16) -> Result<(), Trouble> {
    if !FUNCTIONS.contains(&function) {
        let names = FUNCTIONS.join(", ");
        return Err(Trouble::usage(format!("there is no function `{function}`; the functions are: {names}")));
    }
    let (text, person) = (read(file)?, Who { user, world: None }.chats(file)?);
    let mut place = Place::at_or_fresh(port_base).await?;
    let event = filled(&mut place, &text, &person).await?;
    let event: &RawValue = serde_json::from_str(&event)
        .map_err(|error| Trouble::because(&format!("the event `{}` is no JSON", file.display()), error))?;
    let url = place.running.url("lambda")?.join(&format!("/2015-03-31/functions/{function}/invocations"));
    let url = url.map_err(|error| Trouble::because("the function's address", error))?;
    let call = signed(place.web.transport.post(url), &place.running.developer)?;
    let call = call.json(&event).at_most(PATIENCE).cap(LARGEST);
    let reply = call.send(Instant::now() + PATIENCE).await.map_err(|error| Trouble::because(function, error))?;
    let answer: Value = serde_json::from_slice(reply.body())
        .map_err(|_| Trouble::new(format!("{function} gave no JSON, with status {}", reply.status())))?;
    say::line(serde_json::to_string_pretty(&answer).map_err(|error| Trouble::because("the answer", error))?);
    if reply.status() != 200 || reply.header("x-amz-function-error").is_some() {
        return Err(Trouble::new(format!("{function} failed; a function of ours should answer instead")));
    }
    if let Some(reference) = reference(&answer, reply.header("x-amzn-requestid")) {
        say::aside(format!("reference: {reference}"));
    }
    Ok(())
}

/// Says who calls. The double of Lambda looks up the key's id and the session's token, and not at a signature.
fn signed<'a>(call: Call<'a>, own: &BTreeMap<String, String>) -> Result<Call<'a>, Trouble> {
    let own = account::credentials_in(own)?;
    let scope = format!("{}/20260101/us-east-1/lambda/aws4_request", own.access_key_id());
    let who = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let call = call.header(AUTHORIZATION, &who);
    Ok(match own.session_token() {
        Some(token) => call.header(HeaderName::from_static("x-amz-security-token"), token),
        None => call,
    })
}

/// The reference that the answer gives, or the one that the function's log has for this request.
fn reference(answer: &Value, request_id: Option<&str>) -> Option<String> {
    let body: Option<Value> = story::told(answer).and_then(|text| serde_json::from_str(&text).ok());
    let given = body.as_ref().and_then(|body| body.get("reference")).and_then(Value::as_str).map(str::to_owned);
    given.or_else(|| request_id.map(|id| auth::id::Reference::of_request(id).as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::reference;

    #[test]
    fn a_refusals_own_reference_goes_before_the_requests() {
        let body = json!({"error": "busy", "reference": "ABC"}).to_string();
        let refused = json!({"response": {"functionResponse": {"responseBody": {"TEXT": {"body": body}}}}});
        assert_eq!(reference(&refused, Some("r-1")).as_deref(), Some("ABC"));
        let other = reference(&json!({"isAuthorized": true}), Some("r-1")).unwrap();
        assert_eq!(other, auth::id::Reference::of_request("r-1").as_str());
        assert_eq!(reference(&json!({}), None), None);
    }
}
