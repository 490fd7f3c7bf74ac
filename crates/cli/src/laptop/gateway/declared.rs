//! What is declared of the tools behind a gateway: generated from the tools' declarations, but for the house's own policy.

macro_rules! infra {
    ($path:literal) => {
        include_str!(concat!("../../../../../infra/", $path))
    };
}

/// The interceptor's table of tools.
pub(super) const TOOLS: &str = infra!("generated/gateway/tools.json");

/// The targets: name, function, and the tools as a gateway is told them.
pub(super) const TARGETS: [(&str, &str, &str); 2] = [
    ("okta-groups", "okta-groups", infra!("generated/gateway/okta-groups.tools.json")),
    ("okta-changes", "ciba-initiator", infra!("generated/gateway/okta-changes.tools.json")),
];

/// The policies: the name of the file, and what it holds.
pub(super) const POLICIES: [(&str, &str); 2] =
    [("scopes.cedar", infra!("generated/cedar/scopes.cedar")), ("house.cedar", infra!("policies/house.cedar"))];
