//! Cedar.
