//! What a function's processes wrote to their standard output and error.
//!
//! The processes write to a file, not to a pipe: whatever was written before an answer arrived is there when it is read.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::process::Stdio;

use crate::random;

/// The most that is read back, in bytes. Older output is left out.
const READABLE: u64 = 128 * 1024 * 1024;

pub(super) struct Log(File);

impl Log {
    /// `NAME.log` in `folder`, or a file that has no name any more and goes when the host does.
    pub(super) fn open(folder: Option<&Path>, name: &str) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).mode(0o600);
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
            return options.create(true).open(folder.join(format!("{name}.log"))).map(Self);
        }
        let path = std::env::temp_dir().join(random::token("lambda-log-"));
        let file = options.create_new(true).open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(Self(file))
    }

    /// A handle for one of the child's streams.
    pub(super) fn stream(&self) -> io::Result<Stdio> {
        self.0.try_clone().map(Stdio::from)
    }

    pub(super) fn length(&self) -> u64 {
        self.0.metadata().map_or(0, |about| about.len())
    }

    /// The last `most` bytes of what was written since the file had the length `start`.
    pub(super) fn since(&self, start: u64, most: u64) -> Vec<u8> {
        let end = self.length();
        let start = start.max(end.saturating_sub(most));
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(start)).unwrap_or(0)];
        match self.0.read_exact_at(&mut bytes, start) {
            Ok(()) => bytes,
            Err(_) => Vec::new(),
        }
    }

    pub(super) fn lines(&self, start: u64) -> Vec<String> {
        String::from_utf8_lossy(&self.since(start, READABLE)).lines().map(str::to_owned).collect()
    }
}
