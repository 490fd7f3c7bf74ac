use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Kms, arn, start};
use crate::fault::{Effect, Fault};
use crate::iam::tests::{policy, signed};
use crate::iam::{Credentials, Iam, Role};
use crate::okta::wire;

async fn service() -> (Kms, String) {
    let kms = start(wire::listener().await).await.unwrap();
    let key = kms.create_key("rows");
    (kms, key)
}

async fn call_as(kms: &Kms, who: Option<&Credentials>, operation: &str, body: &Value) -> (u16, Value) {
    let target = format!("TrentService.{operation}");
    let signature = who.map(signed).unwrap_or_default();
    let mut headers = vec![("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.as_str())];
    headers.extend(signature.iter().map(|(name, value)| (*name, value.as_str())));
    let answer = wire::send("POST", &format!("{}/", kms.double.url()), &headers, &body.to_string()).await;
    (answer.status, answer.json())
}

async fn done(kms: &Kms, operation: &str, body: Value) -> Value {
    let (status, answer) = call_as(kms, None, operation, &body).await;
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

async fn refused(kms: &Kms, operation: &str, body: Value) -> String {
    let (status, answer) = call_as(kms, None, operation, &body).await;
    assert_eq!(status, 400, "{operation}: {answer}");
    answer["__type"].as_str().unwrap().to_owned()
}

fn of(session: &str) -> Value {
    json!({ "session": session, "purpose": "row" })
}

async fn data_key(kms: &Kms) -> (Value, Value) {
    let wish = json!({ "KeyId": "alias/rows", "KeySpec": "AES_256", "EncryptionContext": of("abc") });
    let made = done(kms, "GenerateDataKey", wish).await;
    (made["Plaintext"].clone(), made["CiphertextBlob"].clone())
}

#[tokio::test]
async fn a_data_key_opens_with_its_context_and_with_no_other() {
    let (kms, key) = service().await;
    let (plain, blob) = data_key(&kms).await;
    assert_eq!(STANDARD.decode(plain.as_str().unwrap()).unwrap().len(), 32);
    let opened = done(&kms, "Decrypt", json!({ "CiphertextBlob": blob, "EncryptionContext": of("abc") })).await;
    let expected = json!({ "KeyId": arn(&key), "Plaintext": plain, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT" });
    assert_eq!(opened, expected);
    for context in [
        of("abd"),
        json!({}),
        json!({ "session": "abc" }),
        json!({ "session": "row", "purpose": "abc" }),
        json!({ "session": "abc", "purpose": "row", "more": "" }),
        json!({ "sessionabc": "", "purpose": "row" }),
    ] {
        let wish = json!({ "CiphertextBlob": blob, "EncryptionContext": context });
        assert_eq!(refused(&kms, "Decrypt", wish).await, "InvalidCiphertextException", "{context}");
    }
}

#[tokio::test]
async fn a_ciphertext_that_was_changed_anywhere_does_not_open() {
    let (kms, _) = service().await;
    let (_, blob) = data_key(&kms).await;
    let blob = STANDARD.decode(blob.as_str().unwrap()).unwrap();
    for at in (0..blob.len()).step_by(7).chain([0, 36, 40, blob.len() - 1]) {
        let mut changed = blob.clone();
        changed[at] ^= 1;
        let wish = json!({ "CiphertextBlob": STANDARD.encode(changed), "EncryptionContext": of("abc") });
        assert_eq!(refused(&kms, "Decrypt", wish).await, "InvalidCiphertextException", "{at}");
    }
    for text in ["AA==", "bm8gY2lwaGVydGV4dA=="] {
        assert_eq!(refused(&kms, "Decrypt", json!({ "CiphertextBlob": text })).await, "InvalidCiphertextException");
    }
}

#[tokio::test]
async fn a_key_is_known_by_id_arn_and_alias_and_an_unknown_one_is_not_found() {
    let (kms, key) = service().await;
    for name in [&key, &arn(&key), "alias/rows", "arn:aws:kms:us-east-1:123456789012:alias/rows"] {
        let told = done(&kms, "DescribeKey", json!({ "KeyId": name })).await;
        assert_eq!((&told["KeyMetadata"]["Arn"], &told["KeyMetadata"]["Enabled"]), (&json!(arn(&key)), &json!(true)));
    }
    for name in ["alias/none", "none", "arn:aws:kms:eu-west-1:123456789012:alias/rows"] {
        let wish = json!({ "KeyId": name, "KeySpec": "AES_256" });
        assert_eq!(refused(&kms, "GenerateDataKey", wish).await, "NotFoundException", "{name}");
    }
}

#[tokio::test]
async fn a_rotated_key_opens_what_is_older_and_seals_anew() {
    let (kms, key) = service().await;
    let (plain, old) = data_key(&kms).await;
    assert!(kms.rotate(&key) && !kms.rotate("none"));
    let (_, new) = data_key(&kms).await;
    for (blob, expected) in [(&old, Some(&plain)), (&new, None)] {
        let wish = json!({ "CiphertextBlob": blob, "KeyId": key, "EncryptionContext": of("abc") });
        let opened = done(&kms, "Decrypt", wish).await;
        assert!(expected.is_none_or(|plain| opened["Plaintext"] == *plain));
    }
}

#[tokio::test]
async fn a_disabled_key_and_another_key_open_nothing() {
    let (kms, key) = service().await;
    let (_, blob) = data_key(&kms).await;
    let other = kms.create_key("other");
    let under = |key: &str| json!({ "CiphertextBlob": blob, "KeyId": key, "EncryptionContext": of("abc") });
    assert_eq!(refused(&kms, "Decrypt", under(&other)).await, "IncorrectKeyException");
    kms.set_enabled(&key, false);
    assert_eq!(refused(&kms, "Decrypt", under(&key)).await, "DisabledException");
    let wish = json!({ "KeyId": key, "KeySpec": "AES_256" });
    assert_eq!(refused(&kms, "GenerateDataKey", wish).await, "DisabledException");
    kms.set_enabled(&key, true);
    done(&kms, "Decrypt", under(&key)).await;
}

#[tokio::test]
async fn what_is_out_of_bounds_or_not_known_is_refused() {
    let (kms, key) = service().await;
    let text = |length: usize| STANDARD.encode(vec![7; length]);
    let sealed = done(&kms, "Encrypt", json!({ "KeyId": key, "Plaintext": text(4096) })).await;
    let opened = done(&kms, "Decrypt", json!({ "CiphertextBlob": sealed["CiphertextBlob"] })).await;
    assert_eq!(opened["Plaintext"], text(4096));
    let long = done(&kms, "GenerateDataKey", json!({ "KeyId": key, "NumberOfBytes": 1024 })).await;
    assert_eq!(STANDARD.decode(long["Plaintext"].as_str().unwrap()).unwrap().len(), 1024);
    for (operation, body, kind) in [
        ("Encrypt", json!({ "KeyId": key, "Plaintext": text(4097) }), "ValidationException"),
        ("Encrypt", json!({ "KeyId": key, "Plaintext": "" }), "ValidationException"),
        ("Encrypt", json!({ "KeyId": key, "Plaintext": "?" }), "SerializationException"),
        (
            "Encrypt",
            json!({ "KeyId": key, "Plaintext": "QQ==", "EncryptionContext": { "a": 1 } }),
            "SerializationException",
        ),
        ("Encrypt", json!({ "KeyId": key, "Plaintext": "QQ==", "GrantTokens": [] }), "SerializationException"),
        ("GenerateDataKey", json!({ "KeyId": key }), "ValidationException"),
        ("GenerateDataKey", json!({ "KeyId": key, "KeySpec": "AES_256", "NumberOfBytes": 32 }), "ValidationException"),
        ("GenerateDataKey", json!({ "KeyId": key, "KeySpec": "RSA_2048" }), "ValidationException"),
        ("GenerateDataKey", json!({ "KeyId": key, "NumberOfBytes": 0 }), "ValidationException"),
        ("GenerateDataKey", json!({ "KeyId": key, "NumberOfBytes": 1025 }), "ValidationException"),
        ("ScheduleKeyDeletion", json!({ "KeyId": key }), "UnknownOperationException"),
    ] {
        assert_eq!(refused(&kms, operation, body.clone()).await, kind, "{operation} {body}");
    }
}

#[tokio::test]
async fn calls_are_counted_and_faulted_by_operation_and_nothing_shows_a_key() {
    let (kms, key) = service().await;
    let (_, blob) = data_key(&kms).await;
    let body = r#"{"__type":"ThrottlingException"}"#.to_owned();
    kms.fault(Fault {
        on: "POST /Decrypt".into(),
        times: Some(1),
        skip: 0,
        effect: Effect::Answer { status: 400, headers: [].into(), body },
    });
    let wish = json!({ "CiphertextBlob": blob, "EncryptionContext": of("abc") });
    assert_eq!(refused(&kms, "Decrypt", wish.clone()).await, "ThrottlingException");
    done(&kms, "Decrypt", wish).await;
    assert_eq!((kms.requests_by_operation("Decrypt"), kms.requests_by_operation("GenerateDataKey")), (2, 1));
    assert_eq!(kms.operations(), ["GenerateDataKey", "Decrypt", "Decrypt"]);
    let shown = format!("{:?}", kms.keys);
    assert_eq!(shown, format!("{{\"{key}\"}}"));
}

#[tokio::test]
async fn policies_bind_a_key_and_its_context_to_a_caller() {
    let (kms, key) = service().await;
    let (plain, blob) = data_key(&kms).await;
    let iam = Iam::new();
    let statement = json!({
        "Effect": "Allow", "Action": "kms:Decrypt", "Resource": arn(&key),
        "Condition": {
            "StringEquals": { "kms:EncryptionContext:session": "abc" },
            "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["session", "purpose"] },
        },
    });
    iam.add_role(&Role::new("reader").allowing(policy(&statement))).unwrap();
    let reader = iam.function_credentials("reader", "f").unwrap();
    kms.enforce(&iam);
    let open = |context: Value| json!({ "CiphertextBlob": blob, "EncryptionContext": context });
    let (status, answer) = call_as(&kms, Some(&reader), "Decrypt", &open(of("abc"))).await;
    assert_eq!((status, &answer["Plaintext"]), (200, &plain));
    for context in [of("abd"), json!({}), json!({ "session": "abc", "more": "x" })] {
        let (status, answer) = call_as(&kms, Some(&reader), "Decrypt", &open(context)).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("AccessDeniedException")));
        let expected = format!(
            "User: arn:aws:sts::123456789012:assumed-role/reader/f is not authorized to perform: kms:Decrypt on resource: {} \
             because no identity-based policy allows the kms:Decrypt action",
            arn(&key)
        );
        assert_eq!(answer["Message"], expected);
    }
    let (_, answer) =
        call_as(&kms, Some(&reader), "GenerateDataKey", &json!({ "KeyId": key, "KeySpec": "AES_256" })).await;
    assert_eq!(answer["__type"], "AccessDeniedException");
    let (status, answer) = call_as(&kms, None, "Decrypt", &open(of("abc"))).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("MissingAuthenticationTokenException")));
    let stranger = Credentials { access_key_id: "ASIANOBODY".to_owned(), ..reader };
    let (_, answer) = call_as(&kms, Some(&stranger), "Decrypt", &open(of("abc"))).await;
    assert_eq!(answer["__type"], "UnrecognizedClientException");
}
