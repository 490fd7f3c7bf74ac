//! Rate limits of the Management API, in buckets of a minute.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::world::Shared;

const WINDOW: u64 = 60;
const USUAL: u32 = 600;

/// What is counted together. Okta takes the longest path that matches.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// `/api/v1/users/{id}`.
    Users,
    /// `/api/v1/users/{id}/groups`.
    UserGroups,
    /// `/api/v1/users/{id}/lifecycle/*`.
    Lifecycle,
    /// `/api/v1/groups*`.
    Groups,
}

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    remaining: u32,
    /// Seconds since 1970.
    reset: u64,
}

#[derive(Debug)]
pub(super) struct Rates {
    limits: BTreeMap<Bucket, u32>,
    levels: BTreeMap<Bucket, Level>,
}

/// What the three headers say.
#[derive(Debug)]
pub(super) struct Reading {
    limit: u32,
    remaining: u32,
    reset: u64,
    allowed: bool,
}

impl Rates {
    pub(super) fn new(limits: BTreeMap<Bucket, u32>) -> Self {
        Self { limits, levels: BTreeMap::new() }
    }

    pub(super) fn set(&mut self, bucket: Bucket, remaining: u32, reset: u64) {
        self.levels.insert(bucket, Level { remaining, reset });
    }

    fn take(&mut self, bucket: Bucket, now: u64) -> Reading {
        let limit = self.limits.get(&bucket).copied().unwrap_or(USUAL);
        let level = self.levels.entry(bucket).or_default();
        if level.reset <= now {
            *level = Level { remaining: limit, reset: now + WINDOW };
        }
        let allowed = level.remaining > 0;
        level.remaining = level.remaining.saturating_sub(1);
        Reading { limit, remaining: level.remaining, reset: level.reset, allowed }
    }
}

/// Middleware: takes one from the bucket before anything else is looked at, and writes the headers on each answer.
pub(super) async fn limit(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let bucket = classify(request.uri().path());
    let reading = shared.lock().rates.take(bucket, crate::clock::now());
    let mut response = if reading.allowed { next.run(request).await } else { Problem::RateLimit.into_response() };
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-rate-limit-limit"), HeaderValue::from(reading.limit));
    headers.insert(HeaderName::from_static("x-rate-limit-remaining"), HeaderValue::from(reading.remaining));
    headers.insert(HeaderName::from_static("x-rate-limit-reset"), HeaderValue::from(reading.reset));
    if let Ok(id) = HeaderValue::from_str(&crate::random::token("req")) {
        headers.insert(HeaderName::from_static("x-okta-request-id"), id);
    }
    response
}

fn classify(path: &str) -> Bucket {
    if path.starts_with("/api/v1/groups") {
        Bucket::Groups
    } else if path.ends_with("/groups") {
        Bucket::UserGroups
    } else if path.contains("/lifecycle/") {
        Bucket::Lifecycle
    } else {
        Bucket::Users
    }
}
