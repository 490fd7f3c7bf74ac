//! The issuer's discovery document and keys, fetched once, and again for a key that is not known.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::outbound::Outbound;

/// The issuer could not be asked, or answered what is no discovery document or key set.
pub(super) struct Unavailable;

pub(super) struct Issuer {
    discovery_url: String,
    outbound: Outbound,
    known: Mutex<Option<Known>>,
}

struct Known {
    issuer: String,
    keys: Vec<Value>,
}

impl Known {
    fn key(&self, key_id: Option<&str>) -> Option<Value> {
        self.keys.iter().find(|key| key.get("kid").and_then(Value::as_str) == key_id).cloned()
    }
}

impl Issuer {
    pub(super) fn at(discovery_url: String) -> Self {
        Self { discovery_url, outbound: Outbound::new(), known: Mutex::default() }
    }

    /// The issuer's name and its key of this id.
    pub(super) async fn key(&self, key_id: Option<&str>) -> Result<(String, Option<Value>), Unavailable> {
        // Held while fetching, so that requests at the same time fetch once.
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref()
            && let Some(key) = known.key(key_id)
        {
            return Ok((known.issuer.clone(), Some(key)));
        }
        let fresh = self.fetch().await?;
        let found = (fresh.issuer.clone(), fresh.key(key_id));
        *known = Some(fresh);
        Ok(found)
    }

    /// The issuer's name.
    pub(super) async fn name(&self) -> Result<String, Unavailable> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref() {
            return Ok(known.issuer.clone());
        }
        let fresh = self.fetch().await?;
        let name = fresh.issuer.clone();
        *known = Some(fresh);
        Ok(name)
    }

    async fn fetch(&self) -> Result<Known, Unavailable> {
        let document = self.get(&self.discovery_url).await?;
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(Unavailable);
        let keys = self.get(&text("jwks_uri")?).await?;
        let keys = keys.get("keys").and_then(Value::as_array).cloned().ok_or(Unavailable)?;
        Ok(Known { issuer: text("issuer")?, keys })
    }

    async fn get(&self, url: &str) -> Result<Value, Unavailable> {
        let request = Request::get(url).body(Body::empty()).map_err(|_| Unavailable)?;
        let answer = self.outbound.send(request).await.map_err(|_| Unavailable)?;
        if answer.status() != StatusCode::OK {
            return Err(Unavailable);
        }
        serde_json::from_slice(answer.body()).map_err(|_| Unavailable)
    }
}
