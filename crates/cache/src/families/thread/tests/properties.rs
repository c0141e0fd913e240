//! Whatever order things are heard in, the thread ends alike.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Something that reaches the page. The pages of one walk back through a thread stay in order, since each is asked for
/// with the cursor of the one before. All walks were begun before anything was heard.
#[derive(Clone, Debug)]
enum Heard {
    Pages { walk: usize, pages: Vec<(Option<String>, Vec<Message>, Option<String>)> },
    New(Message),
    Status(MessageId, MessageStatus),
    Taken(String, Message),
}

const PAGE: i64 = 3;
const MOST_WALKS: usize = 5;

fn is_ours(number: i64) -> bool {
    number % 3 == 0
}

fn truth(number: i64, status: MessageStatus) -> Message {
    let author = if is_ours(number) { Author::Coach } else { Author::Contact };
    message(number, author, &format!("Texto {number}"), status)
}

/// The page of the messages before this one, newest first, and the cursor of the next.
fn page_below(number: i64) -> (Vec<Message>, Option<String>) {
    let oldest = (number - PAGE).max(1);
    let messages = (oldest..number).rev().map(|number| truth(number, MessageStatus::Queued));
    (messages.collect(), (oldest > 1).then(|| oldest.to_string()))
}

/// The pages of a thread that ends with this message.
fn walk(newest: i64, steps: usize) -> Vec<(Option<String>, Vec<Message>, Option<String>)> {
    let mut pages = Vec::new();
    let (mut below, mut asked) = (newest + 1, None);
    while pages.len() < steps {
        let (messages, older) = page_below(below);
        pages.push((asked, messages, older.clone()));
        let Some(cursor) = older else { break };
        below = cursor.parse().unwrap();
        asked = Some(cursor);
    }
    pages
}

/// A thread whose walks have begun.
struct Told {
    thread: Thread,
    marks: Vec<FetchMark>,
}

impl Told {
    fn beginning(count: i64, walks: usize) -> Self {
        let mut thread = empty();
        for number in (1..=count).filter(|number| is_ours(*number)) {
            written(&mut thread, &key(number), &format!("Texto {number}"));
        }
        let marks = (0..walks).map(|_| thread.begin_fetch(NOW)).collect();
        Self { thread, marks }
    }

    fn tell(&mut self, heard: &Heard) {
        let thread = &mut self.thread;
        match heard.clone() {
            Heard::Pages { walk, pages } => {
                for (asked, messages, next_cursor) in pages {
                    let page = Messages { messages, next_cursor };
                    match asked {
                        None => thread.apply_first_page(self.marks[walk], page, true),
                        Some(asked) => drop(thread.apply_next_page(self.marks[walk], &asked, page)),
                    }
                }
            }
            Heard::New(message) => drop(thread.hear(message, NOW)),
            Heard::Status(id, status) => drop(thread.report(&id, status, NOW)),
            Heard::Taken(key, message) => thread.taken(key, message, NOW),
        }
    }

    /// The newest page, asked for now, and those behind it as far as there are any.
    fn read_whole(&mut self, count: i64) {
        let thread = &mut self.thread;
        let mark = thread.begin_fetch(NOW);
        let (messages, next_cursor) = page_below(count + 1);
        thread.apply_first_page(mark, Messages { messages, next_cursor }, true);
        while let Some(asked) = thread.cursor().map(str::to_owned) {
            let mark = thread.begin_fetch(NOW);
            let (messages, next_cursor) = page_below(asked.parse().unwrap());
            thread.apply_next_page(mark, &asked, Messages { messages, next_cursor });
        }
    }
}

fn key(number: i64) -> String {
    format!("key {number}")
}

/// Everything that is heard of a conversation of `count` messages, in any order, some of it twice.
fn story() -> impl Strategy<Value = (i64, Vec<Heard>, Vec<Heard>)> {
    let statuses = prop::collection::vec((0..12_i64, prop::sample::select(MessageStatus::ALL)), 0..12);
    let walks = prop::collection::vec((1..=12_i64, 1..5_usize), 1..MOST_WALKS);
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
        // What was asked for later holds no less.
        let mut walks = walks;
        walks.sort_unstable();
        heard.extend(walks.into_iter().enumerate().map(|(number, (newest, steps))| Heard::Pages {
            walk: number,
            pages: walk(newest.min(count), steps),
        }));
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
            let mut told = Told::beginning(count, MOST_WALKS);
            for heard in heard {
                told.tell(heard);
            }
            told.read_whole(count);
            (told.thread.lines(), told.thread.cursor().map(str::to_owned), told.thread.unread())
        };
        let (one, other) = (end(&heard), end(&shuffled));
        prop_assert_eq!(&one, &other);
        let newest = one.0.last().and_then(|line| line.id.clone());
        prop_assert_eq!(newest, Some(truth(count, MessageStatus::Queued).id));
    }

    #[test]
    fn on_the_way_nothing_is_there_twice_nothing_is_lost_and_no_status_falls((count, _, shuffled) in story()) {
        let mut told = Told::beginning(count, MOST_WALKS);
        let mut known = BTreeMap::new();
        for heard in &shuffled {
            told.tell(heard);
            let thread = &told.thread;
            let lines = thread.lines();
            for line in &lines {
                let alike = lines.iter().filter(|other| other.text == line.text || other.key == line.key);
                prop_assert_eq!(alike.count(), 1, "{:?} in {:?}", line, lines);
                let before = known.insert(line.key.clone(), rank(&line.standing));
                prop_assert!(before.is_none_or(|before| before <= rank(&line.standing)), "{line:?}");
            }
            for out in thread.outgoing() {
                let is_there = |lines: &[Line]| lines.iter().any(|line| line.key == out.key);
                let has_arrived = thread.messages.rows().any(|message| message.text == out.text);
                prop_assert!(is_there(&lines) || has_arrived, "{out:?} is lost in {lines:?}");
            }
        }
    }

    #[test]
    fn whatever_fails_messages_arrive_in_the_order_written(steps in prop::collection::vec(step(), 1..60)) {
        let mut thread = empty();
        page(&mut thread, None, Vec::new(), None);
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
                    thread = empty();
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
                    thread.taken(key, sent(i64::try_from(arrived.len()).unwrap(), "Hola"), NOW);
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
