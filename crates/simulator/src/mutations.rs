//! Deliberate mistakes, each of them one that somebody could make. A simulator that does not find
//! them would not find their like either.

/// A mistake: in `file`, `find` becomes `replace`.
pub struct Mutation {
    pub name: &'static str,
    /// Below `crates/`.
    pub file: &'static str,
    /// Occurs exactly once.
    pub find: &'static str,
    pub replace: &'static str,
    /// Why somebody could have written it so.
    pub why: &'static str,
}

pub const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "late news of an old dial counts",
        file: "connection/src/machine.rs",
        find: "if self.is_ours(dial) {\n                    self.frame(dial, &text, now);",
        replace: "if self.state.dial().is_some() {\n                    self.frame(dial, &text, now);",
        why: "a socket that was closed cannot say anything, can it",
    },
    Mutation {
        name: "a token that comes late is dialled with",
        file: "connection/src/machine/dialling.rs",
        find: "State::FetchingToken { dial, deadline, forced } if *dial == ready => {",
        replace: "State::FetchingToken { dial: _, deadline, forced } => {",
        why: "any token is as good as the other",
    },
    Mutation {
        name: "an opened socket resets the attempts",
        file: "connection/src/machine/dialling.rs",
        find: "        self.refused_in_a_row = 0;\n        self.say_hello(opened, now);",
        replace: "        self.refused_in_a_row = 0;\n        self.attempts = 0;\n        self.say_hello(opened, now);",
        why: "most clients do it there",
    },
    Mutation {
        name: "a hole is ignored",
        file: "connection/src/catch_up.rs",
        find: "        self.hole.map(|hole| hole.since.plus_ms(patience))",
        replace: "        let _ = patience;\n        None",
        why: "what is missing will come",
    },
    Mutation {
        name: "a pong that is ahead is ignored",
        file: "connection/src/machine/frames.rs",
        find: "if head.is_some_and(|head| self.catch_up.head_is(head, now.wall)) && self.catch_up.ask_now(now.wall) {",
        replace: "if head.is_some() && false {",
        why: "the next event shows the hole anyway",
    },
    Mutation {
        name: "the watermark moves over holes",
        file: "connection/src/catch_up.rs",
        find: "        self.ahead.drain(..filled);\n        position.seq += filled as u64;",
        replace: "        let _ = filled;\n        self.ahead.clear();\n        position.seq = seq;",
        why: "the newest number is the position",
    },
    Mutation {
        name: "the position is one too far after a reset",
        file: "connection/src/machine/frames.rs",
        find: "self.catch_up.restart_at(Position { epoch: welcome.epoch.clone(), seq: welcome.head });",
        replace: "self.catch_up.restart_at(Position { epoch: welcome.epoch.clone(), seq: welcome.head + 1 });",
        why: "is the head the last event or the next",
    },
    Mutation {
        name: "a reset refetches nothing",
        file: "connection/src/machine/dialling.rs",
        find: "        self.outputs.push_back(Output::Invalidate(Invalidation::Everything));\n        self.outputs.push_back(Output::AwaitCaughtUp { dial });",
        replace: "        self.outputs.push_back(Output::AwaitCaughtUp { dial });",
        why: "the position is new, the events will follow",
    },
    Mutation {
        name: "a plain backend is never revalidated",
        file: "connection/src/machine/deadlines.rs",
        find: "            self.outputs.push_back(Output::Invalidate(Invalidation::Everything));\n        }\n    }\n\n    /// `false` when",
        replace: "        }\n    }\n\n    /// `false` when",
        why: "it was refetched when it connected",
    },
    Mutation {
        name: "live as soon as welcomed",
        file: "connection/src/machine/rotation.rs",
        find: "            since: now.wall,\n            heartbeat,\n            catching_up,",
        replace: "            since: now.wall,\n            heartbeat,\n            catching_up: if matches!(catching_up, CatchingUp::Refetches) { CatchingUp::Done } else { catching_up },",
        why: "the socket works, so it is live",
    },
    Mutation {
        name: "no pong, no verdict",
        file: "connection/src/heartbeat.rs",
        find: "                if overslept {\n                    Pulse::Ping\n                } else {\n                    Pulse::Dead\n                }",
        replace: "                let _ = overslept;\n                Pulse::Ping",
        why: "asking once more is kinder",
    },
    Mutation {
        name: "a late tick is a verdict",
        file: "connection/src/heartbeat.rs",
        find: "                if overslept {\n                    Pulse::Ping\n                } else {\n                    Pulse::Dead\n                }",
        replace: "                let _ = overslept;\n                Pulse::Dead",
        why: "five seconds are five seconds",
    },
    Mutation {
        name: "online undoes a stop",
        file: "connection/src/machine/page.rs",
        find: "            State::Waiting { .. } => self.dial(now, false),\n            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => self.dial_anew(now),\n            State::Live(_) | State::Rotating(..) => self.probe(now),\n            State::Off\n            | State::Stopped",
        replace: "            State::Stopped | State::Waiting { .. } => self.dial(now, false),\n            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => self.dial_anew(now),\n            State::Live(_) | State::Rotating(..) => self.probe(now),\n            State::Off",
        why: "the network is back, so connect",
    },
    Mutation {
        name: "a poll that works does not re-arm",
        file: "connection/src/machine/page.rs",
        find: "            if is_back {\n                self.dial_anew(now);\n            } else if now.wall >= since.plus_ms(self.config.rearm_after) {",
        replace: "            let _ = (since, is_back);\n            if false {",
        why: "the user has a Retry button",
    },
    Mutation {
        name: "a pause that the server asked for ends when the tab is shown",
        file: "connection/src/machine/dialling.rs",
        find: "self.not_before.filter(|at| now.wall < *at)",
        replace: "self.not_before.filter(|at| now.wall < *at && self.attempts == u32::MAX)",
        why: "whoever looks wants to be back at once",
    },
    Mutation {
        name: "a stop leaves the socket open",
        file: "connection/src/machine/page.rs",
        find: "        self.drop_dials();\n        self.catch_up.forget();",
        replace: "        self.catch_up.forget();",
        why: "the page will be gone soon",
    },
    Mutation {
        name: "a hidden page uses its attempts up",
        file: "connection/src/machine/dialling.rs",
        find: "        if !self.visible {\n            self.state = State::Parked;\n            return;\n        }\n        self.attempts += 1;",
        replace: "        self.attempts += 1;",
        why: "hidden or not, it should be connected",
    },
    Mutation {
        name: "a hidden page goes on pinging",
        file: "connection/src/machine/page.rs",
        find: "            State::Live(live) | State::Rotating(live, _) => live.heartbeat = Heartbeat::Resting,\n            State::Waiting",
        replace: "            State::Live(_) | State::Rotating(..) => {}\n            State::Waiting",
        why: "it keeps the socket alive",
    },
    Mutation {
        name: "the old socket is closed before its successor dials",
        file: "connection/src/machine/rotation.rs",
        find: "                // Past the cached one, which is about to expire.\n",
        replace: "                if let Some(old) = self.state.dial() { self.close(old); }\n",
        why: "one socket at a time is simpler",
    },
    Mutation {
        name: "the old socket is not closed after the successor took over",
        file: "connection/src/machine/rotation.rs",
        find: "            self.catch_up.new_socket(now.wall);\n            self.close(old.dial);",
        replace: "            self.catch_up.new_socket(now.wall);",
        why: "the server will close it",
    },
    Mutation {
        name: "a successor takes over before it has caught up",
        file: "connection/src/machine/rotation.rs",
        find: "            && watermark.is_some_and(|watermark| watermark >= *head)\n        {\n            let (old, dial, rotate_at)",
        replace: "            && watermark.is_some_and(|_| *head > 0)\n        {\n            let (old, dial, rotate_at)",
        why: "it was welcomed, what is missing will come",
    },
    Mutation {
        name: "a successor whose welcome lags behind is another log",
        file: "connection/src/catch_up.rs",
        find: "&& head >= self.asked_from",
        replace: "&& self.watermark().is_some_and(|watermark| head >= watermark)",
        why: "a position ahead of the log is no position",
    },
    Mutation {
        name: "a new socket is not told the rooms",
        file: "connection/src/machine/dialling.rs",
        find: "        self.tell_new_socket(dial, now);\n",
        replace: "        let _ = (dial, now);\n",
        why: "it was said once",
    },
    Mutation {
        name: "clients come back in step",
        file: "connection/src/backoff.rs",
        find: "            Jitter::Full if attempt <= 1 => random.up_to(self.cap),",
        replace: "            Jitter::Full if attempt <= 1 => growing,",
        why: "the first attempt may as well be early",
    },
    Mutation {
        name: "a fetch covers what was invalidated during it",
        file: "replica/src/refetch.rs",
        find: "        if let Some(version) = self.under_way.take() {\n            self.covered = version;\n        }",
        replace: "        if self.under_way.take().is_some() {\n            self.covered = self.version;\n        }",
        why: "the answer is newer than the invalidation",
    },
    Mutation {
        name: "the last invalidation of a burst is dropped",
        file: "replica/src/refetch.rs",
        find: "            let soonest = self.last_start.map_or(now, |start| start.plus_ms(COALESCE_MS));",
        replace: "            let soonest = match self.last_start {\n                Some(start) if now < start.plus_ms(COALESCE_MS) => return Due::Idle,\n                _ => now,\n            };",
        why: "a throttle that forgets its trailing edge",
    },
    Mutation {
        name: "what an event has brought is never confirmed",
        file: "replica/src/refetch.rs",
        find: "        self.version += 1;\n        if !urgent {",
        replace: "        if !urgent {",
        why: "the event had it all",
    },
    Mutation {
        name: "a failed fetch counts as done",
        file: "replica/src/refetch.rs",
        find: "        let failed = self.under_way.take() == Some(self.version);",
        replace: "        self.covered = self.under_way.take().unwrap_or(self.covered);\n        let failed = false;",
        why: "an answer came, if only a bad one",
    },
    Mutation {
        name: "an old fetch fails for a newer invalidation",
        file: "replica/src/refetch.rs",
        find: "        let failed = self.under_way.take() == Some(self.version);",
        replace: "        self.under_way = None;\n        let failed = true;",
        why: "a failure is a failure",
    },
    Mutation {
        name: "a list that an event has changed is asked for with its old tag",
        file: "replica/src/list.rs",
        find: "    pub fn agrees(&self) -> bool {\n        self.agrees",
        replace: "    pub fn agrees(&self) -> bool {\n        self.agrees || self.is_known()",
        why: "the tag is that of the last answer",
    },
    Mutation {
        name: "an answer takes back what an event brought during its fetch",
        file: "replica/src/list.rs",
        find: "            let later = known.era > mark.era || known.touched > mark.tick;",
        replace: "            let later = known.era > mark.era;",
        why: "the server's answer is the truth",
    },
    Mutation {
        name: "an answer brings back what an event deleted",
        file: "replica/src/list.rs",
        find: "                    Fact::Deleted => true,",
        replace: "                    Fact::Deleted => false,",
        why: "if the server lists it, it is there",
    },
    Mutation {
        name: "the older of two copies may win",
        file: "replica/src/list.rs",
        find: "                    Fact::Here(held) => held.revision() > revision,",
        replace: "                    Fact::Here(_) => false,",
        why: "what comes later is newer",
    },
    Mutation {
        name: "the outbox does not remember what it has sent",
        file: "replica/src/outbox.rs",
        find: "            self.entries[place].entry.sent = true;\n",
        replace: "",
        why: "it is sent when the answer is there",
    },
    Mutation {
        name: "the outbox sends the newest write first",
        file: "replica/src/outbox.rs",
        find: "self.entries.iter().position(|held| held.entry.is_waiting())",
        replace: "self.entries.iter().rposition(|held| held.entry.is_waiting())",
        why: "a stack is as simple as a queue",
    },
    Mutation {
        name: "an edit whose answer was lost is a conflict",
        file: "replica/src/outbox/answer.rs",
        find: "            Write::Create { draft, .. } | Write::Edit { draft, .. } => record.says(draft),",
        replace: "            Write::Create { draft, .. } => record.says(draft),\n            Write::Edit { .. } => false,",
        why: "412 means that somebody else was faster",
    },
    Mutation {
        name: "a write that was not answered is given up",
        file: "replica/src/outbox/answer.rs",
        find: "            (Answer::Later, _) | (Answer::Gone",
        replace: "            (Answer::Later, Some(place)) => self.forget(place),\n            (Answer::Later, None) | (Answer::Gone",
        why: "it failed, so it is over",
    },
    Mutation {
        name: "a write that waits for a creation keeps its local id",
        file: "replica/src/outbox/answer.rs",
        find: "        self.bring_up_to_date();\n        self.forget(place);",
        replace: "        self.forget(place);",
        why: "the server knows its own records",
    },
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_mutation_applies() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for mutation in MUTATIONS {
            let text = std::fs::read_to_string(crates.join(mutation.file)).unwrap();
            assert_eq!(text.matches(mutation.find).count(), 1, "{} in {}", mutation.name, mutation.file);
        }
    }
}
