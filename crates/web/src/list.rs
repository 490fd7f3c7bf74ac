//! Lists in the session table, each an item, that several processes change at the same time.

use auth::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use upstream_aws::{Creation, Replacing, WebItem, WebKey};

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

/// Its entries, also those that count no more.
pub(crate) async fn read<E: Entry>(app: &App, key: &WebKey, until: Instant) -> Result<Vec<E>, Problem> {
    Ok(as_is(app, key, until).await?.0)
}

/// Reads, changes and writes, until nobody else did in between; what `change` says of the last time is the answer. A list that is
/// left empty is deleted.
pub(crate) async fn change<E: Entry, T>(
    app: &App,
    key: &WebKey,
    until: Instant,
    mut change: impl FnMut(&mut Vec<E>) -> T,
) -> Result<T, Problem> {
    for _ in 0..ROUNDS {
        let (mut entries, item) = as_is::<E>(app, key, until).await?;
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

async fn as_is<E: Entry>(app: &App, key: &WebKey, until: Instant) -> Result<(Vec<E>, Option<WebItem>), Problem> {
    let Some(item) = app.items.read(key, until).await? else { return Ok((Vec::new(), None)) };
    let entries = serde_json::from_slice(&item.content);
    Ok((entries.map_err(|_| Problem::internal("list: an item of ours cannot be read"))?, Some(item)))
}
