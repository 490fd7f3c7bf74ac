//! HTTP/1.1 by hand, one connection for each request, from an address of one's own.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::time::timeout;
use url::Url;

/// An answer, as far as it came.
#[derive(Default)]
pub(super) struct Answer {
    /// 0 if there was none.
    pub(super) status: u16,
    pub(super) location: Option<Url>,
    pub(super) cookies: Vec<String>,
    /// With the marks between pieces still in it.
    pub(super) text: String,
}

/// Whoever asks from this address.
pub(super) struct Wire {
    pub(super) from: IpAddr,
}

impl Wire {
    /// Sends one request and reads until the other side closes.
    pub(super) async fn send(&self, url: &Url, headers: &[(&str, &str)], form: Option<&[(&str, &str)]>) -> Answer {
        let limit = Duration::from_secs(60);
        let bytes = timeout(limit, self.exchange(url, headers, form)).await.ok().and_then(Result::ok);
        bytes.map(|bytes| read(url, &bytes)).unwrap_or_default()
    }

    async fn exchange(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> std::io::Result<Vec<u8>> {
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or(80));
        let to: SocketAddr = host.parse().map_err(|_| std::io::ErrorKind::InvalidInput)?;
        let body =
            form.map(|fields| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish());
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = &body {
            let kind = "application/x-www-form-urlencoded";
            request += &format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += body.as_deref().unwrap_or_default();
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(self.from, 0))?;
        let mut connection = socket.connect(to).await?;
        connection.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

fn read(url: &Url, bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let of =
        |wanted: &str| headers.iter().filter(|(name, _)| name == wanted).map(|(_, value)| *value).collect::<Vec<_>>();
    Answer {
        status,
        location: of("location").first().and_then(|location| url.join(location).ok()),
        cookies: of("set-cookie").into_iter().map(str::to_owned).collect(),
        text: body.to_owned(),
    }
}

/// A cookie jar.
#[derive(Default)]
pub(super) struct Jar(BTreeMap<String, String>);

impl Jar {
    pub(super) fn take(&mut self, cookies: &[String]) {
        for cookie in cookies {
            let (name, rest) = cookie.split_once('=').unwrap_or_default();
            match rest.split(';').next() {
                None | Some("") => self.0.remove(name),
                Some(value) => self.0.insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    pub(super) fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}
