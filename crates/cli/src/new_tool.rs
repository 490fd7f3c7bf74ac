//! `mandate tool new`: a tool function as a crate of its own, with events and tests, to be filled in.

mod files;
mod name;
mod registered;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;

use self::name::Name;
use crate::say;
use crate::trouble::Trouble;

/// Writes the crate into `crates/` of the workspace at `root`, tells the workspace of it, and prints what is left to do by hand.
pub(crate) async fn run(root: &Path, name: &str, connection: Option<&str>, json: bool) -> Result<(), Trouble> {
    let name = Name::parse(name)?;
    let connection = connection.map(name::connection).transpose()?;
    let written = write(root, &name, connection)?;
    say::aside("telling Cargo.lock of the crate");
    let told = lock(root).await && format(root, &name).await;
    let steps = steps(&name, connection, told);
    if json {
        say::line(json!({"files": written, "steps": steps}).to_string());
        return Ok(());
    }
    written.iter().for_each(|path| say::line(format!("wrote {path}")));
    (1..).zip(&steps).for_each(|(number, step)| say::line(format!("{number}. {step}")));
    Ok(())
}

/// All files, by their paths below `root`; nothing is overwritten.
fn write(root: &Path, name: &Name, connection: Option<&str>) -> Result<Vec<String>, Trouble> {
    let folder = format!("crates/{}", name.of_crate());
    if root.join(&folder).exists() {
        return Err(Trouble::usage(format!("`{folder}` is there already")));
    }
    // What cannot be changed is found out before anything is written.
    let changed = registered::changed(root, name)?;
    let made = files::of(name, connection).into_iter().map(|(path, text)| (format!("{folder}/{path}"), text));
    let mut written = Vec::new();
    for (path, text) in made.chain(changed) {
        let at = root.join(&path);
        let trouble = |error| Trouble::because(&format!("`{path}`"), error);
        at.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(trouble)?;
        std::fs::write(&at, text).map_err(trouble)?;
        written.push(path);
    }
    Ok(written)
}

/// Has cargo add the crate to its lock file, without the network. Whether it did.
async fn lock(root: &Path) -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--offline", "--format-version", "1"]).current_dir(root);
    cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    cargo.status().await.is_ok_and(|status| status.success())
}

/// Has rustfmt wrap the lines, whose lengths depend on the names. Whether it did.
async fn format(root: &Path, name: &Name) -> bool {
    let mut cargo = Command::new("cargo");
    cargo.args(["fmt", "--package", &name.of_crate()]).current_dir(root);
    cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    cargo.status().await.is_ok_and(|status| status.success())
}

/// What only a person can decide.
fn steps(name: &Name, connection: Option<&str>, locked: bool) -> Vec<String> {
    let (krate, tool) = (name.of_crate(), name.of_tool());
    let mut steps = Vec::new();
    if !locked {
        steps.push(
            "run `cargo metadata --offline` in the workspace, so that Cargo.lock knows the crate, and cargo fmt"
                .to_owned(),
        );
    }
    steps.push(format!(
        "build and test it: make binaries, then cargo test with the packages that the Makefile has in PACKAGES, and --test {tool}_events"
    ));
    steps.push(format!("write what it does: `act` in crates/{krate}/src/{tool}.rs, and its client in upstream-http, which takes the mandate"));
    steps.push(
        "give its relation a place in infra/fga, ending in `but not stopped from via`, and run `mandate fga apply`"
            .to_owned(),
    );
    if let Some(connection) = connection {
        steps.push(format!("switch Connected Accounts for Token Vault on for the connection `{connection}` at Auth0"));
    }
    steps.push(format!("list `{tool}::catalog` among the catalogs in crates/cli/src/schemas.rs, give cli the crate, and run make schemas"));
    steps.push(format!(
        "give infra/template.yaml a function like OktaGroups for it, and an action group or target named {krate}"
    ));
    steps.push("to have it in the demo, name it in FUNCTIONS and `environment` of crates/cli/src/laptop.rs".to_owned());
    steps.push(
        "add hostile events to those in its folder tests/events: docs/guides/add-a-tool.md says which".to_owned(),
    );
    steps
}
