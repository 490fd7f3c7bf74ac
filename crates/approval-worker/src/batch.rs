//! What SQS's event-source mapping sends and takes (AWS Lambda developer guide, "Using Lambda with Amazon SQS").

use serde_json::{Value, json};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// By which its failure is reported.
    pub(crate) id: String,
    /// Its body, if it is a text.
    pub(crate) body: Option<String>,
    /// How often it was delivered, this time included; 0 if the event does not say.
    pub(crate) deliveries: u64,
}

/// The messages of an event; nothing for an event of another shape.
pub(crate) fn messages(event: &str) -> Option<Vec<Message>> {
    let event: Value = serde_json::from_str(event).ok()?;
    event.get("Records")?.as_array()?.iter().map(message).collect()
}

fn message(record: &Value) -> Option<Message> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let id = text("messageId").filter(|id| !id.is_empty())?.to_owned();
    if text("eventSource") != Some("aws:sqs") {
        return None;
    }
    let count = record.pointer("/attributes/ApproximateReceiveCount").and_then(Value::as_str);
    let deliveries = count.and_then(|count| count.parse().ok()).unwrap_or(0);
    Some(Message { id, body: text("body").map(str::to_owned), deliveries })
}

/// The answer of a batch of which these messages are to come again. All others are deleted.
pub(crate) fn failures<'a>(ids: impl IntoIterator<Item = &'a str>) -> Value {
    let items: Vec<Value> = ids.into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
    json!({ "batchItemFailures": items })
}

/// The answer to an event that cannot be read, or whose handling broke: all that it holds comes again. An empty identifier
/// says so where the messages are not known.
pub(crate) fn all_failed(event: &str) -> Value {
    match messages(event) {
        Some(messages) => failures(messages.iter().map(|message| message.id.as_str())),
        None => failures([""]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Message, all_failed, failures, messages};

    fn record(id: &str) -> serde_json::Value {
        json!({"messageId": id, "body": "{}", "eventSource": "aws:sqs", "receiptHandle": "h",
               "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1"}, "more": null})
    }

    #[test]
    fn a_message_is_its_id_its_body_and_how_often_it_came() {
        let event = json!({"Records": [record("a"), {"messageId": "b", "eventSource": "aws:sqs", "body": 1}]});
        let found = messages(&event.to_string()).unwrap();
        assert_eq!(found[0], Message { id: "a".to_owned(), body: Some("{}".to_owned()), deliveries: 3 });
        assert_eq!(found[1], Message { id: "b".to_owned(), body: None, deliveries: 0 });
        assert_eq!(messages(&json!({"Records": []}).to_string()), Some(Vec::new()));
    }

    #[test]
    fn an_event_of_another_shape_fails_whole() {
        let mut elsewhere = record("a");
        elsewhere["eventSource"] = json!("aws:sns");
        for event in [
            json!({}),
            json!([]),
            json!(null),
            json!({"Records": {}}),
            json!({"Records": [1]}),
            json!({"Records": [{}]}),
            json!({"Records": [record("")]}),
            json!({"Records": [record("a"), elsewhere]}),
        ] {
            assert_eq!(messages(&event.to_string()), None, "{event}");
            assert_eq!(all_failed(&event.to_string()), json!({"batchItemFailures": [{"itemIdentifier": ""}]}));
        }
    }

    #[test]
    fn what_failed_is_named_and_nothing_else_is() {
        let event = json!({"Records": [record("a"), record("b")]}).to_string();
        let both = json!({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]});
        assert_eq!(all_failed(&event), both);
        assert_eq!(failures([]), json!({"batchItemFailures": []}));
    }
}
