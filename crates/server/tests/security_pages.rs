//! What browsers are told with every answer, and what the page itself may load and keep.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::json;
use support::{Answer, PASSWORD, Server, call};

const SCRIPT: &str = "start()";
const STYLE: &str = "body{}";
// printf 'start()' | openssl dgst -sha256 -binary | base64
const SCRIPT_HASH: &str = "DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00=";
// printf 'body{}' | openssl dgst -sha256 -binary | base64
const STYLE_HASH: &str = "fJgEClQWV1hGkK4qHMO0KotTsVnMYMXTq7/suurGyUo=";

async fn site(behind_tls: bool) -> Server {
    Server::start_with(|settings| {
        settings.behind_tls = behind_tls;
        fs::create_dir_all(&settings.dist).unwrap();
        let page = format!("<style>{STYLE}</style><script>{SCRIPT}</script><script src=\"/x.js\"></script>");
        fs::write(settings.dist.join("index.html"), page).unwrap();
        fs::write(settings.dist.join("x.js"), "x").unwrap();
    })
    .await
}

async fn ask(server: &Server, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", "latido.test:8787");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    call(server.app(), request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn the_policy_is_exactly_this() {
    for (behind_tls, sockets, upgrade) in [
        (false, "ws://latido.test:8787 wss://latido.test:8787", ""),
        (true, "wss://latido.test:8787", "; upgrade-insecure-requests"),
    ] {
        let server = site(behind_tls).await;
        let answer = ask(&server, Method::GET, "/", &[], "").await;
        assert_eq!(
            answer.header("content-security-policy"),
            format!(
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{SCRIPT_HASH}'; \
                 style-src 'self' 'sha256-{STYLE_HASH}'; connect-src 'self' {sockets} \
                 https://app.example.org wss://app.example.org; img-src 'self' data:; font-src 'self'; \
                 manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
                 frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default{upgrade}"
            )
        );
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    }
}

/// Every kind of answer there is: found, unchanged, created, refused in every way, and preflights.
#[tokio::test]
async fn every_kind_of_answer_is_locked_down() {
    let server = site(false).await;
    let lucia = server.person("lucia@example.org").await;
    let bearer = format!("Bearer {}", lucia.token.clone().unwrap());
    let me = [("authorization", bearer.as_str())];
    let json = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let tag = ask(&server, Method::GET, "/api/food-logs", &me, "").await.header("etag").to_owned();
    let known = [("authorization", bearer.as_str()), ("if-none-match", tag.as_str())];
    let food = support::food("Avena").to_string();
    let too_big = format!("{{\"name\":\"{}\"}}", "x".repeat(70_000));
    let preflight = [("origin", "https://app.example.org"), ("access-control-request-method", "POST")];
    let foreign = [("origin", "https://evil.example")];
    let wrong = json!({"email": "lucia@example.org", "password": "wrong"}).to_string();
    let right = json!({"email": "lucia@example.org", "password": PASSWORD}).to_string();
    let plain = [("content-type", "application/json")];

    let answers = [
        (Method::GET, "/", &[][..], "", 200),
        (Method::HEAD, "/", &[], "", 200),
        (Method::GET, "/food", &[], "", 200),
        (Method::GET, "/x.js", &[], "", 200),
        (Method::GET, "/missing.js", &[], "", 404),
        (Method::POST, "/x.js", &[], "", 405),
        (Method::GET, "/healthz", &[], "", 200),
        (Method::GET, "/.well-known/jwks.json", &[], "", 200),
        (Method::GET, "/ws", &[], "", 400),
        (Method::GET, "/ws", &foreign, "", 403),
        (Method::GET, "/api/food-logs", &me, "", 200),
        (Method::GET, "/api/food-logs", &known, "", 304),
        (Method::GET, "/api/food-logs", &[], "", 401),
        (Method::POST, "/api/food-logs", &json, &food, 201),
        (Method::POST, "/api/food-logs", &json, "{", 400),
        (Method::POST, "/api/food-logs", &json, "{}", 422),
        (Method::POST, "/api/food-logs", &json, &too_big, 413),
        (Method::POST, "/api/food-logs", &me, "x", 415),
        (Method::PUT, "/api/food-logs", &me, "", 405),
        (Method::GET, "/api/food-logs/none", &me, "", 404),
        (Method::GET, "/api/nothing", &me, "", 404),
        (Method::GET, "/api/.well-known/jwks.json", &[], "", 200),
        (Method::POST, "/api/session", &plain, &wrong, 401),
        (Method::POST, "/api/session", &plain, &right, 201),
        (Method::POST, "/api/session/refresh", &foreign, "", 403),
        (Method::POST, "/api/realtime/ticket", &me, "", 201),
        (Method::OPTIONS, "/api/food-logs", &preflight, "", 200),
        (Method::DELETE, "/api/session", &me, "", 204),
    ];
    for (method, path, headers, body, status) in answers {
        let answer = ask(&server, method.clone(), path, headers, body).await;
        let what = format!("{method} {path} {status}");
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{what}");
        }
        assert!(answer.header("permissions-policy").contains("microphone=()"), "{what}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none';"), "{what}");
        if path.starts_with("/api") && method != Method::OPTIONS {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
        assert!(answer.headers.get("server").is_none() && answer.headers.get("x-powered-by").is_none());
    }
}

#[tokio::test]
async fn the_refresh_token_is_in_a_cookie_that_no_script_and_no_other_site_can_use() {
    for (behind_tls, expected, path, secure) in
        [(false, "latido_refresh", "/api/session", ""), (true, "__Host-latido_refresh", "/", "; Secure")]
    {
        let server = site(behind_tls).await;
        let lucia = server.person("lucia@example.org").await;
        let answer = lucia.send(Method::POST, "/session/refresh", &[], None).await;
        assert_eq!(answer.status, StatusCode::OK);
        let cookie = answer.header("set-cookie");
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, secret) = pair.split_once('=').unwrap();
        assert_eq!(name, expected);
        assert_eq!(attributes, format!(" Path={path}; HttpOnly; SameSite=Strict; Max-Age=2592000{secure}"));
        assert!(!answer.text.contains(secret), "nor does the page get it in the body");
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder that end in one of these ways, with their text.
fn texts(folder: &Path, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path, endings));
        } else if path.extension().is_some_and(|end| endings.iter().any(|ending| end == *ending)) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// Everything the page is made of. With the policy, which names no other host, this is all there is.
#[test]
fn no_third_party_is_named_in_the_page() {
    const NAMESPACE: &str = "http://www.w3.org/2000/svg";
    let root = project();
    let mut pages = texts(&root.join("public"), &["js", "svg", "css"]);
    pages.extend(texts(&root.join("style"), &["css"]));
    let index = root.join("index.html");
    pages.push((index.clone(), fs::read_to_string(&index).unwrap()));
    assert!(pages.len() >= 9, "{}", pages.len());
    for (path, text) in pages {
        let text = text.replace(NAMESPACE, "");
        for host in ["://", "src=\"//", "href=\"//", "url(//", "@import"] {
            assert!(!text.contains(host), "{} names a host: {host}", path.display());
        }
    }
}

/// The browser's storage is reached in two files of the dashboard and one of its connection. These are all the words that are put into what
/// lasts: theme, language, units, time zone, how much the console says, that
/// somebody has signed in, and that the server was not told yet that somebody has signed out. A tab keeps
/// the messages that were not sent yet, and the id and name of whom a coach looks after, until it is closed or its
/// user signs out.
#[test]
fn nothing_secret_is_kept_in_the_browsers_storage() {
    let mut sources = texts(&project().join("src"), &["rs"]);
    sources.extend(texts(&project().join("crates/realtime/src"), &["rs"]));
    assert!(sources.len() > 50, "{}", sources.len());
    sources.retain(|(path, _)| !path.to_string_lossy().contains("web_tests"));
    let doors = ["local_storage()", "session_storage()", "LocalStorage", "SessionStorage", "document.cookie"];
    let reaches = |text: &str| doors.iter().any(|door| text.contains(door));
    let mut reaching: Vec<_> =
        sources.iter().filter(|(_, text)| reaches(text)).map(|(path, _)| path).collect();
    reaching.sort_unstable();
    let allowed = ["realtime/src/console.rs", "src/browser/storage/tab.rs", "src/browser/storage.rs"];
    let as_allowed = reaching.iter().zip(allowed).all(|(path, end)| path.ends_with(end));
    assert!(as_allowed && reaching.len() == allowed.len(), "{reaching:?}");

    let kept_by = |call: &str| {
        let calls = sources.iter().flat_map(|(_, text)| text.split(call).skip(1));
        let mut kept: Vec<_> =
            calls.map(|call| call.split_once(", ").unwrap().1.split_once(')').unwrap().0).collect();
        kept.sort_unstable();
        kept
    };
    assert_eq!(
        kept_by("storage::set("),
        [
            "\"1\"",
            "\"1\"",
            "language.as_str(",
            "language.as_str(",
            "name",
            "theme.as_str(",
            "unit.as_str(",
            "units.as_str(",
        ]
    );
    let levels = sources.iter().flat_map(|(_, text)| text.split("store(Some(").skip(1));
    let mut levels: Vec<_> = levels.map(|call| call.split_once(')').unwrap().0).collect();
    levels.sort_unstable();
    assert_eq!(levels, ["\"debug\"", "\"verbose\""], "of the console");
    let set_items = sources.iter().map(|(_, text)| text.matches(".set_item(").count()).sum::<usize>();
    assert_eq!(set_items, 3, "one in each of those files");
    assert_eq!(kept_by("tab::set("), ["&text.unwrap_or_default(", "kept", "kept.as_deref(", "text"]);
    let mut writers: Vec<_> =
        sources.iter().filter(|(_, text)| text.contains("tab::set(")).map(|(path, _)| path).collect();
    writers.sort_unstable();
    assert!(
        matches!(&*writers, [talks, person, forms]
            if forms.ends_with("src/ui/typed.rs")
                && talks.ends_with("src/features/conversations/drafts.rs")
                && person.ends_with("src/features/people.rs")),
        "{writers:?}"
    );
}
