//! The folder that the files are written to.

use std::fs;
use std::path::Path;

use super::Files;
use crate::trouble::Trouble;

/// Writes each file that is not so already. Nothing is taken away.
pub(super) fn write(folder: &Path, files: &Files) -> Result<(), Trouble> {
    for (name, text) in files {
        let path = folder.join(name);
        let trouble = |error| Trouble::because(&format!("the file `{}`", path.display()), error);
        if fs::read_to_string(&path).is_ok_and(|there| there == *text) {
            continue;
        }
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(trouble)?;
        fs::write(&path, text).map_err(trouble)?;
    }
    Ok(())
}

/// One line for each file that is missing, other than it would be written, or not one of them, with the remedy.
pub(super) fn stale(folder: &Path, files: &Files) -> Result<Vec<String>, Trouble> {
    let shown = |name: &str| folder.join(name).display().to_string();
    let mut problems = Vec::new();
    for (name, text) in files {
        match fs::read_to_string(folder.join(name)) {
            Ok(there) if there == *text => {}
            Ok(_) => problems.push(format!("`{}` is not what the tools declare: run make schemas", shown(name))),
            Err(error) => problems.push(format!("`{}` cannot be read ({error}): run make schemas", shown(name))),
        }
    }
    let mut there = Vec::new();
    list(folder, "", &mut there)
        .map_err(|error| Trouble::because(&format!("the folder `{}`", folder.display()), error))?;
    let strays = there.iter().filter(|name| !files.contains_key(*name));
    problems.extend(strays.map(|name| format!("`{}` is made from no declaration: delete it", shown(name))));
    Ok(problems)
}

fn list(folder: &Path, below: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            list(folder, &name, found)?;
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(())
}
