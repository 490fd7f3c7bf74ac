//! Vectors that others published; the `id` of each says where. Those of RFC 7515 and RFC 7520 are RSA, P-256 and HMAC, that of
//! RFC 8037 is Ed25519.

use serde_json::{Value, json};

use super::run::{answers, with};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn published() -> Vec<(Value, Value)> {
    let lines = include_str!("published.jsonl").lines();
    let parsed = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    parsed.map(|mut vector| (vector["line"].take(), vector["answer"].take())).collect()
}

fn good() -> Vec<Value> {
    published().into_iter().filter(|(_, answer)| answer["ok"] == true).map(|(line, _)| line).collect()
}

fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap()
}

#[test]
fn every_published_vector_comes_out_as_it_was_published() {
    let published = published();
    let lines: Vec<Value> = published.iter().map(|(line, _)| line.clone()).collect();
    for ((line, expected), answer) in published.into_iter().zip(answers(&lines)) {
        assert_eq!(answer, with(&expected, "id", line["id"].clone()), "{}", line["id"]);
    }
    assert_eq!(good().len(), 4);
}

#[test]
fn no_character_of_a_signed_vector_can_be_another() {
    let mut lines = Vec::new();
    for line in good() {
        let jws = text(&line, "jws");
        for place in (0..jws.len()).filter(|place| place % 3 == 0 || place + 1 == jws.len()) {
            let mut changed = jws.as_bytes().to_vec();
            // A dot has no place in the alphabet, so it becomes the first letter.
            let at = ALPHABET.bytes().position(|letter| letter == changed[place]);
            changed[place] = ALPHABET.as_bytes()[at.map_or(0, |at| (at + 1) % ALPHABET.len())];
            lines.push(with(&line, "jws", String::from_utf8(changed).unwrap()));
        }
        for more in ["=", " ", "\n", ".", "A", "\u{0}"] {
            lines.push(with(&line, "jws", format!("{jws}{more}")));
            lines.push(with(&line, "jws", format!("{more}{jws}")));
        }
    }
    assert!(lines.len() > 500);
    let taken: Vec<Value> = answers(&lines).into_iter().filter(|answer| answer["ok"] != false).collect();
    assert_eq!(taken, [] as [Value; 0]);
}

#[test]
fn a_vector_is_taken_with_its_own_key_and_an_allowed_algorithm_only() {
    let good = good();
    let (mut lines, mut codes) = (Vec::new(), Vec::new());
    for line in &good {
        for other in good.iter().filter(|other| other["id"] != line["id"]) {
            lines.push(with(line, "jwks", other["jwks"].clone()));
        }
        lines.push(with(line, "algorithms", json!([])));
    }
    for answer in answers(&lines) {
        assert_eq!(answer["ok"], false, "{answer}");
        codes.push(answer["error"].as_str().unwrap().to_owned());
    }
    for code in ["missing_key_id", "unknown_key", "algorithm", "signature"] {
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
    }
    let as_text: Vec<Value> = good.iter().map(|line| with(line, "jwks", line["jwks"].to_string())).collect();
    assert!(answers(&as_text).iter().all(|answer| answer["ok"] == true), "a key set may be given as its text");
}

#[test]
fn a_key_set_that_nobody_should_publish_is_refused_whole() {
    let line = good().remove(0);
    let key = line["jwks"]["keys"][0].clone();
    let twins = json!({ "keys": [with(&key, "kid", "a"), with(&key, "kid", "a")] });
    let doubled = line["jwks"].to_string().replacen("\"e\":", "\"e\":\"AQAB\",\"e\":", 1);
    super::run::refuses(&[
        (with(&line, "jwks", json!({ "keys": [with(&key, "d", "AQAB")] })), "jwks_private_key"),
        (with(&line, "jwks", twins), "jwks_duplicate_kid"),
        (with(&line, "jwks", json!({ "keys": [] })), "jwks_no_usable_key"),
        (with(&line, "jwks", json!({ "keys": [with(&key, "use", "enc")] })), "jwks_no_usable_key"),
        (with(&line, "jwks", doubled), "jwks_malformed"),
        (with(&line, "jwks", json!({ "keys": vec![key; 65] })), "jwks_too_large"),
        (with(&line, "jwks", json!(7)), "jwks_malformed"),
        (with(&line, "algorithms", json!(["HS256"])), "unknown_algorithm"),
        (with(&line, "algorithms", json!(["none"])), "unknown_algorithm"),
    ]);
}
