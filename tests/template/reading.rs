//! The template's YAML as JSON, with CloudFormation's short functions in their long form.

use std::path::Path;
use std::sync::LazyLock;

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// Read once: it is long.
static TEMPLATE: LazyLock<Value> = LazyLock::new(read);

/// The template, as it is shipped.
pub(crate) fn template() -> Value {
    TEMPLATE.clone()
}

fn read() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let documents = Yaml::load_from_str(&text).unwrap();
    let [template] = documents.as_slice() else { panic!("one document") };
    json_of(template)
}

fn json_of(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => json!(value),
        Yaml::Sequence(items) => items.iter().map(json_of).collect(),
        Yaml::Mapping(members) => {
            let member = |(key, value): (&Yaml<'_>, &Yaml<'_>)| (key.as_str().unwrap().to_owned(), json_of(value));
            Value::Object(members.iter().map(member).collect())
        }
        Yaml::Tagged(tag, value) => {
            let name = match tag.suffix.as_str() {
                plain @ ("Ref" | "Condition") => plain.to_owned(),
                function => format!("Fn::{function}"),
            };
            Value::Object(Map::from_iter([(name, json_of(value))]))
        }
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => panic!("{yaml:?} is not for CloudFormation"),
    }
}

#[test]
fn a_short_function_is_read_as_a_long_one() {
    let template = template();
    assert_eq!(template["Conditions"]["IsAgentCore"], json!({ "Fn::Equals": [{ "Ref": "AgentKind" }, "AgentCore"] }));
    let key = &template["Resources"]["OktaGroups"]["Properties"]["Environment"]["Variables"]["KEYCARD_ROLE_ARN"];
    assert_eq!(key, &json!({ "Fn::GetAtt": "KeycardRole.Arn" }));
}
