//! Where the state file is, and who may read it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::Running;
use crate::trouble::Trouble;

/// The state file of a system that this process runs. Dropping it removes the file and its folder.
pub struct StateFile {
    folder: PathBuf,
}

impl StateFile {
    /// Writes the file into `folder`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(folder: &Path, running: &Running) -> Result<Self, Trouble> {
        rewrite(folder, running)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The folder it is in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for StateFile {
    fn drop(&mut self) {
        let own = read(&self.folder).is_some_and(|running| running.process == std::process::id());
        if own {
            // What cannot be removed is recognised as stale by the next reader.
            let _stale = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The folder for the system on these ports, below that of the binaries.
#[must_use]
pub fn folder_of(binaries: &Path, ports: &str) -> PathBuf {
    binaries.parent().unwrap_or(binaries).join("mandate").join(ports)
}

/// Where the functions of the system with the state file in `folder` keep what they write, as `FUNCTION.log`.
#[must_use]
pub fn logs_of(folder: &Path) -> PathBuf {
    folder.join("logs")
}

/// What the state file in `folder` says; nothing if there is none or it is not one.
#[must_use]
pub fn read(folder: &Path) -> Option<Running> {
    serde_json::from_str(&fs::read_to_string(path(folder)).ok()?).ok()
}

/// Replaces the file in one step, so that no reader sees half of it.
///
/// # Errors
/// When it cannot be written.
pub fn rewrite(folder: &Path, running: &Running) -> Result<(), Trouble> {
    let next = folder.join(format!("stack.json.{}", std::process::id()));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&next)?;
        file.write_all(&serde_json::to_vec_pretty(running)?)?;
        fs::rename(&next, path(folder))
    };
    write().map_err(|error| Trouble::because("the state file could not be written", error))
}

fn path(folder: &Path) -> PathBuf {
    folder.join("stack.json")
}
