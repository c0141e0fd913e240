//! The dashboard's files: types, encodings, caching, the single page, and the policy that goes with it.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::fs;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use support::{Answer, Server, call};

const SCRIPT: &str = "import init from '/latido-0123456789abcdef.js'; init();";

async fn site() -> Server {
    Server::start_with(|settings| {
        let dist = &settings.dist;
        fs::create_dir_all(dist.join("snippets")).unwrap();
        let write = |name: &str, content: &str| fs::write(dist.join(name), content).unwrap();
        write("index.html", &format!("<html><script type=\"module\">{SCRIPT}</script></html>"));
        write("latido-0123456789abcdef.js", "plain");
        write("latido-0123456789abcdef.js.br", "brotli");
        write("latido-0123456789abcdef.js.gz", "gzip");
        write("latido-0123456789abcdef_bg.wasm", "wasm");
        write("icons.svg", "<svg/>");
        write("sw.js", "worker");
        write("manifest.webmanifest", "{}");
        write("icon-192.png", "png");
        write("snippets/a.js", "a");
        fs::write(settings.dist.join("../secret"), "secret").unwrap();
    })
    .await
}

async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("host", "latido.test:8787");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    call(server.app(), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn files_have_their_type_and_hashed_ones_stay() {
    let server = site().await;
    for (path, content_type, cache) in [
        (
            "/latido-0123456789abcdef.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("/latido-0123456789abcdef_bg.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/icons.svg", "image/svg+xml", "no-cache"),
        ("/snippets/a.js", "text/javascript; charset=utf-8", "no-cache"),
        // An old worker or manifest would keep an old shell alive.
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/icon-192.png", "image/png", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/food", "text/html; charset=utf-8", "no-cache"),
        ("/conversations/34600111222", "text/html; charset=utf-8", "no-cache"),
    ] {
        let answer = get(&server, path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            (answer.header("content-type"), answer.header("cache-control")),
            (content_type, cache),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_best_encoding_that_is_understood_is_sent() {
    let server = site().await;
    let path = "/latido-0123456789abcdef.js";
    for (accepted, body, encoding) in [
        ("gzip, deflate, br", "brotli", "br"),
        ("gzip, br;q=0", "gzip", "gzip"),
        ("identity", "plain", ""),
        ("", "plain", ""),
    ] {
        let answer = get(&server, path, &[("accept-encoding", accepted)]).await;
        assert_eq!((answer.text.as_str(), answer.header("content-encoding")), (body, encoding), "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        let again =
            get(&server, path, &[("accept-encoding", accepted), ("if-none-match", answer.header("etag"))])
                .await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_the_page() {
    let server = site().await;
    for path in [
        "/missing.js",
        "/latido-0123456789abcdef.js.br",
        "/../secret",
        "/%2e%2e/secret",
        "/snippets/../../secret",
    ] {
        let answer = get(&server, path, &[]).await;
        assert!(!answer.text.contains("secret\n") && answer.text != "secret", "{path}");
        if path.contains("secret") {
            continue;
        }
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.pointers();
    }
    let api = get(&server, "/api/nothing", &[]).await;
    assert_eq!(api.status, StatusCode::NOT_FOUND);
    api.pointers();
}

#[tokio::test]
async fn only_reading_is_possible() {
    let server = site().await;
    let post = Request::builder().method(Method::POST).uri("/index.html").body(Body::empty()).unwrap();
    assert_eq!(call(server.app(), post).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let head = Request::builder().method(Method::HEAD).uri("/index.html").body(Body::empty()).unwrap();
    let head = call(server.app(), head).await;
    assert_eq!((head.status, head.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn every_answer_is_locked_down() {
    let server = site().await;
    for path in ["/", "/icons.svg", "/missing.js", "/api/nothing", "/healthz", "/ws"] {
        let answer = get(&server, path, &[]).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
        let policy = answer.header("content-security-policy");
        for directive in
            ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn the_policy_allows_exactly_the_pages_own_script_and_sockets() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::Digest;
    let server = site().await;
    let answer = get(&server, "/", &[]).await;
    let policy = answer.header("content-security-policy");
    let hash = STANDARD.encode(sha2::Sha256::digest(SCRIPT));
    assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
    let connect = "connect-src 'self' ws://latido.test:8787 wss://latido.test:8787 \
                   https://app.example.org wss://app.example.org;";
    assert!(policy.contains(connect), "{policy}");
    assert!(!policy.contains("unsafe-inline"));

    let hostile = get(&server, "/", &[("host", "x;script-src")]).await;
    assert!(!hostile.header("content-security-policy").contains("ws://x"));
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_with_it() {
    let server = Server::start_with(|settings| settings.behind_tls = true).await;
    let answer = get(&server, "/api/session", &[]).await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains(" wss://latido.test:8787") && !policy.contains(" ws://"), "{policy}");
    let lucia = server.person("lucia@example.org").await;
    assert!(lucia.delete("/session").await.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn without_a_dashboard_the_page_says_what_to_do() {
    let server = Server::start().await;
    let answer = get(&server, "/", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("cargo xtask build"));
    assert_eq!(get(&server, "/healthz", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_configured_origins_may_use_the_api() {
    let server = site().await;
    let preflight = async |origin: &str| {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri("/api/food-logs/1")
            .header("origin", origin)
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization,content-type,if-match,idempotency-key");
        call(server.app(), request.body(Body::empty()).unwrap()).await
    };
    let allowed = preflight("https://app.example.org").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example.org");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    assert!(allowed.header("access-control-allow-headers").contains("idempotency-key"));
    assert_eq!(preflight("https://evil.example").await.header("access-control-allow-origin"), "");

    let answer = get(&server, "/api/session", &[("origin", "https://app.example.org")]).await;
    assert_eq!(answer.header("access-control-expose-headers"), "etag");
}
