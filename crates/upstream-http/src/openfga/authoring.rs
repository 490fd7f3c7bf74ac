//! Models and tuples, for an operator's program: read, written, compared. No function has this client.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::administration::Administration;
use super::{CheckError, Problem, unreached};
use crate::transport::{Call, Reply};

const LIMIT: Duration = Duration::from_secs(5);
/// A model has 256 KB at most, and a page of tuples less.
const LARGEST: usize = 1024 * 1024;
/// OpenFGA's own bound of a page.
const PAGE: usize = 100;
/// More pages than a person's rights fill.
const MOST_PAGES: usize = 50;

/// A tuple, as OpenFGA writes it: `user:…`, a relation, `type:id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, Deserialize)]
pub struct Tuple {
    /// As in `user:alice` or `group:help-desk#member`.
    pub user: String,
    /// As in `read_okta`.
    pub relation: String,
    /// As in `okta:groups`.
    pub object: String,
}

#[derive(Deserialize)]
struct Page {
    tuples: Vec<Stored>,
    #[serde(default)]
    continuation_token: String,
}

#[derive(Deserialize)]
struct Stored {
    key: Tuple,
}

impl Administration {
    /// Buys a token, so that one learns whether the client's credentials are taken.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn enter(&self, until: Instant) -> Result<(), CheckError> {
        match &self.tokens {
            Some(tokens) => tokens.token(until).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Whether the store is there.
    ///
    /// # Errors
    /// [`CheckError`]; whether it is there is not known then.
    pub async fn store(&self, until: Instant) -> Result<bool, CheckError> {
        let mut url = self.at("")?;
        url.path_segments_mut().map_err(|()| NO_PATH)?.pop_if_empty();
        Ok(self.read(url, until).await?.is_some())
    }

    /// A model of the store by its id, or nothing if the store has none of that id.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn model(&self, id: &str, until: Instant) -> Result<Option<Value>, CheckError> {
        let told = self.read(self.at(&format!("authorization-models/{id}"))?, until).await?;
        told.map(|mut told| told.get_mut("authorization_model").map(Value::take).ok_or(NO_MODEL)).transpose()
    }

    /// The newest model of the store, with its `id`, or nothing if it has none.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn latest_model(&self, until: Instant) -> Result<Option<Value>, CheckError> {
        let mut url = self.at("authorization-models")?;
        url.set_query(Some("page_size=1"));
        let told = self.read(url, until).await?.ok_or(CheckError::Misconfigured("the store does not exist"))?;
        let models = told.get("authorization_models").and_then(Value::as_array).ok_or(NO_MODEL)?;
        Ok(models.first().cloned())
    }

    /// Writes a model and gives its id. Sent once: each writing makes one.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn write_model(&self, model: &Value, until: Instant) -> Result<String, CheckError> {
        let call = self.transport.post(self.at("authorization-models")?).json(model).at_most(LIMIT);
        let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
        match reply.status() {
            200 | 201 => {
                let told = reply.json::<Value>();
                let id = told.as_ref().and_then(|told| told.get("authorization_model_id")?.as_str());
                id.map(str::to_owned).ok_or(NO_MODEL)
            }
            403 => Err(CheckError::Misconfigured("the client may not write models in this store")),
            _ => Err(refused(&reply)),
        }
    }

    /// Writes these tuples; those that are there already stay. Sent at most twice.
    ///
    /// # Errors
    /// [`CheckError`]; none of them is written then, or all of them.
    pub async fn grant(&self, tuples: &[Tuple], until: Instant) -> Result<(), CheckError> {
        let writes = json!({"tuple_keys": tuples, "on_duplicate": "ignore"});
        self.change(&json!({"writes": writes, "authorization_model_id": self.model_id}), until).await
    }

    /// Takes these tuples away; those that are not there are none. Sent at most twice.
    ///
    /// # Errors
    /// As [`Administration::grant`].
    pub async fn take(&self, tuples: &[Tuple], until: Instant) -> Result<(), CheckError> {
        let deletes = json!({"tuple_keys": tuples, "on_missing": "ignore"});
        self.change(&json!({"deletes": deletes, "authorization_model_id": self.model_id}), until).await
    }

    /// The stored tuples of this user about objects of this type, in OpenFGA's order.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn tuples(&self, user: &str, kind: &str, until: Instant) -> Result<Vec<Tuple>, CheckError> {
        let (mut found, mut after) = (Vec::new(), String::new());
        for _ in 0..MOST_PAGES {
            let key = json!({"user": user, "object": format!("{kind}:")});
            let body = json!({
                "tuple_key": key, "page_size": PAGE, "continuation_token": after, "consistency": "HIGHER_CONSISTENCY",
            });
            let call = self.transport.post(self.at("read")?).json(&body).at_most(LIMIT).cap(LARGEST).repeatable();
            let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
            match reply.status() {
                200 => {}
                403 => return Err(CheckError::Misconfigured("the client may not read tuples in this store")),
                _ => return Err(refused(&reply)),
            }
            let page: Page = reply.json().ok_or(CheckError::Unavailable("the answer is no list of tuples"))?;
            found.extend(page.tuples.into_iter().map(|stored| stored.key));
            if page.continuation_token.is_empty() {
                return Ok(found);
            }
            after = page.continuation_token;
        }
        Err(CheckError::Unavailable("there are more tuples than can be shown"))
    }

    /// Whether the client may write, found out by a change that changes nothing: a tuple is taken away that is not there.
    ///
    /// # Errors
    /// [`CheckError`]; whether it may is not known then.
    pub async fn may_write(&self, until: Instant) -> Result<bool, CheckError> {
        let nobody = Tuple {
            user: "user:mandate-doctor-asks".to_owned(),
            relation: "stopped".to_owned(),
            object: "agent:mandate-doctor-asks".to_owned(),
        };
        let deletes = json!({"tuple_keys": [nobody], "on_missing": "ignore"});
        let call = self.transport.post(self.at("write")?).json(&json!({"deletes": deletes})).at_most(LIMIT);
        let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
        match reply.status() {
            403 => Ok(false),
            // Older servers do not know `on_missing` and complain of the tuple: that, too, is said to who may write.
            200 | 400 => Ok(true),
            _ => Err(refused(&reply)),
        }
    }

    /// Whether the client may write models, found out by one that no server takes: its relation is another that is not there.
    /// A server looks at that after it has looked at who asks.
    ///
    /// # Errors
    /// [`CheckError`]; whether it may is not known then.
    pub async fn may_write_models(&self, until: Instant) -> Result<bool, CheckError> {
        let asks = json!({"stopped": {"computedUserset": {"relation": "mandate-doctor-asks"}}});
        let definitions = json!([{"type": "user"}, {"type": "agent", "relations": asks}]);
        let model = json!({"schema_version": "1.1", "type_definitions": definitions});
        let call = self.transport.post(self.at("authorization-models")?).json(&model).at_most(LIMIT);
        let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
        match reply.status() {
            403 => Ok(false),
            200 | 201 => Ok(true),
            400 if of(&reply).as_deref() == Some("invalid_authorization_model") => Ok(true),
            _ => Err(refused(&reply)),
        }
    }

    /// The answer's object, or nothing for a 404.
    async fn read(&self, url: Url, until: Instant) -> Result<Option<Value>, CheckError> {
        let call = self.transport.get(url).at_most(LIMIT).cap(LARGEST);
        let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
        match reply.status() {
            200 => reply.json().map(Some).ok_or(CheckError::Unavailable("the answer is no JSON object")),
            404 => Ok(None),
            400 if of(&reply) == Some("authorization_model_not_found".to_owned()) => Ok(None),
            403 => Err(CheckError::Misconfigured("the client may not read in this store")),
            _ => Err(refused(&reply)),
        }
    }

    async fn change(&self, body: &Value, until: Instant) -> Result<(), CheckError> {
        let call = self.transport.post(self.at("write")?).json(body).at_most(LIMIT).repeatable();
        let reply = self.bearing(call, until).await?.send(until).await.map_err(unreached)?;
        match reply.status() {
            200 => Ok(()),
            403 => Err(CheckError::Misconfigured("the client may not write in this store")),
            _ => Err(refused(&reply)),
        }
    }

    async fn bearing<'a>(&self, call: Call<'a>, until: Instant) -> Result<Call<'a>, CheckError> {
        match &self.tokens {
            Some(tokens) => Ok(call.bearer(&tokens.token(until).await?)),
            None => Ok(call),
        }
    }

    fn at(&self, what: &str) -> Result<Url, CheckError> {
        let mut url = self.write_url.clone();
        url.path_segments_mut().map_err(|()| NO_PATH)?.pop().extend(what.split('/'));
        Ok(url)
    }
}

const NO_PATH: CheckError = CheckError::Misconfigured("the address of the OpenFGA API cannot carry a path");
const NO_MODEL: CheckError = CheckError::Unavailable("the answer is no model");

fn of(reply: &Reply) -> Option<String> {
    reply.json::<Problem>().map(|problem| problem.code)
}

fn refused(reply: &Reply) -> CheckError {
    match reply.status() {
        400 => CheckError::Misconfigured(match of(reply).as_deref() {
            Some("authorization_model_not_found") => "the model does not exist in this store",
            Some("invalid_authorization_model") => "the model is refused",
            Some("validation_error" | "type_not_found" | "relation_not_found" | "invalid_tuple") => {
                "the model does not know this type, relation or user"
            }
            _ => "the request was refused",
        }),
        401 => CheckError::Misconfigured("the token was refused"),
        404 => CheckError::Misconfigured("the store does not exist"),
        409 => CheckError::Busy { seconds: 1 },
        429 => CheckError::Busy { seconds: reply.retry_after_seconds().unwrap_or(2).clamp(1, 120) },
        _ => CheckError::Unavailable("unexpected status"),
    }
}
