//! A backend that has fifty foods and changes them all the time. It numbers its events and keeps the last of
//! them, as the bundled server does, but it has no database to be slow.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use futures_util::{SinkExt, StreamExt};
use latido_protocol::{
    event::{Change, Event},
    food::{FoodLog, FoodLogPage},
    frame::{ClientFrame, Position, ServerFrame, Welcome, WelcomeMode},
    record::Record,
    time::Timestamp,
};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::proxy::action::Accepted;

const EPOCH: &str = "soak";
const FOODS: usize = 50;
/// Every so many events a food is deleted; the next that concerns its place creates another.
const DELETE_EVERY: u64 = 11;
/// Events that are kept; a client that misses more has to start afresh.
const KEPT: usize = 300;

#[derive(Default)]
pub(super) struct Backend {
    head: u64,
    /// One place each; it is empty from a deletion until the next creation.
    foods: Vec<Option<FoodLog>>,
    log: VecDeque<(u64, String)>,
}

impl Backend {
    /// The response to a request for the list.
    pub fn list(&self) -> String {
        let mut foods: Vec<_> = self.foods.iter().flatten().cloned().collect();
        foods.sort_by_key(|food| std::cmp::Reverse((food.at(), food.id.as_str().to_owned())));
        let page: FoodLogPage = FoodLog::page(foods, None);
        serde_json::to_string(&page).expect("a page can be written")
    }

    pub fn names(&self) -> Vec<String> {
        self.foods.iter().flatten().map(|food| food.name.as_str().to_owned()).collect()
    }

    /// The next change, as an event.
    fn change(&mut self) -> String {
        self.head += 1;
        let now = now();
        let place = usize::try_from(self.head).unwrap_or_default() % FOODS;
        self.foods.resize(FOODS, None);
        let change = match self.foods[place].take() {
            Some(before) if self.head.is_multiple_of(DELETE_EVERY) => Change::Deleted(before.id),
            Some(before) => {
                let after = food(before.id.as_str(), self.head, before.logged_at, now);
                self.foods[place] = Some(after.clone());
                Change::Updated(after)
            }
            None => {
                // An id is never used a second time.
                let new = food(&format!("food-{}", self.head), self.head, now, now);
                self.foods[place] = Some(new.clone());
                Change::Created(new)
            }
        };
        let text = ServerFrame::Event(Event::Food(change)).to_text(now, Some((EPOCH, self.head)));
        if self.log.len() == KEPT {
            self.log.pop_front();
        }
        self.log.push_back((self.head, text.clone()));
        text
    }

    /// The answer to a hello: the welcome, and what was missed.
    fn greeting(&self, position: Option<Position>) -> Vec<String> {
        let oldest = self.log.front().map_or(1, |(seq, _)| *seq);
        let since = position.filter(|position| position.epoch == EPOCH).map(|position| position.seq);
        let (mode, since) = match since {
            None => (WelcomeMode::Fresh, self.head),
            Some(seq) if seq > self.head || seq + 1 < oldest => (WelcomeMode::Reset, self.head),
            Some(seq) => (WelcomeMode::Resumed, seq),
        };
        let welcome = ServerFrame::Welcome(Welcome {
            connection_id: "any".to_owned(),
            epoch: EPOCH.to_owned(),
            head: self.head,
            mode,
            expires_at: None,
        });
        let missed = self.log.iter().filter(|(seq, _)| *seq > since).map(|(_, text)| text.clone());
        [welcome.to_text(now(), None)].into_iter().chain(missed).collect()
    }

    fn pong(&self) -> String {
        ServerFrame::Pong { head: Some(self.head) }.to_text(now(), None)
    }
}

fn food(id: &str, version: u64, logged_at: Timestamp, now: Timestamp) -> FoodLog {
    let food = json!({
        "id": id, "loggedAt": logged_at, "meal": "snack", "name": format!("Cambio {version}."),
        "calories": version % 1_000, "proteinG": 1, "carbsG": 2, "fatG": 3, "source": "import",
        "createdAt": logged_at, "updatedAt": now, "version": version,
    });
    serde_json::from_value(food).expect("it is a food")
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_unix_ms(since.map_or(0, |since| since.as_millis() as i64))
}

/// Waits for the hello and answers it.
pub(super) async fn greet(socket: &mut Accepted, backend: &RefCell<Backend>) {
    while let Some(Ok(message)) = socket.next().await {
        if let Some(ClientFrame::Hello { position, .. }) = frame(&message) {
            let greeting = backend.borrow().greeting(position);
            for text in greeting {
                // A client that went away dials again.
                let _ = socket.feed(Message::text(text)).await;
            }
            let _ = socket.flush().await;
            return;
        }
    }
}

pub(super) async fn send_events(socket: &mut Accepted, backend: &RefCell<Backend>, count: u64) {
    for _ in 0..count {
        let text = backend.borrow_mut().change();
        let _ = socket.feed(Message::text(text)).await;
    }
    let _ = socket.flush().await;
}

/// Dropping it now loses what the client has not read yet.
pub(super) fn reset(socket: &Accepted) {
    socket.get_ref().set_zero_linger().expect("a socket can be reset");
}

/// Until the client disconnects.
pub(super) async fn answer_pings(mut socket: Accepted, backend: Rc<RefCell<Backend>>) {
    while let Some(Ok(message)) = socket.next().await {
        let answers = match frame(&message) {
            Some(ClientFrame::Ping { .. }) => vec![backend.borrow().pong()],
            Some(ClientFrame::Hello { position, .. }) => backend.borrow().greeting(position),
            _ => Vec::new(),
        };
        for text in answers {
            let _ = socket.send(Message::text(text)).await;
        }
    }
}

fn frame(message: &Message) -> Option<ClientFrame> {
    ClientFrame::parse(message.to_text().ok()?).ok()
}
