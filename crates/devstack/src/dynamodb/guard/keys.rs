//! The values of a partition key in a call: `dynamodb:LeadingKeys`.

use serde_json::Value;

use super::expression::Expression;
use super::touch::Touch;

/// The values of the attribute `name`, the partition key of what is touched. None for what reads a whole table.
pub(super) fn leading(touch: &Touch, name: &str) -> Vec<String> {
    let mut values: Vec<&Value> = touch.items.iter().filter_map(|item| item.get(name)).collect();
    if let Some(expression) = touch.request.get("KeyConditionExpression").and_then(Value::as_str) {
        values.extend(Expression::of(expression, &touch.request).equal_to(name));
    }
    let condition = touch.request.get("KeyConditions").and_then(|conditions| conditions.get(name));
    values.extend(condition.and_then(|condition| condition.pointer("/AttributeValueList/0")));
    values.into_iter().filter_map(text).collect()
}

/// A key's value as text: of a string, a number, or base64.
fn text(value: &Value) -> Option<String> {
    let value = ["S", "N", "B"].iter().find_map(|kind| value.get(kind))?;
    value.as_str().map(str::to_owned)
}
