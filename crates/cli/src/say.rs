//! Everything that the program prints, goes through here.

use std::io::{self, Write as _};

/// One line on the standard output.
pub(crate) fn line(text: impl AsRef<str>) {
    part(format!("{}\n", text.as_ref()));
}

/// Text without an end of line, shown at once.
pub(crate) fn part(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    // Whoever read this has left. What the program does does not depend on it.
    let _left = out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush());
}

/// One line on the standard error.
pub fn aside(text: impl AsRef<str>) {
    let _left = writeln!(io::stderr().lock(), "{}", text.as_ref());
}
