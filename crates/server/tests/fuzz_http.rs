//! Whatever comes in over HTTP, the server answers it: no panic, and nothing that is its own fault. The
//! requests are made of the API's routes and of nonsense, in every mixture.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{fmt, sync::LazyLock};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};
use serde_json::{Value, json};
use support::{Person, Server, call, routes::ROUTES};
use tokio::runtime::Runtime;

struct World {
    runtime: Runtime,
    server: Server,
    lucia: Person,
    food: String,
}

/// One server for all requests: what one leaves behind is what the next meets.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (server, lucia, food) = runtime.block_on(async {
        let server = Server::start_with(support::unhurried).await;
        let lucia = server.person("lucia@example.org").await;
        let food = lucia.log_food("Avena").await;
        (server, lucia, food)
    });
    World { runtime, server, lucia, food }
});

#[derive(Clone)]
struct Attempt {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    signed_in: bool,
    body: Vec<u8>,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, headers, signed_in, body } = self;
        let body = String::from_utf8_lossy(body);
        let shown: String = body.chars().take(300).collect();
        write!(f, "{method} {path} {headers:?} signed in: {signed_in}, {} bytes: {shown}", body.len())
    }
}

/// What stands in a header or a path instead of what should.
fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "\\PC{0,20}",
        "[0-9]{1,25}",
        Just("null".to_owned()),
        Just("\"1\"".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("-1".to_owned()),
        Just("2026-02-30T25:61:61Z".to_owned()),
        Just("../../etc/passwd".to_owned()),
        Just("' OR 1=1 --".to_owned()),
        Just("%00%ff%fe".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let known = (select(ROUTES), odd_text(), any::<bool>()).prop_map(|((_, path), odd, real)| {
        let id = if real { WORLD.food.clone() } else { encoded(&odd) };
        format!("/api{}", path.replace("{id}", &id))
    });
    let unknown =
        "(/[a-z.%0-9-]{0,12}){0,6}".prop_map(|path| if path.is_empty() { "/".to_owned() } else { path });
    let name = prop_oneof![
        select(&["limit", "cursor", "from", "to", "kind", "person", "token", "format", "status", ""][..])
            .prop_map(str::to_owned),
        odd_text().prop_map(|text| encoded(&text)),
    ];
    let query = vec((name, odd_text()), 0..4);
    (prop_oneof![8 => known, 1 => unknown, 1 => Just("/ws".to_owned())], query).prop_map(|(path, query)| {
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    })
}

/// As URLs spell it; a percent sign is left alone, so that bad spellings come about too.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    let spell = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(spell).collect()
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let name = select(
        &[
            "accept-encoding",
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "cookie",
            "host",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "origin",
            "range",
            "sec-websocket-key",
            "sec-websocket-protocol",
            "sec-websocket-version",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-hub-signature-256",
            "x-latido-signature",
            "x-latido-timestamp",
        ][..],
    )
    .prop_map(HeaderName::from_static);
    let value = prop_oneof![
        vec(any::<u8>(), 0..60).prop_filter_map("not a header", |bytes| HeaderValue::from_bytes(&bytes).ok()),
        odd_text().prop_filter_map("not a header", |text| HeaderValue::from_bytes(text.as_bytes()).ok()),
        select(
            &[
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer ..",
                "Basic OmE=",
                "latido_refresh=x; latido_refresh=",
                "=;=;;;",
                "W/\"1\", \"2\", *",
                "\"18446744073709551616\"",
                "latido.v1, ticket.x",
                "websocket",
                "Upgrade",
                "13",
                "http://latido.test",
                "bytes=0-",
                "gzip;q=NaN",
                "::1, 1.2.3.4",
            ][..],
        )
        .prop_map(HeaderValue::from_static),
    ];
    vec((name, value), 0..5)
}

/// Any JSON, up to deeper than is allowed.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        odd_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map("[a-zA-Z]{0,12}", inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let good = select(
        &[
            "{\"name\":\"Avena\",\"meal\":\"breakfast\",\"calories\":350}",
            "{\"activity\":\"Correr\",\"durationMin\":30,\"intensity\":\"low\"}",
            "{\"kind\":\"bloodPressure\",\"value\":120,\"value2\":80}",
            "{\"displayName\":\"L\",\"units\":\"metric\",\"timeZone\":\"UTC\",\"language\":\"es\"}",
            "{\"email\":\"lucia@example.org\",\"password\":\"wrong\"}",
            "{\"text\":\"hola\"}",
            "{\"on\":true}",
        ][..],
    );
    let changed = (good.clone(), any_json(), any::<prop::sample::Index>()).prop_map(|(good, odd, at)| {
        let mut body: Value = serde_json::from_str(good).unwrap();
        let fields = body.as_object_mut().unwrap();
        let name = fields.keys().nth(at.index(fields.len())).unwrap().clone();
        fields.insert(name, odd);
        body.to_string().into_bytes()
    });
    let cut =
        (good.clone(), 0..70_usize).prop_map(|(good, at)| good.as_bytes()[..at.min(good.len())].to_vec());
    prop_oneof![
        2 => good.prop_map(|good| good.as_bytes().to_vec()),
        4 => changed,
        2 => cut,
        1 => any_json().prop_map(|json| json.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..200),
        1 => (1..400_usize).prop_map(|depth| "[".repeat(depth).into_bytes()),
        1 => (60_000..70_000_usize).prop_map(|length| vec![b' '; length]),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"];
    let method = select(methods.to_vec()).prop_map(|method| method.parse().unwrap());
    let kind = select(&["application/json", "text/plain", "application/json; charset=\"", ""][..]);
    let parts = (method, path(), headers(), prop::bool::weighted(0.8), body(), kind);
    parts.prop_map(|(method, path, mut headers, signed_in, body, kind)| {
        headers.push((HeaderName::from_static("content-type"), HeaderValue::from_static(kind)));
        Attempt { method, path, headers, signed_in, body }
    })
}

proptest! {
    #![proptest_config(support::cases(1000))]

    #[test]
    fn no_request_breaks_the_server(attempt in attempt()) {
        let world = &*WORLD;
        let Ok(uri) = attempt.path.parse::<axum::http::Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(attempt.method.clone()).uri(uri);
        if attempt.signed_in && attempt.path != "/api/session" {
            request = request.header("authorization", format!("Bearer {}", world.lucia.token.as_ref().unwrap()));
        }
        for (name, value) in &attempt.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(attempt.body.clone())).unwrap();
        let answer = world.runtime.block_on(call(world.server.app(), request));
        prop_assert!(answer.status.as_u16() < 500, "{}", answer.text);
        // Every refusal of the API says why, in the one form that refusals have.
        let of_the_api = attempt.path.starts_with("/api/") || attempt.path.starts_with("/ws");
        if of_the_api && answer.status.is_client_error() && attempt.method != Method::HEAD {
            prop_assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
            prop_assert_eq!(&answer.body["status"], &json!(answer.status.as_u16()));
        }
    }
}

/// The control: the same server still does what it is there for, whatever came before.
#[test]
fn a_server_that_was_fuzzed_still_serves() {
    let world = &*WORLD;
    let again = world.runtime.block_on(async {
        let again = world.server.person("marta@example.org").await;
        again.log_food("Pan").await;
        again.food_names().await
    });
    assert_eq!(again, ["Pan"]);
}
