//! What the rows show of writes that wait.

use super::*;

fn texts(list: &mut Collection<Sample>, outbox: &SampleOutbox) -> Vec<String> {
    rows(list, outbox).into_iter().map(|row| row.draft.text).collect()
}

#[test]
fn writes_show_at_once_and_nothing_changes_when_they_are_confirmed() {
    let mut list = list(&[sample("a", 1, "soup"), sample("b", 1, "tea")]);
    let mut outbox = holding([edit("a", 1, "stew"), delete("b"), create("l", "cake")]);
    assert_eq!(texts(&mut list, &outbox), ["cake", "stew"]);
    assert!(outbox.is_pending("a") && outbox.is_pending("l") && outbox.is_pending("b"));
    for reply in [done(sample("a", 2, "stew")), Answer::Done(None), done(sample("z", 1, "cake"))] {
        let Next::Send(entry) = outbox.next(NOW) else { panic!("something to send") };
        outbox.started(&entry.key);
        outbox.answered(&entry.key, reply, NOW, 0);
        while let Some(effect) = outbox.poll() {
            match effect {
                Effect::Save(entry) => outbox.saved(&entry.key, true),
                Effect::Confirmed(record) => drop(list.put(record)),
                Effect::Removed { id } => drop(list.remove(&id)),
                Effect::Forget { .. } | Effect::Refused { .. } => {}
            }
        }
        assert_eq!(texts(&mut list, &outbox), ["cake", "stew"]);
    }
    assert!(outbox.is_empty() && !outbox.is_pending("a"));
}

#[test]
fn event_overtakes_the_answer_and_no_row_is_double() {
    let mut list = list(&[]);
    let mut outbox = holding([create("l", "soup"), create("m", "soup")]);
    assert_eq!(texts(&mut list, &outbox), ["soup", "soup"], "two portions");
    send(&mut outbox);
    list.put(sample("a", 1, "soup"));
    assert_eq!(texts(&mut list, &outbox), ["soup", "soup"]);
    answer(&mut outbox, "k0", done(sample("a", 1, "soup")));
    assert_eq!(texts(&mut list, &outbox), ["soup", "soup"]);
    send(&mut outbox);
    assert_eq!(texts(&mut list, &outbox), ["soup", "soup"], "the first's record is not the second's");
    list.put(sample("b", 1, "soup"));
    assert_eq!(texts(&mut list, &outbox), ["soup", "soup"]);
}

#[test]
fn an_equal_record_does_not_hide_what_was_not_sent() {
    let outbox = holding([create("l", "soup")]);
    assert_eq!(texts(&mut list(&[sample("a", 1, "soup")]), &outbox), ["soup", "soup"]);
}

#[test]
fn what_follows_a_creation_shows_on_the_record_that_overtook_it() {
    let mut list = list(&[]);
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    assert_eq!(texts(&mut list, &outbox), ["stew"]);
    list.put(sample("a", 1, "soup"));
    assert_eq!(texts(&mut list, &outbox), ["stew"]);
    outbox.queue(delete("l"), "k2".into(), NOW).unwrap();
    assert_eq!(texts(&mut list, &outbox), [""; 0]);
}

#[test]
fn a_refused_write_is_rolled_back() {
    let mut list = list(&[sample("a", 2, "curry")]);
    let mut outbox = holding([edit("a", 1, "stew")]);
    assert_eq!(texts(&mut list, &outbox), ["stew"]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Conflict(sample("a", 2, "curry")));
    assert_eq!(texts(&mut list, &outbox), ["curry"]);
    assert!(!outbox.is_pending("a"));
}

#[test]
fn a_list_shows_only_what_is_of_its_kind_and_time() {
    let other = Draft { kind: Kind::Metric, ..draft("72 kg") };
    let tomorrow = Draft { at: at(1_000), ..draft("soup") };
    let mut list = list(&[sample("a", 1, "tea")]);
    let outbox = holding([
        Write::Create { id: "l".into(), draft: other.clone() },
        Write::Create { id: "m".into(), draft: tomorrow.clone() },
        Write::Edit { id: "a".into(), version: 1, draft: other },
        Write::Delete { id: "a".into(), kind: Kind::Metric },
    ]);
    assert_eq!(texts(&mut list, &outbox), ["tea"]);
    let outbox = holding([Write::Edit { id: "a".into(), version: 1, draft: tomorrow }]);
    assert_eq!(texts(&mut list, &outbox), [""; 0], "moved to another day");
}
