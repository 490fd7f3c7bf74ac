//! Session rows as they are stored, past everything that reads them.

use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

use crate::{Chatting, World};

impl World {
    /// The stored row of somebody's session in DynamoDB's own JSON.
    pub async fn stored(&self, chatting: &Chatting) -> Value {
        let key = json!({"session_id": {"S": chatting.signed.session.hash().as_str()}});
        let ask = json!({"TableName": SESSION_TABLE, "Key": key, "ConsistentRead": true});
        let answer = self.laptop.stack.dynamodb.raw("GetItem", ask).await.expect("the engine answers");
        answer.get("Item").cloned().expect("the row is there")
    }

    /// Sets attributes of somebody's stored row, by name and DynamoDB JSON; null removes one.
    pub async fn rewrite(&self, chatting: &Chatting, attributes: &[(&str, Value)]) {
        let mut item = self.stored(chatting).await;
        let members = item.as_object_mut().expect("a row is an object");
        for (name, value) in attributes {
            if value.is_null() {
                members.remove(*name);
            } else {
                members.insert((*name).to_owned(), value.clone());
            }
        }
        let put = json!({"TableName": SESSION_TABLE, "Item": item});
        self.laptop.stack.dynamodb.raw("PutItem", put).await.expect("the engine takes the row");
    }
}
