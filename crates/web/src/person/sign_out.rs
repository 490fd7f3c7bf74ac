//! Signing out.

use auth::secret::Secret;
use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use serde::Deserialize;

use super::cookies;
use super::open::Open;
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
/// which ends its own session.
pub(crate) async fn sign_out(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    Form(form): Form<Given>,
) -> Result<Response, Problem> {
    if let Some(visitor) = Visitor::of(&app, &headers, Touch::No).await? {
        visitor.gave(&form.token)?;
        // What is left is in the log. The browser's cookie goes in any case.
        let _logged = Open::of(&visitor).end(&app, &shown.reference).await;
    }
    // No redirect: `form-action` of the content policy would stop it at the provider's.
    let words = "Your session here is over. You are sent on to end the one at the identity provider.";
    let mut response = page::onward(routes::LOG_OUT, "Signing out", words).into_response();
    cookies::clear(&mut response, cookies::SESSION);
    Ok(response)
}

/// `GET /sign-out/go`: to the provider's logout, which comes back to a fixed page. Changes nothing here.
/// <https://auth0.com/docs/authenticate/login/logout/log-users-out-of-auth0>
pub(crate) async fn log_out(State(app): State<App>) -> Result<Redirect, Problem> {
    let no_address = |_| Problem::internal("sign-out: no address");
    let mut address = app.auth0.client.base.join("v2/logout").map_err(no_address)?;
    let back = app.site.url.join(routes::SIGNED_OUT).map_err(no_address)?;
    address.query_pairs_mut().append_pair("client_id", &app.auth0.client.id).append_pair("returnTo", back.as_str());
    Ok(Redirect::to(address.as_str()))
}
