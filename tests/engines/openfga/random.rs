//! Random models, tuples and questions: what one server accepts the other accepts, and both decide alike.

use serde_json::{Value, json};

use super::rewrites::{Chance, asked, model, written};
use super::{Pair, question};

/// Models that both servers accept, and for each of them so many tuples and questions.
const MODELS: usize = 300;
const TUPLES: usize = 16;
const QUESTIONS: usize = 30;

#[derive(Default)]
struct Figures {
    models: [usize; 2],
    tuples: [usize; 2],
    yes: usize,
    no: usize,
    refused: usize,
    differences: Vec<String>,
}

impl Figures {
    fn differ(&mut self, what: &str, seed: u64, body: &Value, answers: &(Value, Value)) {
        let (double, engine) = answers;
        self.differences.push(format!("seed {seed}, {what} {body}: double {double}, engine {engine}"));
    }
}

#[tokio::test]
#[ignore = "needs OpenFGA's server: make conformance"]
async fn random_models_tuples_and_questions_are_taken_and_decided_alike() {
    let mut pair = Pair::start().await;
    let mut figures = Figures::default();
    let mut seed = 0;
    while figures.models[0] < MODELS {
        seed += 1;
        one(&mut pair, seed, &mut figures).await;
        assert!(figures.differences.len() < 20, "{}", figures.differences.join("\n"));
    }
    println!(
        "openfga, random: {} answers compared; {:?} models and {:?} tuples accepted and refused; {} yes, {} no, {} refused",
        pair.compared, figures.models, figures.tuples, figures.yes, figures.no, figures.refused,
    );
    assert!(figures.differences.is_empty(), "{}", figures.differences.join("\n"));
    assert!(figures.yes > MODELS && figures.no > MODELS, "questions of both kinds");
}

async fn one(pair: &mut Pair, seed: u64, figures: &mut Figures) {
    let mut chance = Chance(seed);
    let model = model(&mut chance);
    pair.renew().await;
    let answers = pair.model(&model).await;
    if answers.0 != answers.1 {
        return figures.differ("model", seed, &model, &answers);
    }
    let accepted = answers.0["status"] == 201;
    figures.models[usize::from(!accepted)] += 1;
    if !accepted {
        return;
    }
    for _ in 0..TUPLES {
        let key = written(&mut chance, &model);
        let body = json!({"writes": {"tuple_keys": [key], "on_duplicate": "ignore"}});
        let answers = pair.ask("/stores/STORE/write", &body).await;
        figures.tuples[usize::from(answers.0["status"] != 200)] += 1;
        if answers.0 != answers.1 {
            figures.differ("tuple", seed, &body, &answers);
        }
    }
    let mut checks = Vec::new();
    for number in 0..QUESTIONS {
        let key = asked(&mut chance);
        let contextual: Vec<_> =
            (0..chance.below(3) * usize::from(number % 3 == 0)).map(|_| written(&mut chance, &model)).collect();
        let answers = pair.ask("/stores/STORE/check", &question(&key, &contextual)).await;
        match answers.0["allowed"].as_bool() {
            Some(true) => figures.yes += 1,
            Some(false) => figures.no += 1,
            None => figures.refused += 1,
        }
        if answers.0 != answers.1 {
            figures.differ("question", seed, &json!([key, contextual]), &answers);
        }
        checks.push(json!({
            "tuple_key": key, "contextual_tuples": {"tuple_keys": contextual}, "correlation_id": format!("c{number}"),
        }));
    }
    let body = json!({"checks": checks, "authorization_model_id": "MODEL", "consistency": "HIGHER_CONSISTENCY"});
    let answers = pair.ask("/stores/STORE/batch-check", &body).await;
    if answers.0 != answers.1 {
        figures.differ("batch", seed, &json!("of the questions before"), &answers);
    }
}
