//! The environment, read once into one checked struct.
//!
//! A function's settings read like a table. Every problem is collected, so that one failed start tells all of them:
//!
//! ```
//! use function::settings::{Environment, Reader};
//!
//! struct Settings {
//!     table: String,
//!     okta: url::Url,
//!     pages: u64,
//! }
//!
//! fn read(reader: &mut Reader<'_>) -> Option<Settings> {
//!     function::read_settings!(reader => Settings {
//!         table: text("SESSION_TABLE"),
//!         okta: url("OKTA_URL"),
//!         pages: number("OKTA_PAGES", 1..=50, 10),
//!     })
//! }
//!
//! let environment = Environment::from_pairs([("OKTA_URL", "http://okta.example")]);
//! let mut reader = Reader::new(&environment);
//! let settings = read(&mut reader);
//! let problems = reader.finish(settings).err().unwrap();
//! assert_eq!(problems.names(), ["SESSION_TABLE", "OKTA_URL"]);
//! ```

mod environment;
mod file;
mod problems;
mod reader;
mod upstream_url;
mod weakening;

#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use problems::{Problem, Problems};
pub use reader::Reader;
pub use upstream_url::parse as upstream_url;
pub use weakening::refuse_in_production;

/// Reads every member of a settings struct by a method of [`Reader`], and only then builds it: `None` if any of them
/// had a problem. A member that is a settings struct itself is `with(Its::read)`.
#[macro_export]
macro_rules! read_settings {
    ($reader:expr => $settings:ident { $($field:ident : $method:ident ( $($argument:expr),* $(,)? )),* $(,)? }) => {{
        $(let $field = $reader.$method($($argument),*);)*
        ::core::option::Option::Some($settings { $($field: $field?),* })
    }};
}
