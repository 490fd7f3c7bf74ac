//! The settings by themselves, read as the functions read them.

use auth::ticket::TicketKeys;
use function::settings::{Problem, Reader};
use serde_json::Value;
use tool::house::HouseSettings;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged};

/// Names that say which weakenings a profile allows.
const OF_PROFILE: [&str; 6] =
    ["PROFILE", "KEYCARDS", "KEYCARD_ROLE_ARN", "SEAL_KEY_ARN", "SEAL_KEY_FILE", "EXTRA_CA_FILE"];

/// Addresses, of which each has to be https, or a program on this machine.
const ADDRESSES: [&str; 16] = [
    "AUTH0_ISSUER",
    "OKTA_DOMAIN",
    "FGA_API_URL",
    "FGA_TOKEN_URL",
    "APPROVAL_QUEUE_URL",
    "WEB_URL",
    "GATEWAY_RESOURCE_METADATA",
    "GATEWAY_URL",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_KMS",
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_BEDROCK_AGENT",
    "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL",
];

/// Everything that fga-authorizer and the tool functions would stop their start for, but for what other lines are about.
pub(super) fn complete(evidence: &Evidence) -> Judged {
    let mut problems = of_functions(evidence);
    problems.retain(|problem| !OF_PROFILE.contains(&problem.name) && !is_address(evidence, problem));
    wrong(&problems)?;
    Ok("fga-authorizer and the tool functions would start with these".to_owned())
}

/// What only a laptop may do, and only if it says that it is one.
pub(super) fn profile(evidence: &Evidence) -> Judged {
    let mut problems = of_functions(evidence);
    problems.retain(|problem| OF_PROFILE.contains(&problem.name));
    wrong(&problems)?;
    Ok(format!("{} weakens nothing that it may not", evidence.given.or("PROFILE", "production")))
}

pub(super) fn https(evidence: &Evidence) -> Judged {
    let keys = key_sets(evidence);
    let settings = ADDRESSES.into_iter().filter_map(|name| Some((name, evidence.given.get(name)?)));
    let mut seen = 0;
    for (name, text) in settings.chain(keys.into_iter().map(|text| ("a `jwks` of GATEWAY_ISSUERS", text))) {
        let mend = format!("set {name} to an https address");
        let url =
            function::settings::upstream_url(&text).map_err(|why| Finding::wrong(format!("{name} {why}"), &mend))?;
        if url.scheme() != "https" && evidence.given.is_production() {
            return Err(Finding::wrong(format!("{name} is plain http in production"), mend));
        }
        seen += 1;
    }
    Ok(format!("{seen} addresses are https, or on this machine"))
}

/// Where the interceptor reads the keys of issuers.
fn key_sets(evidence: &Evidence) -> Vec<String> {
    let setting: Value = serde_json::from_str(&evidence.given.or("GATEWAY_ISSUERS", "")).unwrap_or_default();
    let issuers = setting.get("issuers").and_then(Value::as_array).into_iter().flatten();
    issuers.filter_map(|issuer| issuer.get("jwks")?.as_str().map(str::to_owned)).collect()
}

pub(super) fn ticket_keys(evidence: &Evidence) -> Judged {
    const MEND: &str = "set TICKET_KEYS to what `mandate ticket --new-key web` or `mandate ticket rotate` prints";
    let text = evidence.given.get("TICKET_KEYS").ok_or_else(|| Finding::wrong("TICKET_KEYS is missing", MEND))?;
    TicketKeys::parse(&text).map_err(|problem| Finding::wrong(format!("TICKET_KEYS {problem}"), MEND))?;
    let keys: Value = serde_json::from_str(&text).unwrap_or_default();
    let minters = keys.get("minters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let count = minters.iter().filter_map(|minter| minter.pointer("/jwks/keys")?.as_array()).map(Vec::len);
    Ok(format!("minters: {}, keys: {}", minters.len(), count.sum::<usize>()))
}

fn of_functions(evidence: &Evidence) -> Vec<Problem> {
    let mut reader = Reader::new(&evidence.given.0);
    let house = HouseSettings::read(&mut reader).map(|_| ());
    let mut problems = reader.finish(house).err().map(|problems| problems.all().to_vec()).unwrap_or_default();
    let mut reader = Reader::new(&evidence.given.0);
    let openfga = fga_authorizer::settings::Settings::read(&mut reader).map(|_| ());
    problems.extend(reader.finish(openfga).err().iter().flat_map(|problems| problems.all().to_vec()));
    problems
}

/// Whether it is about the form of an address that is there.
fn is_address(evidence: &Evidence, problem: &Problem) -> bool {
    ADDRESSES.contains(&problem.name) && evidence.given.get(problem.name).is_some()
}

fn wrong(problems: &[Problem]) -> Result<(), Finding> {
    let Some(first) = problems.first() else { return Ok(()) };
    let more = match problems.len() {
        1 => String::new(),
        several => format!(" (and {} more)", several - 1),
    };
    Err(Finding::wrong(
        format!("{} {}{more}", first.name, first.wrong),
        format!("{} takes {}", first.name, first.takes),
    ))
}
