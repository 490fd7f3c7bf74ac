//! The person's token for the My Account API.

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::Row;
use upstream_aws::{LeaseOutcome, StoreOutcome};
use upstream_http::auth0::refresh::{Ask, Held, refresh};

use crate::app::App;
use crate::problem::Problem;
use crate::random;

/// A call of the token endpoint ends long before.
const LEASE_SECONDS: u64 = 20;

/// Asks for one with just these scopes. Under the row's lease, so that no two refreshes of a session run at once; a rotated
/// refresh token takes the place of the row's.
pub(super) async fn token(app: &App, row: &Row, scopes: &str) -> Result<Secret, Problem> {
    let (now, until) = (app.clock.now(), App::until());
    let holder = random::text()?;
    let taken = Box::pin(app.sessions.take_lease_on(row, holder.expose(), now, LEASE_SECONDS, until)).await?;
    let LeaseOutcome::Taken(fence) = taken else {
        return Err(Problem::too_many("accounts: somebody else refreshes this session", 2));
    };
    let (audience, scopes) = (format!("{}me/", app.auth0.issuer), Scopes::parse(scopes));
    let ask = Ask { audience: Some(&audience), scopes: Some(&scopes) };
    let current = row.clone().into_refresh_token();
    let held = Held { token: &current, subject: &row.subject, keys: &app.keys };
    let refreshed = Box::pin(refresh(&app.transport, &app.auth0.client, held, ask, now, until)).await;
    let rotated = refreshed.as_ref().ok().and_then(|refreshed| refreshed.refresh_token.clone());
    let rotated = rotated.map(|refresh| row.tokens.rotated(refresh));
    let ended = Box::pin(app.sessions.end_lease_on(row, fence, rotated.as_ref(), app.clock.now(), until)).await?;
    match ended {
        StoreOutcome::Stored => Ok(refreshed?.access_token),
        StoreOutcome::LostToAnother => Err(Problem::too_many("accounts: the lease went to somebody else", 2)),
    }
}
