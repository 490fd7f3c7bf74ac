//! The OpenAPI document of an action group: `apiSchema` of CreateAgentActionGroup. Bedrock takes version 3.0.0 only and
//! knows no `enum`; it wants a body's schema of each response, and no request body for `GET`.
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-api-schema.html>

mod responses;

use std::collections::BTreeMap;

use serde::Serialize;
use tool::arguments::Parameter;
use tool::catalog::{Catalog, Entry};
use tool::declaration::Effect;

use super::gateway::Property;
use super::{bedrock, json};
use crate::trouble::Trouble;

#[derive(Serialize)]
struct Document<'a> {
    openapi: &'static str,
    info: Info<'a>,
    paths: BTreeMap<String, BTreeMap<String, Operation<'a>>>,
}

#[derive(Serialize)]
struct Info<'a> {
    title: &'a str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operation<'a> {
    operation_id: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<InQuery<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Body<'a>>,
    responses: responses::Responses,
    #[serde(rename = "x-requireConfirmation")]
    require_confirmation: &'static str,
}

#[derive(Serialize)]
struct InQuery<'a> {
    name: &'a str,
    #[serde(rename = "in")]
    place: &'static str,
    description: String,
    required: bool,
    schema: Property,
}

#[derive(Serialize)]
struct Body<'a> {
    required: bool,
    content: BTreeMap<&'static str, Content<'a>>,
}

#[derive(Serialize)]
struct Content<'a> {
    schema: Object<'a>,
}

#[derive(Serialize)]
struct Object<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    properties: BTreeMap<&'a str, Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'a str>,
}

pub(super) fn document_of(catalog: &Catalog) -> Result<String, Trouble> {
    let paths = catalog.entries().iter().map(|entry| {
        let declaration = &entry.declaration;
        let method = declaration.effect.method().to_ascii_lowercase();
        (format!("/{}", declaration.name), BTreeMap::from([(method, Operation::of(entry))]))
    });
    json(&Document {
        openapi: "3.0.0",
        info: Info { title: catalog.action_group(), version: "1.0.0" },
        paths: paths.collect(),
    })
}

impl<'a> Operation<'a> {
    fn of(entry: &'a Entry) -> Self {
        let declaration = &entry.declaration;
        let arguments: Vec<&Parameter> = declaration.parameters.iter().collect();
        let (parameters, request_body) = match declaration.effect {
            Effect::Reads => (arguments.into_iter().map(InQuery::of).collect(), None),
            Effect::Changes if arguments.is_empty() => (Vec::new(), None),
            Effect::Changes => (Vec::new(), Some(Body::of(&arguments))),
        };
        Self {
            operation_id: declaration.name,
            description: declaration.description,
            parameters,
            request_body,
            responses: responses::of(entry.kind),
            require_confirmation: bedrock::confirmation(declaration.effect),
        }
    }
}

impl<'a> InQuery<'a> {
    fn of(parameter: &'a Parameter) -> Self {
        let schema = Property::of(parameter).without_description();
        let (name, required) = (parameter.name.as_str(), parameter.required);
        Self { name, place: "query", description: parameter.told(), required, schema }
    }
}

impl<'a> Body<'a> {
    fn of(arguments: &[&'a Parameter]) -> Self {
        let properties = arguments.iter().map(|parameter| (parameter.name.as_str(), Property::of(parameter)));
        let required = arguments.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str());
        let schema = Object { kind: "object", properties: properties.collect(), required: required.collect() };
        let required = !schema.required.is_empty();
        Self { required, content: BTreeMap::from([("application/json", Content { schema })]) }
    }
}
