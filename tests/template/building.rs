//! What is built for a deployment, and how one function is deployed by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::deployment::{Deployment, text};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The value of `name = value` below a table's name.
fn setting(manifest: &str, table: &str, name: &str) -> Option<String> {
    let own = manifest.split_once(&format!("[{table}]\n"))?.1;
    let lines = own.lines().take_while(|line| !line.starts_with('['));
    let value = lines.filter_map(|line| line.split_once(" = ")).find(|(key, _)| *key == name)?.1;
    Some(value.trim_matches('"').to_owned())
}

#[test]
fn the_manifest_of_each_function_says_what_the_template_says() {
    for (resource, package) in [
        ("FgaAuthorizer", "fga-authorizer"),
        ("OktaGroups", "okta-groups"),
        ("CibaInitiator", "ciba-initiator"),
        ("ApprovalWorker", "approval-worker"),
        ("GatewayInterceptor", "gateway-interceptor"),
    ] {
        let manifest = fs::read_to_string(root().join(format!("crates/{package}/Cargo.toml"))).unwrap();
        let own = |name| setting(&manifest, "package.metadata.lambda.deploy", name);
        let says = Deployment::whole("AgentCore").properties(resource).unwrap();
        assert_eq!(own("timeout"), Some(text(&says["Timeout"])), "{package}");
        // `Globals` of the template.
        assert_eq!((own("memory").as_deref(), own("tracing").as_deref()), (Some("256"), Some("active")), "{package}");
        // Without it, the settings would be gone.
        assert_eq!(own("merge_env").as_deref(), Some("true"), "{package}");
    }
}

struct Built(PathBuf);

impl Built {
    /// A checkout with one function of 3,000 bytes, zipped.
    fn new(name: &str, manifest: &str, own: &str) -> Self {
        let folder = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join(format!("sizes-{name}"));
        for part in ["infra/scripts", "crates/f", "target/lambda/f"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        fs::copy(root().join("infra/scripts/check-sizes"), folder.join("infra/scripts/check-sizes")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("crates/f/Cargo.toml"), own).unwrap();
        fs::write(folder.join("target/lambda/f/bootstrap.zip"), [0; 3_000]).unwrap();
        Self(folder)
    }

    /// The exit code, and what was complained of.
    fn check(&self) -> (Option<i32>, String) {
        let script = self.0.join("infra/scripts/check-sizes");
        let done = Command::new("bash").arg(script).args(["target/lambda", "arm64", "f"]).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap().trim().to_owned())
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let _removed = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_that_is_larger_than_its_limit_fails_the_build_with_the_figure() {
    let all = "[workspace.metadata.mandate]\nzip-limit-mb = 8\n";
    assert_eq!(Built::new("within", all, "").check(), (Some(0), String::new()));
    let (code, says) = Built::new("own", all, "[package.metadata.mandate]\nzip-limit-mb = 0.002\n").check();
    let figure = "mandate: f for arm64 is 3000 bytes zipped, 1000 more than its limit of 0.002 MB";
    assert_eq!((code, says.as_str()), (Some(1), figure));
    let (code, says) = Built::new("shared", "zip-limit-mb = 0.0029\n", "").check();
    assert!(code == Some(1) && says.contains("3000 bytes zipped, 100 more"), "{says}");
    assert_eq!(Built::new("none", "", "").check().0, Some(2));
}

#[test]
fn the_shipped_manifest_has_a_limit() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert_eq!(setting(&manifest, "workspace.metadata.mandate", "zip-limit-mb").as_deref(), Some("8"));
}
