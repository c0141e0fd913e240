//! A real server on a free port, people who use it, and sockets that speak to it.
#![allow(dead_code, reason = "every test file uses another part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests, if not marked as such")]

pub mod links;
pub mod memory_store;
pub mod process;
pub mod rest;
pub mod routes;
pub mod socket;
pub mod webhooks;
pub mod wire;

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use latido_domain::{
    access,
    account::{self, NewAccount, Role, TenantId},
    profile,
    store::StoreError,
};
use latido_protocol::{time::Timestamp, values::DisplayName};
use latido_server::{
    auth::password::Cost,
    clock::{Clock, ManualClock, SystemClock},
    config::{Limits, Settings},
    links::settings::LinkSettings,
    ops::settings::Operations,
    serve::{self, Running},
    state::AppState,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse";

pub struct Server {
    pub running: Running,
    pub clock: Arc<ManualClock>,
    pub data: TempDir,
}

/// Settings for a server in a directory of its own, with passwords that cost next to nothing.
pub fn settings(data: &TempDir) -> Settings {
    Settings {
        data: data.path().join("data"),
        dist: data.path().join("dist"),
        demo: false,
        origins: vec!["https://app.example.org".to_owned()],
        access_token_seconds: 3600,
        query_token: true,
        behind_tls: false,
        issuer: None,
        links: LinkSettings::default(),
        // Tests ask for more than people do; those that are about these limits set their own.
        operations: Operations {
            requests_per_user: 1_000_000.try_into().unwrap(),
            requests_per_address: 1_000_000.try_into().unwrap(),
            ..Operations::default()
        },
        password_cost: Cost { memory_kib: 8, passes: 1 },
        webhooks: latido_server::webhook::WebhookArgs::default(),
        limits: Limits::default(),
    }
}

/// So many cases, or as many as `PROPTEST_CASES` says. What fails is printed, and kept nowhere.
pub fn cases(usually: u32) -> proptest::test_runner::Config {
    let said = std::env::var("PROPTEST_CASES").ok().and_then(|said| said.parse().ok());
    proptest::test_runner::Config {
        cases: said.unwrap_or(usually),
        failure_persistence: None,
        max_shrink_iters: 100,
        ..proptest::test_runner::Config::default()
    }
}

/// Without the limits that are about how often somebody may ask.
pub fn unhurried(settings: &mut Settings) {
    settings.limits.messages = usize::MAX;
    settings.limits.sockets_per_user = usize::MAX;
    let operations = &mut settings.operations;
    for limit in [
        &mut operations.requests_per_address,
        &mut operations.requests_per_user,
        &mut operations.max_sockets_per_address,
        &mut operations.max_connections_per_address,
        &mut operations.sign_in_failures,
    ] {
        *limit = std::num::NonZeroU32::new(1_000_000).unwrap();
    }
}

/// 2026-11-21T08:15:00Z, where the manual clock stands at first.
pub fn epoch() -> Timestamp {
    Timestamp::parse("2026-11-21T08:15:00Z").unwrap()
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(ManualClock::at(epoch()));
        let data = tempfile::tempdir().unwrap();
        let running = launch(&data, clock.clone(), change).await;
        Self { running, clock, data }
    }

    /// With the real time, for what a socket's own timers do.
    pub async fn start_in_real_time(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let running = launch(&data, Arc::new(SystemClock), change).await;
        Self { running, clock: Arc::new(ManualClock::at(epoch())), data }
    }

    /// Stops the server and starts it on the same data.
    pub async fn restart(self) -> Self {
        let Self { running, clock, data } = self;
        running.stop().await;
        let running = launch(&data, clock.clone(), |_| {}).await;
        Self { running, clock, data }
    }

    pub fn app(&self) -> &AppState {
        &self.running.app
    }

    pub fn anonymous(&self) -> Person {
        Person { app: self.app().clone(), token: None, cookie: None }
    }

    /// Creates an account and signs it in.
    pub async fn person(&self, email: &str) -> Person {
        add_account(self.app(), email).await;
        self.sign_in(email).await
    }

    /// Creates an account with a role, and signs it in.
    pub async fn person_as(&self, email: &str, role: Role, tenant: &str) -> Person {
        add_account_of(self.app(), email, role, TenantId::new(tenant).unwrap()).await;
        self.sign_in(email).await
    }

    /// Lets a coach follow somebody.
    pub async fn assign(&self, person: &str, coach: &str) {
        let (person, coach, now) = (person.to_owned(), coach.to_owned(), self.clock.now());
        let assigned = self.app().store.write(move |write| {
            let read = write.read();
            let one = read.account_by_email(&person)?.unwrap();
            let two = read.account_by_email(&coach)?.unwrap();
            access::assign(write, &one, &two, now)
        });
        assigned.await.unwrap();
    }

    pub async fn sign_in(&self, email: &str) -> Person {
        let mut person = self.anonymous();
        let answer = person.post("/session", json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        person.take_session(&answer);
        person
    }
}

pub async fn launch(data: &TempDir, clock: Arc<dyn Clock>, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = settings(data);
    change(&mut settings);
    serve::start(settings, clock, "127.0.0.1".parse().unwrap(), 0).await.unwrap()
}

/// Creates an account in the main tenant that may do what its role may.
async fn add_account(app: &AppState, email: &str) {
    add_account_of(app, email, Role::User, TenantId::main()).await;
}

async fn add_account_of(app: &AppState, email: &str, role: Role, tenant: TenantId) {
    let hash = app.passwords.hash(PASSWORD).unwrap();
    let profile = profile::blank(DisplayName::new("Lucía").unwrap(), app.clock.now()).unwrap();
    let now = app.clock.now();
    let new = NewAccount { email: email.to_owned(), password_hash: hash, role, tenant, profile };
    let added = app.store.write(move |write| account::create(write, &new, now));
    assert!(Result::<_, StoreError>::unwrap(added.await).is_some(), "the address is taken");
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Person {
    pub app: AppState,
    pub token: Option<String>,
    pub cookie: Option<String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The pointers of a refusal, which has to be a problem as RFC 9457 describes it.
    pub fn pointers(&self) -> Vec<&str> {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.body["status"], self.status.as_u16(), "{}", self.text);
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    }
}

impl Person {
    pub fn take_session(&mut self, answer: &Answer) {
        self.token = answer.body["accessToken"].as_str().map(str::to_owned);
        self.cookie = answer.header("set-cookie").split(';').next().map(str::to_owned);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &[], Some(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &[], Some(body.to_string())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// A request below `/api`, with the token and, where the browser would send it, the cookie.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(format!("/api{path}")).header("host", "latido.test");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(cookie) = self.cookie.as_ref().filter(|_| path.starts_with("/session")) {
            request = request.header(header::COOKIE, cookie);
        }
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        call(&self.app, request.body(Body::from(body.unwrap_or_default())).unwrap()).await
    }

    /// Logs a food and gives its id.
    pub async fn log_food(&self, name: &str) -> String {
        let answer = self.post("/food-logs", food(name)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.body["foodLog"]["id"].as_str().unwrap().to_owned()
    }

    /// The names on the first page of foods, newest first.
    pub async fn food_names(&self) -> Vec<String> {
        let answer = self.get("/food-logs?limit=200").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        names(&answer)
    }
}

pub fn names(answer: &Answer) -> Vec<String> {
    let foods = answer.body["foodLogs"].as_array().unwrap();
    foods.iter().map(|food| food["name"].as_str().unwrap().to_owned()).collect()
}

pub fn food(name: &str) -> Value {
    json!({"name": name, "meal": "breakfast", "calories": 350})
}

pub fn exercise(activity: &str) -> Value {
    json!({"activity": activity, "durationMin": 30, "intensity": "moderate"})
}

pub fn weight(value: f64) -> Value {
    json!({"kind": "weight", "value": value})
}

pub async fn call(app: &AppState, request: Request<Body>) -> Answer {
    let response = latido_server::router::router(app).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, text, body }
}
