//! The tokens of a connected account that are in session rows already: the agent would act with them for as long as they last,
//! whatever has become of the account.

use std::time::Duration;

use auth::id::SessionHash;
use auth::refusal::{Code, Refusal};
use auth::subject::Subject;
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, sleep};
use upstream_aws::{LeaseOutcome, StoreError, StoreOutcome};

use crate::app::App;
use crate::person;
use crate::problem::Problem;
use crate::random;

const LEASE_SECONDS: u64 = 10;
/// Rows at once.
const AT_ONCE: usize = 8;
/// Somebody may be refreshing the same row, which takes a second or two.
const ROUNDS: usize = 8;
const PAUSE: Duration = Duration::from_millis(400);

/// Takes them out of every row of this person.
///
/// # Errors
/// If one of the rows has its token still.
pub(super) async fn forget(app: &App, whose: &Subject, until: Instant) -> Result<(), Problem> {
    let sessions = person::sessions(app, whose, until).await?;
    let forgotten = stream::iter(sessions).map(async |session| Box::pin(forget_one(app, &session, until)).await);
    let forgotten: Vec<Result<(), Problem>> = forgotten.buffer_unordered(AT_ONCE).collect().await;
    forgotten.into_iter().collect()
}

async fn forget_one(app: &App, session: &SessionHash, until: Instant) -> Result<(), Problem> {
    for _ in 0..ROUNDS {
        let row = match app.sessions.read(session, until).await {
            Ok(Some(row)) => row,
            // What nobody can open serves nobody, the tools neither.
            Ok(None) | Err(StoreError::Unreadable) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let (now, holder) = (app.clock.now(), random::text()?);
        if now >= row.expires_at {
            return Ok(());
        }
        let Some(tokens) = row.tokens.without_federated() else {
            // Somebody may be about to store one.
            if row.lease.is_none_or(|lease| lease.until <= now) {
                return Ok(());
            }
            sleep(PAUSE).await;
            continue;
        };
        let taken = app.sessions.take_lease_on(&row, holder.expose(), now, LEASE_SECONDS, until).await?;
        if let LeaseOutcome::Taken(fence) = taken {
            let stored = app.sessions.end_lease_on(&row, fence, Some(&tokens), app.clock.now(), until).await?;
            if stored == StoreOutcome::Stored {
                return Ok(());
            }
        }
        if Instant::now() + PAUSE >= until {
            break;
        }
        sleep(PAUSE).await;
    }
    let refusal = Refusal::new(Code::Unavailable, "accounts: a row has its federated token still");
    Err(Problem::from(refusal))
}

/// What is said where the account has changed, and a row has the token of before.
pub(super) fn lasting(problem: Problem) -> Problem {
    let words = "The account was changed, but the agent may go on with what it was given before, for an hour at most.";
    let next = "Sign out, in every browser in which you are signed in, to end that now.";
    Problem { refusal: problem.refusal.saying(words), next, ..problem }
}
