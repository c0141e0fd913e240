//! Whatever order things are heard in, the thread ends alike.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Something that reaches the page. Answers of the same walk back through the pages stay in order, since each
/// is asked for with the cursor of the one before.
#[derive(Clone, Debug)]
enum Heard {
    Pages(Vec<(Option<String>, Vec<Message>, Option<String>)>),
    New(Message),
    Status(MessageId, MessageStatus),
    Taken(String, Message),
}

const PAGE: usize = 3;

fn is_ours(number: i64) -> bool {
    number % 3 == 0
}

fn truth(number: i64, status: MessageStatus) -> Message {
    let author = if is_ours(number) { Author::Coach } else { Author::Contact };
    message(number, author, &format!("Texto {number}"), status)
}

/// The pages of a thread that ends with this message, newest first.
fn walk(newest: i64, steps: usize) -> Heard {
    let numbers: Vec<i64> = (1..=newest).rev().collect();
    let mut asked = None;
    let mut pages = Vec::new();
    for chunk in numbers.chunks(PAGE).take(steps) {
        let oldest = chunk.last().copied().unwrap_or(1);
        let older = (oldest > 1).then(|| oldest.to_string());
        let messages = chunk.iter().map(|number| truth(*number, MessageStatus::Queued)).collect();
        pages.push((std::mem::replace(&mut asked, older.clone()), messages, older));
    }
    Heard::Pages(pages)
}

fn tell(thread: &mut Thread, heard: &Heard) {
    match heard.clone() {
        Heard::Pages(pages) => {
            for (asked, messages, older) in pages {
                thread.page(asked.as_deref(), messages, older);
            }
        }
        Heard::New(message) => thread.hear(message),
        Heard::Status(id, status) => thread.report(&id, status),
        Heard::Taken(key, message) => thread.taken(key, message),
    }
}

fn key(number: i64) -> String {
    format!("key {number}")
}

fn beginning(count: i64) -> Thread {
    let mut thread = Thread::default();
    for number in (1..=count).filter(|number| is_ours(*number)) {
        written(&mut thread, &key(number), &format!("Texto {number}"));
    }
    thread
}

/// Everything that is heard of a conversation of `count` messages, in any order, some of it twice.
fn story() -> impl Strategy<Value = (i64, Vec<Heard>, Vec<Heard>)> {
    let statuses = prop::collection::vec((0..12_i64, prop::sample::select(MessageStatus::ALL)), 0..12);
    let walks = prop::collection::vec((1..=12_i64, 1..5_usize), 1..5);
    let again = prop::collection::vec(any::<prop::sample::Index>(), 0..6);
    (1..=12_i64, statuses, walks, again).prop_flat_map(|(count, statuses, walks, again)| {
        let numbers = 1..=count;
        let mut heard: Vec<Heard> =
            numbers.clone().map(|number| Heard::New(truth(number, MessageStatus::Queued))).collect();
        heard.extend(
            numbers
                .filter(|number| is_ours(*number))
                .map(|number| Heard::Taken(key(number), truth(number, MessageStatus::Queued))),
        );
        heard.extend(
            statuses
                .into_iter()
                .map(|(number, status)| Heard::Status(truth(number % count + 1, status).id, status)),
        );
        heard.extend(walks.into_iter().map(|(newest, steps)| walk(newest.min(count), steps)));
        heard.push(walk(count, 1));
        let repeated: Vec<Heard> =
            again.iter().map(|index| heard[index.index(heard.len())].clone()).collect();
        heard.extend(repeated);
        (Just(count), Just(heard.clone()), Just(heard).prop_shuffle())
    })
}

fn rank(standing: &Standing) -> Option<MessageStatus> {
    match standing {
        Standing::Known(status) => Some(*status),
        Standing::Sending | Standing::Waiting | Standing::Unsent(_) => None,
    }
}

proptest! {
    #[test]
    fn any_order_ends_alike((count, heard, shuffled) in story()) {
        let end = |heard: &[Heard]| {
            let mut thread = beginning(count);
            for heard in heard {
                tell(&mut thread, heard);
            }
            (thread.lines(), thread.older().map(str::to_owned), thread.unread())
        };
        let (one, other) = (end(&heard), end(&shuffled));
        prop_assert_eq!(&one, &other);
        let newest = one.0.last().and_then(|line| line.id.clone());
        prop_assert_eq!(newest, Some(truth(count, MessageStatus::Queued).id));
    }

    #[test]
    fn on_the_way_nothing_is_there_twice_nothing_is_lost_and_no_status_falls((count, _, shuffled) in story()) {
        let mut thread = beginning(count);
        let mut known = BTreeMap::new();
        for heard in &shuffled {
            tell(&mut thread, heard);
            let lines = thread.lines();
            for line in &lines {
                let alike = lines.iter().filter(|other| other.text == line.text || other.key == line.key);
                prop_assert_eq!(alike.count(), 1, "{:?} in {:?}", line, lines);
                let before = known.insert(line.key.clone(), rank(&line.standing));
                prop_assert!(before.is_none_or(|before| before <= rank(&line.standing)), "{line:?}");
            }
            for out in thread.outgoing() {
                let is_there = |lines: &[Line]| lines.iter().any(|line| line.key == out.key);
                let has_arrived = thread.messages.iter().any(|message| message.text == out.text);
                prop_assert!(is_there(&lines) || has_arrived, "{out:?} is lost in {lines:?}");
            }
        }
    }

    #[test]
    fn whatever_fails_messages_arrive_in_the_order_written(steps in prop::collection::vec(step(), 1..60)) {
        let mut thread = Thread::default();
        thread.page(None, Vec::new(), None);
        let (mut written, mut arrived) = (0, Vec::<usize>::new());
        // A refused one that is tried again is said anew.
        let mut said_anew = Vec::new();
        for step in steps.into_iter().chain([Step::NetworkIsBack]).chain(std::iter::repeat_n(Step::Taken, 60)) {
            let next = thread.to_send().map(|out| out.key.clone());
            match (step, next) {
                (Step::Write, _) => {
                    thread.write(written.to_string(), MessageText::new("Hola").unwrap(), Timestamp::from_unix_ms(1));
                    written += 1;
                }
                (Step::NetworkIsBack, _) => thread.retry_unanswered(),
                (Step::LeaveAndReturn, _) => {
                    let kept = thread.outgoing().to_vec();
                    thread = Thread::default();
                    thread.restore(kept);
                }
                (Step::Retry(index), _) => {
                    let failed: Vec<_> = thread.outgoing().iter().filter(|out| out.state != State::Sending).cloned().collect();
                    if !failed.is_empty() {
                        let out = &failed[index.index(failed.len())];
                        if out.state != State::Failed(Failure::NoAnswer) {
                            said_anew.push(out.key.clone());
                        }
                        thread.retry(&out.key);
                    }
                }
                (Step::Refused, Some(key)) => thread.failed(&key, Failure::Refused("no".to_owned())),
                (Step::AnswerLost { arrives }, Some(key)) => {
                    if arrives {
                        arrived.push(key.parse().unwrap());
                    }
                    thread.failed(&key, Failure::NoAnswer);
                }
                (Step::Taken, Some(key)) => {
                    let number: usize = key.parse().unwrap();
                    arrived.push(number);
                    thread.taken(key, sent(i64::try_from(arrived.len()).unwrap(), "Hola"));
                }
                (Step::Refused | Step::AnswerLost { .. } | Step::Taken, None) => {}
            }
        }
        // The server takes each once.
        let mut first: Vec<usize> = Vec::new();
        for number in arrived {
            if !first.contains(&number) && !said_anew.contains(&number.to_string()) {
                first.push(number);
            }
        }
        prop_assert!(first.is_sorted(), "{first:?}");
        prop_assert!(thread.outgoing().iter().all(|out| matches!(out.state, State::Failed(Failure::Refused(_)))));
    }
}

/// Something that happens to messages on their way.
#[derive(Clone, Debug)]
enum Step {
    Write,
    NetworkIsBack,
    LeaveAndReturn,
    Retry(prop::sample::Index),
    Refused,
    AnswerLost { arrives: bool },
    Taken,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Write),
        1 => Just(Step::NetworkIsBack),
        1 => Just(Step::LeaveAndReturn),
        1 => any::<prop::sample::Index>().prop_map(Step::Retry),
        1 => Just(Step::Refused),
        3 => any::<bool>().prop_map(|arrives| Step::AnswerLost { arrives }),
        3 => Just(Step::Taken),
    ]
}
