//! What a request holds until its answer has been taken: its user's permit among those under way.
//!
//! An answer goes out in small pieces of its own, so that "taken" means what it says: a whole answer that is
//! handed over at once lies in the connection's buffer for as long as nobody reads it, and a part of it would
//! keep the whole.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use latido_domain::store::Flow;
use latido_protocol::session::UserId;

use crate::ops::{client::Client, guard::in_flight::InFlightPermit};

/// How much is handed to the connection at once.
const PIECE: usize = 16 * 1024;

/// What the request of these extensions holds.
#[derive(Clone, Default)]
pub struct PermitSlot(Arc<Mutex<Option<InFlightPermit<UserId>>>>);

impl PermitSlot {
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    pub fn keep(&self, permit: InFlightPermit<UserId>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(permit);
    }

    fn release(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Gives a request something to hold places in, and the flow of its network until it is known whose it is.
pub async fn hold(client: Client, mut request: Request, next: Next) -> Response {
    let held = PermitSlot::default();
    request.extensions_mut().insert(held.clone());
    let network = Flow::of("network", format_args!("{:?}", client.network));
    let response = network.scope(next.run(request)).await;
    response.map(|body| Body::new(PacedBody { body, rest: Bytes::new(), held }))
}

/// An answer on its way out, and what it holds.
struct PacedBody {
    body: Body,
    /// What is still to be handed over of a part that is too large to be so at once.
    rest: Bytes,
    held: PermitSlot,
}

impl Drop for PacedBody {
    fn drop(&mut self) {
        // The handler may have left a clone of it behind.
        self.held.release();
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) if data.len() > PIECE => self.rest = data,
                Some(Ok(Ok(data))) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let length = PIECE.min(self.rest.len());
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(&piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, hint) = (self.rest.len() as u64, self.body.size_hint());
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + rest);
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper + rest);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn a_large_answer_goes_out_in_pieces_that_keep_nothing_else() {
        let text: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        let held = PermitSlot::default();
        let answer = PacedBody { body: Body::from(text.clone()), rest: Bytes::new(), held };
        assert_eq!(answer.size_hint().exact(), Some(100_000));
        let mut pieces = Body::new(answer).into_data_stream();
        let mut sent = Vec::new();
        while let Some(piece) = pieces.next().await.transpose().unwrap() {
            assert!(piece.len() <= PIECE);
            sent.extend_from_slice(&piece);
        }
        assert_eq!(sent, text);
    }
}
