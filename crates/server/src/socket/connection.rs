//! One socket, from its first frame to its last. One task does everything for it, in order, so nothing
//! has to be locked and no event can overtake another.

use std::{collections::HashSet, time::Duration};

use futures_util::{SinkExt, StreamExt};
use latido_domain::store::LoggedEvent;
use latido_protocol::{
    conversation::ContactId,
    frame::{ClientFrame, Position, ServerFrame},
};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, error, trace};
use tungstenite::{Error, Message};

use super::{close::End, hello::greet, inbound, rate::Rate, room_request::InRoom, switch::Socket};
use crate::{
    auth::token::Verified,
    http::current_user::authenticate,
    hub::{CloseReason, Delivery, Subscription},
    ops::metrics,
    state::AppState,
};

/// How long the other side has to answer our close, and to read what lies before it.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// The same for one that reads slowly: it is to learn why it was closed.
const SLOW_CLOSE_WITHIN: Duration = Duration::from_secs(15);

enum Stage {
    AwaitingHello {
        until: Instant,
    },
    /// Every event up to this number has been sent, or did not have to be.
    Live {
        sent: u64,
    },
}

pub struct Connection {
    socket: Socket,
    pub(super) app: AppState,
    pub(super) membership: Subscription,
    pub(super) token: Verified,
    /// The conversations whose rooms it is in.
    pub(super) rooms: HashSet<ContactId>,
    stage: Stage,
    rate: Rate,
    last_heard: Instant,
    pinged: bool,
}

impl Connection {
    pub fn new(socket: Socket, app: AppState, membership: Subscription, token: Verified) -> Self {
        let now = Instant::now();
        Self {
            stage: Stage::AwaitingHello { until: now + app.settings.limits.hello_within },
            rate: Rate::new(&app.settings.limits),
            last_heard: now,
            pinged: false,
            rooms: HashSet::new(),
            socket,
            app,
            membership,
            token,
        }
    }

    pub async fn run(mut self) {
        // The session may have ended between the check before the upgrade and the entry in the hub.
        let end = match authenticate(&self.app, self.token.clone()).await {
            Ok(Some(_)) => self.converse().await,
            Ok(None) => End::Told(CloseReason::SignedOut),
            Err(_) => End::ServerError,
        };
        self.leave_all();
        debug!(connection = %self.membership.id(), ?end, "socket ends");
        metrics::socket_closed(end.frame().map(|frame| frame.code.into()));
        self.finish(end).await;
    }

    async fn converse(&mut self) -> End {
        loop {
            let deadline = self.next_deadline();
            let step = tokio::select! {
                next = self.membership.next() => match next {
                    Ok(Delivery::Event(event)) => self.forward(&event).await,
                    Ok(Delivery::Ephemeral(frame)) => self.forward_ephemeral(&frame).await,
                    Err(order) => Err(End::Told(order)),
                },
                message = self.socket.next() => self.hear(message).await,
                () = sleep_until(deadline) => self.check_deadlines().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Sends an event that came live, unless a greeting has covered it.
    async fn forward(&mut self, event: &LoggedEvent) -> Result<(), End> {
        match &mut self.stage {
            Stage::Live { sent } if event.seq > *sent => {
                *sent = event.seq;
                self.send(Message::text(event.frame.as_str())).await
            }
            Stage::Live { .. } | Stage::AwaitingHello { .. } => Ok(()),
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        self.last_heard = Instant::now();
        self.pinged = false;
        match message {
            Some(Ok(Message::Text(text))) => self.hear_frame(inbound::read(&text)).await,
            Some(Ok(Message::Binary(_))) => Err(End::Binary),
            // The library has answered it.
            Some(Ok(Message::Ping(_))) => self.allow(true).await,
            // Counted with all frames, in `metered`.
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Ok(Message::Close(_))) => Err(End::Closed),
            None => Err(End::Gone),
            Some(Err(error)) => {
                let end = End::of(&error);
                if end == End::Flooded {
                    metrics::rate_limited("socket");
                }
                Err(end)
            }
        }
    }

    /// `None` stands for a text that is no frame of the contract.
    async fn hear_frame(&mut self, frame: Option<ClientFrame>) -> Result<(), End> {
        self.allow(matches!(frame, Some(ClientFrame::Hello { .. } | ClientFrame::Ping { .. }))).await?;
        match frame {
            Some(ClientFrame::Hello { position, .. }) => self.hello(position).await,
            Some(ClientFrame::Ping { .. }) => self.pong().await,
            Some(ClientFrame::Subscribe { channel }) => self.hear_in_room(InRoom::Subscribe(channel)).await,
            Some(ClientFrame::Unsubscribe { channel }) => {
                self.hear_in_room(InRoom::Unsubscribe(channel)).await
            }
            Some(ClientFrame::TypingStart { contact_id }) => {
                self.hear_in_room(InRoom::StartTyping(contact_id)).await
            }
            Some(ClientFrame::TypingStop { contact_id }) => {
                self.hear_in_room(InRoom::StopTyping(contact_id)).await
            }
            None => self.send_frame(error_frame("bad_frame", "This is not a frame of the contract.")).await,
        }
    }

    async fn allow(&mut self, may_be_free: bool) -> Result<(), End> {
        if self.rate.allows(may_be_free, Instant::now()) {
            return Ok(());
        }
        metrics::rate_limited("socket");
        self.send_frame(error_frame("rate_limited", "Too many messages; reconnect after half a minute."))
            .await?;
        Err(End::RateLimited)
    }

    async fn hello(&mut self, position: Option<Position>) -> Result<(), End> {
        let greeting = greet(
            &*self.app.store,
            &self.membership,
            &self.token.user,
            position,
            self.app.settings.limits.replay,
            self.token.expires_at,
            self.app.clock.now(),
        );
        let greeting = greeting.await.map_err(|error| {
            error!(%error, "a hello could not be answered");
            End::ServerError
        })?;
        for frame in greeting.frames {
            self.feed(Message::text(frame)).await?;
        }
        self.stage = Stage::Live { sent: greeting.head };
        self.flush().await
    }

    async fn pong(&mut self) -> Result<(), End> {
        let user = self.token.user.clone();
        let head = self.app.store.read(move |read| read.head(&user)).await.map_err(|error| {
            error!(%error, "a ping could not be answered");
            End::ServerError
        })?;
        self.send_frame(ServerFrame::Pong { head: Some(head) }).await
    }

    /// When something has to be looked after, whatever happens. A minute is the longest, because the
    /// machine may have slept and the clock have been set.
    fn next_deadline(&self) -> Instant {
        let limits = &self.app.settings.limits;
        let now = Instant::now();
        let silent = if self.pinged { limits.gone_after } else { limits.ping_after };
        let left = self.token.expires_at.unix_ms() - self.app.clock.now().unix_ms();
        let expiry = now + Duration::from_millis(u64::try_from(left).unwrap_or(0)).min(limits.ping_after);
        let hello = match self.stage {
            Stage::AwaitingHello { until } => until,
            Stage::Live { .. } => expiry,
        };
        (self.last_heard + silent).min(expiry).min(hello)
    }

    async fn check_deadlines(&mut self) -> Result<(), End> {
        let limits = &self.app.settings.limits;
        let silent = self.last_heard.elapsed();
        let (ping_after, gone_after) = (limits.ping_after, limits.gone_after);
        if self.app.clock.now() >= self.token.expires_at {
            return Err(End::TokenExpired);
        }
        if matches!(self.stage, Stage::AwaitingHello { until } if until <= Instant::now()) {
            return Err(End::NoHello);
        }
        if silent >= gone_after {
            return Err(End::Gone);
        }
        if silent >= ping_after && !self.pinged {
            // Browsers answer this even from a hidden tab. Who does not is no longer there.
            self.pinged = true;
            return self.send(Message::Ping(axum::body::Bytes::new())).await;
        }
        Ok(())
    }

    pub(super) async fn send_frame(&mut self, frame: ServerFrame) -> Result<(), End> {
        let text = frame.to_text(self.app.clock.now(), None);
        self.send(Message::text(text)).await
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), End> {
        self.feed(message).await?;
        self.flush().await
    }

    /// Hands a message over. Waits while the other side does not read, but for no order to close.
    async fn feed(&mut self, message: Message) -> Result<(), End> {
        if let Message::Text(text) = &message {
            trace!(bytes = text.len(), "frame out");
        }
        let within = self.app.settings.limits.write_within;
        unless_told(&mut self.membership, timeout(within, self.socket.feed(message))).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        let within = self.app.settings.limits.write_within;
        unless_told(&mut self.membership, timeout(within, self.socket.flush())).await
    }

    /// Says why, and waits for the other side to have heard it: a connection that is dropped with
    /// unread data in it would be reset, and the reason lost.
    async fn finish(mut self, end: End) {
        let within = if end == End::Told(CloseReason::TooSlow) { SLOW_CLOSE_WITHIN } else { CLOSE_WITHIN };
        let farewell = async {
            if end == End::Told(CloseReason::Draining) {
                let goaway = ServerFrame::GoAway { retry_after_ms: retry_after_ms() };
                self.socket.feed(Message::text(goaway.to_text(self.app.clock.now(), None))).await?;
            }
            if let Some(frame) = end.frame() {
                self.socket.send(Message::Close(Some(frame))).await?;
            }
            match end {
                End::Gone => {}
                // The rest of what came is not worth reading. The close is on its way past it.
                End::TooBig | End::Flooded => tokio::time::sleep(CLOSE_WITHIN / 2).await,
                // Reading also sends the answer to a close that came from there.
                _ => while let Some(Ok(_)) = self.socket.next().await {},
            }
            Ok::<_, Error>(())
        };
        let _ = timeout(within, farewell).await;
    }
}

async fn unless_told<E>(
    membership: &mut Subscription,
    writing: impl Future<Output = Result<Result<(), E>, tokio::time::error::Elapsed>>,
) -> Result<(), End> {
    tokio::select! {
        biased;
        written = writing => match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        },
        order = membership.closed() => Err(End::Told(order)),
    }
}

pub(super) fn error_frame(code: &str, message: &str) -> ServerFrame {
    ServerFrame::Error { code: code.to_owned(), message: message.to_owned() }
}

/// Between half a second and three, so that all clients do not come back in the same instant.
fn retry_after_ms() -> u64 {
    let random = getrandom::u32().unwrap_or(0);
    500 + u64::from(random) % 2501
}
