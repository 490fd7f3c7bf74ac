//! The scopes that tools need, by the same table as the gateway's interceptor has.

use std::collections::BTreeMap;

use auth::gateway::Tools;

use crate::words;

/// Made of the tools' declarations, by `make schemas`.
const TOOLS: &str = include_str!("../../../../infra/generated/gateway/tools.json");

/// What a caller needs, and for what: scopes, and the tools in words.
pub(super) type Needs = BTreeMap<String, Vec<String>>;

/// Nothing if the table is none, which a test says it is not.
pub(super) fn needs() -> Option<Needs> {
    let mut needs = Needs::new();
    for tool in Tools::parse(TOOLS).ok()?.iter() {
        let (_, name) = tool.name().split_once("___")?;
        needs.entry(tool.scopes().joined()).or_default().push(words::tool(name));
    }
    Some(needs)
}

#[cfg(test)]
mod tests {
    use super::needs;

    #[test]
    fn each_scope_is_told_with_the_tools_that_need_it() {
        let needs = needs().unwrap();
        assert_eq!(needs.keys().collect::<Vec<_>>(), ["api/admin", "api/read", "api/write"]);
        assert_eq!(needs["api/write"], ["Reset your password", "Unlock an account"]);
        assert_eq!(needs["api/read"].len(), 4);
    }
}
