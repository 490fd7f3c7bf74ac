// Judges answers of a double of Okta by Okta's own description of its API (Swagger 2.0, npm `@okta/openapi`). Takes one answer a line
// of JSON on its standard input: method, path (as the description has it), query, status, body. Says the description's version in a
// first line, and for each answer the list of what deviates.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import Ajv from "ajv";

const require = createRequire(import.meta.url);
const description = require("@okta/openapi/dist/spec.json");

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, int32: true, password: true, int64: true, uri: true },
});
ajv.addSchema({ $id: "okta", definitions: description.definitions });

const inside = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"okta#/definitions/'));
const resolved = (schema) => (schema?.$ref ? resolved(description.definitions[schema.$ref.split("/").pop()]) : schema);

// Members that the description does not have. It leaves none out on purpose: every object lists what it holds.
function unknown(schema, value, at) {
  const known = resolved(schema);
  if (!known || value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap((item) => unknown(known.items, item, `${at}/*`));
  if (!known.properties) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name in known.properties) return unknown(known.properties[name], member, `${at}/${name}`);
    return known.additionalProperties ? [] : [`${at}/${name} is not described`];
  });
}

function judge({ method, path, query, status, body }) {
  const operation = description.paths[path]?.[method.toLowerCase()];
  if (!operation) return ["the operation is not described"];
  const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
  const wrong = Object.keys(query)
    .filter((name) => !parameters.some((parameter) => parameter.name === name))
    .map((name) => `parameter ${name} is not described`);
  for (const parameter of parameters) {
    if (parameter.required && status < 300 && !(parameter.name in query)) wrong.push(`parameter ${parameter.name} is missing`);
  }
  const response = operation.responses[status];
  if (!response && status >= 400) return [...wrong, "refusals are not described"];
  if (!response) return [...wrong, `status ${status} is not described`];
  if (!response.schema) {
    const empty = body === null || (typeof body === "object" && Object.keys(body).length === 0);
    return empty ? wrong : [...wrong, "a body is not described"];
  }
  const validate = ajv.compile(inside(response.schema));
  if (!validate(body)) {
    for (const { instancePath, message } of validate.errors) wrong.push(`${instancePath.replace(/\/\d+/g, "/*")} ${message}`);
  }
  return [...new Set([...wrong, ...unknown(response.schema, body, "")])];
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ version: description.info.version, operations: Object.values(description.paths).flatMap(Object.keys).length });
for await (const line of createInterface({ input: process.stdin })) say(judge(JSON.parse(line)));
