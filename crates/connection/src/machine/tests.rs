//! Scenarios on a virtual clock. A test's name is the story; `Bench` is the browser and the server.

use latido_protocol::{
    frame::{ClientFrame, Position, Received},
    time::Timestamp,
};

use super::*;

/// A connection, a clock, and everything it has asked for.
struct Bench {
    connection: Connection,
    ms: i64,
    outputs: Vec<Output>,
}

const START_MS: i64 = 1_795_248_900_000;

impl Bench {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        Self { connection: Connection::new(config, 7), ms: START_MS, outputs: Vec::new() }
    }

    /// Signed in, dialled, welcomed fresh at `head`, and caught up.
    fn live_at(head: u64) -> Self {
        let mut bench = Self::new();
        bench.give(Input::Start);
        bench.dial_succeeds();
        bench.server(&welcome("fresh", head));
        bench.give_caught_up();
        assert!(bench.status().is_live());
        bench.outputs.clear();
        bench
    }

    fn now(&self) -> Now {
        Now { wall: Timestamp::from_unix_ms(self.ms), monotonic_ms: (self.ms - START_MS) as f64 }
    }

    fn give(&mut self, input: Input) {
        self.connection.handle(input, self.now());
        while let Some(output) = self.connection.poll() {
            self.outputs.push(output);
        }
    }

    fn dial(&self) -> DialId {
        DialId(self.connection.last_dial)
    }

    fn dial_succeeds(&mut self) {
        let dial = self.dial();
        self.give(Input::TokenReady { dial, token: "t".into() });
        self.give(Input::Opened { dial });
    }

    fn dial_is_refused(&mut self) {
        let dial = self.dial();
        self.give(Input::TokenReady { dial, token: "t".into() });
        self.give(Input::Closed { dial, code: 1006 });
    }

    fn server(&mut self, text: &str) {
        let dial = self.dial();
        self.give(Input::Frame { dial, text: text.into() });
    }

    fn closes(&mut self, code: u16) {
        let dial = self.dial();
        self.give(Input::Closed { dial, code });
    }

    fn give_caught_up(&mut self) {
        let dial = self.dial();
        self.give(Input::CaughtUp { dial });
    }

    /// Lets time pass as a browser in the foreground does: every deadline wakes the machine.
    fn pass(&mut self, ms: i64) {
        let end = self.ms + ms;
        while let Some(at) = self.connection.wake_at.map(Timestamp::unix_ms)
            && at <= end
        {
            self.ms = self.ms.max(at);
            self.give(Input::Woke);
        }
        self.ms = end;
        self.give(Input::Woke);
    }

    /// Time passes and nothing wakes: a laptop lid is closed.
    fn sleep(&mut self, ms: i64) {
        self.ms += ms;
    }

    fn status(&self) -> Status {
        self.connection.status()
    }

    fn sent(&self) -> Vec<ClientFrame> {
        let texts = self.outputs.iter().filter_map(|output| match output {
            Output::Send { text, .. } => Some(text),
            _ => None,
        });
        texts.map(|text| ClientFrame::parse(text).unwrap()).collect()
    }

    fn dials(&self) -> usize {
        self.outputs.iter().filter(|output| matches!(output, Output::FetchToken { .. })).count()
    }

    fn events(&self) -> usize {
        self.outputs.iter().filter(|output| matches!(output, Output::Event(_))).count()
    }

    fn refetched_everything(&self) -> bool {
        self.outputs.contains(&Output::Invalidate(Invalidation::Everything))
    }
}

fn welcome(mode: &str, head: u64) -> String {
    format!(r#"{{"type":"welcome","data":{{"connectionId":"c","epoch":"e","head":{head},"mode":"{mode}"}}}}"#)
}

fn event(seq: u64) -> String {
    format!(r#"{{"type":"foodLogDeleted","data":{{"id":"f{seq}"}},"epoch":"e","seq":{seq}}}"#)
}

const PLAIN_EVENT: &str = r#"{"type":"foodLogDeleted","data":{"id":"f"}}"#;
const PONG: &str = r#"{"type":"pong"}"#;

fn hello_at(seq: u64) -> ClientFrame {
    let position = Position { epoch: "e".into(), seq };
    ClientFrame::Hello { position: Some(position), client: Config::default().client }
}

#[test]
fn nothing_is_dialled_without_a_backend() {
    let mut bench = Bench::with(Config { enabled: false, ..Config::default() });
    for input in
        [Input::Start, Input::Retry, Input::Online, Input::Visible, Input::Stop, Input::PollSucceeded]
    {
        bench.give(input);
    }
    assert_eq!((bench.status(), bench.outputs.len()), (Status::Polling, 0));
}

#[test]
fn first_dial_is_welcomed_fresh_and_live_only_after_the_refetches() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    assert_eq!(bench.status(), Status::Connecting);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), [ClientFrame::Hello { position: None, client: Config::default().client }]);
    bench.server(&welcome("fresh", 5));
    assert!(bench.refetched_everything());
    assert_eq!(bench.status(), Status::Connecting);
    bench.give_caught_up();
    assert!(bench.status().is_live());
}

#[test]
fn every_event_is_applied_and_invalidates_its_family() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(6));
    bench.server(&event(7));
    bench.server(&event(6));
    assert_eq!(bench.events(), 2);
    assert!(!bench.refetched_everything());
}

#[test]
fn reconnects_at_its_position_and_is_live_when_the_missed_events_are_in() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), [hello_at(5)]);
    bench.server(&welcome("resumed", 7));
    bench.server(&event(6));
    bench.give_caught_up();
    assert!(!bench.status().is_live(), "one event is still missing");
    bench.server(&event(7));
    bench.give_caught_up();
    assert!(bench.status().is_live());
    assert!(!bench.refetched_everything());
}

#[test]
fn a_resumed_log_of_another_epoch_is_not_believed() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.server(&welcome("resumed", 7).replace(r#""epoch":"e""#, r#""epoch":"f""#));
    assert!(bench.refetched_everything());
}

#[test]
fn socket_dies_while_token_is_fetched() {
    let mut bench = Bench::live_at(5);
    let old = bench.dial();
    bench.closes(1006);
    bench.pass(2_000);
    let new = bench.dial();
    assert_ne!(old, new);
    bench.give(Input::Closed { dial: old, code: 4401 });
    bench.give(Input::Frame { dial: old, text: event(6) });
    bench.give(Input::Opened { dial: old });
    bench.give(Input::CaughtUp { dial: old });
    assert_eq!(bench.dial(), new);
    assert_eq!(bench.events(), 0);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), [hello_at(5)]);
}

#[test]
fn a_token_that_comes_after_stop_is_not_used() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let dial = bench.dial();
    bench.give(Input::Stop);
    bench.give(Input::TokenReady { dial, token: "t".into() });
    assert!(!bench.outputs.iter().any(|output| matches!(output, Output::Dial { .. })));
}

#[test]
fn stopped_holds_until_somebody_starts_it() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Stop);
    bench.outputs.clear();
    for input in
        [Input::Visible, Input::Hidden, Input::Online, Input::Offline, Input::PollSucceeded, Input::Retry]
    {
        bench.give(input);
    }
    bench.closes(1006);
    bench.pass(3_600_000);
    assert_eq!((bench.status(), bench.dials()), (Status::Stopped, 0));
    bench.give(Input::Start);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn somebody_elses_position_is_not_resumed() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Stop);
    bench.give(Input::Start);
    bench.dial_succeeds();
    assert!(matches!(bench.sent()[..], [ClientFrame::Hello { position: None, .. }]));
}

#[test]
fn ten_attempts_and_then_it_gives_up() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for attempt in 1..=10 {
        bench.dial_is_refused();
        let Status::Reconnecting { retry_at: Some(retry_at), attempt: shown, of: 10 } = bench.status() else {
            panic!("{:?}", bench.status())
        };
        assert_eq!(shown, attempt);
        bench.pass(retry_at.unix_ms() - bench.ms);
    }
    bench.dial_is_refused();
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::AttemptsUsedUp });
    assert_eq!(bench.dials(), 11);
    bench.give(Input::Retry);
    assert_eq!(bench.dials(), 12);
}

#[test]
fn a_server_that_drops_everybody_after_a_second_is_not_hammered() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let mut dials_in_five_minutes = 0;
    let end = bench.ms + 300_000;
    while bench.ms < end && matches!(bench.status(), Status::Connecting | Status::Reconnecting { .. }) {
        if matches!(bench.connection.state, State::FetchingToken { .. }) {
            dials_in_five_minutes += 1;
            bench.dial_succeeds();
            bench.server(&welcome("fresh", 0));
            bench.give_caught_up();
            bench.pass(1_000);
            bench.closes(1012);
        }
        bench.pass(500);
    }
    assert_eq!(dials_in_five_minutes, 11, "attempts must not be reset by a mere open");
}

#[test]
fn five_seconds_live_reset_the_attempts() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..5 {
        bench.dial_is_refused();
        bench.pass(40_000);
    }
    bench.dial_succeeds();
    bench.server(&welcome("fresh", 0));
    bench.give_caught_up();
    bench.pass(5_000);
    bench.closes(1006);
    assert!(matches!(bench.status(), Status::Reconnecting { attempt: 1, .. }));
}

#[test]
fn a_dial_that_hangs_is_dropped_after_ten_seconds() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let dial = bench.dial();
    bench.pass(6_000);
    bench.give(Input::TokenReady { dial, token: "t".into() });
    bench.pass(3_999);
    assert!(!bench.outputs.contains(&Output::Close { dial, code: GOING_AWAY }));
    bench.pass(1);
    assert!(bench.outputs.contains(&Output::Close { dial, code: GOING_AWAY }));
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: Some(_), .. }));
}

#[test]
fn a_backend_without_welcome_is_plain_and_everything_is_refetched() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.pass(2_999);
    assert!(!bench.refetched_everything());
    bench.pass(1);
    assert!(bench.refetched_everything());
    bench.give_caught_up();
    assert!(bench.status().is_live());
    bench.outputs.clear();
    bench.server(PLAIN_EVENT);
    assert_eq!(bench.events(), 1);
    for _ in 0..10 {
        bench.pass(30_000);
        bench.server(PONG);
    }
    assert!(bench.refetched_everything(), "a plain backend is revalidated every five minutes");
}

#[test]
fn an_event_before_any_welcome_makes_it_plain_at_once() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(PLAIN_EVENT);
    assert!(bench.refetched_everything());
    assert_eq!(bench.events(), 1);
}

#[test]
fn no_pong_and_the_socket_is_dropped_and_dialled_again() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
    bench.pass(4_999);
    assert!(bench.status().is_live());
    bench.pass(1);
    assert!(matches!(bench.status(), Status::Reconnecting { .. }));
    assert_eq!(bench.connection.quality().missed_pongs, 1);
}

#[test]
fn a_pong_keeps_it_and_measures_the_round_trip() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.pass(40);
    bench.server(PONG);
    assert_eq!(bench.connection.quality().round_trip, Some(40.0));
    bench.pass(29_999);
    assert!(bench.status().is_live());
    assert_eq!(bench.sent().len(), 1);
}

#[test]
fn waking_from_sleep_probes_before_it_judges() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.sleep(3_600_000);
    bench.give(Input::Woke);
    assert!(bench.status().is_live(), "the answer may be waiting behind the tick");
    assert_eq!(bench.sent().len(), 2);
    bench.pass(5_000);
    assert!(matches!(bench.status(), Status::Reconnecting { .. }));
}

#[test]
fn hidden_page_is_silent_and_probes_when_it_is_seen_again() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Hidden);
    bench.pass(540_000);
    assert_eq!(bench.sent(), []);
    bench.give(Input::Visible);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
}

#[test]
fn socket_that_dies_hidden_is_parked_and_dialled_when_seen() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Hidden);
    bench.closes(1001);
    bench.pass(3_600_000);
    assert_eq!(bench.dials(), 0);
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: None, attempt: 0, .. }));
    bench.give(Input::Visible);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_page_hidden_while_it_waits_does_not_use_up_its_attempts() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.give(Input::Hidden);
    bench.pass(3_600_000);
    assert_eq!(bench.dials(), 0);
    bench.give(Input::Visible);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn refused_token_is_refreshed_once_by_force_and_then_the_session_is_over() {
    let mut bench = Bench::live_at(5);
    bench.closes(4401);
    let dial = bench.dial();
    assert!(bench.outputs.contains(&Output::FetchToken { dial, force: true }));
    bench.dial_succeeds();
    bench.closes(4401);
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::SessionOver });
    bench.give(Input::PollSucceeded);
    bench.give(Input::Online);
    assert_eq!(bench.dials(), 1);
    bench.give(Input::Start);
    assert_eq!(bench.dials(), 2);
}

#[test]
fn a_token_that_expires_every_hour_is_refreshed_every_hour() {
    let mut bench = Bench::live_at(5);
    for _ in 0..3 {
        bench.closes(4401);
        bench.dial_succeeds();
        bench.server(&welcome("resumed", 5));
        bench.give_caught_up();
        bench.pass(5_000);
    }
    assert!(bench.status().is_live());
}

#[test]
fn nobody_signed_in_is_found_while_the_token_is_fetched() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..2 {
        let dial = bench.dial();
        bench.give(Input::TokenFailed { dial, failure: TokenFailure::Refused });
    }
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::SessionOver });
}

#[test]
fn three_refused_dials_ask_for_the_session() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..3 {
        assert!(!bench.outputs.contains(&Output::CheckSession));
        bench.dial_is_refused();
        bench.pass(10_000);
    }
    assert!(bench.outputs.contains(&Output::CheckSession));
    bench.give(Input::SessionChecked { valid: false });
    let dial = bench.dial();
    assert!(bench.outputs.contains(&Output::FetchToken { dial, force: true }));
}

#[test]
fn close_codes_that_say_no_are_believed() {
    for (code, reason) in
        [(1008, GaveUp::NotAllowed), (4403, GaveUp::NotAllowed), (4409, GaveUp::TooManyConnections)]
    {
        let mut bench = Bench::live_at(5);
        bench.closes(code);
        bench.give(Input::Online);
        bench.pass(3_600_000);
        assert_eq!((bench.status(), bench.dials()), (Status::Disconnected { reason }, 0));
    }
}

#[test]
fn too_fast_pauses_for_half_a_minute() {
    let mut bench = Bench::live_at(5);
    bench.closes(4429);
    bench.pass(29_999);
    assert_eq!(bench.dials(), 0);
    bench.pass(2_000);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn goaway_is_followed_when_it_says() {
    let mut bench = Bench::live_at(5);
    bench.server(r#"{"type":"goaway","data":{"retryAfterMs":4000}}"#);
    bench.pass(3_999);
    assert_eq!(bench.dials(), 0);
    bench.pass(1_001);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_hole_asks_on_the_same_socket_and_never_reconnects() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    assert_eq!(bench.events(), 1, "what is beyond the hole is applied at once");
    bench.pass(2_000);
    assert_eq!(bench.sent(), [hello_at(5)]);
    bench.server(&welcome("resumed", 7));
    bench.server(&event(6));
    bench.server(&event(7));
    assert_eq!(bench.events(), 2);
    assert_eq!(bench.dials(), 0);
    assert_eq!(bench.connection.catch_up.watermark(), Some(7));
}

#[test]
fn a_hole_that_stays_is_a_reset() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    bench.pass(4_000);
    assert!(matches!(bench.sent()[..], [_, ClientFrame::Hello { position: None, .. }]));
    bench.server(&welcome("fresh", 9));
    assert!(bench.refetched_everything());
    assert_eq!(bench.dials(), 0);
}

#[test]
fn a_pong_that_is_ahead_asks_for_what_is_missing() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.server(r#"{"type":"pong","data":{"head":8}}"#);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }, hello_at(5)]);
}

#[test]
fn unknown_and_unreadable_events_do_not_make_holes() {
    let mut bench = Bench::live_at(5);
    bench.server(r#"{"type":"habitCreated","data":{},"epoch":"e","seq":6}"#);
    assert!(!bench.refetched_everything());
    bench.server(r#"{"type":"foodLogCreated","data":{"id":9},"epoch":"e","seq":7}"#);
    assert!(bench.refetched_everything());
    assert_eq!(bench.connection.catch_up.watermark(), Some(7));
    assert_eq!(bench.connection.quality().not_understood, 2);
}

#[test]
fn nonsense_is_counted_and_changes_nothing() {
    let mut bench = Bench::live_at(5);
    let dial = bench.dial();
    for text in ["", "{", "null", "[1]", r#"{"type":7}"#, r#"{"type":"foodLogCreated","data":5}"#, "\u{0}"] {
        bench.server(text);
    }
    bench.give(Input::Nonsense { dial });
    assert!(bench.status().is_live());
    assert_eq!(bench.outputs, []);
    assert_eq!(bench.connection.quality().not_understood, 8);
}

#[test]
fn a_poll_that_works_again_dials_after_giving_up() {
    let mut bench = Bench::new();
    bench.connection.state =
        State::GaveUp { reason: GaveUp::AttemptsUsedUp, since: bench.now().wall, poll_failed: false };
    bench.give(Input::PollSucceeded);
    assert_eq!(bench.dials(), 0, "HTTP worked all along; the socket's way may still be closed");
    bench.give(Input::PollFailed);
    bench.give(Input::PollSucceeded);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn online_dials_at_once_and_keeps_counting() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.dial_is_refused();
    bench.give(Input::Online);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn going_offline_probes_instead_of_believing_it() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Offline);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
    bench.server(PONG);
    bench.pass(10_000);
    assert!(bench.status().is_live());
}

#[test]
fn server_frames_are_what_the_tests_think_they_are() {
    assert_eq!(Received::parse(&event(6)).unwrap().seq, Some(6));
    assert!(Received::parse(&welcome("resumed", 1)).is_ok());
}
