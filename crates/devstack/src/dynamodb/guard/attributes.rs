//! What else a call says of itself: `dynamodb:Attributes`, `dynamodb:Select` and `dynamodb:ReturnValues`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::expression::Expression;
use super::touch::Touch;
use crate::iam::Context;

/// Members that hold an expression.
const EXPRESSIONS: [&str; 5] =
    ["ProjectionExpression", "ConditionExpression", "UpdateExpression", "FilterExpression", "KeyConditionExpression"];
/// Members, older than expressions, whose own members are named after attributes.
const BY_NAME: [&str; 5] = ["AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"];

pub(super) fn context(touch: &Touch) -> Context {
    let mut context = Context::default();
    names(touch).into_iter().for_each(|name| context.add("dynamodb:Attributes", name));
    let text = |member: &str| touch.request.get(member).and_then(Value::as_str);
    if let Some(wish) = text("ReturnValues") {
        context.add("dynamodb:ReturnValues", wish);
    }
    if ["GetItem", "BatchGetItem", "Query", "Scan"].contains(&touch.action.as_str()) {
        let projected =
            ["ProjectionExpression", "AttributesToGet"].iter().any(|member| touch.request.contains_key(*member));
        let usual = match (projected, &touch.index) {
            (true, _) => "SPECIFIC_ATTRIBUTES",
            (false, Some(_)) => "ALL_PROJECTED_ATTRIBUTES",
            (false, None) => "ALL_ATTRIBUTES",
        };
        context.add("dynamodb:Select", text("Select").unwrap_or(usual));
    }
    context
}

/// The attributes that a call names, each once. A call that returns whole items does not name what it returns.
fn names(touch: &Touch) -> BTreeSet<String> {
    let members = |value: &Value| value.as_object().map(|value| value.keys().cloned().collect::<Vec<_>>());
    let mut names: BTreeSet<String> = touch.items.iter().filter_map(members).flatten().collect();
    for text in EXPRESSIONS.iter().filter_map(|member| touch.request.get(*member)?.as_str()) {
        names.extend(Expression::of(text, &touch.request).names().into_iter().map(str::to_owned));
    }
    names.extend(BY_NAME.iter().filter_map(|member| touch.request.get(*member)).filter_map(members).flatten());
    let listed = touch.request.get("AttributesToGet").and_then(Value::as_array);
    names.extend(listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    names
}
