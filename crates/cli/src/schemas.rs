//! `mandate schemas`: what Bedrock, a gateway and Cedar are told about the tools, made from the tools' own declarations.

mod bedrock;
mod cedar;
mod files;
mod gateway;
mod openapi;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use tool::catalog::Catalog;

use crate::say;
use crate::trouble::Trouble;

/// Every file, by its path below the folder: with `/`, whatever the machine has.
pub(crate) type Files = BTreeMap<String, String>;

/// Writes the files, or with `check` only says which are not as they would be written.
pub(crate) fn run(folder: &Path, check: bool) -> Result<(), Trouble> {
    let files = all()?;
    if !check {
        files::write(folder, &files)?;
        say::line(format!("{} files written to {}", files.len(), folder.display()));
    }
    match files::stale(folder, &files)?.as_slice() {
        [] => Ok(()),
        problems => Err(Trouble::new(problems.join("\n         "))),
    }
}

/// What would be written, for who needs it in this process.
pub(crate) fn all() -> Result<Files, Trouble> {
    of(&catalogs()?)
}

/// The functions whose tools agents may be given.
fn catalogs() -> Result<[Catalog; 2], Trouble> {
    let of = |catalog: Result<Catalog, _>| catalog.map_err(|problem| Trouble::because("a declaration", problem));
    Ok([of(okta_groups::catalog())?, of(ciba_initiator::catalog())?])
}

/// All that is made of them.
fn of(catalogs: &[Catalog]) -> Result<Files, Trouble> {
    let mut files = Files::new();
    for catalog in catalogs {
        let name = catalog.action_group();
        files.insert(format!("bedrock/{name}.functions.json"), bedrock::functions_of(catalog)?);
        files.insert(format!("bedrock/{name}.openapi.json"), openapi::document_of(catalog)?);
        files.insert(format!("gateway/{name}.tools.json"), gateway::tools_of(catalog)?);
    }
    let (table, tools) = gateway::table_of(catalogs)?;
    files.insert("gateway/tools.json".to_owned(), table);
    files.insert("cedar/schema.cedarschema".to_owned(), cedar::schema_of(&tools));
    files.insert("cedar/scopes.cedar".to_owned(), cedar::scopes_of(&tools));
    files.insert("README.md".to_owned(), include_str!("schemas/README.md").to_owned());
    Ok(files)
}

/// Pretty JSON, in the order of the fields and of sorted keys, with a last end of line.
fn json(value: &impl Serialize) -> Result<String, Trouble> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Trouble::because("a schema", error))?;
    Ok(text + "\n")
}
