//! What `mandate vectors --help` says beneath its options.

use super::OPERATIONS;

const CEDAR: &str = include_str!("cedar.txt");

/// Every operation with an example and its answer.
pub(crate) fn help() -> String {
    let mut text = "Each line has `op`, the members of that operation and no others, and perhaps an `id`, which comes back. An answer \
                    has `ok`;\nwhere that is false, `error` is a short fixed code. `now` and other times are seconds since 1970. \
                    A line has at most 1 MiB.\n"
        .to_owned();
    for operation in OPERATIONS {
        let (line, answer) = operation.example;
        text.push_str(&format!("\n{}: {}\n{line}\n→ {answer}\n", operation.name, operation.told));
    }
    text + "\n" + CEDAR.trim_end()
}
