//! Signing out.

use auth::secret::Secret;
use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::HeaderMap;
use serde::Deserialize;
use upstream_http::auth0::Logout;

use super::cookies;
use super::handed;
use super::open::{Open, StillOpen};
use super::visitor::{Touch, Visitor};
use crate::app::App;
use crate::problem::Problem;
use crate::rim::Shown;
use crate::{page, routes};

/// A form that changes something and has no other input.
#[derive(Deserialize)]
pub(crate) struct Given {
    pub(crate) token: Secret,
}

/// `POST /sign-out`: ends the session here and at the provider's token endpoint, and shows a page that leads on to the provider,
/// which ends its own session, or straight to the last page if it is not known where. Only once the session is over: else 503, and the same request may come once more.
pub(crate) async fn sign_out(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    Form(form): Form<Given>,
) -> Result<Response, Problem> {
    let mut approvals = false;
    // Also a session whose end failed half-way before.
    if let Some((visitor, _)) = Visitor::behind(&app, &headers, Touch::No).await? {
        visitor.gave(&form.token)?;
        let (app_too, own, reference) = (app.clone(), Open::of(&visitor), shown.reference.clone());
        // A task of its own: what has begun to end is ended, however long it takes.
        let ending = app.apart(async move {
            let over = own.end(&app_too, &reference).await?;
            Ok((over, handed::end_others(&app_too, &own, &reference).await))
        });
        let (over, others) = match ending.await {
            Ok(Ok(ended)) => ended,
            // The browser keeps its cookie, which can do this once more and nothing else.
            Ok(Err(StillOpen)) => return Err(Problem::still_open()),
            Err(_) => return Err(Problem::internal("sign-out: a task broke")),
        };
        if let Err(problem) = others {
            let mut response = problem.into_response();
            cookies::clear(&mut response, cookies::SESSION);
            return Ok(response);
        }
        approvals = over.approvals;
    }
    if app.auth0.client.provider.logout == Logout::Unknown {
        let mut response = Redirect::to(routes::SIGNED_OUT).into_response();
        cookies::clear(&mut response, cookies::SESSION);
        return Ok(response);
    }
    // No redirect: `form-action` of the content policy would stop it at the provider's.
    let words = if approvals {
        "Your session here is over, and what was waiting for your approval with it. You are sent on to end the one at the \
         identity provider."
    } else {
        "Your session here is over. You are sent on to end the one at the identity provider."
    };
    let mut response = page::onward(routes::LOG_OUT, "Signing out", words).into_response();
    cookies::clear(&mut response, cookies::SESSION);
    Ok(response)
}

/// `GET /sign-out/go`: to the provider's logout, which comes back to a fixed page. Changes nothing here.
pub(crate) async fn log_out(State(app): State<App>) -> Result<Redirect, Problem> {
    let back = app.site.url.join(routes::SIGNED_OUT).map_err(|_| Problem::internal("sign-out: no address"))?;
    let address = app.auth0.client.logout(&back).unwrap_or(back);
    Ok(Redirect::to(address.as_str()))
}

/// `GET /signed-out`: where a sign-out ends.
pub(crate) async fn signed_out(State(app): State<App>) -> Html<String> {
    page::signed_out(app.auth0.client.provider.logout != Logout::Unknown)
}
