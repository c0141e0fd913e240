//! Input of the chat: single keys in a terminal, because the other side sees typing; whole lines from a pipe.

use std::io::{self, BufRead, IsTerminal};

use crossterm::{
    event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
    terminal,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Letter(char),
    Backspace,
    /// Deletes the whole line.
    Clear,
    Enter,
    /// A whole line at once.
    Line(String),
    End,
}

pub enum Keyboard {
    Terminal,
    Pipe,
}

impl Keyboard {
    /// Puts the terminal into raw mode, if there is one.
    pub fn open() -> io::Result<Self> {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            terminal::enable_raw_mode()?;
            return Ok(Self::Terminal);
        }
        Ok(Self::Pipe)
    }

    pub fn is_a_terminal(&self) -> bool {
        matches!(self, Self::Terminal)
    }

    /// Passes input to `handle` until the input ends or `handle` returns false.
    pub fn listen(&self, mut handle: impl FnMut(Typed) -> bool) {
        match self {
            Self::Terminal => {
                while let Ok(event) = event::read() {
                    if let Some(typed) = typed(&event)
                        && !handle(typed)
                    {
                        return;
                    }
                }
            }
            Self::Pipe => {
                for line in io::stdin().lock().lines().map_while(Result::ok) {
                    if !handle(Typed::Line(line)) {
                        return;
                    }
                }
            }
        }
        handle(Typed::End);
    }
}

/// Ends the raw mode of the terminal.
pub fn restore() {
    // It fails where raw mode was never entered.
    let _ = terminal::disable_raw_mode();
}

fn typed(event: &Event) -> Option<Typed> {
    let Event::Key(key) = event else { return None };
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c' | 'd') if control => Some(Typed::End),
        KeyCode::Char('u') if control => Some(Typed::Clear),
        KeyCode::Char(letter) if !control => Some(Typed::Letter(letter)),
        KeyCode::Backspace => Some(Typed::Backspace),
        KeyCode::Enter => Some(Typed::Enter),
        _ => None,
    }
}
