//! The REST API, spoken without a browser.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::{DEMO_EMAIL, DEMO_PASSWORD};

/// A signed-in user. Clones share their connections.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
}

impl Api {
    /// As the demo account.
    pub async fn sign_in(server: &str) -> Self {
        Self::sign_in_as(server, DEMO_EMAIL, DEMO_PASSWORD).await
    }

    pub async fn sign_in_as(server: &str, email: &str, password: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("an HTTP client");
        let stranger = Self { client, base: format!("{server}/api"), token: String::new() };
        let credentials = json!({ "email": email, "password": password });
        let session = stranger.expect(Method::POST, "/session", Some(credentials), StatusCode::CREATED).await;
        Self { token: session["accessToken"].as_str().expect("a token").to_owned(), ..stranger }
    }

    /// Logs a food, now, and gives back the record.
    pub async fn eat(&self, name: &str, calories: u32) -> Value {
        let food = json!({ "name": name, "calories": calories, "meal": "snack", "source": "import" });
        let made = self.expect(Method::POST, "/food-logs", Some(food), StatusCode::CREATED).await;
        made["foodLog"].clone()
    }

    /// The newest fifty foods.
    pub async fn foods(&self) -> Vec<Value> {
        let page = self.expect(Method::GET, "/food-logs", None, StatusCode::OK).await;
        page["foodLogs"].as_array().expect("a list").clone()
    }

    pub async fn rename(&self, id: &str, name: &str) {
        let change = json!({ "name": name });
        self.expect(Method::PATCH, &format!("/food-logs/{id}"), Some(change), StatusCode::OK).await;
    }

    pub async fn delete(&self, id: &str) {
        self.remove(&format!("/food-logs/{id}")).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.expect(Method::GET, path, None, StatusCode::OK).await
    }

    pub async fn post(&self, path: &str, body: Value, wanted: StatusCode) -> Value {
        self.expect(Method::POST, path, Some(body), wanted).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.expect(Method::PUT, path, Some(body), StatusCode::OK).await
    }

    pub async fn remove(&self, path: &str) {
        self.expect(Method::DELETE, path, None, StatusCode::NO_CONTENT).await;
    }

    /// Adds a managed connection to a Shelly.
    pub async fn connect(&self, reference: &str, url: &str) {
        let draft = json!({ "type": "SHELLY", "referenceId": reference, "metadata": { "url": url } });
        self.expect(Method::POST, "/websocket", Some(draft), StatusCode::CREATED).await;
    }

    /// Starts every managed connection there is.
    pub async fn start_connections(&self) {
        let list = self.expect(Method::GET, "/websocket", None, StatusCode::OK).await;
        for connection in list["connections"].as_array().expect("a list") {
            let path = format!("/websocket/{}/start", connection["id"].as_str().expect("an id"));
            self.expect(Method::POST, &path, None, StatusCode::OK).await;
        }
    }

    /// Whether the server still takes this token.
    pub async fn is_signed_in(&self) -> bool {
        self.send(Method::GET, "/session", None).await.0 == StatusCode::OK
    }

    async fn expect(&self, method: Method, path: &str, body: Option<Value>, wanted: StatusCode) -> Value {
        let (status, answer) = self.send(method.clone(), path, body).await;
        assert_eq!(status, wanted, "{method} {path} was answered with {answer}");
        answer
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        (answer.status(), answer.json().await.unwrap_or(Value::Null))
    }
}
