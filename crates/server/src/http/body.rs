//! Request bodies: one JSON object of at most 64 KiB, nested no deeper than [`json::MAX_DEPTH`], that arrives
//! within 30 s and not slower than [`PACE`].
//!
//! The deadline is here, where the body is read, and not around the handler: a handler that changes something
//! runs on when its request is given up, and would go on waiting for the rest of the body.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use futures_util::StreamExt;
use latido_domain::{digest::Digest, fields::Object};
use latido_protocol::{problem::FieldError, reason::Code};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::problem::Problem;
use crate::json;

const MAX_BYTES: usize = 64 * 1024;
/// How long a body may take that brings nothing, ...
const FIRST: Duration = Duration::from_secs(10);
/// ... how many bytes buy it another second, ...
const PACE: usize = 500;
/// ... and how long it may take at most.
const WITHIN: Duration = Duration::from_secs(30);

pub struct JsonObject {
    pub object: Object,
    /// Of the bytes as they came: tells whether two bodies are the same.
    pub digest: Digest,
}

impl<S: Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body has to be JSON: send Content-Type: application/json.",
            ));
        }
        let bytes = read(request.into_body()).await?;
        Ok(Self { object: parse(&bytes)?, digest: Digest::of(&bytes) })
    }
}

/// The bytes of a body, if there are not too many and they come in time.
///
/// Every piece is copied and dropped: it is a part of the connection's buffer and keeps the whole of that, so a
/// body that comes byte by byte would take thousands of times its size.
pub async fn read(body: Body) -> Result<Vec<u8>, Problem> {
    if body.size_hint().lower() > MAX_BYTES as u64 {
        return Err(too_large());
    }
    let begun = Instant::now();
    let (mut bytes, mut pieces) = (Vec::new(), body.into_data_stream());
    loop {
        match timeout_at(deadline(begun, bytes.len()), pieces.next()).await {
            Ok(Some(Ok(piece))) if piece.len() > MAX_BYTES - bytes.len() => return Err(too_large()),
            Ok(Some(Ok(piece))) => bytes.extend_from_slice(&piece),
            Ok(Some(Err(_))) => return Err(broken_off()),
            Ok(None) => return Ok(bytes),
            Err(_) => return Err(too_slow()),
        }
    }
}

/// Until when the next piece of a body has to come, of which so many bytes are there.
fn deadline(begun: Instant, bytes: usize) -> Instant {
    begun + WITHIN.min(FIRST + Duration::from_secs((bytes / PACE) as u64))
}

fn too_large() -> Problem {
    let detail = "The body is longer than 64 KiB. Nothing was saved; send less at a time.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge.says(detail)).closing()
}

fn too_slow() -> Problem {
    let detail = "The body did not arrive whole in time. Nothing was saved; send it again.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, Code::BodyTooSlow.says(detail)).closing()
}

fn broken_off() -> Problem {
    let detail = "The body broke off. Nothing was saved; send it again.";
    Problem::new(StatusCode::BAD_REQUEST, Code::Unreadable.says(detail)).closing()
}

/// The object that they are.
pub fn parse(bytes: &[u8]) -> Result<Object, Problem> {
    if json::is_too_deep(bytes) {
        let detail = format!("The body is nested deeper than {} levels. Nothing was saved.", json::MAX_DEPTH);
        return Err(Problem::new(StatusCode::BAD_REQUEST, Code::Unreadable.says(detail)));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => {
            let error = FieldError::new("", Code::WrongType.says("must be a JSON object"));
            Err(Problem::invalid(vec![FieldError { pointer: String::new(), ..error }]))
        }
        Err(error) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            Code::Unreadable.says(format!(
                "The body is not valid JSON (line {}, column {}).",
                error.line(),
                error.column()
            )),
        )),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    };

    use axum::body::Bytes;
    use futures_util::stream;
    use tokio::time::sleep;

    use super::*;

    /// A body of which a piece comes every so often.
    fn trickle(pieces: usize, bytes: usize, every: Duration) -> Body {
        Body::from_stream(stream::unfold(0, move |sent| async move {
            if sent == pieces {
                return None;
            }
            sleep(every).await;
            Some((Ok::<_, std::io::Error>(vec![b' '; bytes]), sent + 1))
        }))
    }

    async fn status(body: Body) -> Result<usize, StatusCode> {
        read(body).await.map(|bytes| bytes.len()).map_err(|problem| problem.status())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_refused_after_ten_seconds() {
        let begun = Instant::now();
        assert_eq!(status(trickle(2, 1, Duration::from_secs(40))).await, Err(StatusCode::REQUEST_TIMEOUT));
        assert_eq!(begun.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_too_slow() {
        let begun = Instant::now();
        let body = trickle(1000, 1, Duration::from_secs(1));
        assert_eq!(status(body).await, Err(StatusCode::REQUEST_TIMEOUT));
        assert_eq!(begun.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_has_thirty_seconds() {
        assert_eq!(status(trickle(25, 1000, Duration::from_secs(1))).await, Ok(25_000));
        let begun = Instant::now();
        let body = trickle(64, 1000, Duration::from_secs(1));
        assert_eq!(status(body).await, Err(StatusCode::REQUEST_TIMEOUT));
        assert_eq!(begun.elapsed().as_secs(), 30);
    }

    /// A piece that is counted for as long as anybody holds a part of it.
    struct Piece(Arc<AtomicUsize>);

    impl Piece {
        fn counted(alive: &Arc<AtomicUsize>, most: &AtomicUsize) -> Bytes {
            most.fetch_max(alive.fetch_add(1, Relaxed) + 1, Relaxed);
            Bytes::from_owner(Self(Arc::clone(alive)))
        }
    }

    impl AsRef<[u8]> for Piece {
        fn as_ref(&self) -> &[u8] {
            b" "
        }
    }

    impl Drop for Piece {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Relaxed);
        }
    }

    #[tokio::test]
    async fn no_piece_is_held_when_the_next_comes() {
        let (alive, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, seen) = (Arc::clone(&alive), Arc::clone(&most));
        let pieces = (0..6000).map(move |_| Ok::<_, std::io::Error>(Piece::counted(&counted, &seen)));
        assert_eq!(status(Body::from_stream(stream::iter(pieces))).await, Ok(6000));
        assert_eq!((most.load(Relaxed), alive.load(Relaxed)), (1, 0));
    }

    #[tokio::test]
    async fn a_body_of_64_kib_is_read_and_no_larger_one() {
        assert_eq!(status(trickle(64, 1024, Duration::ZERO)).await, Ok(MAX_BYTES));
        assert_eq!(status(trickle(65, 1024, Duration::ZERO)).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(status(Body::from(vec![0; MAX_BYTES + 1])).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
