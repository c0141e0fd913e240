//! A model server: idempotency keys for creations, versions for edits, and a book of what was done.

use std::collections::BTreeMap;

use super::*;

#[derive(Default)]
pub struct Server {
    pub database: Vec<Sample>,
    /// Answers to creations, by key.
    answers: BTreeMap<String, Sample>,
    /// What was done, in order.
    pub done: Vec<EntryOf<Sample>>,
    /// Changes that no page has heard of yet.
    pub events: Vec<Result<Sample, String>>,
    born: u64,
}

impl Server {
    /// Does a request, or says why not. What contains `bad` is refused.
    pub fn receive(&mut self, entry: &EntryOf<Sample>) -> Answer<Sample> {
        match &entry.write {
            Write::Create { draft, .. } => {
                if let Some(before) = self.answers.get(&entry.key) {
                    return Answer::Done(Some(before.clone()));
                }
                if draft.text.contains("bad") {
                    return Answer::Refused("bad".into());
                }
                self.born += 1;
                let record = Sample { id: format!("r{}", self.born), version: 1, draft: draft.clone() };
                self.answers.insert(entry.key.clone(), record.clone());
                self.database.push(record.clone());
                self.book(entry, Ok(record.clone()));
                Answer::Done(Some(record))
            }
            Write::Edit { id, version, draft } => {
                let Some(place) = self.place(id) else { return Answer::Gone };
                if self.database[place].version != *version {
                    return Answer::Conflict(self.database[place].clone());
                }
                if draft.text.contains("bad") {
                    return Answer::Refused("bad".into());
                }
                let record = self.change(place, draft.clone());
                self.book(entry, Ok(record.clone()));
                Answer::Done(Some(record))
            }
            Write::Delete { id, .. } => {
                let Some(place) = self.place(id) else { return Answer::Gone };
                self.database.remove(place);
                self.book(entry, Err(id.clone()));
                Answer::Done(None)
            }
        }
    }

    /// Somebody else writes.
    pub fn others_edit(&mut self, place: usize, text: &str) {
        let record = self.change(place, draft(text));
        self.events.push(Ok(record));
    }

    pub fn others_delete(&mut self, place: usize) {
        let id = self.database.remove(place).id;
        self.events.push(Err(id));
    }

    fn change(&mut self, place: usize, draft: Draft) -> Sample {
        let record = &mut self.database[place];
        record.version += 1;
        record.draft = draft;
        record.clone()
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.database.iter().position(|record| record.id == id)
    }

    fn book(&mut self, entry: &EntryOf<Sample>, event: Result<Sample, String>) {
        self.done.push(entry.clone());
        self.events.push(event);
    }
}
