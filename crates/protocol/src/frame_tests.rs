use proptest::prelude::*;

use super::*;
use crate::{event::Change, food::FoodLogId};

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_795_248_900_000)
}

const FOOD: &str = r#"{"id":"f1","loggedAt":"2026-11-21T08:15:00.000Z","meal":"breakfast","name":"Avena",
    "calories":350,"proteinG":12,"carbsG":60.5,"fatG":7,"source":"wallavi","createdAt":"2026-11-21T08:15:00.000Z",
    "updatedAt":"2026-11-21T08:15:00.000Z","version":1,"colour":"a field from the future"}"#;

#[test]
fn an_event_of_a_full_backend_has_its_number() {
    let text = format!(r#"{{"type":"foodLogCreated","data":{FOOD},"epoch":"e","seq":42}}"#);
    let received = Received::parse(&text).unwrap();
    assert_eq!((received.seq, received.epoch.as_deref()), (Some(42), Some("e")));
    let ServerFrame::Event(Event::Food(Change::Created(food))) = received.frame else {
        panic!("{received:?}")
    };
    assert_eq!(food.name.as_str(), "Avena");
}

#[test]
fn an_event_of_a_plain_backend_has_none() {
    let received = Received::parse(r#"{"type":"foodLogDeleted","data":{"id":"f1"}}"#).unwrap();
    assert_eq!(received.seq, None);
    assert_eq!(received.frame, ServerFrame::Event(Event::Food(Change::Deleted(FoodLogId::new("f1")))));
}

#[test]
fn an_unknown_type_keeps_its_number() {
    let received = Received::parse(r#"{"type":"habitCreated","data":[1,2],"seq":7}"#).unwrap();
    assert_eq!((received.frame, received.seq), (ServerFrame::Unknown { data: "[1,2]".into() }, Some(7)));
}

#[test]
fn a_known_type_with_nonsense_in_it_keeps_its_number() {
    for data in ["null", "[]", "{}", r#"{"id":5}"#, r#""text""#] {
        let text = format!(r#"{{"type":"foodLogCreated","data":{data},"seq":8}}"#);
        let received = Received::parse(&text).unwrap();
        assert!(matches!(received.frame, ServerFrame::Malformed { .. }), "{text}");
        assert_eq!(received.seq, Some(8));
    }
}

#[test]
fn what_is_no_envelope_is_an_error() {
    for text in ["", "{", "[]", "null", "17", r#"{"data":{}}"#, r#"{"type":5}"#] {
        assert!(Received::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_unreadable_timestamp_leaves_the_frame_readable() {
    for timestamp in ["5", "null", "{}", r#""tomorrow""#] {
        let text = format!(r#"{{"type":"pong","timestamp":{timestamp},"seq":3}}"#);
        let received = Received::parse(&text).unwrap();
        assert_eq!((received.timestamp, received.seq), (None, Some(3)), "{text}");
    }
}

#[test]
fn a_field_given_twice_is_refused() {
    assert!(Received::parse(r#"{"type":"pong","type":"pong"}"#).is_err());
    let food = FOOD.replacen(r#""version":1"#, r#""version":1,"version":2"#, 1);
    let received = Received::parse(&format!(r#"{{"type":"foodLogCreated","data":{food},"seq":1}}"#)).unwrap();
    assert_eq!(received.frame, ServerFrame::Malformed { family: Some(Family::Food) });
}

#[test]
fn sequence_numbers_are_exact_and_whole() {
    let seq = |number: &str| {
        Received::parse(&format!(r#"{{"type":"pong","seq":{number}}}"#)).map(|received| received.seq)
    };
    for number in [0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, u64::MAX] {
        assert_eq!(seq(&number.to_string()).unwrap(), Some(number));
    }
    for text in ["-1", "1.0", "1e3", "18446744073709551616", "\"1\""] {
        assert!(seq(text).is_err(), "{text}");
    }
    assert_eq!(seq("null").unwrap(), None);
}

#[test]
fn deep_nesting_neither_panics_nor_hides_the_number() {
    for depth in [1, 127, 128, 100_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        for kind in ["foodLogCreated", "welcome", "habitCreated"] {
            let text = format!(r#"{{"type":"{kind}","data":{deep},"seq":7}}"#);
            assert_eq!(Received::parse(&text).unwrap().seq, Some(7), "{kind} {depth}");
        }
        let _ = Received::parse(&deep);
        let _ = ClientFrame::parse(&format!(r#"{{"type":"hello","data":{deep}}}"#));
    }
}

#[test]
fn a_pong_of_a_plain_backend_has_no_data() {
    let received = Received::parse(r#"{"type":"pong","timestamp":"2025-11-14T17:30:00.123456"}"#).unwrap();
    assert_eq!(received.frame, ServerFrame::Pong { head: None });
}

#[test]
fn gateway_error_has_no_type_and_three_fields() {
    let text = r#"{"message":"Forbidden","connectionId":"Kx5cdcR_IAMCJ8g=","requestId":"Kx5dGF4NoAMFQ8w="}"#;
    assert_eq!(Received::parse(text).unwrap().frame, ServerFrame::GatewayError);
    let with_type = text.replace(r#"{"message""#, r#"{"type":"novelty","message""#);
    assert_eq!(Received::parse(&with_type).unwrap().frame, ServerFrame::Unknown { data: "null".into() });
    let without_id = text.replace("requestId", "id");
    assert!(Received::parse(&without_id).is_err());
}

#[test]
fn client_frames_survive_the_round_trip() {
    let position = Some(Position { epoch: "e".into(), seq: 3 });
    for frame in [
        ClientFrame::Hello { position, client: "latido/0.1.0".into() },
        ClientFrame::Hello { position: None, client: "latido/0.1.0".into() },
        ClientFrame::Ping { seq: Some(3) },
        ClientFrame::Ping { seq: None },
        ClientFrame::Subscribe { channel: "conversation:1".into() },
        ClientFrame::Unsubscribe { channel: "conversation:1".into() },
        ClientFrame::TypingStart { contact_id: "1".into() },
        ClientFrame::TypingStop { contact_id: "1".into() },
    ] {
        assert_eq!(ClientFrame::parse(&frame.to_text(now())).unwrap(), frame);
    }
}

#[test]
fn server_frames_survive_the_round_trip() {
    for frame in [
        ServerFrame::Welcome(Welcome {
            connection_id: "c".into(),
            epoch: "e".into(),
            head: 9,
            mode: WelcomeMode::Resumed,
            expires_at: Some(now()),
        }),
        ServerFrame::Pong { head: Some(4) },
        ServerFrame::GoAway { retry_after_ms: 2000 },
        ServerFrame::Error { code: "bad_frame".into(), message: "say hello first".into() },
    ] {
        assert_eq!(Received::parse(&frame.to_text(now(), None)).unwrap().frame, frame);
    }
}

proptest! {
    #[test]
    fn no_text_panics_a_client(text in ".{0,200}") {
        let _ = Received::parse(&text);
    }

    #[test]
    fn no_text_panics_a_server(text in ".{0,200}") {
        let _ = ClientFrame::parse(&text);
    }
}
