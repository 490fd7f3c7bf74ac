//! `infra/fga/*.fga.yaml`, which `make conformance` has the OpenFGA engine answer, answered by the double: so that the two do not
//! drift apart over our own model. Lists of users are left to the engine.

use std::path::Path;

use auth::decision::Check;
use devstack::openfga::{Seed, Tuple};
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::Value;

use super::double::start;
use super::{TRACE, client};
use crate::start::until;

const STORE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const MODEL: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAW";

fn yaml(text: &str) -> Yaml<'_> {
    Yaml::load_from_str(text).unwrap().remove(0)
}

fn text<'y>(of: &'y Yaml<'_>, member: &str) -> &'y str {
    of.as_mapping_get(member).and_then(Yaml::as_str).unwrap()
}

fn items<'y, 'i>(of: &'y Yaml<'i>, member: &str) -> &'y [Yaml<'i>] {
    of.as_mapping_get(member).and_then(Yaml::as_sequence).map(Vec::as_slice).unwrap_or_default()
}

fn tuples(of: &[Yaml<'_>]) -> Vec<Tuple> {
    of.iter().map(|one| Tuple::new(text(one, "user"), text(one, "relation"), text(one, "object"))).collect()
}

/// Relation and expected answer.
fn assertions(check: &Yaml<'_>) -> Vec<(String, bool)> {
    let pairs = check.as_mapping_get("assertions").and_then(Yaml::as_mapping).unwrap();
    let expected = |value: &Yaml<'_>| matches!(value, Yaml::Value(Scalar::Boolean(true)));
    pairs.iter().map(|(relation, value)| (relation.as_str().unwrap().to_owned(), expected(value))).collect()
}

#[tokio::test]
async fn the_double_answers_as_the_tests_of_the_model_say() {
    let (double, folder) = (start().await, Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/fga"));
    let model: Value = serde_json::from_str(include_str!("../../../infra/fga/model.json")).unwrap();
    let (shared, mut asked) = (std::fs::read_to_string(folder.join("tuples.yaml")).unwrap(), 0);
    let shared = tuples(yaml(&shared).as_sequence().unwrap());
    for file in ["tools.fga.yaml", "stops.fga.yaml"] {
        let file = std::fs::read_to_string(folder.join(file)).unwrap();
        for test in items(&yaml(&file), "tests") {
            let all = [shared.clone(), tuples(items(test, "tuples"))].concat();
            let seed =
                Seed { store_id: STORE.to_owned(), model_id: MODEL.to_owned(), model: model.clone(), tuples: all };
            double.stack.openfga.seed(seed).unwrap();
            let client = client(&double.api, STORE, MODEL, double.credentials.clone());
            for check in items(test, "check") {
                let object = text(check, "object");
                // Nobody asks about membership of a group itself: its type has no `via`.
                for (relation, expected) in assertions(check).into_iter().filter(|_| !object.starts_with("group:")) {
                    let user = text(check, "user").strip_prefix("user:").unwrap();
                    let question = Check::new(user, &relation, object).unwrap();
                    let answer = client.check(&question, None, TRACE, until()).await;
                    assert_eq!(answer, Ok(expected), "{}: {user} {relation} {object}", text(test, "name"));
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 25, "{asked}");
}
