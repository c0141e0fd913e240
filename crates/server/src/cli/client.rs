//! A small client of the REST API.

use std::time::Duration;

use latido_protocol::{
    problem::Problem,
    session::{Credentials, Session},
};
use serde::Serialize;

/// Why something could not be logged. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error(
        "no server answers at {url} ({error}).\n\
         Start one with `cargo xtask start`, or say with --url where it is. Nothing was logged."
    )]
    NoServer { url: String, error: ureq::Error },
    #[error(
        "the server refused the sign-in of {email}: {detail}\nSay with --user and --password who you are. Nothing was logged."
    )]
    SignIn { email: String, detail: String },
    #[error("the server refused this. Nothing was logged.{}", list(.0))]
    Refused(Box<Problem>),
    #[error("the server answered something unexpected (status {status}). Is {url} a Latido server?")]
    Unexpected { status: u16, url: String },
    #[error("what was to be sent could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

fn list(problem: &Problem) -> String {
    if problem.errors.is_empty() {
        return format!("\n  {}", problem.detail);
    }
    let lines = problem
        .errors
        .iter()
        .map(|error| format!("\n  {} {}", error.pointer.trim_start_matches('/'), error.detail));
    lines.collect()
}

const TOO_MANY: u16 = 429;
/// The server counts by the minute, so after a few seconds there is room again.
const WAIT: Duration = Duration::from_secs(2);
const WAITS: u32 = 60;

pub struct Client {
    agent: ureq::Agent,
    url: String,
    token: String,
}

impl Client {
    pub fn sign_in(url: &str, email: &str, password: &str) -> Result<Self, ClientError> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .new_agent();
        let mut client = Self { agent, url: url.trim_end_matches('/').to_owned(), token: String::new() };
        let credentials = Credentials { email: email.to_owned(), password: password.to_owned() };
        let (status, body) = client.send("/session", &serde_json::to_string(&credentials)?, None)?;
        if status == 401 {
            let detail = client.problem(status, &body)?.detail;
            return Err(ClientError::SignIn { email: email.to_owned(), detail });
        }
        let session: Session = client.read(status, &body)?;
        client.token = session.access_token;
        Ok(client)
    }

    /// Posts a record, once: the key makes sure of it should the request have to be sent again.
    pub fn create<One: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        draft: &impl Serialize,
    ) -> Result<One, ClientError> {
        let key = uuid::Uuid::now_v7().to_string();
        let (status, body) = self.send(path, &serde_json::to_string(draft)?, Some(&key))?;
        self.read(status, &body)
    }

    /// Posts something that may be posted again, and gives the answer. A server that says that it is asked
    /// too much is given time.
    pub fn call<Answer: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        let text = serde_json::to_string(body)?;
        for _ in 0..WAITS {
            let (status, answer) = self.send(path, &text, None)?;
            if status != TOO_MANY {
                return self.read(status, &answer);
            }
            std::thread::sleep(WAIT);
        }
        let (status, answer) = self.send(path, &text, None)?;
        self.read(status, &answer)
    }

    /// Asks for something.
    pub fn get<Answer: serde::de::DeserializeOwned>(&self, path: &str) -> Result<Answer, ClientError> {
        let no_server = |error| ClientError::NoServer { url: self.url.clone(), error };
        let request = self.agent.get(format!("{}/api{path}", self.url));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        let mut answer = request.call().map_err(no_server)?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().map_err(no_server)?;
        self.read(status, &body)
    }

    /// Ends the session, so that every command does not leave one behind.
    pub fn sign_out(self) {
        let request = self.agent.delete(format!("{}/api/session", self.url));
        // What was to be logged is logged. A session that stays behind expires by itself.
        let _ = request.header("Authorization", format!("Bearer {}", self.token)).call();
    }

    fn send(&self, path: &str, body: &str, key: Option<&str>) -> Result<(u16, String), ClientError> {
        let no_server = |error| ClientError::NoServer { url: self.url.clone(), error };
        let mut request =
            self.agent.post(format!("{}/api{path}", self.url)).header("Content-Type", "application/json");
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let mut answer = request.send(body).map_err(no_server)?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_to_string().map_err(no_server)?))
    }

    fn read<T: serde::de::DeserializeOwned>(&self, status: u16, body: &str) -> Result<T, ClientError> {
        if matches!(status, 200 | 201) {
            return serde_json::from_str(body).map_err(|_| self.unexpected(status));
        }
        Err(ClientError::Refused(Box::new(self.problem(status, body)?)))
    }

    fn problem(&self, status: u16, body: &str) -> Result<Problem, ClientError> {
        serde_json::from_str(body).map_err(|_| self.unexpected(status))
    }

    fn unexpected(&self, status: u16) -> ClientError {
        ClientError::Unexpected { status, url: self.url.clone() }
    }
}
