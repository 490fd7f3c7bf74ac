//! The model that this program was built with.

use serde_json::Value;

use crate::trouble::Trouble;

/// `infra/fga/model.json`.
///
/// # Errors
/// When it is no JSON.
pub(crate) fn ours() -> Result<Value, Trouble> {
    serde_json::from_str(include_str!("../../../../infra/fga/model.json"))
        .map_err(|error| Trouble::because("infra/fga/model.json", error))
}
