//! Files of one start: the key that seals the tokens in session rows.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::trouble::Trouble;

/// Where a start's key is.
pub(super) fn seal_key_path(folder: &Path) -> PathBuf {
    folder.join("seal.key")
}

/// Writes the key where only this user reads it.
pub(super) fn seal_key(folder: &Path, key: [u8; 32]) -> Result<Secret, Trouble> {
    let text = STANDARD.encode(key);
    let path = seal_key_path(folder);
    let write = || {
        fs::create_dir_all(folder)?;
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes())
    };
    write().map_err(|error| Trouble::because("the key file could not be written", error))?;
    Ok(Secret::new(text))
}
