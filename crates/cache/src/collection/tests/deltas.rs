//! Deltas against the rows, and what bounds the memory.

use std::rc::Rc;

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::sample::draft;

/// What happens to a collection.
#[derive(Clone, Debug)]
enum Step {
    Put { id: u8, version: u64, ms: i64 },
    Remove { id: u8 },
    MarkStale,
    Begin,
    Respond { which: Index, held: Vec<(u8, u64, i64)> },
    Overlay { patches: Vec<(u8, Change)> },
    Look,
}

#[derive(Clone, Debug)]
enum Change {
    Insert(i64),
    Edit(i64),
    Remove,
}

fn step() -> impl Strategy<Value = Step> {
    let ms = || FROM - 100..TO + 100;
    let change =
        prop_oneof![ms().prop_map(Change::Insert), ms().prop_map(Change::Edit), Just(Change::Remove)];
    prop_oneof![
        8 => (0..12_u8, 0..4_u64, ms()).prop_map(|(id, version, ms)| Step::Put { id, version, ms }),
        2 => (0..12_u8).prop_map(|id| Step::Remove { id }),
        1 => Just(Step::MarkStale),
        3 => Just(Step::Begin),
        3 => (any::<Index>(), prop::collection::vec((0..12_u8, 0..4_u64, ms()), 0..12))
            .prop_map(|(which, held)| Step::Respond { which, held }),
        2 => prop::collection::vec((0..16_u8, change), 0..4).prop_map(|patches| Step::Overlay { patches }),
        4 => Just(Step::Look),
    ]
}

fn entity(id: u8, version: u64, ms: i64) -> Sample {
    moved(sample(&id.to_string(), version, &format!("{version} {ms}")), ms)
}

/// A view that knows the rows from updates alone.
#[derive(Default)]
struct View {
    rows: Vec<Rc<Sample>>,
    read_all: u32,
}

impl View {
    fn look(&mut self, list: &mut Collection<Sample>) {
        match list.take_update() {
            Update::Steps(steps) => steps.into_iter().for_each(|step| step.apply_to(&mut self.rows)),
            Update::ReadAll => {
                self.read_all += 1;
                self.rows = list.rows().cloned().collect();
            }
        }
    }
}

/// The rows as the definitions have them: what is held, with the patches over it, sorted.
fn model(list: &Collection<Sample>, patches: &Patches<Sample>) -> Vec<Sample> {
    let mut rows: Vec<Sample> = list.held().cloned().collect();
    for (id, patch) in patches {
        let place = rows.iter().position(|row| row.id == *id);
        let held = place.map(|place| rows.remove(place));
        rows.extend(match patch {
            Patch::Insert(row) => Some((**row).clone()),
            Patch::Edit(draft) => held.map(|held| held.with_draft(draft)),
            Patch::Remove => None,
        });
    }
    rows.retain(|row| row.is_in(list.scope()));
    rows.sort_by_key(Entity::sort_key);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn deltas_give_exactly_the_rows(steps in prop::collection::vec(step(), 0..120)) {
        let (mut list, mut view, mut marks) = (empty(), View::default(), Vec::new());
        let mut patches = Patches::default();
        for step in steps {
            match step {
                Step::Put { id, version, ms } => drop(list.put(entity(id, version, ms))),
                Step::Remove { id } => drop(list.remove(&id.to_string())),
                Step::MarkStale => list.mark_stale(),
                Step::Begin => marks.push(list.begin_fetch(at(0))),
                Step::Respond { which, held } if !marks.is_empty() => {
                    let mark = marks.remove(which.index(marks.len()));
                    let held = held.into_iter().map(|(id, version, ms)| entity(id, version, ms));
                    list.apply_response(mark, held.collect());
                }
                Step::Respond { .. } => {}
                Step::Overlay { patches: changes } => {
                    let patch = |(id, change)| {
                        let patched = |ms| Draft { at: at(ms), ..draft("patched") };
                        let id = format!("{id}");
                        let patch = match change {
                            Change::Insert(ms) => {
                                Patch::Insert(Rc::new(Sample { id: id.clone(), version: 0, draft: patched(ms) }))
                            }
                            Change::Edit(ms) => Patch::Edit(patched(ms)),
                            Change::Remove => Patch::Remove,
                        };
                        (id, patch)
                    };
                    patches = changes.into_iter().map(patch).collect();
                    list.set_overlay(patches.clone());
                }
                Step::Look => {
                    view.look(&mut list);
                    prop_assert_eq!(view.rows.iter().map(|row| (**row).clone()).collect::<Vec<_>>(), rows(&list));
                }
            }
            prop_assert_eq!(rows(&list), model(&list, &patches));
        }
        view.look(&mut list);
        prop_assert!(view.rows.iter().eq(list.rows()));
    }
}

#[test]
fn each_change_is_one_delta() {
    let mut list = holding(&[sample("a", 1, "soup"), sample("b", 1, "tea")]);
    assert_eq!(list.take_update(), Update::ReadAll);
    list.put(sample("a", 2, "stew"));
    list.put(moved(sample("b", 2, "tea"), 5));
    list.put(moved(sample("c", 1, "rice"), 50));
    list.remove("a");
    let [b, c] = [moved(sample("b", 2, "tea"), 5), moved(sample("c", 1, "rice"), 50)].map(Rc::new);
    let steps = vec![
        Delta::Changed { at: 1, row: Rc::new(sample("a", 2, "stew")) },
        Delta::Moved { from: 0, to: 1, row: b },
        Delta::Inserted { at: 1, row: c },
        Delta::Removed { at: 0 },
    ];
    assert_eq!(list.take_update(), Update::Steps(steps));
    assert_eq!(list.take_update(), Update::Steps(Vec::new()));
}

#[test]
fn many_steps_become_one_reading() {
    let mut list = holding(&[]);
    list.take_update();
    for number in 0..=MOST_STEPS {
        list.put(sample(&number.to_string(), 1, ""));
    }
    assert_eq!(list.take_update(), Update::ReadAll);
}

#[test]
fn rows_beyond_the_limit_leave_the_memory() {
    let mut list = Collection::new(empty().scope, 200);
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, Vec::new());
    for number in 0..10_000 {
        // From the top, from the bottom and in between.
        list.put(moved(sample(&number.to_string(), 1, ""), number * 7 % TO));
    }
    assert_eq!((list.row_count(), list.slots.len()), (200, 200));
    assert!(list.is_cut() && !list.matches_last_response());
    let newest = list.row_at(0).map(|row| row.draft.at);
    assert_eq!(newest, Some(at(TO - 1)));
    // A response says again what is there.
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, vec![sample("1", 1, "")]);
    assert!(!list.is_cut());
    assert_eq!(list.row_count(), 1);
}

#[test]
fn row_below_the_limit_returns_with_a_response() {
    let mut list = Collection::new(empty().scope, 2);
    let mark = list.begin_fetch(at(0));
    let all = [moved(sample("a", 1, ""), 1), moved(sample("b", 1, ""), 2), moved(sample("c", 1, ""), 3)];
    list.apply_response(mark, all.to_vec());
    assert_eq!(rows(&list).iter().map(|row| &row.id[..]).collect::<Vec<_>>(), ["c", "b"]);
    list.remove("c");
    assert!(!list.put(all[0].clone()), "what is behind the last row is not known");
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, all[..2].to_vec());
    assert_eq!(rows(&list).len(), 2);
}
