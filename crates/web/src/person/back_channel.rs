//! The provider says that somebody has logged out there: OpenID Connect Back-Channel Logout 1.0.

use auth::jwt::{Ended, LogoutToken, Policy, Unverified, verify_logout_token};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use axum::{Form, http::StatusCode};
use serde::Deserialize;

use super::provider::{self, Name, Of};
use crate::app::App;
use crate::problem::Problem;
use crate::rim::Shown;

/// The largest body, in bytes: a logout token has at most 8 KiB.
pub(crate) const LARGEST_BODY: usize = 16 * 1024;

#[derive(Deserialize)]
pub(crate) struct Given {
    logout_token: Secret,
}

/// `POST /back-channel-logout` with the form field `logout_token` (section 2.5). Ends every session that the token names, as a
/// sign-out does. Sent by a server, so no cookie, origin or form token is looked at: the token's signature says who it is.
///
/// 200 once they are over, also if there was none any more or the token had been obeyed before; 400 for a token that is not
/// good and for sessions that could not be ended (section 2.8), so that the provider may send it once more. Auth0 says that an
/// unknown `sid` is to be refused; the specification says that it has succeeded, and so do we: the answer tells nobody which
/// sessions there are.
pub(crate) async fn logout(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    form: Result<Form<Given>, FormRejection>,
) -> Result<Response, Problem> {
    let invalid = || Problem::invalid("There is no logout token in the request.");
    let told = match form {
        Ok(Form(given)) => Box::pin(obeyed(&app, &shown, &given.logout_token)).await,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(Problem::of_status(rejection.status()));
        }
        Err(_) => Err(invalid()),
    };
    // The specification has no other status for a failure.
    told.map_err(|problem| Problem { status: StatusCode::BAD_REQUEST, signs_in: false, ..problem })?;
    Ok(StatusCode::OK.into_response())
}

async fn obeyed(app: &App, shown: &Shown, token: &Secret) -> Result<(), Problem> {
    let token = verified(app, token).await?;
    let (issuer, until) = (app.auth0.issuer.as_str(), App::until());
    let key = provider::obeyed(issuer, token.id())?;
    let end = token.expires_at().plus(MOST_LATE_SECONDS);
    if app.items.read(&key, until).await?.is_some_and(|item| item.expires_at > app.clock.now()) {
        return Ok(());
    }
    provider::note(app, &token, until).await?;
    let mut whose = vec![match token.ended() {
        Ended::Session(sid, None) => (Name::Session(issuer, sid), Of::Everybody),
        Ended::Session(sid, Some(subject)) => (Name::Session(issuer, sid), Of::One(subject)),
        Ended::Person(subject) => (Name::Person(subject), Of::Everybody),
    }];
    // A session that the provider gave no name may be the one that is meant.
    if let Ended::Session(_, Some(subject)) = token.ended() {
        whose.push((Name::Person(subject), Of::Nameless));
    }
    let mut told = Ok(());
    for whose in whose {
        told = told.and(provider::end(app, whose, issuer, &shown.reference, until).await);
    }
    told?;
    // If this is not written, the same token ends the same sessions once more.
    let _noted = app.items.create(&key, b"{}", end, until).await;
    Ok(())
}

/// After its `exp` and the clocks' difference no token is taken.
const MOST_LATE_SECONDS: u64 = 120;

async fn verified(app: &App, token: &Secret) -> Result<LogoutToken, Problem> {
    let refused = |cause: String| {
        let words = "The logout token is not good, so nothing was done.";
        Problem::from(Refusal::new(Code::InvalidInput, cause).saying(words))
    };
    let parsed = Unverified::parse(token.expose()).map_err(|problem| refused(problem.to_string()))?;
    let keys = app.keys.of(parsed.kid(), App::until()).await.map_err(|problem| refused(problem.to_string()))?;
    let policy = Policy::logout_token(&app.auth0.issuer, &app.auth0.client.id);
    verify_logout_token(token.expose(), &keys, &policy, app.clock.now()).map_err(|problem| refused(problem.to_string()))
}
