//! What else must know of a new crate, changed where a line has a known form.

use std::path::Path;

use super::name::Name;
use crate::trouble::Trouble;

/// Paths below the workspace, and what they are to say.
pub(super) fn changed(root: &Path, name: &Name) -> Result<Vec<(String, String)>, Trouble> {
    let krate = name.of_crate();
    let read = |path: &str| {
        let text = std::fs::read_to_string(root.join(path));
        text.map_err(|error| Trouble::because(&format!("`{path}`, which a workspace of Mandate has"), error))
    };
    let manifest = dependency(&read("Cargo.toml")?, &krate).ok_or_else(|| unknown("Cargo.toml"))?;
    let makefile = function(&read("Makefile")?, &krate).ok_or_else(|| unknown("Makefile"))?;
    Ok(vec![("Cargo.toml".to_owned(), manifest), ("Makefile".to_owned(), makefile)])
}

/// The crate among `[workspace.dependencies]`, before the first that is of others.
fn dependency(manifest: &str, krate: &str) -> Option<String> {
    let (before, after) = manifest.split_once("[workspace.dependencies]\n")?;
    let (ours, others) = after.split_once("\n\n")?;
    let mut lines: Vec<String> = ours.lines().map(str::to_owned).collect();
    lines.push(format!("{krate} = {{ path = \"crates/{krate}\" }}"));
    lines.sort();
    Some(format!("{before}[workspace.dependencies]\n{}\n\n{others}", lines.join("\n")))
}

/// The crate among the functions that `make build` builds.
fn function(makefile: &str, krate: &str) -> Option<String> {
    let line = makefile.lines().find(|line| line.starts_with("FUNCTIONS := "))?;
    Some(makefile.replacen(line, &format!("{line} {krate}"), 1))
}

fn unknown(path: &str) -> Trouble {
    Trouble::new(format!("`{path}` has not the form that is known; add the crate by hand"))
}

#[cfg(test)]
mod tests {
    use super::{dependency, function};

    #[test]
    fn a_crate_is_added_in_order_and_nothing_else_is_changed() {
        let manifest = "[workspace.dependencies]\nauth = { path = \"crates/auth\" }\ntool = { path = \"crates/tool\" }\n\n# x\ny = \"1\"\n";
        let changed = dependency(manifest, "list-events").unwrap();
        let added = "list-events = { path = \"crates/list-events\" }\n";
        assert!(changed.contains(&format!("crates/auth\" }}\n{added}tool = ")), "{changed}");
        assert_eq!(changed.replace(added, ""), manifest);
        assert_eq!(
            function("A := 1\nFUNCTIONS := x y\nB := 2\n", "z").unwrap(),
            "A := 1\nFUNCTIONS := x y z\nB := 2\n"
        );
        assert_eq!((dependency("", "z"), function("", "z")), (None, None));
    }
}
