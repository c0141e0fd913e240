//! An outside contact who writes to the dashboard, and reads what is written there.

use std::{cell::RefCell, io::Write, process::ChildStdin};

use crate::process::Process;

/// `latido-server chat`, spoken to line by line. Whatever reaches it is reported as delivered and read.
pub struct Contact {
    stdin: RefCell<ChildStdin>,
    _process: Process,
}

impl Contact {
    pub(crate) fn new((process, stdin): (Process, ChildStdin)) -> Self {
        Self { stdin: RefCell::new(stdin), _process: process }
    }

    /// # Panics
    ///
    /// Fails once the receiver is gone.
    pub fn say(&self, text: &str) {
        let mut stdin = self.stdin.borrow_mut();
        writeln!(stdin, "{text}").and_then(|()| stdin.flush()).expect("the contact listens");
    }
}
