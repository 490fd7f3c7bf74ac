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
mod upkeep;

use std::io;
use std::ops::Deref;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::engine::Engine;
pub use self::traffic::Asked;
use self::traffic::Traffic;
use crate::iam::{Gate, Iam};
use crate::operations::{Observed, Operations};

/// A running DynamoDB with tables in memory. Dropping it closes it and forgets them.
pub struct DynamoDb {
    /// The proxy: its address is the endpoint.
    operations: Operations,
    traffic: Traffic,
    engine: Engine,
    gate: Gate,
}

/// Starts an empty engine on a loopback port of its own, and the proxy on `listener`.
///
/// # Errors
/// When no loopback port can be had, or the engine cannot open its database.
pub async fn start(listener: TcpListener) -> io::Result<DynamoDb> {
    let engine = Engine::start().await?;
    let (observed, traffic, gate) = (Observed::default(), Traffic::default(), Gate::default());
    let guard = guard::Guard { gate: gate.clone(), engine: engine.clone() };
    let router = proxy::router(guard, traffic.clone(), &observed);
    Ok(DynamoDb { operations: observed.serve("dynamodb", listener, router)?, traffic, engine, gate })
}

impl Deref for DynamoDb {
    type Target = Operations;

    fn deref(&self) -> &Operations {
        &self.operations
    }
}

impl DynamoDb {
    /// From now on, every call through the proxy is evaluated by this account's policies first.
    pub fn enforce(&self, iam: &Iam) {
        self.gate.close(iam.clone());
    }

    /// Every call that came through the proxy and met no fault, with its request, oldest first.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.traffic.all()
    }

    /// Forgets the calls seen so far.
    pub fn forget(&self) {
        self.operations.forget();
        self.traffic.clear();
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
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let mut scan = json!({ "TableName": table, "ConsistentRead": true });
            if let (Some(start), Some(members)) = (start, scan.as_object_mut()) {
                members.insert("ExclusiveStartKey".to_owned(), start);
            }
            let page = self.raw("Scan", scan).await?;
            items.extend(page.get("Items").and_then(Value::as_array).cloned().unwrap_or_default());
            // A page has a megabyte at most.
            start = page.get("LastEvaluatedKey").filter(|last| !last.is_null()).cloned();
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}
