//! What the server starts with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tuple::Tuple;

/// The server at its start.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Stores that are there from the start.
    pub seeds: Vec<Seed>,
    /// Who may call. Absent: anybody, as on a server that runs without authentication.
    pub auth: Option<Auth>,
}

/// One store with one model and its tuples.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// 26 characters. Empty: one is made up.
    pub store_id: String,
    /// 26 characters. Empty: one is made up.
    pub model_id: String,
    /// An authorization model in the JSON of the API, schema 1.1.
    pub model: Value,
    /// Tuples, checked against the model.
    pub tuples: Vec<Tuple>,
}

/// Who gets tokens, as with Auth0 FGA.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
    /// A second client, which alone may write then. Absent: whoever may call may write.
    #[serde(default)]
    pub writer: Option<Writer>,
    /// `audience`, compared as text: the trailing slash counts.
    pub audience: String,
    /// Seconds that a token lives. The hosted service's value is not documented.
    #[serde(default = "a_day")]
    pub token_lifetime: u64,
    /// A token that is good without the token endpoint, as with preshared keys.
    #[serde(default)]
    pub preshared: Option<String>,
}

/// The client that may write tuples and models.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Writer {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
}

fn a_day() -> u64 {
    86_400
}
