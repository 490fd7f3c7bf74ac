//! What the shipped functions are linked from, and how they are built.
#![expect(clippy::expect_used, clippy::panic, reason = "what cannot be read fails its test by a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The packages whose binaries are deployed.
const SHIPPED: [&str; 4] = ["approval-worker", "ciba-initiator", "fga-authorizer", "okta-groups"];
/// What they are deployed on.
const TARGETS: [&str; 2] = ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the harness is in the workspace")
}

/// Versions by crate name: normal dependencies only, those of build scripts and tests are not linked.
fn linked(target: &str, packages: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args([
        "tree",
        "--locked",
        "--offline",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
    ]);
    cargo.arg(format!("--target={target}"));
    for package in packages {
        cargo.args(["--package", package]);
    }
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "cargo tree fails: {}", String::from_utf8_lossy(&output.stderr));
    let mut crates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let [name, version, ..] = line.split(' ').collect::<Vec<_>>()[..] {
            crates.entry(name.to_owned()).or_default().insert(version.to_owned());
        }
    }
    crates
}

#[test]
fn one_tls_stack_one_http_stack_and_one_crypto_provider_are_linked() {
    for target in TARGETS {
        let crates = linked(target, &SHIPPED);
        for package in SHIPPED {
            assert!(crates.contains_key(package), "{package} is not in the tree of {target}");
        }
        for name in ["rustls", "hyper", "hyper-util", "http", "aws-lc-rs", "aws-lc-sys", "reqwest", "tokio"] {
            let versions = crates.get(name).map(|versions| versions.iter().collect::<Vec<_>>()).unwrap_or_default();
            assert_eq!(versions.len(), 1, "{target} links `{name}` {versions:?} instead of once");
        }
        assert!(crates["rustls"].iter().all(|version| version.starts_with("v0.23.")), "{target}: an old rustls");
        assert!(crates["hyper"].iter().all(|version| version.starts_with("v1.")), "{target}: an old hyper");
    }
}

#[test]
fn the_gateways_interceptor_and_the_authorizer_have_nothing_that_could_read_a_row() {
    for target in TARGETS {
        let crates = linked(target, &["gateway-interceptor"]);
        assert!(crates.contains_key("cedar-policy"), "{target}: whose tree is this?");
        for function in ["gateway-interceptor", "fga-authorizer"] {
            let crates = linked(target, &[function]);
            let services: Vec<&String> = crates.keys().filter(|name| name.starts_with("aws-sdk-")).collect();
            // The second comes with `aws-config`, whatever is asked of it.
            assert_eq!(services, ["aws-sdk-secretsmanager", "aws-sdk-sts"], "{target}: {function}");
            for name in ["upstream-aws", "tool"] {
                assert!(!crates.contains_key(name), "{target}: {function}: {name}");
            }
        }
    }
}

#[test]
fn no_other_crypto_or_tls_is_linked() {
    let others = [
        "ring",
        "openssl",
        "openssl-sys",
        "native-tls",
        "schannel",
        "security-framework",
        "boring",
        "mbedtls",
        "rsa",
        "p256",
        "ed25519-dalek",
        "rust_crypto",
        "aws-lc-fips-sys",
        "openidconnect",
    ];
    for target in TARGETS {
        let crates = linked(target, &SHIPPED);
        for name in others {
            assert!(!crates.contains_key(name), "{target} links `{name}`: aws-lc is the one crypto provider");
        }
    }
}

#[test]
fn no_double_and_no_test_helper_is_linked() {
    for target in TARGETS {
        let crates = linked(target, &SHIPPED);
        for name in ["devstack", "cli", "acceptance", "dynoxide-rs", "proptest", "trybuild", "axum"] {
            assert!(!crates.contains_key(name), "{target} links `{name}`, which is for a laptop");
        }
    }
}

/// The lines of one table of a TOML file.
fn table(file: &str, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines = text.lines().map(str::trim).skip_while(|line| *line != format!("[{name}]")).skip(1);
    lines.take_while(|line| !line.starts_with('[')).map(str::to_owned).collect()
}

#[test]
fn aws_lc_is_built_without_its_jitter_entropy() {
    let env = table(".cargo/config.toml", "env");
    let switched_off = env.iter().any(|line| line == r#"AWS_LC_SYS_NO_JITTER_ENTROPY = "1""#);
    assert!(switched_off, ".cargo/config.toml does not set AWS_LC_SYS_NO_JITTER_ENTROPY to 1: {env:?}");
}

#[test]
fn a_panic_can_still_become_an_answer_in_what_ships() {
    for profile in ["profile.release", "profile.ship"] {
        let lines = table("Cargo.toml", profile);
        assert!(lines.iter().any(|line| line == r#"panic = "unwind""#), "[{profile}] must say panic = \"unwind\"");
    }
}

#[test]
fn what_ships_is_built_small_and_by_the_profile_that_says_so() {
    let profile = table("Cargo.toml", "profile.ship");
    for setting in [r#"lto = "fat""#, "codegen-units = 1", "strip = true"] {
        assert!(profile.iter().any(|line| line == setting), "[profile.ship] must say {setting}: {profile:?}");
    }
    let script = "infra/scripts/build-functions";
    let text = std::fs::read_to_string(root().join(script)).unwrap_or_else(|error| panic!("{script}: {error}"));
    let builds: Vec<&str> = text.lines().map(str::trim).filter(|line| line.contains("cargo lambda build")).collect();
    assert!(!builds.is_empty(), "{script} builds nothing");
    for build in builds {
        assert!(build.contains("cargo lambda build --profile ship "), "{script} must use the profile: `{build}`");
    }
}
