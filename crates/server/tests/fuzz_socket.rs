//! Whatever comes in over a socket, nothing in the server panics, and everybody else's socket goes on: first
//! messages in every mixture of frames and nonsense, then bytes that are hardly WebSocket at all.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use support::{
    Person, Server,
    socket::{Socket, dial},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    sync::Mutex,
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message;

/// Panics of the server's own threads. A panic in a task of the runtime ends nothing but that task, so it
/// has to be counted to be seen.
static PANICS: AtomicU32 = AtomicU32::new(0);

struct World {
    runtime: Runtime,
    server: Server,
    lucia: Person,
    epoch: String,
    /// Somebody else's socket, which nothing of this may touch.
    witness: Mutex<Socket>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name().is_some_and(|name| name.starts_with("tokio")) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        usual(panic);
    }));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("tokio-server").build().unwrap();
    let (server, lucia, witness) = runtime.block_on(async {
        let server = Server::start_with(|settings| {
            support::unhurried(settings);
            settings.limits.free_messages = usize::MAX;
        })
        .await;
        let lucia = server.person("lucia@example.org").await;
        let marta = server.person("marta@example.org").await;
        for number in 0..5 {
            lucia.log_food(&format!("f{number}")).await;
        }
        let mut witness = support::socket::open(&server, &marta).await;
        witness.start().await;
        (server, lucia, witness)
    });
    let epoch = server.app().store.epoch().to_owned();
    World { runtime, server, lucia, epoch, witness: Mutex::new(witness) }
});

impl World {
    fn path(&self) -> String {
        format!("/ws?token={}", self.lucia.token.as_ref().unwrap())
    }

    /// Nothing has panicked, and the witness is still served.
    async fn is_unharmed(&self) {
        let mut witness = self.witness.lock().await;
        let (events, head) = witness.up_to_pong().await;
        assert_eq!((events.len(), head), (0, Some(0)), "the witness heard of what is not theirs");
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "something panicked; see above");
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,30}".prop_map(Value::from),
        Just(json!({"epoch": WORLD.epoch, "seq": 3, "client": "x"})),
        Just(json!({"channel": "conversation:1"})),
        Just(json!({"channel": ["conversation:1"]})),
        Just(json!({"contactId": "1"})),
        (0..300_usize).prop_map(|depth| (0..depth).fold(json!(1), |inner, _| json!([inner]))),
    ]
}

/// A frame of the contract in which anything may be odd.
fn frame() -> impl Strategy<Value = String> {
    let kinds = [
        "hello",
        "ping",
        "subscribe",
        "unsubscribe",
        "typing:start",
        "typing:stop",
        "welcome",
        "pong",
        "error",
        "foodLogCreated",
        "",
        "HELLO",
    ];
    let extra = select(&["timestamp", "id", "seq", "epoch", "error", "x"][..]);
    let parts = (select(kinds.to_vec()), odd_value(), extra, odd_value(), 0..80_usize);
    parts.prop_map(|(kind, data, name, odd, cut)| {
        let text = json!({"type": kind, "data": data, name: odd}).to_string();
        // Now and then it ends in the middle.
        if cut < 12 { text.chars().take(cut * 3).collect() } else { text }
    })
}

fn message() -> impl Strategy<Value = Message> {
    let hello = (any::<bool>(), 0..8_u64).prop_map(|(known, seq)| {
        let epoch = if known { WORLD.epoch.clone() } else { "elsewhere".to_owned() };
        let data = json!({"epoch": epoch, "seq": seq, "client": "fuzz/1"});
        Message::text(json!({"type": "hello", "data": data}).to_string())
    });
    prop_oneof![
        3 => hello,
        6 => frame().prop_map(Message::text),
        2 => "\\PC{0,200}".prop_map(Message::text),
        1 => (32_000..34_000_usize).prop_map(|length| Message::text("x".repeat(length))),
        1 => vec(any::<u8>(), 0..100).prop_map(Message::binary),
        1 => vec(any::<u8>(), 0..125).prop_map(|bytes| Message::Ping(bytes.into())),
        1 => vec(any::<u8>(), 0..125).prop_map(|bytes| Message::Pong(bytes.into())),
    ]
}

/// Bytes behind the upgrade: frames with wrong bits, lengths and masks, and mere noise.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let framed = (any::<u8>(), any::<u8>(), vec(any::<u8>(), 0..300)).prop_map(|(first, second, rest)| {
        let mut bytes = vec![first, second];
        bytes.extend(rest);
        bytes
    });
    // Said to be long, and ended early.
    let promised = any::<u64>().prop_map(|length| {
        let mut bytes = vec![0x81, 0xff];
        bytes.extend(length.to_be_bytes());
        bytes.extend([0, 0, 0, 0, b'{']);
        bytes
    });
    // Properly masked text, whatever its bytes.
    let masked = vec(any::<u8>(), 0..120).prop_map(|text| {
        let mut bytes = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
        bytes.extend(text);
        bytes
    });
    vec(prop_oneof![framed, promised, masked, vec(any::<u8>(), 0..300)], 1..4)
        .prop_map(|parts| parts.concat())
}

/// Sends bytes behind an upgrade, and reads until the server has had enough or waits for more.
async fn send_raw(world: &World, bytes: &[u8]) {
    let mut stream = TcpStream::connect(world.server.running.address).await.unwrap();
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: latido.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        world.path()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 101");
    // The server may have closed already.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut rest = Vec::new();
    // However it ends, it ends.
    let ended = timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the server neither answers nor closes");
}

proptest! {
    #![proptest_config(support::cases(25))]

    #[test]
    fn no_message_breaks_the_socket_of_another(messages in vec(message(), 1..12)) {
        let world = &*WORLD;
        world.runtime.block_on(async {
            let mut socket = dial(&world.server, &world.path(), &[]).await.unwrap();
            for message in messages {
                if !socket.try_send(message).await {
                    break;
                }
            }
            socket.vanish();
            world.is_unharmed().await;
        });
    }

    #[test]
    fn no_bytes_break_the_socket_of_another(connections in vec(bytes(), 1..12)) {
        let world = &*WORLD;
        world.runtime.block_on(async {
            join_all(connections.iter().map(|bytes| send_raw(world, bytes))).await;
            world.is_unharmed().await;
        });
    }
}
