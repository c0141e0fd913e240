//! The webhooks: who is believed, what is taken once, and what goes out in which order, however the other
//! side behaves.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::http::StatusCode;
use latido_server::{
    clock::Clock,
    webhook::{
        retry,
        secret::Secret,
        signature::{HEADER, Target, sign},
    },
};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use support::{
    Person, Server,
    socket::open,
    webhooks::{
        Provider, SECRET, contact, contact_says, conversation, post_raw, post_signed, report, says, signed,
        team,
    },
};

async fn start() -> Server {
    Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await
}

async fn start_pushing(provider: &Provider) -> Server {
    let url = provider.url();
    Server::start_with(|settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await
}

fn message(contact: &str, id: &str, text: &str) -> Value {
    json!({"type": "message", "contactId": contact, "id": id, "text": text})
}

async fn last_status(person: &Person) -> Value {
    conversation(person).await["lastMessage"]["status"].clone()
}

/// Waits until the person has been told that a message has come so far.
async fn until_status(server: &Server, person: &Person, wanted: &str) {
    let mut socket = open(server, person).await;
    socket.start().await;
    while last_status(person).await != wanted {
        socket.json().await;
    }
}

#[tokio::test]
async fn what_is_not_signed_is_refused_and_nothing_is_taken() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let body = message(&id, "w1", "Hola").to_string().into_bytes();
    let now = server.clock.now();
    let good = signed("/messages", &body, now);
    let stale = signed("/messages", &body, now.plus_ms(-5 * 60_000 - 1));
    let target = Target { method: "POST", path: "/api/webhooks/messages" };
    let foreign = sign(&[Secret::new("the secret of somebody else").unwrap()], target, &body, now);
    let of_another_body = signed("/messages", b"{}", now);
    let of_another_route = signed("/fetch", &body, now);
    for headers in [
        vec![],
        vec![(HEADER, "")],
        vec![(HEADER, stale.as_str())],
        vec![(HEADER, foreign.as_str())],
        vec![(HEADER, of_another_body.as_str())],
        vec![(HEADER, of_another_route.as_str())],
        vec![(HEADER, good.as_str()), (HEADER, good.as_str())],
    ] {
        let answer = post_raw(&server, "/messages", &headers, body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{headers:?}: {}", answer.text);
        assert!(answer.pointers().is_empty(), "the body is not even looked at");
    }
    assert!(conversation(&lucia).await.get("lastMessage").is_none());
    let taken = post_raw(&server, "/messages", &[(HEADER, &good)], body).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
}

#[tokio::test]
async fn a_repeated_message_gets_the_same_answer_and_no_second_event() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let first = post_signed(&server, "/messages", &message(&id, "w1", "Hola")).await;
    lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    server.clock.advance_ms(60_000);
    for text in ["Hola", "Hola otra vez"] {
        let again = post_signed(&server, "/messages", &message(&id, "w1", text)).await;
        assert_eq!((again.status, &again.text), (StatusCode::OK, &first.text));
    }
    assert_eq!(socket.json_up_to_pong().await, [] as [Value; 0]);
    let listed = conversation(&lucia).await;
    assert_eq!((&listed["unread"], &listed["lastMessage"]["text"]), (&json!(0), &json!("Hola")));
}

#[tokio::test]
async fn racing_repetitions_are_taken_once() {
    let server = Arc::new(start().await);
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let racing: Vec<_> = (0..10)
        .map(|_| {
            let (server, id) = (Arc::clone(&server), id.clone());
            tokio::spawn(async move { contact_says(&server, &id, "w1", "Hola").await })
        })
        .collect();
    let mut ids = Vec::new();
    for one in racing {
        ids.push(one.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(conversation(&lucia).await["unread"], 1);
}

#[tokio::test]
async fn a_contact_is_found_by_address_in_its_tenant_and_a_stranger_is_refused() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    contact(&lucia, "Andrés", "+34600000002").await;
    let by_address = |tenant: Value, address: &str| json!({"type": "message", "tenant": tenant, "channel": "whatsapp", "address": address, "id": "w1", "text": "Hola"});
    for tenant in [Value::Null, json!("main")] {
        let answer = post_signed(&server, "/messages", &by_address(tenant, "+34600000002")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    for (body, pointer) in [
        (by_address(json!("elsewhere"), "+34600000002"), "/address"),
        (by_address(Value::Null, "+34600000009"), "/address"),
        (message("none", "w1", "Hola"), "/contactId"),
    ] {
        let answer = post_signed(&server, "/messages", &body).await;
        assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec![pointer]));
    }
    assert_eq!(conversation(&lucia).await["unread"], 1);
}

#[tokio::test]
async fn one_number_in_any_spelling_is_one_contact() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    contact(&lucia, "Carmen", "+34 600 123 456").await;
    let spellings = ["34600123456", "+34600123456", "0034600123456", "+34-600-123-456", "+34 600 12 34 56"];
    for (number, address) in spellings.into_iter().enumerate() {
        let said = json!({"type": "message", "channel": "whatsapp", "address": address, "id": format!("w{number}"), "text": "Hola"});
        let answer = post_signed(&server, "/messages", &said).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        let twice = json!({"name": "Carmen otra vez", "channel": "whatsapp", "address": address});
        let refused = lucia.post("/conversations", twice).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["/address"])
        );
        assert!(refused.text.contains("belongs to another conversation"), "{}", refused.text);
    }
    assert_eq!(conversation(&lucia).await["unread"], spellings.len());
    for address in ["600 123 456", "call me"] {
        let refused = lucia
            .post("/conversations", json!({"name": "C", "channel": "whatsapp", "address": address}))
            .await;
        assert_eq!(refused.pointers(), ["/address"], "{address}");
        assert!(refused.text.contains("country code"), "{}", refused.text);
    }
}

#[tokio::test]
async fn a_signature_without_its_route_opens_messages_only() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let version_1 = |path: &str, body: &[u8]| {
        let header = signed(path, body, server.clock.now());
        header.split_once(",v2=").unwrap().0.to_owned()
    };
    let body = message(&id, "w1", "Hola").to_string().into_bytes();
    let taken =
        post_raw(&server, "/messages", &[(HEADER, &version_1("/messages", &body))], body.clone()).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    let fetched = post_raw(&server, "/fetch", &[(HEADER, &version_1("/fetch", &body))], body).await;
    assert_eq!(fetched.status, StatusCode::UNAUTHORIZED, "{}", fetched.text);
    assert!(fetched.text.contains("v2"), "{}", fetched.text);
}

#[tokio::test]
async fn everything_wrong_with_a_message_is_named() {
    let server = start().await;
    let answer =
        post_signed(&server, "/messages", &json!({"type": "message", "text": " ", "author": "coach"})).await;
    assert_eq!(answer.pointers(), ["/channel", "/address", "/id", "/author", "/text"]);
    let answer = post_signed(&server, "/messages", &json!({"type": "wink", "contactId": "c"})).await;
    assert_eq!(answer.pointers(), ["/type"]);
    let answer = post_signed(&server, "/messages", &json!([])).await;
    assert_eq!(answer.pointers(), [""]);
    let queued = json!({"type": "status", "contactId": "c", "messageId": "m", "status": "queued"});
    assert_eq!(post_signed(&server, "/messages", &queued).await.pointers(), ["/status"]);
}

#[tokio::test]
async fn a_body_that_is_too_big_is_not_read_to_its_end() {
    let server = start().await;
    let answer = post_raw(&server, "/messages", &[], vec![b' '; 64 * 1024 + 1]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// Whatever comes: never a failure of the server, and never believed without a signature.
#[test]
fn no_body_or_header_breaks_the_webhook_or_gets_in_unsigned() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let (server, lucia, id) = runtime.block_on(async {
        let server = start().await;
        let lucia = team(&server, "lucia@example.org").await;
        let id = contact(&lucia, "Andrés", "+34600000002").await;
        (server, lucia, id)
    });
    let near_miss = {
        let word = prop_oneof![
            Just(json!("message")),
            Just(json!("status")),
            Just(json!("typing:start")),
            Just(json!("bot")),
            Just(json!(id)),
            Just(json!("read")),
            Just(json!("whatsapp")),
            Just(Value::Null),
            Just(json!(7)),
            ".{0,12}".prop_map(Value::from),
            Just(json!({"a": [1]})),
        ];
        let name = prop_oneof![
            Just("type"),
            Just("contactId"),
            Just("id"),
            Just("text"),
            Just("author"),
            Just("status"),
            Just("messageId"),
            Just("channel"),
            Just("address"),
            Just("tenant"),
            Just("acknowledged"),
            Just("typing"),
        ];
        prop::collection::vec((name, word), 0..8).prop_map(|fields| {
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
            // A fetch that waits would only take long.
            let fields = fields.chain([("waitMs".to_owned(), json!(0))]);
            Value::Object(fields.collect()).to_string().into_bytes()
        })
    };
    let body = prop_oneof![3 => near_miss, 1 => prop::collection::vec(any::<u8>(), 0..300)];
    let header = prop_oneof![
        "[ -~]{0,90}",
        "t=[0-9]{1,12},v1=[0-9a-f]{64}",
        "(t=1795248900,?|v1=[0-9a-f]{60,68},?){0,5}"
    ];
    let path = prop_oneof![Just("/messages"), Just("/fetch")];
    let mut runner = TestRunner::new(ProptestConfig { cases: 400, ..ProptestConfig::default() });
    runner
        .run(&(path, body, header), |(path, body, header)| {
            runtime.block_on(async {
                let unsigned = post_raw(&server, path, &[(HEADER, &header)], body.clone()).await;
                prop_assert_eq!(unsigned.status, StatusCode::UNAUTHORIZED);
                let now = server.clock.now();
                let signed = post_raw(&server, path, &[(HEADER, &signed(path, &body, now))], body).await;
                prop_assert!(!signed.status.is_server_error(), "{}", signed.text);
                Ok(())
            })
        })
        .unwrap();
    let listed = runtime.block_on(conversation(&lucia));
    assert_eq!(listed["name"], "Andrés", "the server is well");
    runtime.block_on(server.running.stop());
}

#[tokio::test]
async fn a_message_is_pushed_signed_and_counts_as_sent() {
    let mut provider = Provider::start(|_| StatusCode::OK).await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let message = says(&lucia, &id, "Hola").await;
    let posted = provider.next().await;
    assert_eq!((&posted.body["type"], &posted.body["text"]), (&json!("message"), &json!("Hola")));
    assert_eq!(posted.body["messageId"], json!(message));
    let to = json!({"tenant": "main", "contactId": id, "channel": "whatsapp", "address": "+34600000002"});
    assert_eq!(posted.body["to"], to);
    assert_eq!(posted.delivery.as_deref(), posted.body["id"].as_str());
    until_status(&server, &lucia, "sent").await;
}

#[tokio::test]
async fn reading_is_told_to_the_provider_under_its_own_id() {
    let mut provider = Provider::start(|_| StatusCode::NO_CONTENT).await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    contact_says(&server, &id, "wamid.1", "Hola").await;
    contact_says(&server, &id, "wamid.2", "¿Vienes?").await;
    lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    let posted = provider.next().await;
    assert_eq!((&posted.body["type"], &posted.body["providerId"]), (&json!("read"), &json!("wamid.2")));
}

#[tokio::test]
async fn what_fails_is_tried_again_in_order_under_the_same_id() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let mut provider = Provider::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::SERVICE_UNAVAILABLE,
        1 => StatusCode::FOUND,
        2 => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    })
    .await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "uno").await;
    let first = provider.next().await;
    says(&lucia, &id, "dos").await;
    for _ in 0..3 {
        settled_attempt(&server).await;
        let again = provider.next().await;
        assert_eq!(again.body, first.body, "the first is repeated before the second goes");
        assert_eq!(again.delivery, first.delivery);
    }
    assert_eq!(provider.next().await.body["text"], "dos");
    until_status(&server, &lucia, "sent").await;
    assert!(provider.is_quiet());
}

/// Waits until a failed attempt has been noted, and lets the time pass until the next one.
async fn settled_attempt(server: &Server) {
    let wait = loop {
        let due = server.app().store.read(|read| latido_domain::outbox::due(read, 1)).await;
        let due: Vec<latido_domain::outbox::DueQueue> =
            Result::<_, latido_domain::store::StoreError>::unwrap(due);
        match due.first().map(|due| due.at.unix_ms() - server.clock.now().unix_ms()) {
            Some(wait @ 1..) => break wait,
            _ => tokio::task::yield_now().await,
        }
    };
    server.clock.advance_ms(wait);
    server.app().webhooks.notify();
}

#[tokio::test]
async fn a_refusal_is_final_and_holds_nothing_up() {
    let mut provider = Provider::start(|body| match body["text"].as_str() {
        Some("uno") => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    })
    .await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let refused = says(&lucia, &id, "uno").await;
    assert_eq!(provider.next().await.body["text"], "uno");
    until_status(&server, &lucia, "failed").await;
    says(&lucia, &id, "dos").await;
    assert_eq!(provider.next().await.body["text"], "dos");
    until_status(&server, &lucia, "sent").await;
    assert_eq!(report(&server, &id, &refused, "delivered").await, StatusCode::NO_CONTENT);
    assert!(provider.is_quiet());
}

#[tokio::test]
async fn after_eight_attempts_it_has_failed() {
    let mut provider = Provider::start(|_| StatusCode::INTERNAL_SERVER_ERROR).await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "Hola").await;
    for attempt in 1..=retry::ATTEMPTS {
        provider.next().await;
        if attempt < retry::ATTEMPTS {
            settled_attempt(&server).await;
        }
    }
    // An hour later, access tokens have expired.
    let lucia = server.sign_in("lucia@example.org").await;
    until_status(&server, &lucia, "failed").await;
    assert!(provider.is_quiet());
}

#[tokio::test]
async fn one_contact_that_cannot_be_reached_holds_up_no_other() {
    let mut provider = Provider::start(|body| match body["to"]["address"].as_str() {
        Some("+34600000002") => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    })
    .await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let one = contact(&lucia, "Andrés", "+34600000002").await;
    let other = contact(&lucia, "Marta", "+34600000003").await;
    says(&lucia, &one, "uno").await;
    says(&lucia, &one, "dos").await;
    says(&lucia, &other, "tres").await;
    let mut texts =
        vec![provider.next().await.body["text"].clone(), provider.next().await.body["text"].clone()];
    texts.sort_by_key(Value::to_string);
    assert_eq!(texts, ["tres", "uno"]);
}

#[tokio::test]
async fn what_was_queued_survives_a_restart() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "Hola").await;
    let mut provider = Provider::start(|_| StatusCode::OK).await;
    let url = provider.url();
    let Server { running, clock, data } = server;
    running.stop().await;
    let running = support::launch(&data, clock.clone(), |settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await;
    let server = Server { running, clock, data };
    assert_eq!(provider.next().await.body["text"], "Hola");
    let lucia = Person { app: server.app().clone(), ..lucia };
    until_status(&server, &lucia, "sent").await;
}

async fn fetch(server: &Server, body: Value) -> Value {
    let answer = post_signed(server, "/fetch", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn what_is_not_pushed_is_fetched_until_it_is_acknowledged() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "uno").await;
    says(&lucia, &id, "dos").await;
    let ask = json!({"contactId": id, "waitMs": 0});
    let fetched = fetch(&server, ask.clone()).await;
    let texts: Vec<_> =
        fetched["deliveries"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts, ["uno", "dos"]);
    assert_eq!(fetch(&server, ask).await, fetched, "it comes again until it is acknowledged");
    assert_eq!(last_status(&lucia).await, "queued");

    let last = fetched["deliveries"][1]["id"].clone();
    let rest = fetch(&server, json!({"contactId": id, "waitMs": 0, "acknowledged": last})).await;
    assert_eq!(rest["deliveries"], json!([]));
    assert_eq!(last_status(&lucia).await, "sent");
}

#[tokio::test]
async fn a_fetch_waits_until_something_is_written() {
    let server = Arc::new(start().await);
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let waiting = {
        let (server, id) = (Arc::clone(&server), id.clone());
        tokio::spawn(async move { fetch(&server, json!({"contactId": id})).await })
    };
    tokio::task::yield_now().await;
    says(&lucia, &id, "Hola").await;
    assert_eq!(waiting.await.unwrap()["deliveries"][0]["text"], "Hola");
}

#[tokio::test]
async fn what_nobody_fetches_in_an_hour_has_failed() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "Hola").await;
    server.clock.advance_ms(retry::KEPT_MS - 1);
    server.app().webhooks.notify();
    let fetched = fetch(&server, json!({"contactId": id, "waitMs": 0})).await;
    assert_eq!(fetched["deliveries"][0]["text"], "Hola");
    server.clock.advance_ms(1);
    server.app().webhooks.notify();
    let lucia = server.sign_in("lucia@example.org").await;
    until_status(&server, &lucia, "failed").await;
}

#[tokio::test]
async fn where_messages_are_pushed_nothing_is_fetched() {
    let provider = Provider::start(|_| StatusCode::OK).await;
    let server = start_pushing(&provider).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let answer = post_signed(&server, "/fetch", &json!({"contactId": id})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

/// A server that goes away in the middle of a delivery cannot know whether it has arrived.
#[tokio::test]
async fn what_was_under_way_when_the_server_went_away_is_delivered_again_under_its_id() {
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", deaf.local_addr().unwrap());
    let server = Server::start_with(|settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&lucia, &id, "Hola").await;
    // It has been posted, and nobody answers.
    let (mut posted, _) = deaf.accept().await.unwrap();
    let mut head = vec![0; 1024];
    let read = tokio::io::AsyncReadExt::read(&mut posted, &mut head).await.unwrap();
    let head = String::from_utf8_lossy(&head[..read]).into_owned();
    let Server { running, clock, data } = server;
    running.stop().await;

    let mut provider = Provider::start(|_| StatusCode::OK).await;
    let url = provider.url();
    let running = support::launch(&data, clock.clone(), |settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await;
    let again = provider.next().await;
    let delivery = again.delivery.unwrap();
    assert!(head.contains(&format!("x-latido-delivery: {delivery}")), "{head}");
    running.stop().await;
}
