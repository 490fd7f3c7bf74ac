//! A session table in the embedded engine, reached over the wire.

use std::collections::HashMap;
use std::net::SocketAddr;

use auth::id::SessionHash;
use auth::secret::Secret;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::wire::{Answer, Request, Wire};
use super::{aws_at, engine};
use crate::connection::Aws;
use crate::seal::Seal;
use crate::session_store::SessionStore;

pub(crate) const TABLE: &str = "sessions";

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) struct Table {
    pub(crate) engine: SocketAddr,
    pub(crate) aws: Aws,
}

impl Table {
    pub(crate) async fn start() -> Self {
        let engine = engine::start().await;
        let table = Self { engine, aws: aws_at(&format!("http://{engine}")).await };
        table.make(TABLE).await;
        table
    }

    pub(crate) async fn make(&self, name: &str) {
        let key = AttributeDefinition::builder().attribute_name("session_id").attribute_type(ScalarAttributeType::S);
        let schema = KeySchemaElement::builder().attribute_name("session_id").key_type(KeyType::Hash);
        self.aws
            .dynamodb
            .create_table()
            .table_name(name)
            .attribute_definitions(key.build().unwrap())
            .key_schema(schema.build().unwrap())
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await
            .unwrap();
    }

    pub(crate) fn store(&self) -> SessionStore {
        SessionStore::new(&self.aws, TABLE.to_owned(), seal(7))
    }

    /// A store that reaches the engine through `decide`, which may keep a request or its answer.
    pub(crate) async fn store_behind(
        &self,
        decide: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> (Wire, SessionStore) {
        let engine = self.engine;
        let wire = Wire::start(move |_, request| decide(request).unwrap_or(Answer::Forward(engine))).await;
        let store = SessionStore::new(&aws_at(&wire.url).await, TABLE.to_owned(), seal(7));
        (wire, store)
    }

    pub(crate) async fn item(&self, hash: &SessionHash) -> Item {
        let key = AttributeValue::S(hash.as_str().to_owned());
        let get = self.aws.dynamodb.get_item().table_name(TABLE).key("session_id", key).consistent_read(true);
        get.send().await.unwrap().item.unwrap()
    }

    pub(crate) async fn put(&self, table: &str, item: &Item) {
        self.aws.dynamodb.put_item().table_name(table).set_item(Some(item.clone())).send().await.unwrap();
    }
}

pub(crate) fn seal(byte: u8) -> Seal {
    Seal::local(&Secret::new(STANDARD.encode([byte; 32]))).unwrap()
}
