//! What a call touches, by table or by item.

use serde_json::{Map, Value};

use crate::lambda::{ACCOUNT, REGION};

/// Operations on tables that name no items.
const ON_TABLES: [&str; 7] = [
    "CreateTable",
    "DeleteTable",
    "DescribeTable",
    "UpdateTable",
    "DescribeTimeToLive",
    "UpdateTimeToLive",
    "DescribeContinuousBackups",
];

/// One thing to ask about.
#[derive(Debug, Default)]
pub(super) struct Touch {
    /// Without `dynamodb:`.
    pub(super) action: String,
    /// None for what is about no single table.
    pub(super) table: Option<String>,
    pub(super) index: Option<String>,
    /// The part of the request that is about this.
    pub(super) request: Map<String, Value>,
    /// Keys or items.
    pub(super) items: Vec<Value>,
    /// False: nobody may.
    pub(super) understood: bool,
}

impl Touch {
    fn of(action: &str, request: &Map<String, Value>) -> Self {
        let text = |member: &str| request.get(member).and_then(Value::as_str);
        let items = ["Key", "Item"].iter().filter_map(|member| request.get(*member)).cloned().collect();
        Self {
            action: action.to_owned(),
            table: text("TableName").map(|name| name_in(name).to_owned()),
            index: text("IndexName").map(str::to_owned),
            request: request.clone(),
            items,
            understood: true,
        }
    }

    fn beyond(action: &str) -> Self {
        Self { action: action.to_owned(), ..Self::default() }
    }

    pub(super) fn resource(&self) -> String {
        match (&self.table, &self.index) {
            (Some(table), Some(index)) => format!("{}/index/{index}", arn(table)),
            (Some(table), None) => arn(table),
            (None, _) => "*".to_owned(),
        }
    }
}

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}")
}

/// A table may be named by its ARN too. One of elsewhere stays as it is, and so is a table that is not here.
fn name_in(table: &str) -> &str {
    table.strip_prefix(arn("").as_str()).unwrap_or(table)
}

pub(super) fn touches(operation: &str, body: &Value) -> Vec<Touch> {
    let Some(request) = body.as_object() else { return vec![Touch::beyond(operation)] };
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan" => vec![Touch::of(operation, request)],
        "BatchGetItem" | "BatchWriteItem" => batch(operation, request),
        "TransactGetItems" | "TransactWriteItems" => transaction(operation, request),
        "ListTables" => vec![Touch::of(operation, &Map::new())],
        known if ON_TABLES.contains(&known) => vec![Touch::of(operation, request)],
        _ => vec![Touch::beyond(operation)],
    }
}

/// One action on each table, with the keys of all its items.
fn batch(operation: &str, request: &Map<String, Value>) -> Vec<Touch> {
    let tables = request.get("RequestItems").and_then(Value::as_object);
    let Some(tables) = tables.filter(|tables| !tables.is_empty()) else { return vec![Touch::beyond(operation)] };
    let touch = |(table, wishes): (&String, &Value)| {
        let (request, items) = match wishes {
            Value::Object(reads) => {
                (reads.clone(), reads.get("Keys").and_then(Value::as_array).cloned().unwrap_or_default())
            }
            Value::Array(writes) => (Map::new(), writes.iter().filter_map(written).cloned().collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return Touch::beyond(operation),
        };
        let table = Some(name_in(table).to_owned());
        Touch { action: operation.to_owned(), table, index: None, request, items, understood: true }
    };
    tables.iter().map(touch).collect()
}

fn written(write: &Value) -> Option<&Value> {
    write.pointer("/PutRequest/Item").or_else(|| write.pointer("/DeleteRequest/Key"))
}

/// One action for each item.
fn transaction(operation: &str, request: &Map<String, Value>) -> Vec<Touch> {
    let items = request.get("TransactItems").and_then(Value::as_array);
    let Some(items) = items.filter(|items| !items.is_empty()) else { return vec![Touch::beyond(operation)] };
    let touch = |(kind, wish): (&String, &Value)| {
        let action = match kind.as_str() {
            "Get" => "GetItem",
            "Put" => "PutItem",
            "Update" => "UpdateItem",
            "Delete" => "DeleteItem",
            "ConditionCheck" => "ConditionCheckItem",
            _ => return Touch::beyond(operation),
        };
        wish.as_object().map_or_else(|| Touch::beyond(operation), |wish| Touch::of(action, wish))
    };
    let members = |item: &Value| item.as_object().map(|item| item.iter().map(touch).collect::<Vec<_>>());
    items.iter().flat_map(|item| members(item).unwrap_or_else(|| vec![Touch::beyond(operation)])).collect()
}
