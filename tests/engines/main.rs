//! The double of OpenFGA beside the real server: the same requests, and what the two answer. `infra/scripts/conformance-engines`
//! starts the server in a network namespace of its own and runs these tests there.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a comparison fails its test by a panic and tells its figures"
)]

mod openfga;
