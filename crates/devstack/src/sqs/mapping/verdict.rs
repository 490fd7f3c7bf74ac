//! Which messages failed, by the function's answer.

use serde_json::Value;

/// The ids in `batchItemFailures`, by the
/// [rules of partial batch responses](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting):
/// an empty or null answer or list means that none failed.
///
/// # Errors
/// Why the whole batch failed: no JSON, a wrong shape, an identifier that is empty, null, misnamed or not of the batch.
pub(in crate::sqs) fn failed(answer: &[u8], batch: &[String]) -> Result<Vec<String>, &'static str> {
    if answer.is_empty() {
        return Ok(Vec::new());
    }
    let answer: Value = serde_json::from_slice(answer).map_err(|_| "the answer is not JSON")?;
    if answer.is_null() {
        return Ok(Vec::new());
    }
    let members = answer.as_object().ok_or("the answer is not an object")?;
    let Some(listed) = members.get("batchItemFailures").filter(|listed| !listed.is_null()) else {
        return Ok(Vec::new());
    };
    let items = listed.as_array().ok_or("`batchItemFailures` is not a list")?;
    items.iter().map(|item| id(item, batch)).collect()
}

fn id(item: &Value, batch: &[String]) -> Result<String, &'static str> {
    let id = item.get("itemIdentifier").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or("an item has no `itemIdentifier`")?;
    batch.iter().find(|known| *known == id).cloned().ok_or("an `itemIdentifier` is of no message in the batch")
}
