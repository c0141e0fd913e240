//! What becomes of a write: scenarios, and any interleaving of faults against a model server.

mod life;
mod merging;
mod overlay;
mod properties;
mod server;
mod storage;

use super::{entry::*, *};
use crate::{
    collection::Collection,
    item::Period,
    sample::{Draft, Kind, Sample, at, draft, sample},
};

type SampleOutbox = Outbox<Sample>;
type SampleWrite = Write<Draft, Kind>;

const NOW: Timestamp = Timestamp::EPOCH;

fn create(id: &str, text: &str) -> SampleWrite {
    Write::Create { id: id.to_owned(), draft: draft(text) }
}

fn edit(id: &str, version: u64, text: &str) -> SampleWrite {
    Write::Edit { id: id.to_owned(), version, draft: draft(text) }
}

fn delete(id: &str) -> SampleWrite {
    Write::Delete { id: id.to_owned(), kind: Kind::Food }
}

/// An outbox with these writes, under the keys `k0`, `k1`, …, all saved.
fn holding(writes: impl IntoIterator<Item = SampleWrite>) -> SampleOutbox {
    let mut outbox = SampleOutbox::new();
    for (number, write) in writes.into_iter().enumerate() {
        outbox.queue(write, format!("k{number}"), NOW).unwrap();
    }
    carry_out(&mut outbox);
    outbox
}

/// Carries out what is asked for, and says what it was, a word or two each.
fn carry_out(outbox: &mut SampleOutbox) -> Vec<String> {
    let mut story = vec![];
    while let Some(effect) = outbox.poll() {
        story.push(match effect {
            Effect::Save(entry) => {
                outbox.saved(&entry.key, true);
                format!("save {}", entry.key)
            }
            Effect::Forget { key } => format!("forget {key}"),
            Effect::Confirmed(record) => format!("confirmed {} {}", record.id, record.version),
            Effect::Removed { id } => format!("removed {id}"),
            Effect::Refused { key } => format!("refused {key}"),
        });
    }
    story
}

/// Sends the next entry and gives its write; the server has not answered.
fn send(outbox: &mut SampleOutbox) -> Option<SampleWrite> {
    let Next::Send(entry) = outbox.next(NOW) else { return None };
    outbox.started(&entry.key);
    carry_out(outbox);
    Some(entry.write)
}

/// Answers the request under way.
fn answer(outbox: &mut SampleOutbox, key: &str, answer: Answer<Sample>) -> Vec<String> {
    outbox.answered(key, answer, NOW, 0);
    carry_out(outbox)
}

fn done(record: Sample) -> Answer<Sample> {
    Answer::Done(Some(record))
}

fn waiting(outbox: &SampleOutbox) -> Vec<SampleWrite> {
    outbox.waiting().map(|entry| entry.write.clone()).collect()
}

fn refusals(outbox: &SampleOutbox) -> Vec<(String, EntryState)> {
    outbox.refused().map(|entry| (entry.key.clone(), entry.state.clone())).collect()
}

fn refused(key: &str, why: Refusal) -> (String, EntryState) {
    (key.to_owned(), EntryState::Refused(why))
}

/// A list that holds these records.
fn list(records: &[Sample]) -> Collection<Sample> {
    let mut list = Collection::new(Period { kind: Kind::Food, from: at(0), to: at(1_000) }, 10_000);
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, records.to_vec());
    list
}

/// What the list shows with the pending writes over it.
fn rows(list: &mut Collection<Sample>, outbox: &SampleOutbox) -> Vec<Sample> {
    list.reapply_pending_writes(outbox);
    list.rows().map(|row| (**row).clone()).collect()
}
