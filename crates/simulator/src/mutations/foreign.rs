//! Mistakes about backends that are not the bundled one.

use super::Mutation;

pub const FOREIGN: &[Mutation] = &[
    Mutation {
        name: "an answer from a lagging index takes back what an event brought",
        file: "cache/src/collection/mod.rs",
        find: "\n                || is_unsettled(mark.at, known.settles_at);",
        replace: ";",
        why: "the fetch started after the event, so it has it",
    },
    Mutation {
        name: "in doubt a lagging index is believed",
        file: "cache/src/collection/merge.rs",
        find: "            let is_settled =\n                !matches!(source, Source::Response(mark) if is_unsettled(mark.at, before.settles_at));",
        replace: "            let is_settled = true;",
        why: "after a reconnect the answer is the truth",
    },
    Mutation {
        name: "what an index may not have yet is never asked for again",
        file: "cache/src/refetch.rs",
        find: "        self.settles_at = self.settles_at.max(Some(at));",
        replace: "        let _ = at;",
        why: "the refetch at once has confirmed it",
    },
    Mutation {
        name: "a pong before the welcome is only a pong",
        file: "connection/src/machine/frames.rs",
        find: "            None => self.hello_passed_over(dial, now),",
        replace: "            None => {}",
        why: "the welcome may still come",
    },
    Mutation {
        name: "an error of the gateway is no sign of life",
        file: "connection/src/machine/frames.rs",
        find: "ServerFrame::GatewayError => self.gateway_error(dial, now),",
        replace: "ServerFrame::GatewayError => self.hello_passed_over(dial, now),",
        why: "an error is not a pong",
    },
    Mutation {
        name: "a gateway is pinged as often as a backend",
        file: "connection/src/heartbeat.rs",
        find: "        let every = config.gateway_heartbeat_every.max(config.heartbeat_every);",
        replace: "        let every = config.heartbeat_every;",
        why: "half a minute is the interval",
    },
];
