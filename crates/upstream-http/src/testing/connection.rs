//! Giving an answer, well or badly.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::scripted::Answer;

/// Between two bytes of an answer that trickles: short against every limit that a test sets.
const DRIP: Duration = Duration::from_millis(5);

/// Whether the connection can take another request.
pub(super) async fn give(stream: &mut TcpStream, answer: Answer) -> bool {
    match answer {
        Answer::Http { status, headers, body, keep } => {
            let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                write!(head, "{name}: {value}\r\n").unwrap();
            }
            if !keep {
                head.push_str("connection: close\r\n");
            }
            let sent = stream.write_all(format!("{head}\r\n{body}").as_bytes()).await;
            sent.is_ok() && keep
        }
        Answer::Bytes(bytes) => {
            let _sent = stream.write_all(&bytes).await;
            false
        }
        Answer::Late(wait, answer) => {
            tokio::time::sleep(wait).await;
            Box::pin(give(stream, *answer)).await
        }
        Answer::Silence => std::future::pending().await,
        Answer::Trickle => {
            let head = "HTTP/1.1 200 x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n";
            let mut open = stream.write_all(head.as_bytes()).await.is_ok();
            while open {
                tokio::time::sleep(DRIP).await;
                open = stream.write_all(b"1").await.is_ok();
            }
            false
        }
        Answer::HangUp => false,
    }
}
