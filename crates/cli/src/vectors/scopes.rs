//! OAuth scopes.

use auth::scope::Scopes;
use serde::Deserialize;
use vectors::{Answer, Request};

use super::Operation;

pub(super) const SCOPES: Operation = Operation {
    name: "scopes",
    told: "whether all of `needed` are in `granted`, each a list with spaces (or commas) between: whole words, in their own letter case.",
    example: (
        r#"{"op":"scopes","granted":"api/readonly openid","needed":"api/read openid"}"#,
        r#"{"ok":true,"covered":false,"missing":["api/read"]}"#,
    ),
    answer: scopes,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    granted: String,
    needed: String,
}

fn scopes(request: &Request) -> Result<Answer, Answer> {
    let members: Members = request.members()?;
    let (granted, needed) = (Scopes::parse(&members.granted), Scopes::parse(&members.needed));
    let missing: Vec<String> = granted.missing(&needed).iter().map(str::to_owned).collect();
    Ok(Answer::good().with("covered", granted.cover(&needed)).with("missing", missing))
}
