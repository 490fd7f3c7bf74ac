//! The store, its model, and what the checking client may.

use serde_json::Value;
use upstream_http::openfga::same_model;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged};
use crate::fga::model;

pub(super) fn client(evidence: &Evidence) -> Judged {
    evidence.fga.client.clone()?;
    Ok("the client that checks is let in".to_owned())
}

pub(super) fn store(evidence: &Evidence) -> Judged {
    if evidence.fga.store.clone()? {
        return Ok("the store is there".to_owned());
    }
    Err(Finding::wrong("the store does not exist", "set FGA_STORE_ID to the id of the store"))
}

pub(super) fn model(evidence: &Evidence) -> Judged {
    let missing =
        || Finding::wrong("the pinned model does not exist in the store", "pin what `mandate fga apply` prints");
    if !evidence.fga.store.clone()? {
        return Err(Finding::unasked("there is no store", "mend fga.store"));
    }
    evidence.fga.model.clone()?.ok_or_else(missing)?;
    Ok(format!("{} is there", evidence.given.or("FGA_AUTHORIZATION_MODEL_ID", "")))
}

/// Equal to the one that this program was built with.
pub(super) fn equal(evidence: &Evidence) -> Judged {
    let pinned: Value =
        evidence.fga.model.clone()?.ok_or_else(|| Finding::unasked("there is no model", "mend fga.model"))?;
    let ours = model::ours().map_err(|trouble| Finding::unasked(trouble.to_string(), "build mandate anew"))?;
    if same_model(&ours, &pinned) {
        return Ok("the pinned model is that of infra/fga/model.json".to_owned());
    }
    Err(Finding::wrong("the pinned model is not that of infra/fga/model.json", "pin what `mandate fga apply` prints"))
}

/// Whoever may check and write as well could give themselves every right.
pub(super) fn rights(evidence: &Evidence) -> Judged {
    const MEND: &str = "give fga-authorizer a client that may read and check only, and the writing one to operators";
    if evidence.fga.may_write == Ok(true) {
        return Err(Finding::wrong("the client of fga-authorizer may write tuples", MEND));
    }
    if evidence.fga.may_write_models == Ok(true) {
        return Err(Finding::wrong("the client of fga-authorizer may write models", MEND));
    }
    evidence.fga.may_write.clone()?;
    evidence.fga.may_write_models.clone()?;
    Ok("the client of fga-authorizer may not write".to_owned())
}
