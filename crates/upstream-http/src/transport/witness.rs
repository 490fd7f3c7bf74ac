//! Who was reached while something was done, told to whoever keeps the record of it.

use std::sync::Arc;

use auth::audit::{Reached, Upstream};

type Tell = Arc<dyn Fn(Reached) + Send + Sync>;

tokio::task_local! {
    static WITNESS: Tell;
}

/// Waits for `work`, and tells `tell` of each request to a named service that it makes: when it is sent, without a status,
/// and when it is answered, with one. Works side by side in one task have their own witnesses.
pub async fn witnessed<T>(tell: impl Fn(Reached) + Send + Sync + 'static, work: impl Future<Output = T>) -> T {
    WITNESS.scope(Arc::new(tell), work).await
}

pub(super) fn tell(upstream: Option<Upstream>, status: Option<u16>) {
    let Some(upstream) = upstream else { return };
    // Outside of any witnessed work, as while a sandbox starts, there is nobody to tell.
    let _told = WITNESS.try_with(|tell| tell(Reached { upstream, status }));
}
