//! DynamoDB: the embedded engine `dynoxide`, with a proxy of ours in front of it.
//!
//! The engine's router is private, so connections, requests and faults are counted and made in the proxy. Every call to
//! DynamoDB is `POST /`; inside the proxy a call's request line is `POST /OPERATION`, as in `POST /GetItem`. Policies are
//! enforced there too, once an account is given.

mod engine;
mod guard;
mod proxy;
#[cfg(test)]
mod tests;
mod traffic;

use std::io;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::engine::Engine;
pub use self::traffic::Asked;
use self::traffic::Traffic;
use crate::double::Double;
use crate::fault::{Fault, Faults};
use crate::iam::{Gate, Iam};
use crate::watch::Watch;

/// A running DynamoDB with tables in memory. Dropping it closes it and forgets them.
pub struct DynamoDb {
    /// The proxy: its address is the endpoint, its request lines are all `POST /`.
    pub double: Double,
    operations: Watch,
    traffic: Traffic,
    faults: Faults,
    engine: Engine,
    gate: Gate,
}

/// Starts an empty engine on a loopback port of its own, and the proxy on `listener`.
///
/// # Errors
/// When no loopback port can be had, or the engine cannot open its database.
pub async fn start(listener: TcpListener) -> io::Result<DynamoDb> {
    let engine = Engine::start().await?;
    let (operations, faults, gate) = (Watch::default(), Faults::default(), Gate::default());
    let traffic = Traffic::default();
    let guard = guard::Guard { gate: gate.clone(), engine: engine.clone() };
    let router = proxy::router(guard, operations.clone(), traffic.clone(), faults.clone());
    let double = Double::serve("dynamodb", listener, router)?;
    Ok(DynamoDb { double, operations, traffic, faults, engine, gate })
}

impl DynamoDb {
    /// From now on, every call through the proxy is evaluated by this account's policies first.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }

    /// Calls of this operation since the start or the last [`DynamoDb::forget`], as in `GetItem`.
    #[must_use]
    pub fn requests_by_operation(&self, operation: &str) -> u64 {
        let line = format!("POST /{operation}");
        self.operations.lines().iter().filter(|seen| **seen == line).map(|_| 1).sum()
    }

    /// Every operation that came through the proxy, oldest first.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        let lines = self.operations.lines();
        lines.iter().map(|line| line.strip_prefix("POST /").unwrap_or(line).to_owned()).collect()
    }

    /// Every call that came through the proxy, with its request, oldest first.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.traffic.all()
    }

    /// Forgets the calls seen so far.
    pub fn forget(&self) {
        self.operations.clear();
        self.traffic.clear();
        self.double.forget();
    }

    /// Adds a fault whose `on` is the start of `POST /OPERATION`. A fault of [`DynamoDb::double`] knows no operations.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
        self.double.mend();
    }

    /// Makes a table with text keys that is paid by request, past the proxy.
    ///
    /// # Errors
    /// When the engine refuses, as it does if there is a table of that name.
    pub async fn create_table(&self, name: &str, partition_key: &str, sort_key: Option<&str>) -> io::Result<()> {
        let keys = || [(partition_key, "HASH")].into_iter().chain(sort_key.map(|key| (key, "RANGE")));
        let attributes: Vec<Value> =
            keys().map(|(key, _)| json!({ "AttributeName": key, "AttributeType": "S" })).collect();
        let schema: Vec<Value> = keys().map(|(key, kind)| json!({ "AttributeName": key, "KeyType": kind })).collect();
        let table = json!({
            "TableName": name,
            "AttributeDefinitions": attributes,
            "KeySchema": schema,
            "BillingMode": "PAY_PER_REQUEST",
        });
        self.raw("CreateTable", table).await.map(|_| ())
    }

    /// One call in DynamoDB's own JSON, past the proxy: it is not counted and meets no fault.
    ///
    /// # Errors
    /// When the engine answers anything but 200: the error's text is its answer.
    pub async fn raw(&self, operation: &str, body: Value) -> io::Result<Value> {
        self.engine.call(operation, &body).await
    }

    /// All items of a table in DynamoDB's own JSON, past the proxy.
    ///
    /// # Errors
    /// When there is no such table.
    pub async fn items(&self, table: &str) -> io::Result<Vec<Value>> {
        let answer = self.raw("Scan", json!({ "TableName": table, "ConsistentRead": true })).await?;
        Ok(answer.get("Items").and_then(Value::as_array).cloned().unwrap_or_default())
    }
}
