//! What is declared of the tools behind a gateway.

/// The interceptor's table of tools.
pub(super) const TOOLS: &str = include_str!("stand_in/tools.json");

/// The targets: name, function, and the tools as a gateway is told them.
pub(super) const TARGETS: [(&str, &str, &str); 2] = [
    ("okta-groups", "okta-groups", include_str!("stand_in/okta-groups.tools.json")),
    ("okta-changes", "ciba-initiator", include_str!("stand_in/okta-changes.tools.json")),
];

/// The policies: the name of the file, and what it holds.
pub(super) const POLICIES: [(&str, &str); 1] = [("scopes.cedar", include_str!("stand_in/scopes.cedar"))];
