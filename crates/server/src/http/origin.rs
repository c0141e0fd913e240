//! Which pages may open a socket or use the refresh cookie. Browsers say from which page a request
//! comes, and cannot be made to lie by it; programs that are no browsers say nothing.

use axum::http::{HeaderMap, header};

/// Whether the request comes from this server's own page, from a configured origin, or from no page.
pub fn is_allowed(headers: &HeaderMap, origins: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str().map(str::to_lowercase) else { return false };
    let own = match (origin.split_once("://"), host(headers)) {
        (Some(("http" | "https", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    };
    own || origins.contains(&origin)
}

/// The host by which the server was called, if it is spelled as hosts are.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    (!host.is_empty() && host.bytes().all(allowed)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:8787".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_known_pages_and_programs_are_allowed() {
        let configured = ["https://app.example.org".to_owned()];
        let allowed = |origin| is_allowed(&headers(origin), &configured);
        assert!(allowed(None));
        assert!(allowed(Some("http://127.0.0.1:8787")));
        assert!(allowed(Some("https://app.example.org")));
        for foreign in [
            "null",
            "",
            "http://127.0.0.1:8788",
            "http://127.0.0.1",
            "https://app.example.org.evil.example",
            "https://evil.example/127.0.0.1:8787",
            "ftp://127.0.0.1:8787",
            "127.0.0.1:8787",
        ] {
            assert!(!allowed(Some(foreign)), "{foreign}");
        }
    }

    #[test]
    fn a_host_that_is_none_is_not_repeated() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "a; script-src *".parse().unwrap());
        assert_eq!(host(&headers), None);
    }
}
