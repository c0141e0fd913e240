//! What the threads of the test know of each other: where the server is, whether it will be killed
//! again, and how far the viewer is behind the writers.

use std::{
    net::SocketAddr,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// How many events the viewer may be behind. A resume covers 300, and every writer may have one more
/// write under way.
const MAX_BEHIND: u64 = 200;

/// One run of the server, from its start to its kill.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    pub number: usize,
    pub address: SocketAddr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The server is killed again and again.
    Killing,
    /// It lives on. What is under way is finished, and nothing new is begun.
    Finishing,
    /// A thread has panicked; the others need not wait for anything.
    Failed,
}

pub struct Stage {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    phase: Phase,
    life: Option<Life>,
    acknowledged: u64,
    applied: u64,
}

impl Stage {
    pub fn new() -> Self {
        let state = State { phase: Phase::Killing, life: None, acknowledged: 0, applied: 0 };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    pub fn set(&self, phase: Phase, life: Option<Life>) {
        self.change(|state| {
            if state.phase != Phase::Failed {
                state.phase = phase;
            }
            state.life = life;
        });
    }

    pub fn phase(&self) -> Phase {
        self.state().phase
    }

    pub fn acknowledge(&self) {
        self.change(|state| state.acknowledged += 1);
    }

    pub fn apply(&self) {
        self.change(|state| state.applied += 1);
    }

    /// The first life after the one with this number, when there is one.
    pub fn life_after(&self, number: Option<usize>) -> Life {
        let state = self.wait(|state| state.life.is_some_and(|life| Some(life.number) > number));
        state.life.unwrap()
    }

    /// Waits until the viewer is near enough; gives whether there is more to write.
    pub fn may_write(&self) -> bool {
        let near = |state: &State| state.acknowledged.saturating_sub(state.applied) < MAX_BEHIND;
        self.wait(|state| state.phase == Phase::Finishing || near(state)).phase == Phase::Killing
    }

    fn wait(&self, until: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waiting = |state: &mut State| state.phase != Phase::Failed && !until(state);
        let state = self.changed.wait_while(self.state(), waiting).unwrap_or_else(PoisonError::into_inner);
        if state.phase == Phase::Failed {
            stop_quietly();
        }
        state
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a thread because another one has failed, which has said why.
pub fn stop_quietly() -> ! {
    std::panic::resume_unwind(Box::new("another thread has failed"))
}

/// Dropped by a panic, it lets nobody wait for the thread that is no more.
pub struct Alarm<'a>(pub &'a Stage);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.change(|state| state.phase = Phase::Failed);
        }
    }
}
