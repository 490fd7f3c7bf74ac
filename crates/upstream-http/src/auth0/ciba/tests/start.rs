use auth::approval::{Binding, Requested, Started};
use auth::id::{Organization, SessionReference};
use auth::subject::Subject;
use serde_json::{Value, json};

use super::{Tenant, without};
use crate::auth0::LoginHint;
use crate::auth0::ciba::StartError;
use crate::auth0::scripted::{Answer, until};
use crate::testing::approval::{ALICE, ISSUER, binding_of, mandate_of};
use crate::testing::mandate::NOW;

fn args() -> Value {
    json!({"user": "bob@example.com"})
}

pub(super) fn good() -> Value {
    json!({"auth_req_id": "XyVW8Z", "expires_in": 120, "interval": 7})
}

/// Starts for this person an approval that was bent.
pub(super) async fn start_for(
    subject: &str,
    bend: impl FnOnce(&mut Binding),
    answers: impl IntoIterator<Item = Answer>,
) -> (Result<Started, StartError>, Tenant) {
    let tenant = Tenant::with(answers).await;
    let mandate = mandate_of(binding_of(subject, &args()), args());
    let mut binding = binding_of(subject, &args());
    bend(&mut binding);
    let result = tenant.ciba.start(&mandate, &binding, "Reset the password", NOW, until()).await;
    (result, tenant)
}

async fn start(answer: Answer) -> (Result<Started, StartError>, Tenant) {
    start_for(ALICE, |_| {}, [answer]).await
}

#[tokio::test]
async fn the_form_has_exactly_these_fields() {
    let (result, tenant) = start(Answer::json(200, &good())).await;
    assert!(result.is_ok());
    let [request] = tenant.server.requests().try_into().ok().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/bc-authorize"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!request.headers.contains_key("authorization"));
    let message = format!("Reset the password {}", binding_of(ALICE, &args()).code());
    let form = request.form();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("binding_message", message.as_str()),
            ("client_id", "client-1"),
            ("client_secret", "s3cret+&="),
            ("login_hint", r#"{"format":"iss_sub","iss":"https://tenant.example/","sub":"oidc|okta-oidc|00u1"}"#),
            ("requested_expiry", "300"),
            ("scope", "openid"),
        ]
    );
}

#[tokio::test]
async fn a_provider_may_want_the_bare_subject() {
    let tenant = Tenant::naming(LoginHint::Subject, Answer::json(200, &good())).await;
    let binding = binding_of(ALICE, &args());
    let mandate = mandate_of(binding_of(ALICE, &args()), args());
    assert!(tenant.ciba.start(&mandate, &binding, "Reset the password", NOW, until()).await.is_ok());
    let [request] = tenant.server.requests().try_into().ok().unwrap();
    assert_eq!((request.field("login_hint").as_deref(), request.form().len()), (Some(ALICE), 6));
}

#[tokio::test]
async fn who_has_no_verified_address_is_not_asked_by_address() {
    let tenant = Tenant::naming(LoginHint::Email, Answer::json(200, &good())).await;
    let binding = binding_of(ALICE, &args());
    let mandate = mandate_of(binding_of(ALICE, &args()), args());
    let result = tenant.ciba.start(&mandate, &binding, "Reset the password", NOW, until()).await;
    assert_eq!(result.err(), Some(StartError::NoAddress));
    assert!(tenant.server.requests().is_empty());
}

// C01
#[tokio::test]
async fn no_subject_can_change_the_hints_shape() {
    for subject in [
        r#"a","sub":"bob"#,
        r#"a"}{"sub":"bob"#,
        "a\nb\r\n\t\u{0}",
        r"a\",
        "a&login_hint=b&scope=all+%22",
        "\u{202e}\u{1f600}\u{2028}",
    ] {
        let (result, tenant) = start_for(subject, |_| {}, [Answer::json(200, &good())]).await;
        assert!(result.is_ok(), "{subject:?}");
        let [request] = tenant.server.requests().try_into().ok().unwrap();
        assert_eq!(request.form().len(), 6, "{subject:?}");
        let hint: Value = serde_json::from_str(&request.field("login_hint").unwrap()).unwrap();
        assert_eq!(hint, json!({"format": "iss_sub", "iss": ISSUER, "sub": subject}));
    }
}

// C03
#[tokio::test]
async fn a_request_is_asked_to_live_from_one_second_to_five_minutes() {
    for (seconds, expected) in [(0, "1"), (1, "1"), (120, "120"), (300, "300"), (301, "300"), (259_200, "300")] {
        let bend = |binding: &mut Binding| binding.expires_at = NOW.plus(seconds);
        let (_, tenant) = start_for(ALICE, bend, [Answer::json(200, &good())]).await;
        let [request] = tenant.server.requests().try_into().ok().unwrap();
        assert_eq!(request.field("requested_expiry").as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn nobody_is_asked_about_another_persons_approval() {
    let bends: [fn(&mut Binding); 4] = [
        |binding| binding.subject = Subject::new(ISSUER, "oidc|okta-oidc|00u2").unwrap(),
        |binding| binding.subject = Subject::new("https://other.example/", ALICE).unwrap(),
        |binding| binding.session = SessionReference::parse("another-session").unwrap().hash(),
        |binding| binding.organization = Some(Organization("org_acme".to_owned())),
    ];
    for bend in bends {
        let (result, tenant) = start_for(ALICE, bend, [Answer::json(200, &good())]).await;
        assert_eq!(result.err(), Some(StartError::AnotherPerson));
        assert!(tenant.server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_good_answer_says_where_and_when_to_ask() {
    let (result, _) = start(Answer::json(200, &good())).await;
    let started = result.ok().unwrap();
    assert_eq!(started.auth_req_id.expose(), "XyVW8Z");
    assert_eq!((started.expires_in, started.interval), (120, Some(7)));
}

// C04, C05
#[tokio::test]
async fn the_interval_on_the_wire_is_the_time_to_the_first_poll_and_five_seconds_are_usual() {
    for (interval, seconds) in
        [(json!(31), 31), (json!(0), 5), (json!(-1), 5), (json!("31"), 5), (Value::Null, 5), (json!(1e12), 5)]
    {
        let mut body = good();
        body["interval"] = interval.clone();
        let (result, _) = start(Answer::json(200, &body)).await;
        let requested = Requested { binding: binding_of(ALICE, &args()), version: 1 };
        let pending = requested.started(result.ok().unwrap(), NOW, NOW);
        assert_eq!(pending.next_poll_at, NOW.plus(seconds), "{interval}");
    }
    let (result, _) = start(Answer::json(200, &without(good(), "interval"))).await;
    assert_eq!(result.ok().unwrap().interval, None);
}

// C04
#[tokio::test]
async fn after_an_answer_that_cannot_be_read_nothing_is_known() {
    let mut bodies = vec![without(good(), "auth_req_id"), without(good(), "expires_in")];
    for (name, value) in [
        ("auth_req_id", json!("")),
        ("auth_req_id", json!(7)),
        ("auth_req_id", json!("a\nb")),
        ("expires_in", json!("120")),
        ("expires_in", json!(-1)),
        ("expires_in", json!(1.5)),
        ("expires_in", Value::Null),
    ] {
        let mut body = good();
        body[name] = value;
        bodies.push(body);
    }
    for body in bodies {
        let (result, tenant) = start(Answer::json(200, &body)).await;
        assert_eq!(result.err(), Some(StartError::Unknown("the answer cannot be read")), "{body}");
        assert_eq!(tenant.server.requests().len(), 1);
    }
    let (result, _) = start(Answer::text(200, "text/html", &good().to_string())).await;
    assert_eq!(result.err(), Some(StartError::Unknown("the answer cannot be read")));
}
