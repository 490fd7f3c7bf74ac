//! What the documents tell people to type exists: every command of this program with its options, and every setting.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};

use crate::command::Line;

/// Settings of the Python that people come from, and one of another program.
const OTHERS: [&str; 9] = [
    "AUTH0_CONNECTION_NAME",
    "AUTH0_DOMAIN",
    "AUTH0_SCOPE",
    "CIBA_BINDING_MESSAGE",
    "CIBA_SCOPE",
    "CONNECTION_NAME",
    "FGA_API_HOST",
    "FGA_API_ISSUER",
    "FGA_API_SCHEME",
];
/// Words of vendors in the form of settings.
const VENDORS: [&str; 4] = ["CUSTOM_JWT", "FAIL_ON_ANY_FINDINGS", "RESPONSE_STREAM", "HIGHER_CONSISTENCY"];

/// Around words in prose and in the notation of options.
const MARKS: [char; 7] = ['[', ']', '(', ')', ',', ';', '.'];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, fits: &impl Fn(&Path) -> bool, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != ".tools" && name != ".git" && name != "node_modules" {
                files(&path, fits, found);
            }
        } else if fits(&path) {
            found.push((path.clone(), fs::read_to_string(&path).unwrap_or_default()));
        }
    }
}

fn documents() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(&root(), &|path| path.extension().is_some_and(|extension| extension == "md"), &mut found);
    assert!(found.len() > 30, "only {} documents", found.len());
    found
}

/// What stands in backticks, and the lines between fences.
fn code(text: &str) -> Vec<&str> {
    let mut code = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            code.push(line.trim());
        } else {
            code.extend(line.split('`').skip(1).step_by(2));
        }
    }
    code
}

/// The words after `mandate` at the start of a command, or after a pipe.
fn commands(code: &str) -> Vec<Vec<&str>> {
    let alone = code.split('|').map(|part| part.trim().trim_start_matches("$ ").trim_start_matches("target/debug/"));
    let ours = alone.filter_map(|part| part.strip_prefix("mandate ")).filter(|rest| !rest.starts_with(' '));
    ours.map(|words| words.split_whitespace().map(|word| word.trim_matches(MARKS)).collect()).collect()
}

/// What is wrong with a command line, as far as names of commands and options go.
fn wrong(line: &[&str], mut command: &Command) -> Option<String> {
    let mut words = line.iter();
    while let Some(word) = words.next() {
        if let Some(option) = word.strip_prefix("--") {
            let (option, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
            match command.get_arguments().find(|argument| argument.get_long() == Some(option)) {
                Some(known) if value.is_none() && known.get_action().takes_values() => {
                    words.next();
                }
                Some(_) => {}
                None if ["help", "version"].contains(&option) => {}
                None => return Some(format!("`mandate {}` has no option --{option}", command.get_name())),
            }
        } else if command.has_subcommands() {
            match command.find_subcommand(word) {
                Some(found) => command = found,
                None => return Some(format!("`mandate` has no command `{word}`")),
            }
        }
    }
    None
}

#[test]
fn every_command_of_the_program_that_a_document_names_is_there_with_its_options() {
    let mut program = Line::command();
    program.build();
    let mut seen = 0;
    for (path, text) in documents() {
        for line in code(&text).into_iter().flat_map(commands) {
            seen += 1;
            assert_eq!(wrong(&line, &program), None, "{}", path.display());
        }
    }
    assert!(seen > 30, "only {seen} commands were found");
    assert!(wrong(&["whence"], &program).is_some() && wrong(&["stop", "alice", "--softly"], &program).is_some());
}

/// Words in the form of settings: `TWO_WORDS` at least.
fn settings(code: &str) -> impl Iterator<Item = &str> {
    let words = code.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| {
        let parts: Vec<&str> = word.split('_').collect();
        let upper = |part: &&str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        parts.len() > 1 && parts.iter().all(upper)
    })
}

#[test]
fn every_setting_that_a_document_names_is_read_somewhere() {
    let mut sources = Vec::new();
    let fits = |path: &Path| {
        let name = path.to_string_lossy();
        let kinds = [".rs", ".yaml", ".py", ".ts", ".toml", "Makefile", ".mjs"];
        let script = path.parent().is_some_and(|folder| folder.ends_with("infra/scripts"));
        (script || kinds.iter().any(|kind| name.ends_with(kind))) && !name.ends_with("documents.rs")
    };
    files(&root(), &fits, &mut sources);
    let known: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| settings(text)).collect();
    let allowed: BTreeSet<&str> = OTHERS.into_iter().chain(VENDORS).collect();
    let documents = documents();
    let mut unknown = BTreeSet::new();
    let mut named = BTreeSet::new();
    for (path, text) in &documents {
        for setting in code(text).into_iter().flat_map(settings) {
            named.insert(setting);
            if !known.contains(setting) && !allowed.contains(setting) {
                unknown.insert(format!("{setting} in {}", path.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "nothing reads {unknown:?}");
    assert!(named.len() > 60, "only {} settings were found", named.len());
    let stale: Vec<_> = OTHERS.into_iter().filter(|other| !named.contains(other)).collect();
    assert!(stale.is_empty(), "no document names {stale:?} any more");
}
