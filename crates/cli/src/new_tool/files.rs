//! The files of a new crate, filled in.

use super::name::Name;

macro_rules! templates {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("template/", $path, ".txt")))),*]
    };
}

/// Without a connection of its own, a tool is about Okta.
const TEMPLATES: [(&str, &str); 14] = templates![
    "Cargo.toml",
    "src/main.rs",
    "src/lib.rs",
    "src/settings.rs",
    "src/TOOL.rs",
    "tests/events.rs",
    "tests/events/own.event.json",
    "tests/events/own.response.json",
    "tests/events/denied.event.json",
    "tests/events/denied.response.json",
    "tests/events/no-ticket.event.json",
    "tests/events/no-ticket.response.json",
    "tests/events/unknown-argument.event.json",
    "tests/events/unknown-argument.response.json",
];

/// Paths below the crate, and texts.
pub(super) fn of(name: &Name, connection: Option<&str>) -> Vec<(String, String)> {
    let (read, refuse) = match connection {
        Some(_) => (WITH_CONNECTION, REFUSES_ANOTHER),
        None => ("", ""),
    };
    let values = [
        ("%READ_CONNECTION%", refuse.to_owned()),
        ("%CONNECTION_CONST%", read.to_owned()),
        ("%CONNECTION%", connection.unwrap_or_default().to_owned()),
        ("%CRATE%", name.of_crate()),
        ("%MODULE%", name.of_crate().replace('-', "_")),
        ("%TOOL%", name.of_tool()),
        ("%TYPE%", name.of_type()),
    ];
    let filled = |text: &str| values.iter().fold(text.to_owned(), |text, (place, value)| text.replace(place, value));
    TEMPLATES.iter().map(|(path, text)| (path.replace("TOOL", &name.of_tool()), filled(text))).collect()
}

const WITH_CONNECTION: &str = "
/// The connection at Auth0 whose tokens the tool takes to the provider.
pub const CONNECTION: &str = \"%CONNECTION%\";
";

const REFUSES_ANOTHER: &str = "        if read.house.auth0.connection != crate::CONNECTION {
            reader.refuse(\"AUTH0_CONNECTION\", \"is not the connection of this tool\", crate::CONNECTION);
            return None;
        }
";
