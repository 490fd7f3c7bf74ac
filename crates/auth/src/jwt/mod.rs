//! placeholder
#![allow(missing_docs, dead_code, clippy::all, clippy::pedantic)]
pub enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}
pub struct KeySet;
#[derive(Debug)]
pub struct KeySetError;
impl KeySet {
    pub fn parse(_: &[u8]) -> Result<Self, KeySetError> {
        Err(KeySetError)
    }
    pub fn kids(&self) -> Vec<&str> {
        Vec::new()
    }
}
pub struct Unverified;
impl Unverified {
    pub fn parse(_: &str) -> Result<Self, Refused> {
        Err(Refused)
    }
    pub fn kid(&self) -> Option<&str> {
        None
    }
}
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct Refused;
pub struct Policy;
impl Policy {
    pub fn typed(_: &'static str, _: &str, _: &[Algorithm], _: u64) -> Self {
        Self
    }
}
pub struct Claims(serde_json::Map<String, serde_json::Value>);
impl Claims {
    pub fn text(&self, _: &str) -> Option<&str> {
        None
    }
    pub fn json(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.0
    }
}
pub fn verify(_: &str, _: &KeySet, _: &Policy, _: crate::time::Timestamp) -> Result<Claims, Refused> {
    Err(Refused)
}
