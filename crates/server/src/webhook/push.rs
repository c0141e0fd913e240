//! Pushing: one signed POST to the configured address, and what its answer means.

use std::time::Duration;

use latido_protocol::time::Timestamp;
use tracing::warn;

use super::{
    WebhookError,
    secret::Secret,
    signature::{self, Target, sign},
};

/// An answer has to be here by then, from the first byte of the dial to the last of the answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Typing that is this late is no news.
const TYPING_WITHIN: Duration = Duration::from_secs(3);
/// Nothing is read out of an answer; this much is read so that the connection can be used again.
const ANSWER_BYTES: u64 = 4096;

/// By which the other side tells repetitions.
pub const ID_HEADER: &str = "x-latido-delivery";

/// What the other side made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushResult {
    Accepted,
    /// It will not take this, however often it is asked.
    Rejected,
    /// It did not answer, or asks to be asked later.
    RetryLater,
}

pub struct Push {
    agent: ureq::Agent,
    url: String,
    /// The address's path and query, which are signed.
    path: String,
}

impl Push {
    pub fn new(url: &str) -> Result<Self, WebhookError> {
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://")).unwrap_or_default();
        let Some(uri) =
            url.parse::<axum::http::Uri>().ok().filter(|_| !host.is_empty() && !host.starts_with('/'))
        else {
            return Err(WebhookError::Url);
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A signed body goes where it was configured to go, and nowhere else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(16 * 1024)
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("latido/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self { agent, url: url.to_owned(), path })
    }

    fn target(&self) -> Target<'_> {
        Target { method: "POST", path: &self.path }
    }

    /// Posts a delivery. Blocks.
    pub fn deliver(&self, id: &str, body: &str, secrets: &[Secret], now: Timestamp) -> PushResult {
        let sent = self
            .agent
            .post(&self.url)
            .header(ID_HEADER, id)
            .header(signature::HEADER, sign(secrets, self.target(), body.as_bytes(), now))
            .header("content-type", "application/json")
            .send(body);
        match sent {
            Ok(mut answer) => {
                let _ = answer.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec();
                meaning(answer.status().as_u16())
            }
            Err(error) => {
                warn!(%error, "the outbound webhook could not be reached");
                PushResult::RetryLater
            }
        }
    }

    /// Posts what may be lost. Blocks.
    pub fn push_typing(&self, body: &str, secrets: &[Secret], now: Timestamp) {
        // Nothing depends on it: a delivery that fails says that the other side cannot be reached.
        let _ = self
            .agent
            .post(&self.url)
            .config()
            .timeout_global(Some(TYPING_WITHIN))
            .build()
            .header(signature::HEADER, sign(secrets, self.target(), body.as_bytes(), now))
            .header("content-type", "application/json")
            .send(body);
    }
}

/// 408, 425 and 429 say "later", and so does every error of the server. A redirect is one of its
/// configuration, which can be put right within the hour.
fn meaning(status: u16) -> PushResult {
    match status {
        200..=299 => PushResult::Accepted,
        408 | 425 | 429 => PushResult::RetryLater,
        400..=499 => PushResult::Rejected,
        _ => PushResult::RetryLater,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_refusal_is_final() {
        for (status, answer) in [
            (200, PushResult::Accepted),
            (204, PushResult::Accepted),
            (302, PushResult::RetryLater),
            (400, PushResult::Rejected),
            (404, PushResult::Rejected),
            (408, PushResult::RetryLater),
            (410, PushResult::Rejected),
            (425, PushResult::RetryLater),
            (429, PushResult::RetryLater),
            (500, PushResult::RetryLater),
            (503, PushResult::RetryLater),
        ] {
            assert_eq!(meaning(status), answer, "{status}");
        }
    }
}
