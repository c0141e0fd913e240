use latido_connection::{GaveUp, Status, Trouble, quality::Quality};
use latido_protocol::{time::Timestamp, values::Language};
use latido_realtime::{SocketAuth, history::History};
use leptos::{mount::mount_to, prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    api::Api,
    config::Config,
    data::{mutations::Writes, queries::Queries},
    features::connections::{
        Connections,
        log_row::mentions,
        report::{Diagnosis, report},
        sparkline,
    },
    i18n::Locale,
    log::Level,
    realtime::provide_realtime,
};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms)
}

#[wasm_bindgen_test]
fn a_search_finds_any_part_in_any_case() {
    let texts = ["", "The source refused a WebSocket"].map(str::to_owned);
    assert!(mentions(" REFUSED ", &texts));
    assert!(!mentions("accepted", &texts));
}

#[wasm_bindgen_test]
fn a_sparkline_stays_within_its_picture() {
    assert_eq!(sparkline::path(&[], 60), "");
    assert_eq!(sparkline::path(&[7.0], 60), "M590 6 h0");
    let many: Vec<_> = (0..60).map(f64::from).collect();
    let path = sparkline::path(&many, 60);
    assert!(path.starts_with("M0 94 L10 ") && path.ends_with("L590 6 "), "{path}");
}

#[wasm_bindgen_test]
fn only_failures_give_a_reason() {
    let history = History::default();
    let closed = Trouble::Closed { code: 1006 };
    history.record(at(1), Status::Connecting, None, 0);
    history.record(at(2), Status::Live { since: at(2) }, None, 0);
    history.record(at(3), Status::Reconnecting { retry_at: None, attempt: 1, of: 10 }, Some(closed), 1);
    history.record(at(4), Status::Live { since: at(4) }, Some(closed), 1);
    history.record(at(5), Status::Reconnecting { retry_at: None, attempt: 1, of: 10 }, Some(closed), 2);
    let reasons: Vec<_> = history.changes().iter().map(|change| change.why).collect();
    assert_eq!(reasons, [None, None, Some(closed), None, Some(closed)]);
    for ms in 0..500 {
        history.record(at(ms), Status::Stopped, None, 2);
    }
    assert_eq!(history.changes().len(), 200);
    assert_eq!(history.changes().last().unwrap().at, at(499), "the oldest go");
}

/// Every state and trouble there is.
fn eventful() -> History {
    let history = History::default();
    let states = [
        Status::Polling,
        Status::Stopped,
        Status::Connecting,
        Status::Live { since: at(1) },
        Status::Reconnecting { retry_at: Some(at(9_000)), attempt: 3, of: 10 },
        Status::Reconnecting { retry_at: None, attempt: 3, of: 10 },
        Status::Disconnected { reason: GaveUp::AttemptsUsedUp },
        Status::Disconnected { reason: GaveUp::NotAllowed },
        Status::Disconnected { reason: GaveUp::TooManyConnections },
        Status::Disconnected { reason: GaveUp::SessionOver },
    ];
    let troubles = [
        Trouble::NoToken,
        Trouble::DialTimedOut,
        Trouble::DialRefused,
        Trouble::Closed { code: 4401 },
        Trouble::NoPong,
        Trouble::WentAway,
        Trouble::MessageTooBig,
    ];
    for (number, status) in states.into_iter().enumerate() {
        let trouble = troubles[number % troubles.len()];
        history.record(at(5_000), status, Some(trouble), number as u32 + 1);
    }
    history
}

#[wasm_bindgen_test]
fn report_contains_only_states_times_counters() {
    const BROWSER: &str = "Mozilla/5.0 (Tester)";
    let mut quality = Quality::default();
    (quality.troubles, quality.last_trouble) = (7, Some(Trouble::NoPong));
    for ms in [12.4, 31.6, 18.0] {
        quality.measured(ms);
    }
    let text = report(&Diagnosis {
        at: at(10_000),
        browser: BROWSER,
        language: Language::Es,
        online: true,
        visible: false,
        auth: Some(SocketAuth::Ticket),
        level: Level::Debug,
        status: Status::Live { since: at(1) },
        quality: &quality,
        changes: &eventful().changes(),
    });
    assert!(text.contains("round trips, oldest first: 12 32 18"), "{text}");
    assert!(text.contains("reconnecting, attempt 3 of 10 in 4000 ms after: no pong"), "{text}");
    assert!(text.contains("errors: 7, last: no pong"), "{text}");
    assert!(text.contains("live: - of the time"), "{text}");
    // Every word is one of the report's own, a number or a time: there is no room for anybody's.
    let own = "Latido connection report at browser language es online yes visible no socket ticket log debug \
        state live of the time round trip last ms smoothed jitter trips oldest first received frames bytes \
        sent not understood errors pong missed pongs reconnects rotations changes newest since after polling \
        disconnected connecting reconnecting attempt in error all attempts used up allowed too many connections \
        session over token dial timed out refused closed with server went away message big -";
    let own: Vec<_> = own.split_whitespace().collect();
    for word in text.replace(BROWSER, "").split([' ', '\n', ',', ':']).filter(|word| !word.is_empty()) {
        let is_number = word.chars().all(|each| each.is_ascii_digit() || "-.TZ".contains(each));
        assert!(is_number || own.contains(&word), "{word:?} in {text}");
    }
}

#[wasm_bindgen_test]
async fn non_admin_sees_only_own_connection() {
    for (language, said) in [(Language::Es, "quien administra"), (Language::En, "admins")] {
        let stage = stage();
        let handle = mount_to(stage.clone(), move || {
            let config = Config {
                socket_url: None,
                socket_auth: SocketAuth::Ticket,
                socket_timing: None,
                api_url: "/nowhere".to_owned(),
            };
            let api = Api::new(&config);
            let queries = Queries::new(api.clone());
            let writes = Writes::new(&api, &queries);
            provide_context(api.clone());
            provide_context(queries.clone());
            provide_context(Locale::of(language));
            provide_realtime(&config, &api, &queries, &writes);
            view! { <Connections/> }
        });
        settle(20).await;
        assert!(text_of(&stage, "[data-testid=no-permission]").contains(said));
        assert!(stage.query_selector("[data-testid=link-list]").unwrap().is_none());
        let label = Locale::of(language).strings.polling;
        assert!(text_of(&stage, ".own-state").contains(label));
        let summary = stage.query_selector("[data-testid=show-report]").unwrap().unwrap();
        summary.unchecked_into::<web_sys::HtmlElement>().click();
        settle(50).await;
        assert!(text_of(&stage, "[data-testid=report]").contains("state: polling"));
        drop(handle);
    }
}
