//! OpenFGA: two stores that are written alike, and what is told of a difference.

mod cases;
mod circles;
mod known;
mod models;
mod ours;
mod random;
mod rewrites;

use std::time::Duration;

use devstack::openfga::{Config, OpenFga};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;
use upstream_http::transport::Transport;
use url::Url;

const ENGINE: &str = "http://127.0.0.1:8080";

/// A server, and a store at it.
struct Place {
    transport: Transport,
    api: String,
    store: String,
    model: String,
}

/// The double and the real server, each with a store of its own.
struct Pair {
    double: Place,
    engine: Place,
    /// How many answers were compared.
    compared: usize,
    _running: OpenFga,
}

impl Place {
    async fn start(api: &str) -> Self {
        let transport = Transport::new(None).unwrap();
        let mut place = Self { transport, api: api.to_owned(), store: String::new(), model: String::new() };
        place.renew().await;
        place
    }

    /// Goes on in an empty store.
    async fn renew(&mut self) {
        let (status, answer) = self.post("/stores", &json!({"name": "comparison"})).await;
        assert_eq!(status, 201, "{answer}");
        self.store = answer["id"].as_str().unwrap().to_owned();
    }

    /// Sends a body in which `STORE` and `MODEL` stand for this place's own.
    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let own = |text: &str| text.replace("STORE", &self.store).replace("MODEL", &self.model);
        let body: Value = serde_json::from_str(&own(&body.to_string())).unwrap();
        let url = Url::parse(&format!("{}{}", self.api, own(path))).unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        let call = self.transport.post(url).json(&body).at_most(Duration::from_secs(50));
        let reply = call.send(until).await.unwrap();
        (reply.status(), reply.json().unwrap_or(Value::Null))
    }

    /// Status, error code, and the decisions of an answer.
    async fn outcome(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        let mut seen = Map::from_iter([("status".to_owned(), json!(status))]);
        for member in ["code", "allowed"] {
            if let Some(value) = answer.get(member) {
                seen.insert(member.to_owned(), value.clone());
            }
        }
        if let Some(result) = answer.get("result").and_then(Value::as_object) {
            let told =
                |one: &Value| one.get("error").map_or(one["allowed"].clone(), |error| error["input_error"].clone());
            let told: Map<_, _> = result.iter().map(|(name, one)| (name.clone(), told(one))).collect();
            seen.insert("result".to_owned(), Value::Object(told));
        }
        Value::Object(seen)
    }

    async fn model(&mut self, model: &Value) -> Value {
        let (status, answer) = self.post("/stores/STORE/authorization-models", model).await;
        if let Some(id) = answer["authorization_model_id"].as_str() {
            self.model = id.to_owned();
        }
        json!({"status": status, "code": answer["code"]})
    }
}

impl Pair {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let running = devstack::openfga::start(listener, Config::default()).await.unwrap();
        let (double, engine) = (Place::start(&running.double.url()).await, Place::start(ENGINE).await);
        Self { double, engine, compared: 0, _running: running }
    }

    async fn renew(&mut self) {
        self.double.renew().await;
        self.engine.renew().await;
    }

    /// What the double and the real server answer.
    async fn ask(&mut self, path: &str, body: &Value) -> (Value, Value) {
        self.compared += 1;
        tokio::join!(self.double.outcome(path, body), self.engine.outcome(path, body))
    }

    async fn model(&mut self, model: &Value) -> (Value, Value) {
        self.compared += 1;
        tokio::join!(self.double.model(model), self.engine.model(model))
    }

    async fn written(&mut self, model: &Value) {
        let (double, engine) = self.model(model).await;
        assert_eq!((double["status"].as_u64(), engine["status"].as_u64()), (Some(201), Some(201)), "{double} {engine}");
    }
}

fn tuple(user: &str, relation: &str, object: &str) -> Value {
    json!({"user": user, "relation": relation, "object": object})
}

fn question(key: &Value, contextual: &[Value]) -> Value {
    json!({
        "tuple_key": key,
        "contextual_tuples": {"tuple_keys": contextual},
        "authorization_model_id": "MODEL",
        "consistency": "HIGHER_CONSISTENCY",
    })
}

fn infra_model() -> Value {
    serde_json::from_str(include_str!("../../infra/fga/model.json")).unwrap()
}
