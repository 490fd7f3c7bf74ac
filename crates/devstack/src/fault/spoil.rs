//! Good answers that are written down badly.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::REWRITABLE;

/// How a good answer is written down.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spoil {
    /// Behind a byte order mark (RFC 8259 section 8.1 forbids it).
    ByteOrderMark,
    /// In UTF-16, little end first.
    Utf16,
    /// With a NUL in front of it.
    Nul,
    /// Its first half, as a whole HTTP body.
    Half,
    /// With a second JSON value behind it.
    Twofold,
    /// With every member of its object twice: `null` first, then what is right.
    NullFirst,
    /// The only element of an array.
    Wrapped,
    /// Named `text/html`.
    Html,
    /// Inside 100,000 arrays.
    Deep,
    /// With 16 MiB of blanks behind it, which JSON allows.
    Padded,
    /// In its place 8 MiB of `a`, in 52 KiB of gzip.
    GzipBomb,
}

/// What is sent in place of a good answer.
pub(super) async fn spoil(how: Spoil, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let good = to_bytes(body, REWRITABLE).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    if matches!(how, Spoil::Html) {
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    } else if matches!(how, Spoil::GzipBomb) {
        parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Response::from_parts(parts, Body::from(written(how, &good))).into_response()
}

/// A good answer, byte by byte.
pub(super) async fn drip(response: Response, ms: u64) -> Response {
    let (parts, body) = response.into_parts();
    let good = to_bytes(body, REWRITABLE).await.unwrap_or_default();
    let bytes = stream::iter(good.into_iter().map(|byte| Bytes::from(vec![byte])));
    let slow = bytes.then(move |byte| async move {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        Ok::<_, std::io::Error>(byte)
    });
    Response::from_parts(parts, Body::from_stream(slow))
}

fn written(how: Spoil, good: &Bytes) -> Vec<u8> {
    match how {
        Spoil::ByteOrderMark => [b"\xef\xbb\xbf", &good[..]].concat(),
        Spoil::Utf16 => good.iter().flat_map(|byte| [*byte, 0]).collect(),
        Spoil::Nul => [b"\0", &good[..]].concat(),
        Spoil::Half => good.slice(..good.len() / 2).to_vec(),
        Spoil::Twofold => [&good[..], b"{}"].concat(),
        Spoil::NullFirst => null_first(good),
        Spoil::Wrapped => [b"[", &good[..], b"]"].concat(),
        Spoil::Deep => [&[b'['; 100_000], &good[..], &[b']'; 100_000]].concat(),
        Spoil::Padded => [&good[..], &vec![b' '; 16 * 1024 * 1024]].concat(),
        Spoil::Html => good.to_vec(),
        Spoil::GzipBomb => gzip_of_a(8 * 1024 * 1024),
    }
}

/// Of the top object, or of each object in the top array.
fn null_first(good: &[u8]) -> Vec<u8> {
    let object = |value: &Value| {
        let Some(members) = value.as_object() else { return value.to_string() };
        let twice = |(name, value): (&String, &Value)| {
            let name = Value::from(name.as_str());
            format!("{name}:null,{name}:{value}")
        };
        format!("{{{}}}", members.iter().map(twice).collect::<Vec<_>>().join(","))
    };
    match serde_json::from_slice::<Value>(good) {
        Ok(Value::Array(items)) => format!("[{}]", items.iter().map(object).collect::<Vec<_>>().join(",")).into_bytes(),
        Ok(value) => object(&value).into_bytes(),
        Err(_) => good.to_vec(),
    }
}

/// RFC 1951 section 3.2.6: an `a`, and then so many times "the last byte 258 times more", in the fixed Huffman code.
fn gzip_of_a(length: usize) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut held, mut bits) = (0_u32, 0);
    let mut put = |code: u32, length: u32, backwards: bool| {
        for bit in 0..length {
            let at = if backwards { length - 1 - bit } else { bit };
            held |= (code >> at & 1) << bits;
            bits += 1;
            if bits == 8 {
                out.push(u8::try_from(held).unwrap_or_default());
                (held, bits) = (0, 0);
            }
        }
    };
    // The last block, of the fixed code; literal 97; length 258 at distance 1, so many times; end of block.
    put(0b011, 3, false);
    put(0x30 + 97, 8, true);
    for _ in 0..length / 258 {
        put(0b1100_0101, 8, true);
        put(0, 5, true);
    }
    put(0, 7, true);
    put(0, 7, false);
    out.extend([0; 8]);
    out
}
