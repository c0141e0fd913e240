//! One HTTP request, read whole: bodies are small here.

use tokio::{io::AsyncReadExt, net::TcpStream};

/// What is asked, without the body.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
}

impl Request {
    /// Reads a request and its body. `None` if none comes: browsers open connections to have them.
    pub(super) async fn read(browser: &mut TcpStream) -> Option<(Self, Vec<u8>)> {
        let (head, mut body) = read_head(browser).await?;
        let request = Self { head };
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while body.len() < length {
            if browser.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        Some((request, body))
    }

    /// `GET /food HTTP/1.1`
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub fn method(&self) -> &str {
        self.line().split(' ').next().unwrap_or_default()
    }

    /// With the query.
    pub fn path(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .find_map(|(found, value)| found.eq_ignore_ascii_case(name).then(|| value.trim()))
    }

    /// Whether it wants to become a socket.
    pub fn is_dial(&self) -> bool {
        self.header("upgrade").is_some_and(|what| what.eq_ignore_ascii_case("websocket"))
    }

    /// Whether it asks the API for `resource`, `/food-logs`, or something below it.
    pub fn is_for(&self, resource: &str) -> bool {
        self.path().strip_prefix("/api").is_some_and(|path| path.starts_with(resource))
    }

    /// Whether it would change something.
    pub fn is_write(&self) -> bool {
        matches!(self.method(), "POST" | "PUT" | "PATCH" | "DELETE")
    }

    /// The head as the server gets it: a connection carries one request here, unless it becomes a socket.
    pub(super) fn head_for_one(&self) -> String {
        if self.is_dial() {
            return self.head.clone();
        }
        let mut lines: Vec<_> = self.head.trim_end().lines().collect();
        lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        lines.push("connection: close\r\n\r\n");
        lines.join("\r\n")
    }
}

/// Reads up to the empty line; gives back the head, and what came behind it.
pub(super) async fn read_head(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(END.len()).position(|window| window == END) {
            let rest = bytes.split_off(end + END.len());
            return Some((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
