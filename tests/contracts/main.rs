//! What our clients rely on at each service, asked over HTTP.
//!
//! A suite is a set of functions over a client and a world; each runs against the double. OpenFGA's also runs against the real
//! server, in another world, so that the double cannot drift from what it stands for: `make conformance`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a suite fails its test by a panic")]

/// One test for each function of a suite, each in a world of its own. It stands before the modules that use it.
macro_rules! suite {
    (#[$with:meta] $start:ident: $($name:ident)*) => {$(
        #[tokio::test]
        #[$with]
        async fn $name() {
            let world = $start().await;
            super::$name(&world.client, &world).await;
        }
    )*};
    ($start:ident: $($name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            let world = $start().await;
            super::$name(&world.client, &world).await;
        }
    )*};
}

mod accounts;
mod browsing;
mod mandates;
mod okta;
mod openfga;
mod sessions;
mod sign_in;
mod start;
mod vault;
