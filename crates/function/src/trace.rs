//! W3C Trace Context (<https://www.w3.org/TR/trace-context/>), so that one call can be followed through every function.

use std::fmt;

use aws_lc_rs::digest;

#[cfg(test)]
mod tests;

/// A position in a trace: which trace, which span, and whether it is recorded. Ids are lower-case hexadecimal and never
/// all zeros. It comes from the caller and is good for following a call, not for deciding anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    trace_id: String,
    span_id: String,
    sampled: bool,
}

impl Trace {
    /// The value of a `traceparent` header (Trace Context section 3.2): version 00 exactly, a later version by its first
    /// four fields, `None` for anything else.
    #[must_use]
    pub fn parse(traceparent: &str) -> Option<Self> {
        let mut fields = traceparent.split('-');
        let (version, trace_id, span_id, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let known = version == "00" && fields.next().is_none();
        let later = version != "00" && version != "ff" && is_hex(version, 2);
        if !(known || later) || !is_hex(flags, 2) {
            return None;
        }
        let flags = u8::from_str_radix(flags, 16).ok()?;
        Self::of_ids(trace_id, span_id, flags & 1 == 1)
    }

    /// The value of the `X-Amzn-Trace-Id` header, as in `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`:
    /// the two parts of the root are the trace id (AWS X-Ray developer guide, "Tracing header"). A header without
    /// a parent starts at a span of its own.
    #[must_use]
    pub fn of_xray(header: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut fields = header.split(';').filter_map(|field| field.trim().split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let (time, unique) = field("Root")?.strip_prefix("1-")?.split_once('-')?;
        if !is_hex(time, 8) || !is_hex(unique, 24) {
            return None;
        }
        let trace_id = format!("{time}{unique}");
        let sampled = field("Sampled") == Some("1");
        match field("Parent") {
            Some(span_id) => Self::of_ids(&trace_id, span_id, sampled),
            None => Self::of_ids(&trace_id, &hashed(&[&trace_id], 8), sampled),
        }
    }

    /// A new trace for the request with this id, the same one whenever it is asked for.
    #[must_use]
    pub fn of_request(request_id: &str) -> Self {
        let (trace_id, span_id) = (hashed(&["trace", request_id], 16), hashed(&["span", request_id], 8));
        Self { trace_id, span_id, sampled: true }
    }

    /// The next span of this trace. `seed` is something that this span has for itself, such as the request id and the name
    /// of a step.
    #[must_use]
    pub fn child(&self, seed: &str) -> Self {
        Self { span_id: hashed(&[&self.trace_id, &self.span_id, seed], 8), ..self.clone() }
    }

    /// 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    /// 16 hexadecimal digits.
    #[must_use]
    pub fn span_id(&self) -> &str {
        &self.span_id
    }

    fn of_ids(trace_id: &str, span_id: &str, sampled: bool) -> Option<Self> {
        let is_id = |id: &str, length| is_hex(id, length) && id.bytes().any(|byte| byte != b'0');
        let valid = is_id(trace_id, 32) && is_id(span_id, 16);
        valid.then(|| Self { trace_id: trace_id.to_owned(), span_id: span_id.to_owned(), sampled })
    }
}

/// The `traceparent` header for a call made from this span.
impl fmt::Display for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "00-{}-{}-{:02x}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The first `bytes` bytes of a SHA-256 over the parts, in hexadecimal. That they are all zero does not happen.
fn hashed(parts: &[&str], bytes: usize) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(b"\n");
    }
    context.finish().as_ref().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}
