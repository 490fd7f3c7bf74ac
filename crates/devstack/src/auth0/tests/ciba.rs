//! A person's approval, from the request to the tokens.

mod controls;
mod phone;
mod poll;
mod start;

use serde_json::json;

use super::house::{ALICE, Answer, House, house, json};
use crate::auth0::Lifetimes;
use crate::auth0::ciba::GRANT_TYPE;

const MESSAGE: &str = "Reset password REQ-7F3K";

/// A house in which alice has a phone and polls are never too fast.
async fn enrolled() -> House {
    let house = house().await;
    house.auth0.set_enrolled(ALICE, true);
    house.auth0.set_lifetimes(Lifetimes { ciba_interval: 0, ..house.auth0.lifetimes() });
    house
}

fn hint(house: &House, sub: &str) -> String {
    json!({"format": "iss_sub", "iss": house.auth0.issuer(), "sub": sub}).to_string()
}

/// A good request for alice's approval, with `changes` (an empty value takes a parameter away).
async fn start(house: &House, changes: &[(&str, &str)]) -> Answer {
    let hint = hint(house, ALICE);
    let good = [
        ("client_id", "web"),
        ("client_secret", "web & its secret"),
        ("scope", "openid"),
        ("login_hint", hint.as_str()),
        ("binding_message", MESSAGE),
    ];
    let mut form: Vec<(&str, &str)> =
        good.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name)).collect();
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    house.post("bc-authorize", &form).await
}

/// The `auth_req_id` of a good request.
async fn started(house: &House) -> String {
    json(&start(house, &[]).await)["auth_req_id"].as_str().unwrap().to_owned()
}

async fn poll(house: &House, auth_req_id: &str) -> Answer {
    house.token(&[("grant_type", GRANT_TYPE), ("auth_req_id", auth_req_id)]).await
}
