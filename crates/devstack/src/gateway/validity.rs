//! Whether AWS would take a configuration, as far as a mistake here would hide one there.

use std::collections::BTreeSet;

use super::config::{Config, Target};
use super::propagation;

/// The most headers, or query parameters, that a target may be passed.
const PROPAGATED: usize = 10;
/// The longest name of a tool with its target's, in bytes.
const LONGEST_TOOL: usize = 256;

pub(super) fn check(config: &Config) -> Result<(), String> {
    if config.page_size == 0 {
        return Err("a page must hold at least one tool".to_owned());
    }
    if config.versions.is_empty() {
        return Err("there must be a version to speak".to_owned());
    }
    let mut names = BTreeSet::new();
    for target in &config.targets {
        check_target(target)?;
        if !names.insert(&target.name) {
            return Err(format!("there are two targets `{}`", target.name));
        }
    }
    Ok(())
}

fn check_target(target: &Target) -> Result<(), String> {
    let name = &target.name;
    if !is_target_name(name) {
        return Err(format!("`{name}` is no name of a target"));
    }
    let mut tools = BTreeSet::new();
    for tool in &target.tools {
        if tool.name.is_empty() || name.len() + 3 + tool.name.len() > LONGEST_TOOL {
            return Err(format!("`{}` is no name of a tool of `{name}`", tool.name));
        }
        if !tools.insert(&tool.name) {
            return Err(format!("target `{name}` has two tools `{}`", tool.name));
        }
    }
    for allowed in [&target.allowed_request_headers, &target.allowed_query_parameters] {
        if allowed.len() > PROPAGATED {
            return Err(format!("target `{name}` is passed more than {PROPAGATED} headers or query parameters"));
        }
    }
    match target.allowed_request_headers.iter().find(|header| !propagation::may_be_allowed(header)) {
        Some(header) => Err(format!("target `{name}` cannot be passed the header `{header}`")),
        None => Ok(()),
    }
}

/// `([0-9a-zA-Z][-]?){1,100}`
fn is_target_name(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let letters = name.chars().filter(|c| *c != '-').count();
    (1..=100).contains(&letters) && name.chars().all(known) && !name.starts_with('-') && !name.contains("--")
}
