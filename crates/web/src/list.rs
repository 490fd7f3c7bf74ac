//! Lists in the session table, each an item, that several processes change at the same time.

use auth::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use upstream_aws::{Creation, Replacing, StoreError, WebItem, WebKey};

use crate::app::App;
use crate::problem::Problem;

/// Others may write the same item at the same time.
pub(crate) const ROUNDS: usize = 8;

/// What is in a list.
pub(crate) trait Entry: Serialize + DeserializeOwned {
    /// From then on it counts no more.
    fn end(&self) -> Timestamp;

    /// Whether it counts.
    fn lasts(&self, now: Timestamp) -> bool {
        now < self.end()
    }
}

/// What is in the table.
enum List<E> {
    Read(Vec<E>, Option<WebItem>),
    /// It cannot be opened, or is no list.
    Unreadable,
}

/// Its entries, also those that count no more.
///
/// # Errors
/// One that cannot be read is a problem here, and whatever the table says.
pub(crate) async fn read<E: Entry>(app: &App, key: &WebKey, until: Instant) -> Result<Vec<E>, Problem> {
    match as_is(app, key, until).await? {
        List::Read(entries, _) => Ok(entries),
        List::Unreadable => Err(unreadable()),
    }
}

fn unreadable() -> Problem {
    Problem::internal("list: an item of ours cannot be read")
}

/// Reads, changes and writes, until nobody else did in between; what `change` says of the last time is the answer. A list that is
/// left empty is deleted.
///
/// # Errors
/// One that cannot be read is a problem, and whatever the table says.
pub(crate) async fn change<E: Entry, T>(
    app: &App,
    key: &WebKey,
    until: Instant,
    change: impl FnMut(&mut Vec<E>) -> T,
) -> Result<T, Problem> {
    changed(app, key, until, (change, false)).await
}

/// The same, but one that cannot be read begins anew, so that nobody is shut out for as long as it lies there: for those who add
/// to it.
pub(crate) async fn change_or_begin<E: Entry, T>(
    app: &App,
    key: &WebKey,
    until: Instant,
    change: impl FnMut(&mut Vec<E>) -> T,
) -> Result<T, Problem> {
    changed(app, key, until, (change, true)).await
}

async fn changed<E: Entry, T>(
    app: &App,
    key: &WebKey,
    until: Instant,
    (mut change, anew): (impl FnMut(&mut Vec<E>) -> T, bool),
) -> Result<T, Problem> {
    for _ in 0..ROUNDS {
        let (mut entries, item) = match as_is::<E>(app, key, until).await? {
            List::Read(entries, item) => (entries, item),
            // Who could bend it could delete it; and its sessions, under a key that is gone, cannot be opened either.
            List::Unreadable if anew => {
                app.log.replaced(key.kind().name());
                app.items.delete(key, until).await?;
                continue;
            }
            List::Unreadable => return Err(unreadable()),
        };
        let told = change(&mut entries);
        let content = serde_json::to_vec(&entries).unwrap_or_default();
        let end = entries.iter().map(Entry::end).max();
        let done = match (item, end) {
            (None, None) => true,
            (None, Some(end)) => app.items.create(key, &content, end, until).await? == Creation::Created,
            (Some(item), None) => app.items.remove(key, item.version, until).await? == Replacing::Replaced,
            (Some(item), Some(end)) => {
                app.items.replace(key, item.version, &content, end, until).await? == Replacing::Replaced
            }
        };
        if done {
            return Ok(told);
        }
    }
    Err(Problem::too_many("list: the same item is written too often", 2))
}

async fn as_is<E: Entry>(app: &App, key: &WebKey, until: Instant) -> Result<List<E>, Problem> {
    let item = match app.items.read(key, until).await {
        Ok(Some(item)) => item,
        Ok(None) => return Ok(List::Read(Vec::new(), None)),
        Err(StoreError::Unreadable) => return Ok(List::Unreadable),
        Err(error) => return Err(error.into()),
    };
    let entries = serde_json::from_slice(&item.content);
    Ok(entries.map_or(List::Unreadable, |entries| List::Read(entries, Some(item))))
}
