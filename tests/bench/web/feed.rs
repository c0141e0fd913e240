//! A backend of foods alone, which numbers its events as the bundled server does and has no database to be slow:
//! it can send ten thousand in a second, or list as many.
//!
//! All of it goes through a [`Proxy`] in front of a real server, which answers everything else.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures_util::{SinkExt, StreamExt};
use latido_e2e::{
    proxy::{Proxy, action::Accepted},
    wait::PATIENCE,
};
use latido_protocol::{
    event::{Change, Event},
    food::FoodLog,
    frame::{ClientFrame, ServerFrame, Welcome, WelcomeMode},
    time::Timestamp,
};
use serde_json::{json, value::RawValue};
use tokio::{sync::mpsc, task::spawn_local, time::timeout};
use tokio_tungstenite::tungstenite::Message;

const EPOCH: &str = "bench";
/// Of what is sent in a second, so many at once.
const BATCHES: usize = 100;

/// Clones are the same.
#[derive(Clone)]
pub struct Feed(Rc<RefCell<Foods>>);

struct Foods {
    head: u64,
    /// Newest first, as they are listed.
    foods: Vec<Food>,
}

struct Food {
    logged_at: Timestamp,
    version: u64,
    json: Box<RawValue>,
}

impl Feed {
    /// So many foods of today, all of them in the past.
    pub fn of(count: usize) -> Self {
        let now = now().unix_ms();
        let since_midnight = now.rem_euclid(24 * 60 * 60 * 1_000);
        let apart = since_midnight / (i64::try_from(count).unwrap_or(1) + 1);
        let foods = (0..count).map(|place| {
            let back = apart * i64::try_from(place + 1).unwrap_or(1);
            let logged_at = Timestamp::from_unix_ms(now - back);
            let (_, json) = food(place, &format!("Comida {place:05}"), logged_at, 1);
            Food { logged_at, version: 1, json }
        });
        Self(Rc::new(RefCell::new(Foods { head: 0, foods: foods.collect() })))
    }

    /// Stands in for the server: sockets and the list of foods are answered here.
    pub fn take(&self, proxy: &Proxy) -> mpsc::UnboundedReceiver<Accepted> {
        let feed = self.clone();
        proxy.accept_sockets(move |request| {
            if request.is_for("/realtime/ticket") {
                Some(r#"{"ticket":"any","expiresIn":30}"#.to_owned())
            } else if request.method() == "GET" && request.is_for("/food-logs") {
                Some(feed.list())
            } else {
                None
            }
        })
    }

    fn list(&self) -> String {
        let feed = self.0.borrow();
        let foods: Vec<_> = feed.foods.iter().map(|food| food.json.get()).collect();
        format!(r#"{{"foodLogs":[{}],"nextCursor":null}}"#, foods.join(","))
    }

    /// Another name for the food at this place of the list; gives back the event's text.
    pub fn rename(&self, place: usize, name: &str) -> String {
        let mut feed = self.0.borrow_mut();
        feed.head += 1;
        let head = feed.head;
        let Food { logged_at, version, .. } = feed.foods[place];
        let (record, json) = food(place, name, logged_at, version + 1);
        feed.foods[place] = Food { logged_at, version: version + 1, json };
        ServerFrame::Event(Event::Food(Change::Updated(record))).to_text(now(), Some((EPOCH, head)))
    }

    /// Ten thousand events of these foods in turn, within a second. Gives back the last name of each.
    pub async fn burst(&self, line: &mut Line, events: usize) -> Vec<String> {
        let count = self.0.borrow().foods.len();
        let name = |number: usize| format!("Cambio {number:05}");
        let started = Instant::now();
        for batch in 0..BATCHES {
            for number in (batch * events / BATCHES)..((batch + 1) * events / BATCHES) {
                let text = self.rename(number % count, &name(number));
                line.socket.feed(Message::text(text)).await.expect("the page listens");
            }
            line.socket.flush().await.expect("the page listens");
            let due = Duration::from_secs(1) * u32::try_from(batch + 1).unwrap_or(1) / BATCHES as u32;
            tokio::time::sleep(due.saturating_sub(started.elapsed())).await;
        }
        let took = started.elapsed();
        if took > Duration::from_millis(1_200) {
            eprintln!("  sending took {:.2} s: the page or the machine does not keep up", took.as_secs_f64());
        }
        (events.saturating_sub(count)..events).map(name).collect()
    }

    fn head(&self) -> u64 {
        self.0.borrow().head
    }
}

/// The page's socket.
pub struct Line {
    socket: Accepted,
}

impl Line {
    /// Takes the page's dial and greets it.
    pub async fn accept(feed: &Feed, dials: &mut mpsc::UnboundedReceiver<Accepted>) -> Self {
        let dial = timeout(PATIENCE, dials.recv()).await.expect("the page dials");
        let mut line = Self { socket: dial.expect("the proxy lives") };
        while !matches!(line.heard().await, Some(ClientFrame::Hello { .. })) {}
        let welcome = Welcome {
            connection_id: "any".to_owned(),
            epoch: EPOCH.to_owned(),
            head: feed.head(),
            mode: WelcomeMode::Fresh,
            expires_at: None,
        };
        line.send(ServerFrame::Welcome(welcome).to_text(now(), None)).await;
        line
    }

    pub async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.expect("the page listens");
    }

    async fn heard(&mut self) -> Option<ClientFrame> {
        let message = self.socket.next().await.expect("the page stays").expect("a message");
        ClientFrame::parse(message.to_text().ok()?).ok()
    }

    /// From now on pings are answered and nothing else happens.
    pub fn idle(mut self, feed: &Feed) {
        let feed = feed.clone();
        spawn_local(async move {
            while let Some(Ok(message)) = self.socket.next().await {
                let frame = message.to_text().ok().and_then(|text| ClientFrame::parse(text).ok());
                if let Some(ClientFrame::Ping { .. }) = frame {
                    let pong = ServerFrame::Pong { head: Some(feed.head()) }.to_text(now(), None);
                    // A page that is closed needs none.
                    let _ = self.socket.send(Message::text(pong)).await;
                }
            }
        });
    }
}

fn food(place: usize, name: &str, logged_at: Timestamp, version: u64) -> (FoodLog, Box<RawValue>) {
    let food = json!({
        "id": format!("food-{place:05}"), "loggedAt": logged_at, "meal": "snack", "name": name,
        "calories": place % 900 + 1, "proteinG": 11.5, "carbsG": 20, "fatG": 3.5, "source": "wallavi",
        "createdAt": logged_at, "updatedAt": now(), "version": version,
    });
    let json = RawValue::from_string(food.to_string()).expect("it is JSON");
    (serde_json::from_value(food).expect("it is a food"), json)
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or_default())
}
