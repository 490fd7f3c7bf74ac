use auth::secret::Secret;
use auth::time::Timestamp;
use serde_json::json;

use super::id_token::NOW;
use super::{Begun, Callback, ask, good_answer, tokens};
use crate::auth0::TokenError;
use crate::auth0::login::LoginError;
use crate::auth0::scripted::{Answer, transport, until};

/// Bends a good callback; says what came of it and how many requests were made.
async fn bent(bend: impl FnOnce(&mut Callback)) -> (Option<LoginError>, usize) {
    let begun = Begun::with(ask(), good_answer).await;
    let mut callback = begun.callback();
    bend(&mut callback);
    let (result, server) = begun.exchange(callback).await;
    (result.err(), server.requests().len())
}

async fn at(now: Timestamp) -> (Option<LoginError>, usize) {
    let begun = Begun::with(ask(), good_answer).await;
    let (callback, settings) = (begun.callback(), begun.server.settings());
    let result = begun.pending.exchange(callback, &transport(), &settings, now, until()).await;
    (result.err(), begun.server.requests().len())
}

#[tokio::test]
async fn a_good_callback_makes_one_request() {
    assert_eq!(bent(|_| {}).await, (None, 1));
}

#[tokio::test]
async fn without_its_own_state_nothing_is_exchanged() {
    let refused = (Some(LoginError::State), 0);
    assert_eq!(bent(|callback| callback.state = None).await, refused);
    assert_eq!(bent(|callback| callback.state = Some(String::new())).await, refused);
    assert_eq!(bent(|callback| callback.state = Some("A".repeat(43))).await, refused);
    assert_eq!(bent(|callback| callback.state.as_mut().unwrap().push('x')).await, refused);
    assert_eq!(
        bent(|callback| callback.state = callback.state.take().map(|state| state.to_lowercase())).await,
        refused
    );
}

#[tokio::test]
async fn a_sign_in_ends_after_ten_minutes() {
    assert_eq!(at(NOW.plus(600)).await, (None, 1));
    assert_eq!(at(NOW.plus(601)).await, (Some(LoginError::Expired), 0));
    assert_eq!(at(NOW.plus(86_400)).await, (Some(LoginError::Expired), 0));
    assert_eq!(at(NOW.minus(61)).await, (Some(LoginError::Expired), 0));
}

#[tokio::test]
async fn the_issuer_of_the_callback_is_compared_byte_for_byte() {
    let refused = (Some(LoginError::Issuer), 0);
    for iss in ["https://tenant.example", "https://Tenant.example/", "https://evil.example/", ""] {
        assert_eq!(bent(|callback| callback.iss = Some(iss.to_owned())).await, refused, "{iss:?}");
    }
    assert_eq!(bent(|callback| callback.iss = None).await, refused);
}

#[tokio::test]
async fn a_provider_that_sends_no_issuer_may_leave_it_out_and_may_not_send_a_wrong_one() {
    for (iss, expected) in [(None, (None, 1)), (Some("https://evil.example/"), (Some(LoginError::Issuer), 0))] {
        let begun = Begun::with(ask(), good_answer).await;
        let mut callback = begun.callback();
        callback.iss = iss.map(str::to_owned);
        let mut settings = begun.server.settings();
        settings.expects_iss = false;
        let result = begun.pending.exchange(callback, &transport(), &settings, NOW, until()).await;
        assert_eq!((result.err(), begun.server.requests().len()), expected, "{iss:?}");
    }
}

#[tokio::test]
async fn an_error_is_of_a_fixed_kind_and_costs_no_request() {
    let with_error = |error: &'static str| bent(move |callback| callback.error = Some(error.to_owned()));
    assert_eq!(with_error("access_denied").await, (Some(LoginError::Declined), 0));
    for error in ["login_required", "server_error", "<script>", ""] {
        assert_eq!(with_error(error).await, (Some(LoginError::Failed), 0), "{error:?}");
    }
    assert_eq!(bent(|callback| callback.code = None).await, (Some(LoginError::Failed), 0));
    assert_eq!(bent(|callback| callback.code = Some(Secret::new(String::new()))).await, (Some(LoginError::Failed), 0));
}

#[tokio::test]
async fn nothing_of_a_callback_is_looked_at_before_its_state_and_issuer_hold() {
    let error = bent(|callback| {
        callback.state = None;
        callback.error = Some("access_denied".to_owned());
    });
    assert_eq!(error.await, (Some(LoginError::State), 0));
    let error = bent(|callback| {
        callback.iss = None;
        callback.error = Some("access_denied".to_owned());
    });
    assert_eq!(error.await, (Some(LoginError::Issuer), 0));
}

#[test]
fn an_error_description_is_not_even_read() {
    let query = json!({"state": "s", "error": "access_denied", "error_description": ["of any", "shape"]});
    let callback: Callback = serde_json::from_value(query).unwrap();
    assert_eq!(callback.error.as_deref(), Some("access_denied"));
    assert!(callback.code.is_none() && callback.iss.is_none());
}

#[tokio::test]
async fn a_code_is_sent_once_even_if_the_answer_is_lost() {
    for lost in [|| Answer::HangUp, || Answer::text(503, "text/html", ""), || Answer::text(502, "text/html", "")] {
        let begun =
            Begun::with(ask(), |nonce| [vec![lost()], good_answer(nonce)].into_iter().flatten().collect()).await;
        let callback = begun.callback();
        let (result, server) = begun.exchange(callback).await;
        assert!(matches!(result.err(), Some(LoginError::Exchange(TokenError::Unavailable(_)))));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_exchange_says_why_in_our_words() {
    for (status, body, expected) in [
        (403, json!({"error": "invalid_grant", "error_description": "leak"}), TokenError::Grant),
        (401, json!({"error": "invalid_client"}), TokenError::Misconfigured("the client id or secret is wrong")),
        (429, json!({}), TokenError::Busy { seconds: 2 }),
        (
            200,
            json!({"access_token": "t", "token_type": "mac"}),
            TokenError::Unavailable("the answer is not a bearer token"),
        ),
        (200, json!({"token_type": "Bearer"}), TokenError::Unavailable("the answer cannot be read")),
    ] {
        let begun = Begun::with(ask(), |_| vec![Answer::json(status, &body)]).await;
        let callback = begun.callback();
        let (result, server) = begun.exchange(callback).await;
        assert_eq!(result.err(), Some(LoginError::Exchange(expected)), "{body}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_without_id_or_refresh_token_signs_nobody_in() {
    for name in ["id_token", "refresh_token"] {
        let mut body = tokens("x.y.z");
        body.as_object_mut().unwrap().remove(name);
        let begun = Begun::with(ask(), |_| vec![Answer::json(200, &body)]).await;
        let callback = begun.callback();
        let (result, _) = begun.exchange(callback).await;
        let error = result.err().unwrap();
        assert!(matches!(error, LoginError::Exchange(TokenError::Misconfigured(_))), "{name}: {error}");
    }
}
