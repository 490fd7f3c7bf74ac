//! The admin endpoints that every double has, for tests in another process. They are neither counted nor faulted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Serialize;

use crate::fault::{Fault, Faults};
use crate::watch::Watch;

#[derive(Clone)]
struct Admin {
    name: &'static str,
    watch: Watch,
    faults: Faults,
    accepted: Arc<AtomicU64>,
}

/// What `GET /_admin/stats` answers.
#[derive(Serialize)]
struct Stats {
    double: &'static str,
    connections: u64,
    requests: u64,
    by_line: BTreeMap<String, u64>,
}

/// `GET /_admin/stats`, `POST /_admin/forget`, `POST /_admin/faults` (one [`Fault`]), `POST /_admin/mend`.
pub(crate) fn routes(name: &'static str, watch: Watch, faults: Faults, accepted: Arc<AtomicU64>) -> Router {
    Router::new()
        .route("/_admin/stats", get(stats))
        .route("/_admin/forget", post(forget))
        .route("/_admin/faults", post(fault))
        .route("/_admin/mend", post(mend))
        .with_state(Admin { name, watch, faults, accepted })
}

async fn stats(State(admin): State<Admin>) -> Json<Stats> {
    let mut by_line = BTreeMap::new();
    for line in admin.watch.lines() {
        let path = line.split('?').next().unwrap_or_default().to_owned();
        *by_line.entry(path).or_insert(0) += 1;
    }
    let connections = admin.accepted.load(Ordering::SeqCst);
    Json(Stats { double: admin.name, connections, requests: admin.watch.total(), by_line })
}

async fn forget(State(admin): State<Admin>) -> StatusCode {
    admin.watch.clear();
    StatusCode::NO_CONTENT
}

async fn fault(State(admin): State<Admin>, Json(fault): Json<Fault>) -> StatusCode {
    admin.faults.add(fault);
    StatusCode::NO_CONTENT
}

async fn mend(State(admin): State<Admin>) -> StatusCode {
    admin.faults.clear();
    StatusCode::NO_CONTENT
}
