use std::io::{self, BufRead, Read as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::answer::Answer;
use crate::request::Request;

/// The longest line that is read, in bytes: 1 MiB. Of a longer one nothing is kept, and the answer is `too_long`.
pub const LONGEST_LINE: usize = 1024 * 1024;

/// Answers each line of `input` with one of `output`, in the same order, until there are no more. No line ends it: what is not
/// JSON, asks nothing or makes `answer` panic is answered too.
///
/// # Errors
/// `input` cannot be read or `output` cannot be written any more.
pub fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(&Request) -> Answer,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX).saturating_add(1);
        if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        let written = if line.len() > LONGEST_LINE {
            if !ended {
                input.skip_until(b'\n')?;
            }
            Answer::refused("too_long").written(None)
        } else {
            one(&line, &mut answer)
        };
        writeln!(output, "{written}")?;
        output.flush()?;
    }
}

fn one(line: &[u8], answer: &mut impl FnMut(&Request) -> Answer) -> String {
    match Request::parse(line) {
        Err((id, answer)) => answer.written(id.as_deref()),
        Ok(request) => {
            let answered = catch_unwind(AssertUnwindSafe(|| answer(&request)));
            answered.unwrap_or_else(|_| Answer::refused("internal")).written(request.id())
        }
    }
}
