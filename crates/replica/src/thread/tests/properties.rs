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
        Standing::Sending | Standing::Unsent(_) => None,
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
}
