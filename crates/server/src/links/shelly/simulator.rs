//! A Shelly that is none: it speaks the protocol of the real ones, switches, draws a power that varies
//! while it is on, asks for a password if it has one, and can be made to misbehave.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use latido_connection::random::Random;
use serde_json::{Map, Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::broadcast,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use super::{digest_auth::Challenge, frame::Request};

/// What is drawn while a switch is on, in watts: so much, give or take so much.
const POWER: (f64, i64) = (60.0, 15);
const ID: &str = "shellysimulator-000000000001";
/// A connection that lags this many changes behind is cut off, as a small device would.
const CHANGES: usize = 256;

#[derive(Clone, Debug)]
pub struct Options {
    pub name: String,
    pub switches: u16,
    pub password: Option<String>,
    /// How often the measured power changes.
    pub measure_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "Simulated plug".to_owned(),
            switches: 1,
            password: None,
            measure_every: Duration::from_secs(1),
        }
    }
}

#[derive(Clone, Default)]
struct Switch {
    on: bool,
    power: f64,
}

#[derive(Clone)]
enum Change {
    /// A part of the status.
    Status(Map<String, Value>),
    HangUp,
}

struct Device {
    options: Options,
    switches: Mutex<Vec<Switch>>,
    changes: broadcast::Sender<Change>,
    /// Hears, and answers nothing.
    mute: AtomicBool,
    nonces: AtomicU32,
}

/// A device that is listening. It stops when this is dropped.
pub struct Simulator {
    pub address: SocketAddr,
    device: Arc<Device>,
    tasks: [JoinHandle<()>; 2],
}

impl Simulator {
    pub async fn start(address: SocketAddr, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let device = Arc::new(Device {
            switches: Mutex::new(vec![Switch::default(); options.switches.into()]),
            changes: broadcast::channel(CHANGES).0,
            mute: AtomicBool::new(false),
            nonces: AtomicU32::new(1),
            options,
        });
        let tasks =
            [tokio::spawn(accept(listener, Arc::clone(&device))), tokio::spawn(measure(Arc::clone(&device)))];
        Ok(Self { address, device, tasks })
    }

    pub fn url(&self) -> String {
        format!("ws://{}/rpc", self.address)
    }

    /// Somebody presses the button of a switch.
    pub fn press(&self, number: u16) {
        let on = self.is_on(number);
        self.device.set(number, !on, "button");
    }

    pub fn is_on(&self, number: u16) -> bool {
        self.device.switches().get(usize::from(number)).is_some_and(|switch| switch.on)
    }

    /// Closes every connection.
    pub fn hang_up(&self) {
        let _ = self.device.changes.send(Change::HangUp);
    }

    /// From now on it hears but answers no request, or does again.
    pub fn mute(&self, mute: bool) {
        self.device.mute.store(mute, Ordering::SeqCst);
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.device.changes.receiver_count()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.hang_up();
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn accept(listener: TcpListener, device: Arc<Device>) {
    while let Ok((stream, _)) = listener.accept().await {
        let changes = device.changes.subscribe();
        let device = Arc::clone(&device);
        tokio::spawn(async move {
            if let Ok(socket) = accept_async(stream).await {
                converse(socket, &device, changes).await;
            }
        });
    }
}

async fn measure(device: Arc<Device>) {
    let mut random = Random::seeded(1);
    let mut ticks = interval(device.options.measure_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let mut part = Map::new();
        for (number, switch) in device.switches().iter_mut().enumerate().filter(|(_, switch)| switch.on) {
            switch.power = POWER.0 + (random.up_to(2 * POWER.1) - POWER.1) as f64;
            part.insert(format!("switch:{number}"), json!({"id": number, "apower": switch.power}));
        }
        if !part.is_empty() {
            device.tell(part);
        }
    }
}

async fn converse(
    mut socket: WebSocketStream<TcpStream>,
    device: &Device,
    mut changes: broadcast::Receiver<Change>,
) {
    // Who has sent a frame with a `src` is told of changes.
    let mut peer: Option<String> = None;
    let mut challenge = device.challenge();
    loop {
        let said = tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let Ok(request) = serde_json::from_str::<Request>(&text) else { continue };
                    let answer = device.answer(&request, &mut challenge);
                    peer = Some(request.src);
                    if device.mute.load(Ordering::SeqCst) { None } else { Some(answer) }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => None,
            },
            change = changes.recv() => match (change, &peer) {
                (Ok(Change::Status(part)), Some(peer)) => Some(notification(peer, part)),
                (Ok(Change::Status(_)), None) => None,
                (Ok(Change::HangUp) | Err(_), _) => {
                    let _ = socket.close(None).await;
                    return;
                }
            },
        };
        if let Some(said) = said
            && socket.send(Message::text(said.to_string())).await.is_err()
        {
            return;
        }
    }
}

fn notification(peer: &str, mut part: Map<String, Value>) -> Value {
    part.insert("ts".to_owned(), json!(0));
    json!({"src": ID, "dst": peer, "method": "NotifyStatus", "params": part})
}

impl Device {
    fn switches(&self) -> MutexGuard<'_, Vec<Switch>> {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, part: Map<String, Value>) {
        let _ = self.changes.send(Change::Status(part));
    }

    fn challenge(&self) -> Challenge {
        Challenge {
            realm: ID.to_owned(),
            nonce: json!(self.nonces.fetch_add(1, Ordering::SeqCst)),
            nc: json!(1),
            algorithm: Some("SHA-256".to_owned()),
        }
    }

    fn answer(&self, request: &Request, challenge: &mut Challenge) -> Value {
        let outcome = if self.lets_in(request, challenge) {
            self.carry_out(request)
        } else {
            *challenge = self.challenge();
            let message = json!({
                "auth_type": "digest", "nonce": challenge.nonce, "nc": challenge.nc, "realm": challenge.realm,
                "algorithm": "SHA-256",
            });
            Err((401, message.to_string()))
        };
        let mut answer = json!({"id": request.id, "src": ID, "dst": request.src});
        match outcome {
            Ok(result) => answer["result"] = result,
            Err((code, message)) => answer["error"] = json!({"code": code, "message": message}),
        }
        answer
    }

    fn lets_in(&self, request: &Request, challenge: &Challenge) -> bool {
        let Some(password) = &self.options.password else { return true };
        request.method == "Shelly.GetDeviceInfo"
            || request.auth.as_ref().is_some_and(|proof| challenge.accepts(proof, password))
    }

    fn carry_out(&self, request: &Request) -> Result<Value, (i64, String)> {
        match request.method.as_str() {
            "Shelly.GetDeviceInfo" => Ok(json!({
                "name": self.options.name, "id": ID, "mac": "000000000001", "model": "SNSW-002P16EU",
                "gen": 2, "ver": "1.4.4", "app": "Plus2PM", "auth_en": self.options.password.is_some(),
            })),
            "Shelly.GetStatus" => Ok(self.status()),
            "Switch.Set" => {
                let number = request.params.get("id").and_then(Value::as_u64).unwrap_or(u64::MAX);
                let on = request.params.get("on").and_then(Value::as_bool);
                let (Ok(short), Some(on)) = (u16::try_from(number), on) else {
                    return Err((-103, "Missing or bad argument!".to_owned()));
                };
                match self.set(short, on, "WS_in") {
                    Some(was_on) => Ok(json!({"was_on": was_on})),
                    None => Err((-105, format!("Argument 'id', value {number} not found!"))),
                }
            }
            method => Err((404, format!("No handler for {method}"))),
        }
    }

    /// Switches, and gives what it was before.
    fn set(&self, number: u16, on: bool, source: &str) -> Option<bool> {
        let mut switches = self.switches();
        let switch = switches.get_mut(usize::from(number))?;
        let was_on = std::mem::replace(&mut switch.on, on);
        switch.power = if on { POWER.0 } else { 0.0 };
        let part = json!({"id": number, "output": on, "apower": switch.power, "source": source});
        drop(switches);
        self.tell([(format!("switch:{number}"), part)].into_iter().collect());
        Some(was_on)
    }

    fn status(&self) -> Value {
        let mut status = Map::new();
        for (number, switch) in self.switches().iter().enumerate() {
            let part = json!({
                "id": number, "source": "init", "output": switch.on, "apower": switch.power, "voltage": 230.1,
                "current": switch.power / 230.1, "temperature": {"tC": 41.5, "tF": 106.7},
            });
            status.insert(format!("switch:{number}"), part);
        }
        status.insert("sys".to_owned(), json!({"mac": "000000000001", "restart_required": false}));
        Value::Object(status)
    }
}
