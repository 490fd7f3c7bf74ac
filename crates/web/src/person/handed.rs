//! Sessions whose id was shown, so that a client may have it. Such a session outlasts its browser, and ends when its person signs
//! out in any (docs/decisions/0023-a-clients-session-outlasts-its-browser.md).

use std::time::Duration;

use auth::id::Reference;
use tokio::time::Instant;

use super::open::Open;
use super::provider::{self, Name, Of};
use super::visitor::{self, Visitor};
use crate::app::App;
use crate::problem::Problem;

/// Writes down that the session's id is shown, and only then lets it be: what cannot be found again is not given away.
pub(crate) async fn hand(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if visitor.handed {
        return Ok(());
    }
    let until = App::until();
    provider::hand(app, &Open::of(visitor), until).await?;
    if visitor::mark_handed(app, &visitor.key, until).await? {
        Ok(())
    } else {
        Err(Problem::signed_out("handed: the browser's item is gone"))
    }
}

/// None is begun to be ended after that: with the own session before, all of it fits into a request.
const STARTING: Duration = Duration::from_secs(5);

/// Ends the person's other sessions that clients have, once `own` is over.
pub(super) async fn end_others(app: &App, own: &Open, reference: &Reference) -> Result<(), Problem> {
    if app.site.agent_kind.gateway().is_none() {
        return Ok(());
    }
    let others = (Name::Person(&own.subject), Of::HandedBut(&own.session));
    let until = Instant::now() + STARTING;
    provider::end(app, others, own.subject.issuer(), reference, until).await.map_err(|_| Problem::clients_left())
}
