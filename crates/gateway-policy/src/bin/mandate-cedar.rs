//! The program `mandate-cedar`: test vectors for policies, one JSON object a line. `mandate vectors` passes such lines on to it.

use std::collections::BTreeMap;
use std::io::{Write as _, stdin, stdout};
use std::process::ExitCode;

use auth::gateway::Tools;
use gateway_policy::{Asked, Model, Policies, PolicyProblem, Verdict};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use vectors::{Answer, Request};

const HELP: &str = include_str!("mandate-cedar.txt");
/// The longest policies or schema that are read, in bytes: what is chained in them costs stack.
const LONGEST_TEXT: usize = 64 * 1024;
/// So many brackets or signs in each other are read: they cost the parser most.
const DEEPEST: usize = 64;
/// Enough for both, in bytes. What of it is not used costs nothing.
const STACK: usize = 512 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cedar {
    policies: String,
    schema: String,
    entities: Value,
    principal: String,
    action: String,
    resource: String,
    #[serde(default)]
    context: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CedarTool {
    policies: String,
    tools: Box<RawValue>,
    gateway: String,
    subject: String,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    tool: String,
    #[serde(default)]
    arguments: Map<String, Value>,
}

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some() {
        let _left = stdout().write_all(HELP.as_bytes());
        return ExitCode::SUCCESS;
    }
    let serving = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        vectors::serve(stdin().lock(), stdout().lock(), |request| {
            match request.op() {
                "cedar" => cedar(request),
                "cedar_tool" => cedar_tool(request),
                _ => Err(Answer::refused("unknown_op")),
            }
            .unwrap_or_else(|refused| refused)
        })
    });
    let served = serving.is_ok_and(|serving| matches!(serving.join(), Ok(Ok(()))));
    if served { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cedar(request: &Request) -> Result<Answer, Answer> {
    let Cedar { policies, schema, entities, principal, action, resource, context } = request.members()?;
    for text in [&policies, &schema, &principal, &action, &resource] {
        readable(text)?;
    }
    let context = Value::Object(context);
    let model = Model { policies: &policies, schema: &schema, entities: &entities };
    let asked = Asked { principal: &principal, action: &action, resource: &resource, context: &context };
    Ok(told(model.decide(asked).map_err(|problem| refused(&problem))?))
}

fn cedar_tool(request: &Request) -> Result<Answer, Answer> {
    let CedarTool { policies, tools, gateway, subject, tags, tool, arguments } = request.members()?;
    readable(&policies)?;
    let tools = Tools::parse(tools.get())
        .map_err(|problem| Answer::refused("bad_tools").with("message", problem.to_string()))?;
    let policies = Policies::load(&policies, None, &tools, &gateway).map_err(|problem| refused(&problem))?;
    Ok(told(policies.decide_for(&subject, tags, &tool, &arguments)))
}

fn told(verdict: Verdict) -> Answer {
    Answer::good().with("allowed", verdict.allowed).with("cause", verdict.cause)
}

fn refused(problem: &PolicyProblem) -> Answer {
    let code = match problem {
        PolicyProblem::Schema(_) => "bad_schema",
        PolicyProblem::Syntax(..) => "not_cedar",
        PolicyProblem::Invalid(..) => "not_valid",
        PolicyProblem::None(_) => "no_policy",
        PolicyProblem::Gateway => "bad_gateway",
    };
    Answer::refused(code).with("message", problem.to_string())
}

/// Not longer than is read, and neither are brackets and signs before a term too many.
fn readable(text: &str) -> Result<(), Answer> {
    if text.len() > LONGEST_TEXT {
        return Err(Answer::refused("too_long"));
    }
    let (mut depth, mut deepest, mut prefixes) = (0_usize, 0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        prefixes = match byte {
            b'!' | b'-' => prefixes.saturating_add(1),
            _ if byte.is_ascii_whitespace() => prefixes,
            _ => 0,
        };
        deepest = deepest.max(prefixes);
    }
    if deepest <= DEEPEST { Ok(()) } else { Err(Answer::refused("too_deep")) }
}
