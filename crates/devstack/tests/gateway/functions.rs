//! Functions behind Lambda's Invoke API that answer as a test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use devstack::double::Double;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What a function does with its event. None: it fails.
type Script = Arc<dyn Fn(&Value) -> Option<Value> + Send + Sync>;
type Scripts = Arc<Mutex<BTreeMap<String, Script>>>;

pub(crate) struct Functions {
    pub(crate) double: Double,
    scripts: Scripts,
}

impl Functions {
    pub(crate) async fn start() -> Self {
        let scripts = Scripts::default();
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", post(invoke))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&scripts));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { double: Double::serve("lambda", listener, router).unwrap(), scripts }
    }

    /// From now on the function does this.
    pub(crate) fn on(&self, name: &str, does: impl Fn(&Value) -> Option<Value> + Send + Sync + 'static) {
        self.scripts.lock().unwrap().insert(name.to_owned(), Arc::new(does));
    }

    /// From now on the function answers this.
    pub(crate) fn answers(&self, name: &str, answer: Value) {
        self.on(name, move |_| Some(answer.clone()));
    }

    /// How often the function was called.
    pub(crate) fn calls(&self, name: &str) -> u64 {
        self.double.requests_to(&format!("POST /2015-03-31/functions/{name}/"))
    }
}

async fn invoke(State(scripts): State<Scripts>, Path(name): Path<String>, Json(event): Json<Value>) -> Response {
    let script = scripts.lock().unwrap().get(&name).cloned();
    let Some(script) = script else {
        return Response::builder().status(404).body(Body::empty()).unwrap();
    };
    match script(&event) {
        Some(answer) => Response::new(Body::from(answer.to_string())),
        None => {
            let error = json!({ "errorType": "Runtime.Unknown", "errorMessage": "the function's own words" });
            let head = Response::builder().header("x-amz-function-error", "Unhandled");
            head.body(Body::from(error.to_string())).unwrap()
        }
    }
}
