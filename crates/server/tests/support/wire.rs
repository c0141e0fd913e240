//! HTTP as bytes, for what a well-behaved client would not send or would not show.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A request without a body, after whose answer the connection is closed. `headers` with their line ends.
pub fn request(method: &str, path: &str, headers: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: latido.test\r\nConnection: close\r\n{headers}\r\n")
}

/// Sends it over this connection and gives what comes until the connection ends.
pub async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    until_end(stream).await
}

/// What comes until the connection ends, however it ends.
pub async fn until_end(mut stream: impl AsyncRead + Unpin) -> String {
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection does not end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The answer to a GET.
pub async fn get(address: SocketAddr, path: &str, headers: &str) -> String {
    exchange(TcpStream::connect(address).await.unwrap(), &request("GET", path, headers)).await
}

/// The status of an answer.
pub fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}
