//! Lines of the standard input, without making the rest of the program wait for them.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::thread;

use tokio::sync::mpsc;

/// Gives lines as they are typed.
pub(super) struct Keyboard {
    lines: mpsc::Receiver<String>,
    /// Whether what is typed can be seen as it is typed.
    pub(super) echoes: bool,
}

impl Keyboard {
    /// Reads in a thread of its own, which ends with the process: a read of a terminal cannot be called off.
    pub(super) fn open() -> Self {
        let (sender, lines) = mpsc::channel(1);
        thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Self { lines, echoes: io::stdin().is_terminal() }
    }

    /// The next line without the space around it; nothing at the end of input.
    pub(super) async fn line(&mut self) -> Option<String> {
        self.lines.recv().await.map(|line| line.trim().to_owned())
    }
}
