//! Sessions whose id was shown, so that a client may have it. Such a session outlasts its browser, and ends when its person signs
//! out in any (docs/decisions/0023-a-clients-session-outlasts-its-browser.md).

use auth::id::Reference;

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

/// Ends the person's other sessions that clients have. First the browser's cookie opens nothing any more; if a session stays
/// open, the same sign-out can come once more.
pub(super) async fn end_others(app: &App, visitor: &Visitor, reference: &Reference) -> Result<(), Problem> {
    if app.site.agent_kind.gateway().is_none() {
        return Ok(());
    }
    let until = App::until();
    let own = Open::of(visitor);
    visitor::mark_over(app, &own.browser, until).await.map_err(|_| Problem::still_open())?;
    let others = (Name::Person(&own.subject), Of::HandedBut(&own.session));
    provider::end(app, others, own.subject.issuer(), reference, until).await.map_err(|_| Problem::still_open())
}
