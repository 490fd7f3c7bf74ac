use auth::decision::Decision;
use serde::{Deserialize, Deserializer};

fn of_another_question<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decision, D::Error> {
    Decision::deserialize(deserializer)
}

fn main() {}
