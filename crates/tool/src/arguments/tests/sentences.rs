use auth::refusal::Code;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{Everything, given};
use crate::arguments::{Parameter, Parameters, Undeclarable, parse};

fn sentence<A: DeserializeOwned + JsonSchema>(arguments: &Map<String, Value>) -> String {
    let refusal = parse::<A>(arguments).err().unwrap();
    assert_eq!(refusal.code(), Code::InvalidInput);
    refusal.sentence().to_owned()
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only what it refuses is looked at")]
struct Needs {
    #[schemars(length(min = 1, max = 40))]
    group: String,
    #[schemars(range(max = 9))]
    count: i64,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[test]
fn the_sentence_names_the_argument_and_what_it_takes() {
    for (name, expected) in [
        ("limit", "`limit` must be a whole number from 1 to 200"),
        ("whole", "`whole` must be a whole number of at least -5"),
        ("small", "`small` must be a whole number from 0 to 255"),
        ("unsigned", "`unsigned` must be a whole number from 0 to 4294967295"),
        ("large", "`large` must be a whole number of at least 0"),
        ("ratio", "`ratio` must be a number from 0.5 to 1.5"),
        ("flag", "`flag` must be `true` or `false`"),
        ("text", "`text` must be a text of 2 to 4 characters"),
        ("state", "`state` must be one of `active`, `inactive`"),
        ("named", "`named` must be one of `one`, `two`"),
        ("words", "`words` must be a list of at most 3 items, each a text"),
        ("numbers", "`numbers` must be a list, each a whole number"),
        ("short", "`short`: no shouting"),
    ] {
        let told = sentence::<Everything>(&given(name, json!("canary canary!")));
        assert_eq!(told, expected);
        assert!(!parse::<Everything>(&given(name, json!("canary!"))).err().unwrap().cause().contains("canary"));
    }
}

#[test]
fn a_missing_argument_is_named() {
    assert_eq!(
        sentence::<Needs>(&given("count", json!("1"))),
        "`group` is missing: it must be a text of 1 to 40 characters"
    );
    assert_eq!(
        sentence::<Needs>(&given("group", json!("a"))),
        "`count` is missing: it must be a whole number of at most 9"
    );
    let null = Map::from_iter([("group".to_owned(), Value::Null), ("count".to_owned(), json!(1))]);
    assert!(sentence::<Needs>(&null).starts_with("`group` is missing"));
}

#[test]
fn an_empty_text_for_a_required_argument_is_a_text() {
    let empty = Map::from_iter([("group".to_owned(), json!("")), ("count".to_owned(), json!("1"))]);
    assert_eq!(sentence::<Needs>(&empty), "`group` must be a text of 1 to 40 characters");
    let empty = Map::from_iter([("group".to_owned(), json!("a")), ("count".to_owned(), json!(""))]);
    assert_eq!(sentence::<Needs>(&empty), "`count` must be a whole number of at most 9");
}

#[test]
fn an_unknown_argument_is_told_what_there_is() {
    assert_eq!(
        sentence::<Needs>(&given("canary", json!("1"))),
        "this action takes no arguments but `count` and `group`"
    );
    assert_eq!(sentence::<Nothing>(&given("canary", json!(""))), "this action takes no arguments");
    assert!(parse::<Nothing>(&Map::new()).is_ok());
    for close in ["Limit", "limit ", "LIMIT", ""] {
        assert!(parse::<Everything>(&given(close, json!("1"))).is_err(), "{close}");
    }
}

#[test]
fn what_would_not_be_checked_cannot_be_declared() {
    fn problem<A: JsonSchema>() -> String {
        Parameters::of::<A>().unwrap_err().to_string()
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Open {
        a: String,
    }
    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Patterned {
        #[schemars(regex(pattern = "^a$"))]
        a: String,
    }
    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Nested {
        a: Option<Needs>,
    }
    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Any {
        a: Value,
    }
    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Lists {
        a: Vec<Vec<String>>,
    }
    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Misnamed {
        #[serde(rename = "a__b")]
        a: String,
    }

    assert_eq!(Parameters::of::<Open>(), Err(Undeclarable::Open));
    assert_eq!(Parameters::of::<String>(), Err(Undeclarable::NoStruct));
    assert_eq!(problem::<Patterned>(), "argument `a`: `pattern` is not supported");
    assert!(problem::<Nested>().starts_with("argument `a`: "));
    assert!(problem::<Any>().starts_with("argument `a`: "));
    assert_eq!(problem::<Lists>(), "argument `a`: `array of arrays` is not supported");
    assert_eq!(Parameters::of::<Misnamed>(), Err(Undeclarable::Misnamed("a__b".to_owned())));
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is read")]
struct Documented {
    /// How many to list.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Whether it is urgent.
    urgent: bool,
    #[schemars(length(max = 3))]
    words: Vec<String>,
}

#[test]
fn limits_are_told_in_words_where_a_schema_has_no_place_for_them() {
    let parameters = Parameters::of::<Documented>().unwrap();
    let told: Vec<String> = parameters.iter().map(Parameter::told).collect();
    let limit = "How many to list. Must be a whole number from 1 to 200.";
    assert_eq!(told, [limit, "Whether it is urgent.", "Must be a list of at most 3 items, each a text."]);
}
