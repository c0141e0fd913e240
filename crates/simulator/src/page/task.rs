//! The tasks of the page's event loop.

use latido_connection::DialId;

use super::request::Answer;

#[derive(Debug)]
pub enum Task {
    Machine { number: u32 },
    Queries { number: u32 },
    TimedOut { number: u32 },
    Outbox { number: u32 },
    Stored { life: u32 },
    Opened { dial: DialId },
    Frame { dial: DialId, text: String },
    Binary { dial: DialId },
    Closed { dial: DialId, code: u16 },
    CachedToken { dial: DialId, token: String },
    Answer { number: u32, answer: Answer },
}

impl Task {
    pub(super) fn is_timer(&self) -> bool {
        matches!(
            self,
            Self::Machine { .. } | Self::Queries { .. } | Self::TimedOut { .. } | Self::Outbox { .. }
        )
    }
}
