//! The authentication channel that Keycloak asks people through: an HTTP service of the deployment's own.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

/// One request: the bearer token by which to answer, and what it says.
pub(crate) struct Asked {
    pub(crate) token: String,
    pub(crate) body: Value,
}

type Requests = Arc<Mutex<Vec<Asked>>>;

/// It takes every request and answers none by itself.
pub(crate) struct Channel {
    pub(crate) url: String,
    requests: Requests,
}

impl Channel {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/ask", listener.local_addr().unwrap());
        let requests = Requests::default();
        let router = Router::new().route("/ask", post(ask)).with_state(Arc::clone(&requests));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests }
    }

    /// The requests since the last call.
    pub(crate) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

async fn ask(State(requests): State<Requests>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    let token = headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
    requests.lock().unwrap().push(Asked { token, body });
    StatusCode::CREATED
}
