//! Signing out.

use std::time::Duration;

use auth::secret::Secret;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::future::BoxFuture;
use http::HeaderMap;
use serde::Deserialize;
use tokio::time::Instant;
use upstream_aws::WebKind;

use super::cookies;
use super::visitor::{Touch, Visitor};
use crate::app::App;
use crate::problem::Problem;

/// Ending what is open takes at most so long; the rows go first.
const ENDING: Duration = Duration::from_secs(8);

/// A form that changes something and has no other input.
#[derive(Deserialize)]
pub(crate) struct Given {
    pub(crate) token: Secret,
}

/// `POST /sign-out`: ends the session here and at the provider's token endpoint, and goes to a fixed page.
pub(crate) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<Given>,
) -> Result<Response, Problem> {
    if let Some(visitor) = Visitor::of(&app, &headers, Touch::No).await? {
        visitor.gave(&form.token)?;
        end(&app, &visitor).await;
    }
    let mut response = Redirect::to(crate::routes::SIGNED_OUT).into_response();
    cookies::clear(&mut response, cookies::SESSION);
    Ok(response)
}

/// Ends a session. The browser's item goes first, so that its cookie opens nothing any more; what cannot be deleted now ends
/// by itself and is good for nothing without it.
pub(crate) fn end<'a>(app: &'a App, visitor: &'a Visitor) -> BoxFuture<'a, ()> {
    Box::pin(ended(app, visitor))
}

async fn ended(app: &App, visitor: &Visitor) {
    let until = Instant::now() + ENDING;
    let hash = visitor.session.hash();
    let mut keys = vec![visitor.key.clone(), visitor.key.of_kind(WebKind::Connect)];
    keys.push(upstream_aws::WebKey::of_session(WebKind::History, &hash));
    keys.extend(visitor.provider.clone());
    for key in keys {
        let _tried = app.items.delete(&key, until).await;
    }
    let _told = Box::pin(app.stopping.sign_out(&visitor.row.subject, &hash, until)).await;
}
