//! The contact's side of the webhooks: everything a provider would post, signed.

use std::{sync::Arc, time::Duration};

use latido_protocol::{
    conversation::{Channel, MessageId, MessageStatus},
    delivery::DeliveryId,
    problem::Problem,
};
use serde_json::{Value, json};

use crate::{
    clock::{Clock, SystemClock},
    http::webhooks::{FETCH, Fetched, MESSAGES},
    webhook::{
        secret::Secret,
        signature::{self, Target, sign},
    },
};

/// Longer than the server lets a fetch wait.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// A message is posted so many times before it is given up. The server takes it once.
const TRIES: u32 = 3;

/// Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    #[error(
        "no server answers at {url} ({error}).\nStart one with `cargo xtask start`, or say with --url where it is."
    )]
    NoServer { url: String, error: ureq::Error },
    #[error("the server refused this: {0}")]
    Refused(String),
    #[error("nobody here is called {0}. Give the id or the address of a conversation, as its page shows it.")]
    NoContact(String),
    #[error("the server answered something unexpected (status {0}). Is it a Latido server?")]
    Unexpected(u16),
}

#[derive(Clone)]
pub struct Side(Arc<Parts>);

struct Parts {
    agent: ureq::Agent,
    url: String,
    secret: [Secret; 1],
    contact: String,
}

impl Side {
    /// Finds the contact by its id or its address on any channel. Gives its name, too.
    pub fn find(url: &str, secret: Secret, tenant: &str, contact: &str) -> Result<(Self, String), SideError> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .new_agent();
        let url = url.trim_end_matches('/').to_owned();
        let mut parts = Parts { agent, url, secret: [secret], contact: String::new() };
        let by_id = json!({ "contactId": contact });
        let by_address = Channel::ALL
            .iter()
            .map(|channel| json!({ "tenant": tenant, "channel": channel, "address": contact }));
        for mut who in std::iter::once(by_id).chain(by_address) {
            // Does not wait, so that the answer is here at once.
            who["waitMs"] = json!(0);
            let (status, body) = parts.post(FETCH, &who)?;
            match status {
                200 => {
                    let found: Fetched =
                        serde_json::from_str(&body).map_err(|_| SideError::Unexpected(status))?;
                    found.contact_id.as_str().clone_into(&mut parts.contact);
                    return Ok((Self(Arc::new(parts)), found.name));
                }
                // Unknown, or an address that cannot be one.
                422 => {}
                _ => return Err(refusal(status, &body)),
            }
        }
        Err(SideError::NoContact(contact.to_owned()))
    }

    /// Writes a message.
    pub fn say(&self, text: &str) -> Result<(), SideError> {
        let id = uuid::Uuid::now_v7().to_string();
        let message = json!({ "type": "message", "contactId": self.0.contact, "id": id, "text": text });
        let mut tries = 1;
        loop {
            match self.0.post(MESSAGES, &message) {
                Ok((200, _)) => return Ok(()),
                Ok((status, body)) => return Err(refusal(status, &body)),
                Err(error) if tries == TRIES => return Err(error),
                Err(_) => tries += 1,
            }
        }
    }

    /// Says whether the contact is typing, as well as it goes.
    pub fn typing(&self, typing: bool) {
        let kind = if typing { "typing:start" } else { "typing:stop" };
        let _ = self.0.post(MESSAGES, &json!({ "type": kind, "contactId": self.0.contact }));
    }

    /// Says how far a message has come, as well as it goes.
    pub fn report(&self, message: &MessageId, status: MessageStatus) {
        let report = json!({
            "type": "status", "contactId": self.0.contact, "messageId": message, "status": status,
        });
        let _ = self.0.post(MESSAGES, &report);
    }

    /// Waits for what the server has for the contact.
    pub fn fetch(&self, acknowledged: Option<&DeliveryId>, typing: bool) -> Result<Fetched, SideError> {
        let asked = json!({ "contactId": self.0.contact, "acknowledged": acknowledged, "typing": typing });
        match self.0.post(FETCH, &asked)? {
            (200, body) => serde_json::from_str(&body).map_err(|_| SideError::Unexpected(200)),
            (status, body) => Err(refusal(status, &body)),
        }
    }
}

impl Parts {
    fn post(&self, path: &str, body: &Value) -> Result<(u16, String), SideError> {
        let no_server = |error| SideError::NoServer { url: self.url.clone(), error };
        let (url, body) = (format!("{}/api{path}", self.url), body.to_string());
        // An address that is none fails when it is dialled.
        let uri = url.parse::<axum::http::Uri>().unwrap_or_default();
        let target = Target { method: "POST", path: uri.path() };
        let signature = sign(&self.secret, target, body.as_bytes(), SystemClock.now());
        let mut answer = self
            .agent
            .post(&url)
            .header(signature::HEADER, signature)
            .header("content-type", "application/json")
            .send(&body)
            .map_err(no_server)?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_to_string().map_err(no_server)?))
    }
}

fn refusal(status: u16, body: &str) -> SideError {
    match serde_json::from_str::<Problem>(body) {
        Ok(problem) => SideError::Refused(problem.detail),
        Err(_) => SideError::Unexpected(status),
    }
}
