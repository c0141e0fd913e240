//! A caller of the REST API over the network, for servers that are processes of their own.

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub struct Rest {
    agent: ureq::Agent,
    pub token: String,
}

/// A status and a body; `null` where there is none.
pub type Reply = (u16, Value);

impl Rest {
    pub fn sign_in(address: SocketAddr, email: &str, password: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        let mut rest = Self { agent, token: String::new() };
        let credentials = json!({"email": email, "password": password});
        let (status, session) = rest.send(address, "POST", "/session", None, Some(&credentials)).unwrap();
        assert_eq!(status, 201, "{session}");
        session["accessToken"].as_str().unwrap().clone_into(&mut rest.token);
        rest
    }

    /// `None` when the server was gone before it had answered.
    pub fn send(
        &self,
        address: SocketAddr,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Option<Reply> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{address}/api{path}"))
            .header("Content-Type", "application/json");
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.body(body.map(Value::to_string).unwrap_or_default()).unwrap();
        let mut answer = self.agent.run(request).ok()?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// The whole of a list, page after page. `plural` is its field.
    pub fn list(&self, address: SocketAddr, path: &str, plural: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, mut page) =
                self.send(address, "GET", &format!("{path}?limit=200{cursor}"), None, None).unwrap();
            assert_eq!(status, 200, "{page}");
            let Value::Array(records) = page[plural].take() else { panic!("{page}") };
            all.extend(records);
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}
