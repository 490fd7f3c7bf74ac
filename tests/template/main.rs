//! `infra/template.yaml`: what each role may, what each function is told, and what is refused.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panics")]

mod application;
mod building;
mod dashboard;
mod deployment;
mod doctor;
mod provider;
mod reading;
mod rights;
mod roles;
mod sealing;
mod settings;
mod trusts;
mod weakening;
mod wiring;
