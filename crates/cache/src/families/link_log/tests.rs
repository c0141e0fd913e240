#![allow(clippy::unwrap_used)]

use latido_protocol::{id::Id, link::LinkEvent, reason::Params};

use super::*;

const NOW: Timestamp = Timestamp::EPOCH;

fn row(number: i64) -> ConnectionLog {
    ConnectionLog {
        id: Id::new(format!("{number:04}")),
        connection_id: LinkId::new("a"),
        event_type: LogKind::Connect,
        message: Some(format!("row {number}")),
        error_details: None,
        code: None,
        error_code: None,
        params: Params::default(),
        metadata: None,
        response_time: None,
        data_size: None,
        created_at: Timestamp::from_unix_ms(number * 1000),
    }
}

fn page(numbers: impl DoubleEndedIterator<Item = i64>, cursor: Option<&str>) -> ConnectionLogPage {
    ConnectionLogPage { logs: numbers.rev().map(row).collect(), next_cursor: cursor.map(str::to_owned) }
}

fn newest(log: &mut LinkLog, page: ConnectionLogPage) {
    let mark = log.begin_fetch(NOW);
    log.apply_first_page(mark, page, true);
}

fn older(log: &mut LinkLog, asked: &str, page: ConnectionLogPage) {
    let mark = log.begin_fetch(NOW);
    log.apply_next_page(mark, asked, page);
}

fn hear(log: &mut LinkLog, row: ConnectionLog) {
    log.apply_event(&Event::heard(&LinkEvent::Logged(Box::new(row))).unwrap(), NOW);
}

fn numbers(log: &LinkLog) -> Vec<&str> {
    log.rows().map(|row| row.id.as_str()).collect()
}

fn empty() -> LinkLog {
    LinkLog::new(LogFilter::default())
}

#[test]
fn event_row_appears_once_in_order() {
    let mut log = empty();
    hear(&mut log, row(4));
    assert!(numbers(&log).is_empty(), "before the first answer nobody knows what is below it");
    newest(&mut log, page(3..=4, Some("below 3")));
    let early = log.begin_fetch(NOW);
    for number in [6, 5, 6] {
        hear(&mut log, row(number));
    }
    log.apply_first_page(early, page(3..=4, Some("below 3")), true);
    assert_eq!(numbers(&log), ["0006", "0005", "0004", "0003"], "an old answer takes nothing back");
    older(&mut log, "below 3", page(1..=2, None));
    assert_eq!((numbers(&log).len(), log.cursor(), log.arrived()), (6, None, 2));
}

#[test]
fn paused_log_keeps_new_rows_waiting() {
    let mut log = empty();
    newest(&mut log, page(1..=2, None));
    log.pause();
    hear(&mut log, row(3));
    newest(&mut log, page(1..=4, None));
    assert_eq!((numbers(&log), log.waiting()), (vec!["0002", "0001"], Some(2)));
    log.resume();
    assert_eq!((numbers(&log), log.waiting()), (vec!["0004", "0003", "0002", "0001"], None));
}

#[test]
fn log_paused_without_rows_keeps_all_waiting() {
    let mut log = empty();
    newest(&mut log, page(0..0, None));
    log.pause();
    hear(&mut log, row(3));
    assert_eq!((numbers(&log).len(), log.waiting()), (0, Some(1)));
}

#[test]
fn log_that_is_open_for_long_stays_bounded() {
    let mut log = empty();
    newest(&mut log, page(1..=2, None));
    for number in 3..=2_000 {
        hear(&mut log, row(number));
    }
    assert_eq!((numbers(&log).len(), log.cursor()), (2_000, None), "so many are kept");
    hear(&mut log, row(2_001));
    assert_eq!(numbers(&log).len(), 2_000);
    newest(&mut log, page(1_999..=2_001, Some("below 1999")));
    assert_eq!((numbers(&log), log.cursor()), (vec!["2001", "2000", "1999"], Some("below 1999")));
}

#[test]
fn large_burst_leaves_no_gap() {
    for pausing in [false, true] {
        let mut log = empty();
        newest(&mut log, page(1..=2, None));
        if pausing {
            log.pause();
        }
        log.mark_stale();
        newest(&mut log, page(8..=9, Some("below 8")));
        if pausing {
            assert_eq!(numbers(&log), ["0002", "0001"], "a reader is not interrupted");
        }
        log.resume();
        assert_eq!((numbers(&log), log.cursor()), (vec!["0009", "0008"], Some("below 8")));
    }
}

#[test]
fn row_of_another_link_is_not_shown() {
    let mut log = LinkLog::new(LogFilter { link: Some(LinkId::new("b")), ..LogFilter::default() });
    newest(&mut log, page(0..0, None));
    hear(&mut log, row(1));
    assert!(numbers(&log).is_empty());
    hear(&mut log, ConnectionLog { connection_id: LinkId::new("b"), ..row(2) });
    assert_eq!(numbers(&log), ["0002"]);
}
