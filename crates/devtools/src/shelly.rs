//! A simulated Shelly device: it speaks the protocol of the real ones, switches, draws a power that varies
//! while it is on, asks for a password if it has one, and can be made to misbehave.
//!
//! It checks proofs of the password by itself, as a device does, and shares no code with the server's connector: a
//! mistake in one of the two is found by the other.
//!
//! Described at <https://shelly-api-docs.shelly.cloud/gen2/General/Authentication>.

use std::{
    fmt::Write as _,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::broadcast,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

/// Power drawn while a switch is on, in watts: the mean, and the largest deviation from it.
const POWER: (f64, f64) = (60.0, 15.0);
const ID: &str = "shellysimulator-000000000001";
/// A connection that lags this many changes behind is closed, as a small device would.
const CHANGES: usize = 256;

#[derive(Clone, Debug)]
pub struct Options {
    pub name: String,
    pub switches: u16,
    pub password: Option<String>,
    /// How often the measured power changes.
    pub measure_every: Duration,
    pub firmware: Firmware,
    /// The answer to a request for its status.
    pub status: StatusAnswer,
}

/// How a device checks proofs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmware {
    /// Every use of a nonce has the first count.
    FirstCount,
    /// From 2.0 on: each use of a nonce has a greater count, and ten failures are a lockout.
    GrowingCount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusAnswer {
    Whole,
    /// With this error.
    Error(i64),
    Never,
}

/// The only user of a device.
const USER: &str = "admin";
/// RFC 7616 digests the method and the address of a request. A frame has neither, and these stand for them.
const HA2_OF: &str = "dummy_method:dummy_uri";

/// A request as a client sends it. Answers and notifications go to `src`.
#[derive(Deserialize)]
struct Request {
    id: u64,
    src: String,
    method: String,
    #[serde(default)]
    params: Map<String, Value>,
    auth: Option<Proof>,
}

/// The proof of the password in a request.
#[derive(Deserialize)]
struct Proof {
    realm: String,
    nonce: Value,
    /// How often the nonce has been used, this time included.
    #[serde(default = "first_use")]
    nc: Value,
    cnonce: Value,
    response: String,
}

fn first_use() -> Value {
    Value::from(1)
}

/// The challenge that a connection's proofs are checked against.
struct Challenge {
    nonce: u32,
    /// The smallest count that is accepted.
    count: u64,
}

impl Challenge {
    /// Whether the proof was made with the password, for this nonce.
    fn accepts(&self, proof: &Proof, password: &str) -> bool {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (ha1, ha2) = (sha256(&format!("{USER}:{ID}:{password}")), sha256(HA2_OF));
        let (count, cnonce) = (text(&proof.nc), text(&proof.cnonce));
        proof.realm == ID
            && proof.nonce == json!(self.nonce)
            && proof.response == sha256(&format!("{ha1}:{}:{count}:{cnonce}:auth:{ha2}", self.nonce))
    }
}

/// SHA-256 as lower-case hexadecimal digits.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Failed proofs after which a device with [`Firmware::GrowingCount`] takes none.
const LOCKOUT_AFTER: u32 = 10;

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "Simulated plug".to_owned(),
            switches: 1,
            password: None,
            measure_every: Duration::from_secs(1),
            firmware: Firmware::GrowingCount,
            status: StatusAnswer::Whole,
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
    /// Whether requests are left unanswered.
    mute: AtomicBool,
    nonces: AtomicU32,
    failed_proofs: AtomicU32,
}

/// A device that listens until it is dropped.
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
            failed_proofs: AtomicU32::new(0),
            options,
        });
        let tasks =
            [tokio::spawn(accept(listener, Arc::clone(&device))), tokio::spawn(measure(Arc::clone(&device)))];
        Ok(Self { address, device, tasks })
    }

    pub fn url(&self) -> String {
        format!("ws://{}/rpc", self.address)
    }

    /// Presses the button of a switch.
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

    /// Sets whether requests are left unanswered.
    pub fn mute(&self, mute: bool) {
        self.device.mute.store(mute, Ordering::SeqCst);
    }

    /// How many proofs were not accepted.
    pub fn failed_proofs(&self) -> u32 {
        self.device.failed_proofs.load(Ordering::SeqCst)
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
    let mut random = fastrand::Rng::with_seed(1);
    let mut ticks = interval(device.options.measure_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let mut part = Map::new();
        for (number, switch) in device.switches().iter_mut().enumerate().filter(|(_, switch)| switch.on) {
            switch.power = POWER.0 + ((2.0 * random.f64() - 1.0) * POWER.1).round();
            part.insert(format!("switch:{number}"), json!({"id": number, "apower": switch.power}));
        }
        if !part.is_empty() {
            device.notify(part);
        }
    }
}

async fn converse(
    mut socket: WebSocketStream<TcpStream>,
    device: &Device,
    mut changes: broadcast::Receiver<Change>,
) {
    // Changes are sent to the peer once it has sent a frame with a `src`.
    let mut peer: Option<String> = None;
    let mut challenge = device.challenge();
    loop {
        let said = tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let Ok(request) = serde_json::from_str::<Request>(&text) else { continue };
                    let answer = device.answer(&request, &mut challenge);
                    let silent = device.mute.load(Ordering::SeqCst) || device.ignores(&request);
                    peer = Some(request.src);
                    if silent { None } else { Some(answer) }
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

    fn notify(&self, part: Map<String, Value>) {
        let _ = self.changes.send(Change::Status(part));
    }

    fn challenge(&self) -> Challenge {
        Challenge { nonce: self.nonces.fetch_add(1, Ordering::SeqCst), count: 1 }
    }

    fn answer(&self, request: &Request, challenge: &mut Challenge) -> Value {
        let outcome = if self.is_locked_out() && request.method != "Shelly.GetDeviceInfo" {
            Err((429, "Too many failed authentication attempts".to_owned()))
        } else if self.is_authenticated(request, challenge) {
            self.execute(request)
        } else {
            *challenge = self.challenge();
            let message = json!({
                "auth_type": "digest", "nonce": challenge.nonce, "nc": challenge.count, "realm": ID,
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

    fn is_authenticated(&self, request: &Request, challenge: &mut Challenge) -> bool {
        let Some(password) = &self.options.password else { return true };
        if request.method == "Shelly.GetDeviceInfo" {
            return true;
        }
        // A request without a proof gets a challenge, and is no failure.
        let Some(proof) = &request.auth else { return false };
        let count = proof.nc.as_u64().unwrap_or(0);
        let counted = match self.options.firmware {
            Firmware::FirstCount => count == challenge.count,
            Firmware::GrowingCount => count >= challenge.count,
        };
        if !counted || !challenge.accepts(proof, password) {
            self.failed_proofs.fetch_add(1, Ordering::SeqCst);
            return false;
        }
        if self.options.firmware == Firmware::GrowingCount {
            challenge.count = count + 1;
        }
        true
    }

    fn is_locked_out(&self) -> bool {
        self.options.firmware == Firmware::GrowingCount
            && self.failed_proofs.load(Ordering::SeqCst) >= LOCKOUT_AFTER
    }

    fn ignores(&self, request: &Request) -> bool {
        request.method == "Shelly.GetStatus" && self.options.status == StatusAnswer::Never
    }

    fn version(&self) -> &'static str {
        match self.options.firmware {
            Firmware::FirstCount => "1.4.4",
            Firmware::GrowingCount => "2.0.0",
        }
    }

    fn execute(&self, request: &Request) -> Result<Value, (i64, String)> {
        match request.method.as_str() {
            "Shelly.GetDeviceInfo" => Ok(json!({
                "name": self.options.name, "id": ID, "mac": "000000000001", "model": "SNSW-002P16EU",
                "gen": 2, "ver": self.version(), "app": "Plus2PM", "auth_en": self.options.password.is_some(),
            })),
            "Shelly.GetStatus" => match self.options.status {
                StatusAnswer::Error(code) => Err((code, "The status cannot be told".to_owned())),
                StatusAnswer::Whole | StatusAnswer::Never => Ok(self.status()),
            },
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

    /// Switches, and returns the state before.
    fn set(&self, number: u16, on: bool, source: &str) -> Option<bool> {
        let mut switches = self.switches();
        let switch = switches.get_mut(usize::from(number))?;
        let was_on = std::mem::replace(&mut switch.on, on);
        switch.power = if on { POWER.0 } else { 0.0 };
        let part = json!({"id": number, "output": on, "apower": switch.power, "source": source});
        drop(switches);
        self.notify([(format!("switch:{number}"), part)].into_iter().collect());
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
