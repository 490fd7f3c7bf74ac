//! Settings that name a file.

use std::fs::File;
use std::io::Read as _;

/// The largest file that a setting may name, in bytes: far above any key or bundle of root certificates that is meant.
const LARGEST: u64 = 1024 * 1024;

pub(super) const TAKES: &str = "the path of a readable UTF-8 file of 1 byte to 1 MiB";

/// The file's text.
pub(super) fn read(path: &str) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("names a file that cannot be read ({})", error.kind());
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.is_empty() {
        return Err("names an empty file".to_owned());
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err("names a file that is too large".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "names a file that is not UTF-8".to_owned())
}
