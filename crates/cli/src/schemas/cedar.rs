//! The Cedar schema of the tools, and the policies that say which scopes open which.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use auth::gateway::Tools;

const HEAD: &str = "// Written by `make schemas` from the tools' declarations. Change those, and run it again.\n";

const ABOUT_SCOPES: &str = "//
// Which scopes open which tool. A token's claims are tags, each one text, and `scope` is a list in one text. `like
// \"*api/read*\"` would take `api/readonly` for it, so each scope is looked for as a whole word, in the four places where it
// can stand. A tool needs all of its scopes. What else is forbidden is in infra/policies.
";

pub(super) fn schema_of(tools: &Tools) -> String {
    format!("{HEAD}{}", auth::gateway::schema_of(tools))
}

/// One policy for each set of scopes. Tools with the same needs are together.
pub(super) fn scopes_of(tools: &Tools) -> String {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for tool in tools.iter() {
        groups.entry(tool.scopes().joined()).or_default().push(tool.name());
    }
    let mut policies = format!("{HEAD}{ABOUT_SCOPES}");
    for (scopes, names) in groups {
        let actions: Vec<String> = names.iter().map(|name| format!("    AgentCore::Action::\"{name}\"")).collect();
        let words: Vec<String> = scopes.split(' ').map(has_word).collect();
        // Writing into a `String` cannot fail.
        let _ = write!(
            policies,
            "
// Needs {scopes}.
permit (
  principal is AgentCore::OAuthUser,
  action in [
{}
  ],
  resource is AgentCore::Gateway
)
when
{{
  principal.hasTag(\"scope\") &&
  {}
}};
",
            actions.join(",\n"),
            words.join(" &&\n  ")
        );
    }
    policies
}

/// Alone, first, last, or in the middle.
fn has_word(scope: &str) -> String {
    let text = scope.replace('\\', "\\\\").replace('"', "\\\"");
    let pattern = text.replace('*', "\\*");
    format!(
        "(principal.getTag(\"scope\") == \"{text}\" ||
   principal.getTag(\"scope\") like \"{pattern} *\" ||
   principal.getTag(\"scope\") like \"* {pattern}\" ||
   principal.getTag(\"scope\") like \"* {pattern} *\")"
    )
}
